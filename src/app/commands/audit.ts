import type { Command } from 'commander';
import type { ChainCheck } from '../../administration/audit-chain.js';
import { buildAuditChain } from '../audit-chain.js';
import { print, type CommandContext } from './context.js';

/** `patchbay audit verify`: exit code 3 when the trail is not as it was written. */
export function addAuditCommands(program: Command, context: CommandContext): void {
  const audit = program.command('audit').description('the audit trail of a tenant');
  audit
    .command('verify')
    .description('compute the hash chain of the whole audit trail and say whether it is as it was written')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: { tenant: string }, command: Command) => {
      const check = await context.withServices(async (services) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        return buildAuditChain(services).check(tenant.id, context.actor);
      });
      print(context, command, check, describe(check));
      if (check.verdict.type === 'broken') process.exitCode = 3;
    });
}

function describe({ verdict }: ChainCheck): string {
  if (verdict.type === 'intact')
    return `Intact: ${String(verdict.events)} events are as written.\nHead: ${verdict.head}`;
  const what = verdict.problem === 'missing' ? 'is missing' : 'is not as it was written';
  return `BROKEN: event ${String(verdict.chainNo)} of the chain ${what}. Compare the database with a backup.`;
}
