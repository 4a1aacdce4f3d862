import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import type { PlanDetail } from '../../administration/plans.js';
import type { StoredPlan } from '../../reconcile/plan-store.js';
import { buildEngine } from '../engine.js';
import type { ComparisonRun } from '../../report/ports.js';
import { comparisonSince, count, reconcileNow } from '../reconcile-now.js';
import type { Services } from '../services.js';
import { waitForSignal } from '../shutdown.js';
import { makeProgress } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import { renderFigures } from './figures-text.js';
import { renderPlan } from './plan-text.js';

interface ReconcileOptions {
  readonly tenant: string;
  readonly account: string;
}

interface Reconciled {
  readonly detail: PlanDetail;
  readonly plan: StoredPlan;
  readonly heldPlans: readonly string[];
  /** null: it was not kept. */
  readonly comparison: ComparisonRun | null;
}

/** Something waits for a person. */
const HELD = 3;

/** `patchbay reconcile`: compares the whole account now and applies what its policy and the safety rules allow. */
export function addReconcileCommand(program: Command, context: CommandContext): void {
  program
    .command('reconcile')
    .description('compare the whole account with the directory now and put right what may be put right')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--account <name>', 'account')
    .addHelpText('after', '\nExit code 3: something is held and waits for approval. 1: something failed.')
    .action(async (options: ReconcileOptions, command: Command) => {
      const done = await context.withServices((services) => reconcile(services, context, options));
      const { detail, plan, heldPlans, comparison } = done;
      const value = { ...detail, changes: plan.plan.changes, heldPlans, comparison };
      print(context, command, value, renderOutcome(options, done));
      if (heldPlans.length > 0) process.exitCode = HELD;
      else if (count(detail, 'failed') > 0) process.exitCode = 1;
    });
}

async function reconcile(
  services: Services,
  context: CommandContext,
  options: ReconcileOptions,
): Promise<Reconciled> {
  const tenant = await services.tenants.bySlug(options.tenant);
  const { id } = await services.accounts.byName(tenant.id, options.account);
  await requireRules(services, tenant.id, options);
  const engine = buildEngine(services);
  const account = { tenantId: tenant.id, accountId: id };
  const begunAt = services.clock.now();
  const detail = await reconcileNow(services, engine, account, {
    signal: abortOnSignal(),
    progress: makeProgress(context.terminal),
  });
  const plan = detail === null ? null : await engine.deps.plans.find(account, detail.id);
  if (detail === null || plan === null) {
    throw new AppError(
      'conflict',
      'Interrupted before the account was planned. The request stands: a running instance answers it, or run this again.',
    );
  }
  const held = await engine.deps.plans.listHeld(account, new Date(0));
  const comparison = await comparisonSince(engine, account, begunAt);
  return { detail, plan, heldPlans: held.map((one) => one.id), comparison };
}

async function requireRules(
  { rules }: Services,
  tenantId: string,
  { tenant }: ReconcileOptions,
): Promise<void> {
  if ((await rules.list(tenantId)).length > 0) return;
  throw new AppError(
    'invalid',
    `This tenant has no rules yet, so nobody is wanted in any account. Save a rule file first: patchbay rules import <file> --tenant ${tenant}`,
  );
}

function abortOnSignal(): AbortSignal {
  const stopping = new AbortController();
  void waitForSignal().then(() => stopping.abort());
  return stopping.signal;
}

function renderOutcome(
  { tenant, account }: ReconcileOptions,
  { detail, plan, heldPlans, comparison }: Reconciled,
): string {
  const at = `--tenant ${tenant} --account ${account}`;
  const lines = [renderPlan(account, plan.plan, plan.verdict), '', describeResult(detail)];
  if (comparison !== null) lines.push('', renderFigures(comparison, at));
  for (const id of heldPlans) lines.push(`Look at what is held: patchbay plans show ${id} ${at}`);
  return lines.join('\n');
}

function describeResult(detail: PlanDetail): string {
  if (detail.changeCount === 0) return 'Nothing had to be done.';
  if (detail.state === 'held') return 'Nothing was applied.';
  if (detail.state === 'reported') return 'This account is report-only: nothing was applied.';
  const applied = count(detail, 'applied') + count(detail, 'already');
  const parts = [`Applied: ${applied} of ${detail.changeCount}.`];
  const failed = count(detail, 'failed');
  if (failed > 0) parts.push(`Failed: ${failed}; they are tried again or wait on the worklist.`);
  const later = detail.changeCount - applied - failed;
  if (later > 0) parts.push(`Planned anew meanwhile: ${later}.`);
  return parts.join(' ');
}
