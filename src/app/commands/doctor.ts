import type { Command } from 'commander';
import { examine, type Finding } from '../doctor.js';
import { print, type CommandContext } from './context.js';

const MARKS: Readonly<Record<Finding['result'], string>> = { ok: 'ok  ', warning: 'warn', failed: 'FAIL' };

/** `patchbay doctor`: exit code 1 when something must be mended. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('check database, queue, clock, port, rules and vendor credentials, and say what to do')
    .action(async (_options: object, command: Command) => {
      const findings = await examine(context.config, context.openServices);
      const lines = findings.map(({ check, result, detail, remedy }) => {
        const remark = remedy === null ? '' : `\n      -> ${remedy}`;
        return `${MARKS[result]}  ${check}: ${detail}${remark}`;
      });
      print(context, command, findings, lines.join('\n'));
      if (findings.some((finding) => finding.result === 'failed')) process.exitCode = 1;
    });
}
