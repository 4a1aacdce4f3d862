import type { Command } from 'commander';
import { buildEngine } from '../engine.js';
import { print, type CommandContext } from './context.js';
import { renderPlan } from './plan-text.js';

interface PlanOptions {
  readonly tenant: string;
  readonly account: string;
  readonly detailedExitcode?: boolean;
}

/** Changes are there, with `--detailed-exitcode`. */
const DIFFERS = 3;

/** `patchbay plan`: what would change, with reasons. Never writes, neither at the vendor nor here. */
export function addPlanCommand(program: Command, context: CommandContext): void {
  program
    .command('plan')
    .description('show what would change in an account and why; writes nothing anywhere')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--account <name>', 'account')
    .option('--detailed-exitcode', 'exit with 3 when there is something to change')
    .action(async (options: PlanOptions, command: Command) => {
      const { plan, verdict } = await context.withServices(async (services) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        const account = await services.accounts.byName(tenant.id, options.account);
        return buildEngine(services).preview({ tenantId: tenant.id, accountId: account.id }, 'all');
      });
      print(context, command, { plan, verdict }, renderPlan(options.account, plan, verdict));
      if (options.detailedExitcode === true && plan.changes.length > 0) process.exitCode = DIFFERS;
    });
}
