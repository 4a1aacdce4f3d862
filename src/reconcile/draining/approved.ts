import type { Change, Plan } from '../../domain/plan.js';
import { planDigestInput } from '../../domain/planning/digest.js';
import { unapprovedHolds, type Hold } from '../../domain/safety.js';
import { digestOf } from '../../lib/canonical-json.js';
import { applyPlan } from '../applying/apply-plan.js';
import { ENGINE_ACTOR } from '../audit.js';
import type { Planned } from '../planning/planner.js';
import type { StoredChange, StoredPlan } from '../plan-store.js';
import { RunStopped, type Run } from '../run.js';
import { settleMarks } from './after-apply.js';
import { planInRun } from './plan-in-run.js';
import { endOf, withoutOpenTasks } from './settle.js';

/**
 * Carries out a plan that a person approved, if the world still asks for exactly that and for no further reason to
 * wait. Anything else was not approved: the plan is set aside and its people are planned and judged again.
 */
export async function workOnApproved(
  run: Run,
  approved: StoredPlan,
  between: () => Promise<void>,
): Promise<void> {
  const { deps, account } = run;
  const subjectIds = [...new Set(approved.plan.changes.map(({ subjectId }) => subjectId))];
  const planned = await planInRun(run, {
    subjectIds,
    trigger: approved.plan.trigger,
    readingAgeMaxMs: 0,
    madeAt: approved.createdAt,
  });
  const news = planned === null ? [] : unapprovedHolds(approved.verdict, planned.verdict);
  const changes =
    planned === null || news.length > 0
      ? null
      : stillApproved(approved, await withoutOpenTasks(run, planned));
  if (planned === null || changes === null) return setAside(run, approved, news);
  if (approved.plan.scope === 'all') await recordPassed(run, planned);
  const marks = new Map((await deps.marks.listOf(account, subjectIds)).map((mark) => [mark.subjectId, mark]));
  const report = await applyPlan(run, {
    planId: approved.id,
    changes,
    links: planned.links,
    marks,
    ownEmails: new Set(),
    between,
  });
  await settleMarks(
    run,
    marks,
    report,
    changes.map(({ change }) => change),
  );
  // Interrupted, it stays approved: what was approved goes on where it stopped.
  if (report.stop !== null) throw new RunStopped(report.stop);
  await deps.plans.abandonRest(account, approved.id, deps.clock.now());
  await deps.plans.move(account, approved.id, {
    from: ['approved'],
    to: endOf(report),
    at: deps.clock.now(),
  });
  await deps.marks.release(account, approved.id);
}

/**
 * The approved changes that are still to be made, or null where the approval does not cover what is wanted now.
 * Until the first change the digest decides. After that, whatever is left must be part of what was approved.
 */
function stillApproved({ changes, digest }: StoredPlan, plan: Plan): readonly StoredChange[] | null {
  const open = changes.filter(({ state }) => state === 'planned');
  if (open.length === changes.length) return digestOf(planDigestInput(plan)) === digest ? changes : null;
  const wanted = new Set(plan.changes.map((change) => effectKey(plan, change)));
  const covered = open.filter(({ change }) => wanted.has(effectKey(plan, change)));
  return covered.length === wanted.size ? covered : null;
}

function effectKey(plan: Plan, change: Change): string {
  return digestOf(planDigestInput({ ...plan, changes: [change] }));
}

function recordPassed({ deps, account }: Run, { plan }: Planned): Promise<void> {
  return deps.directory
    .countActive(account.tenantId)
    .then((activeUsers) =>
      deps.accounts.recordPassed(
        account,
        { ruleSetVersion: plan.inputs.ruleSetVersion, activeUsers },
        deps.clock.now(),
      ),
    );
}

async function setAside(
  { deps, account, log }: Run,
  { id }: StoredPlan,
  news: readonly Hold[],
): Promise<void> {
  const at = deps.clock.now();
  await deps.plans.abandonRest(account, id, at);
  await deps.plans.move(account, id, {
    from: ['approved'],
    to: 'superseded',
    at,
    audit: {
      actor: ENGINE_ACTOR,
      action: 'plan.approval-void',
      targetType: 'plan',
      targetId: id,
      correlationId: id,
      data: { accountId: account.accountId, holds: news },
    },
  });
  await deps.marks.release(account, id);
  log.warn(
    { planId: id, holds: news.map(({ code }) => code) },
    'approval void: the plan would do something else now, or there are more reasons to hold it',
  );
}
