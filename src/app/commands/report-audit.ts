import { InvalidArgumentError, Option, type Command } from 'commander';
import { holdingsCsv, journeysCsv } from '../../report/history/rows.js';
import { STANDARD_SLA } from '../../report/history/journeys.js';
import { buildAuditor } from '../auditor.js';
import { print, type CommandContext } from './context.js';
import { saveFile } from './save-file.js';

interface Output {
  readonly tenant: string;
  readonly format: 'csv' | 'json';
  readonly out: string;
}

interface Period {
  readonly from: Date;
  readonly to?: Date;
  readonly joinerMinutes: number;
  readonly moverMinutes: number;
  readonly leaverMinutes: number;
  readonly search: string;
}

/** `patchbay report entitlements | journeys`: for auditors, from the audit trail. */
export function addAuditCommands(report: Command, context: CommandContext): void {
  withOutput(report.command('entitlements'))
    .description('who held which entitlement at a past moment, and why: rule, group, push')
    .option('--at <moment>', 'when, such as 2026-03-31T18:00:00Z (default: now)', parseMoment)
    .option('--search <words>', 'of people whose name or address has each of these words', '')
    .action(async (options: Output & { at?: Date; search: string }, command: Command) => {
      const rows = await context.withServices(async (services) => {
        const { id } = await services.tenants.bySlug(options.tenant);
        return buildAuditor(services).entitlementsAt(id, options.at ?? services.clock.now(), options.search);
      });
      await hand(context, command, options, rows, holdingsCsv(rows));
    });
  withOutput(report.command('journeys'))
    .description(
      'how long joiners, movers and leavers took from the push to the phone system, against a target',
    )
    .requiredOption('--from <moment>', 'beginning of the period, such as 2026-03-01', parseMoment)
    .option('--search <words>', 'of people whose name or address has each of these words', '')
    .option('--to <moment>', 'its end (default: now)', parseMoment)
    .option('--joiner-minutes <minutes>', 'target for joiners', parseMinutes, STANDARD_SLA.joinerMinutes)
    .option('--mover-minutes <minutes>', 'target for movers', parseMinutes, STANDARD_SLA.moverMinutes)
    .option('--leaver-minutes <minutes>', 'target for leavers', parseMinutes, STANDARD_SLA.leaverMinutes)
    .action(async (options: Output & Period, command: Command) => {
      const rows = await context.withServices(async (services) => {
        const { id } = await services.tenants.bySlug(options.tenant);
        const to = options.to ?? services.clock.now();
        return buildAuditor(services).journeys(id, {
          from: options.from,
          to,
          sla: options,
          search: options.search,
        });
      });
      await hand(context, command, options, rows, journeysCsv(rows));
    });
}

function withOutput(command: Command): Command {
  return command
    .requiredOption('--tenant <slug>', 'tenant')
    .addOption(new Option('--format <format>', 'how it is written').choices(['csv', 'json']).default('csv'))
    .option('--out <file>', 'where to; "-" prints it', '-');
}

async function hand(
  context: CommandContext,
  command: Command,
  { format, out }: Output,
  rows: readonly unknown[],
  csv: string,
): Promise<void> {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  const text = format === 'json' || json === true ? `${JSON.stringify(rows, null, 2)}\n` : csv;
  if (out === '-') return context.terminal.out(text);
  await saveFile(out, text);
  print(context, command, { path: out, rows: rows.length }, `${rows.length} rows in ${out}`);
}

function parseMoment(text: string): Date {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError('Give a moment such as 2026-03-31T18:00:00Z.');
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isFinite(minutes) && minutes > 0 && minutes <= 100_000) return minutes;
  throw new InvalidArgumentError('Give a number of minutes.');
}
