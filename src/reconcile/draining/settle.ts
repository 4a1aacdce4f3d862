import type { Change, Plan } from '../../domain/plan.js';
import { planDigestInput } from '../../domain/planning/digest.js';
import { removalKind } from '../../domain/planning/removal.js';
import { digestOf } from '../../lib/canonical-json.js';
import { applyPlan, type ApplicationReport } from '../applying/apply-plan.js';
import { ENGINE_ACTOR } from '../audit.js';
import type { DirtyMark } from '../marks.js';
import type { Planned } from '../planning/planner.js';
import type { AuditRecord, NewPlan, StoredPlanState } from '../plan-store.js';
import { RunStopped, type Run } from '../run.js';
import { checklistKey } from '../steps.js';
import { settleMarks } from './after-apply.js';

export interface Settlement {
  /** The marks the plan answers, by person. */
  readonly marks: ReadonlyMap<string, DirtyMark>;
  readonly ownEmails: ReadonlySet<string>;
  readonly between: () => Promise<void>;
  /** Held plans that this one replaces, whatever its verdict. */
  readonly replaces: readonly string[];
  /** A plan of the whole account is kept as a report even where it changes nothing. */
  readonly keepsEmpty: boolean;
}

/** What became of a plan. */
export type Settled = 'empty' | 'reported' | 'held' | 'applied';

/**
 * Does with a plan what its verdict and the account's policy say, and with the marks what follows: whoever needs
 * nothing is done, whoever waits for a person waits, whoever was changed is planned again to verify it.
 * Throws RunStopped when the rest of the plan has to wait.
 */
export async function settlePlan(run: Run, planned: Planned, settlement: Settlement): Promise<Settled> {
  const plan = await withoutOpenTasks(run, planned);
  const changed = new Set(plan.changes.map(({ subjectId }) => subjectId));
  const marks = [...settlement.marks.values()];
  const unchanged = marks.filter(({ subjectId }) => !changed.has(subjectId));
  await rememberGrace(run, planned);
  await run.deps.marks.complete(run.account, unchanged);
  await replace(run, settlement.replaces);
  const waiting = marks.filter(({ subjectId }) => changed.has(subjectId));
  if (plan.changes.length === 0) {
    if (settlement.keepsEmpty || isWorthKeeping(plan, marks)) await store(run, planned, plan, 'applied', []);
    return 'empty';
  }
  if (run.account.policy === 'report-only') {
    await store(run, planned, plan, 'reported', waiting);
    return 'reported';
  }
  if (planned.verdict.type === 'held') {
    const { id } = await store(run, planned, plan, 'held', waiting);
    run.log.warn({ planId: id, holds: planned.verdict.holds.map(({ code }) => code) }, 'plan held');
    return 'held';
  }
  await carryOut(run, planned, plan, settlement);
  return 'applied';
}

/** For the day on which the person is gone from the directory, and every group with them. */
async function rememberGrace({ deps, account }: Run, { states, links }: Planned): Promise<void> {
  const said = links.flatMap(({ id, subjectId, facts }) => {
    const state = states.get(subjectId);
    if (state?.type !== 'wanted') return [];
    const graceDays = state.derived.graceDays ?? null;
    return graceDays === (facts?.graceDays ?? null) ? [] : [{ linkId: id, graceDays }];
  });
  await deps.links.rememberGrace(account, said);
}

/**
 * Tasks that are open already, or that a person said are not needed, ask for nothing new; tasks that nobody wants any
 * more are closed. What became of an open one, such as a reminder that came to its day, is news.
 */
export async function withoutOpenTasks(run: Run, planned: Planned): Promise<Plan> {
  const { deps, account } = run;
  const { plan, states } = planned;
  const at = deps.clock.now();
  const subjectIds = [...states.keys()];
  const tasks = plan.changes.flatMap(({ key, action }) => (action === 'manual' ? [key] : [`refused:${key}`]));
  const keep = [...tasks, ...subjectIds.map(checklistKey)];
  const about = { subjectIds, keep, unread: unreadPeople(planned) };
  const standing = await deps.tasks.closeOthers(account, about, at);
  await withdrawSteps(run, planned, at);
  const known = new Map(standing.map((task) => [task.key, task]));
  const isNews = (change: Change): boolean => {
    const task = change.action === 'manual' ? known.get(change.key) : undefined;
    if (task === undefined || change.action !== 'manual') return true;
    return task.state === 'open' && task.kind !== change.task.kind;
  };
  return { ...plan, changes: plan.changes.filter(isNews) };
}

/** Steps of checklists that nobody wants any more, where people do all the writing. */
async function withdrawSteps(run: Run, { plan, states, asked }: Planned, at: Date): Promise<void> {
  if (run.vendor.capabilities.writes !== 'manual') return;
  const subjectIds = [...states.keys()];
  const keep = [...asked, ...plan.changes.map(({ key }) => key)];
  const leavers = subjectIds.filter((id) => states.get(id)?.type === 'leaver');
  await run.deps.checklists.withdrawOthers(run.account, { subjectIds, keep, leavers }, at);
}

function unreadPeople({ states, links, actual }: Planned): readonly string[] {
  const unread = new Set(
    actual.agents.flatMap(({ providerUserId, numbers }) => (numbers === null ? [providerUserId] : [])),
  );
  return links
    .filter(({ subjectId, providerUserId }) => states.has(subjectId) && unread.has(providerUserId))
    .map(({ subjectId }) => subjectId);
}

async function replace(run: Run, planIds: readonly string[]): Promise<void> {
  const at = run.deps.clock.now();
  for (const id of planIds) {
    await run.deps.plans.move(run.account, id, { from: ['held'], to: 'superseded', at });
    await run.deps.marks.release(run.account, id);
  }
}

/** A plan without changes is kept where it has something to say about somebody, the first time. */
function isWorthKeeping({ notices }: Plan, marks: readonly DirtyMark[]): boolean {
  return notices.some(({ subjectId }) => subjectId !== null) && marks.some(({ attempts }) => attempts === 0);
}

async function store(
  run: Run,
  { verdict }: Planned,
  plan: Plan,
  state: StoredPlanState,
  waiting: readonly DirtyMark[],
): Promise<NewPlan> {
  const { deps, account } = run;
  const id = deps.newId();
  const stored: NewPlan = {
    tenantId: account.tenantId,
    accountId: account.accountId,
    id,
    plan,
    digest: digestOf(planDigestInput(plan)),
    verdict,
    state,
    decidedBy: null,
    createdAt: deps.clock.now(),
    changes: plan.changes.map((change, position) => ({
      id: deps.newId(),
      position,
      change,
      state: 'planned',
    })),
    waiting,
    removalCount: plan.changes.filter((change) => removalKind(change) !== null).length,
    audit: state === 'held' ? heldAudit(id, account.accountId, verdict) : null,
  };
  await deps.plans.insert(stored);
  return stored;
}

function heldAudit(planId: string, accountId: string, verdict: Planned['verdict']): AuditRecord {
  return {
    actor: ENGINE_ACTOR,
    action: 'plan.held',
    targetType: 'plan',
    targetId: planId,
    correlationId: planId,
    data: { accountId, holds: verdict.type === 'held' ? verdict.holds : [] },
  };
}

async function carryOut(run: Run, planned: Planned, plan: Plan, settlement: Settlement): Promise<void> {
  const stored = await store(run, planned, plan, 'applying', []);
  const { marks, ownEmails, between } = settlement;
  const report = await applyPlan(run, {
    planId: stored.id,
    changes: stored.changes,
    links: planned.links,
    marks,
    ownEmails,
    between,
  });
  await finishPlan(run, stored.id, report);
  await settleMarks(run, marks, report, plan.changes);
  if (report.stop !== null) throw new RunStopped(report.stop);
}

/** What was left of a plan is planned anew from the marks; only an approved plan is ever gone on with. */
async function finishPlan(run: Run, planId: string, report: ApplicationReport): Promise<void> {
  const at = run.deps.clock.now();
  await run.deps.plans.abandonRest(run.account, planId, at);
  await run.deps.plans.move(run.account, planId, { from: ['applying'], to: endOf(report), at });
}

/** How a plan ended that was gone through as far as it went. */
export function endOf({
  failed,
  stale,
  stop,
  awaiting,
}: ApplicationReport): 'failed' | 'superseded' | 'awaiting' | 'applied' {
  if (failed.size > 0) return 'failed';
  if (stop !== null || stale.size > 0) return 'superseded';
  return awaiting.size > 0 ? 'awaiting' : 'applied';
}
