import type { Command } from 'commander';
import type { PlanDetail } from '../../administration/plans.js';
import { AppError } from '../../domain/errors.js';
import type { AccountKey } from '../../reconcile/account.js';
import type { StoredPlan } from '../../reconcile/plan-store.js';
import type { EngineDeps } from '../../reconcile/run.js';
import { makePlansView } from '../../store/console/plans.js';
import type { TenantDatabase } from '../../store/database.js';
import { buildEngine, type Engine } from '../engine.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import { renderPlan } from './plan-text.js';

interface AccountOptions {
  readonly tenant: string;
  readonly account: string;
}

/** `patchbay plans list | show | approve | reject`: plans that wait for a person. */
export function addPlansCommands(program: Command, context: CommandContext): void {
  const plans = program.command('plans').description('held plans: look at them, approve or reject them');
  const withAccount = <T>(
    options: AccountOptions,
    work: (engine: Engine, account: AccountKey, services: Services) => Promise<T>,
  ) =>
    context.withServices(async (services) => {
      const tenant = await services.tenants.bySlug(options.tenant);
      const account = await services.accounts.byName(tenant.id, options.account);
      return work(buildEngine(services), { tenantId: tenant.id, accountId: account.id }, services);
    });
  accountCommand(plans, 'list', 'list the plans that wait for approval').action(
    async (options: AccountOptions, command: Command) => {
      const held = await withAccount(options, ({ deps }, account) =>
        deps.plans.listHeld(account, new Date(0)),
      );
      const rows = held.map(({ id, createdAt, plan, digest, verdict }) => [
        id, createdAt.toISOString(), String(plan.changes.length), digest.slice(0, 12),
        verdict.type === 'held' ? verdict.holds.map((hold) => hold.code).join(', ') : '',
      ]); // prettier-ignore
      const table = renderTable(['plan', 'made', 'changes', 'digest', 'held because'], rows);
      print(context, command, held, rows.length === 0 ? 'No plan waits for approval.' : table);
    },
  );
  accountCommand(plans, 'show <plan>', 'show a plan with its changes, reasons and digest').action(
    async (planId: string, options: AccountOptions, command: Command) => {
      const found = await withAccount(options, ({ deps }, account, { database }) =>
        findPlan(deps, database, account, planId),
      );
      const text = renderPlan(options.account, found.plan, found.verdict);
      print(context, command, found, `${text}\n\n${renderDecision(found)}`);
    },
  );
  accountCommand(plans, 'approve <plan>', 'approve exactly the plan with this digest')
    .requiredOption('--digest <digest>', 'digest as "plans show" prints it')
    .action(async (planId: string, options: AccountOptions & { digest: string }, command: Command) => {
      const { isApproved } = await withAccount(options, ({ decisions }, account) =>
        decisions.approve({ account, planId, digest: options.digest, actor: context.actor }),
      );
      print(
        context,
        command,
        { approved: planId, isApproved },
        isApproved
          ? 'Approved. It is applied as long as it would still do the same.'
          : 'Your approval is recorded. This account asks for two different people: somebody else has to approve it as well.',
      );
    });
  accountCommand(plans, 'reject <plan>', 'turn a plan down').action(
    async (planId: string, options: AccountOptions, command: Command) => {
      await withAccount(options, ({ decisions }, account) =>
        decisions.reject({ account, planId, actor: context.actor }),
      );
      print(
        context,
        command,
        { rejected: planId },
        'Rejected. Its people stay as they are until they change.',
      );
    },
  );
}

/** The plan with who decided about it. */
async function findPlan(
  { plans }: EngineDeps,
  database: TenantDatabase,
  account: AccountKey,
  planId: string,
): Promise<StoredPlan & Pick<PlanDetail, 'approvals' | 'decidedAt'>> {
  const [found, shown] = await Promise.all([
    plans.find(account, planId),
    makePlansView(database).find(account.tenantId, planId),
  ]);
  if (found === null || shown === null) {
    throw new AppError('notFound', 'There is no such plan in this account.');
  }
  return { ...found, approvals: shown.approvals, decidedAt: shown.decidedAt };
}

/** State, digest, and everybody who said yes or no. */
export function renderDecision({
  state,
  digest,
  approvals,
  decidedBy,
  decidedAt,
}: Pick<PlanDetail, 'state' | 'digest' | 'approvals' | 'decidedBy' | 'decidedAt'>): string {
  const isRejected = state === 'rejected' && decidedBy !== null;
  return [
    `State: ${state}`,
    `Digest: ${digest}`,
    ...approvals.map(({ approver, at }) => `Approved by ${approver} on ${at.toISOString()}`),
    ...(state === 'held' && approvals.length > 0 ? ['It waits for the approval of a second person.'] : []),
    ...(isRejected ? [`Rejected by ${decidedBy} on ${decidedAt?.toISOString() ?? 'an unknown day'}`] : []),
  ].join('\n');
}

function accountCommand(parent: Command, nameAndArguments: string, description: string): Command {
  return parent
    .command(nameAndArguments)
    .description(description)
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--account <name>', 'account');
}
