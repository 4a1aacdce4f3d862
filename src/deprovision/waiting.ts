import type { Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import type { DeletionTurn } from '../reconcile/ports.js';
import type { Deletion, DeletionDeps } from './ports.js';
import { holdOf } from './records.js';

const RECHECK_MS = 60 * 60_000;

/** What a person may approve. */
export interface Approvable {
  readonly plan: Plan;
  readonly digest: string;
  readonly verdict: Verdict;
}

/** Waits for a person, or for the reason to go away: it is looked at again every hour. */
export async function hold(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  reason: string,
  approvable: Approvable | null = null,
): Promise<void> {
  await withdrawQuestion(deps, turn, deletion);
  const plan = approvable === null ? null : { id: deps.newId(), changeId: deps.newId(), ...approvable };
  await deps.deletions.hold(turn.account, deletion, {
    ...holdOf(turn, deletion, reason, plan?.id ?? null),
    at: deps.clock.now(),
    recheckAt: after(deps, RECHECK_MS),
    plan,
  });
  deps.log.warn(
    { accountId: turn.account.accountId, deletionId: deletion.id, planId: plan?.id },
    'deletion held',
  );
}

/** Nobody removes somebody by hand who is not to be removed now. */
export async function withdrawQuestion(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
): Promise<void> {
  if (turn.vendor.capabilities.writes !== 'manual') return;
  await deps.deletions.unask(turn.account, deletion, deps.clock.now());
}

/** Not now: nobody has to do anything about it. */
export function putOff(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  message: string,
  until: number | Date,
): Promise<void> {
  const moment = until instanceof Date ? until : after(deps, until);
  return deps.deletions.putOff(turn.account, deletion.id, moment, { kind: 'held', message });
}

export function after({ clock }: Pick<DeletionDeps, 'clock'>, ms: number): Date {
  return new Date(clock.now().getTime() + ms);
}
