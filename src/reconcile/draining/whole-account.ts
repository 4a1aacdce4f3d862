import type { ReconcileTrigger } from '../account.js';
import { observe } from '../observing/observe.js';
import type { Planned } from '../planning/planner.js';
import { RunStopped, type Run } from '../run.js';
import { planInRun } from './plan-in-run.js';
import { settlePlan } from './settle.js';

const EPOCH = new Date(0);

/**
 * Compares the whole directory with the whole account: the same planning and the same applying as for one person,
 * for everybody at once. Kept as a report even where nothing has to change.
 */
export async function workOnWholeAccount(
  run: Run,
  request: { readonly trigger: ReconcileTrigger; readonly at: Date },
  between: () => Promise<void>,
): Promise<void> {
  const { deps, account } = run;
  const planned = await planObserved(run, request.trigger);
  const now = deps.clock.now();
  if (planned === null) return deps.accounts.recordReconciled(account, request.at, now);
  const { plan, verdict } = planned;
  const subjectIds = [...new Set(plan.changes.map(({ subjectId }) => subjectId))];
  await deps.marks.mark(account, subjectIds, { reason: request.trigger, at: now });
  const marks = await deps.marks.listOf(account, subjectIds);
  if (verdict.type === 'allowed' && account.policy !== 'report-only') {
    const activeUsers = await deps.directory.countActive(account.tenantId);
    await deps.accounts.recordPassed(
      account,
      { ruleSetVersion: plan.inputs.ruleSetVersion, activeUsers },
      now,
    );
  }
  // The marks carry the work from here on, whatever becomes of this process.
  await deps.accounts.recordReconciled(account, request.at, now);
  const held = await deps.plans.listHeld(account, EPOCH);
  await settlePlan(run, planned, {
    marks: new Map(marks.map((mark) => [mark.subjectId, mark])),
    ownEmails: new Set(),
    between,
    replaces: held.map(({ id }) => id),
    keepsEmpty: true,
  });
}

/** The comparison is told to the observer before anything of the plan is applied. */
async function planObserved(run: Run, trigger: ReconcileTrigger): Promise<Planned | null> {
  const { deps, account, vendor } = run;
  const observed = await observe(deps, account, trigger);
  try {
    const planned = await planInRun(run, {
      subjectIds: 'all',
      trigger,
      readingAgeMaxMs: 0,
      onProgress: (step) => observed.progress(step),
    });
    if (planned === null)
      await observed.failed('There are no rules yet, so there is nothing to compare with.');
    else {
      const { capabilities, limits } = vendor;
      await observed.compared({ ...planned, plan: planned.proposed, capabilities, limits });
    }
    return planned;
  } catch (error) {
    await observed.stopped(error instanceof RunStopped ? error.reason : null);
    throw error;
  }
}
