import { emailKey } from '../domain/email.js';
import { isAppError } from '../domain/errors.js';
import { unapprovedHolds, type Hold, type Verdict } from '../domain/safety.js';
import type { DeletionJudgement, DeletionTurn } from '../reconcile/ports.js';
import { confirmDeleted } from './aftermath.js';
import { describeHold } from './legal-holds.js';
import type { Deletion, DeletionDeps } from './ports.js';
import { hold, putOff, withdrawQuestion } from './waiting.js';

export type Wanted = Extract<DeletionJudgement, { type: 'delete' }>;

const SOON_MS = 60_000;
const BUDGET_RETRY_MS = 10 * 60_000;
const CALL_RETRY_MS = 2 * 60_000;

/** Somebody deleted the agent at the vendor: nothing is left to do but to say so. */
export async function isGone(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<boolean> {
  const { providerUserId } = deletion;
  const agent = await turn.vendor.provider.findAgent({ by: 'id', providerUserId });
  if (agent === null) await confirmDeleted(deps, turn, deletion, 'already');
  return agent === null;
}

/** The deletion if it may go ahead now; otherwise it is held or put off, and null. */
export async function judge(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
): Promise<Wanted | null> {
  const { tenantId } = turn.account;
  const legal = await deps.legalHolds.findOnAgents(tenantId, deletion.subjectId, deps.clock.now());
  if (legal !== null) {
    await hold(deps, turn, deletion, `${describeHold(legal)}.`);
    return null;
  }
  const judged = await turn.judge(deletion.subjectId, deletion.linkId);
  if (judged.type === 'not-wanted') {
    if (judged.isProtected) await hold(deps, turn, deletion, judged.reason);
    else {
      await withdrawQuestion(deps, turn, deletion);
      await putOff(deps, turn, deletion, judged.reason, SOON_MS);
    }
    return null;
  }
  return weigh(deps, turn, deletion, judged);
}

/** An approval counts for the plan with exactly that digest, and against the reasons that it was given for. */
async function weigh(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  judged: Wanted,
): Promise<Wanted | null> {
  const holds = holdsOf(turn, judged.verdict);
  if (holds.length === 0) return judged;
  const verdict = { type: 'held', holds } as const;
  const open = stillHeld(deletion, judged.digest, verdict);
  if (open.length === 0) return judged;
  // The budget alone is a matter of an hour, not of a person.
  if (open.every(({ code }) => code === 'removal-budget')) {
    await putOff(deps, turn, deletion, wordsOf(open), BUDGET_RETRY_MS);
  } else {
    await hold(deps, turn, deletion, wordsOf(holds), { ...judged, verdict });
  }
  return null;
}

function stillHeld({ heldPlan }: Deletion, digest: string, verdict: Verdict): readonly Hold[] {
  const isApproved = heldPlan?.isApproved === true && heldPlan.digest === digest;
  return unapprovedHolds(isApproved ? heldPlan.verdict : { type: 'allowed' }, verdict);
}

function wordsOf(holds: readonly Hold[]): string {
  return holds.map(({ message }) => message).join(' ');
}

function holdsOf({ account }: DeletionTurn, verdict: Verdict): readonly Hold[] {
  const holds = verdict.type === 'held' ? verdict.holds : [];
  if (!account.settings.deletion.approval) return holds;
  const message = 'This account asks for a person’s approval of every permanent deletion.';
  return [...holds, { code: 'deletion-approval', message }];
}

/**
 * One last look at the agent. Gone: nothing is left to delete. Another e-mail than ours: somebody gave the agent to
 * another person, and deleting it would hit them. In a call: the call is let end.
 */
export async function mayBeCalled(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  judged: Wanted,
): Promise<boolean> {
  const { providerUserId } = judged.link;
  const { provider } = turn.vendor;
  const agent = await provider.findAgent({ by: 'id', providerUserId });
  if (agent === null) {
    await confirmDeleted(deps, turn, deletion, 'already');
    return false;
  }
  if (emailKey(agent.email) !== emailKey(judged.link.email)) {
    const reason = `The agent's e-mail is ${agent.email} at the vendor, but it was ${judged.link.email} when it was parked. It may belong to somebody else now.`;
    await hold(deps, turn, deletion, reason);
    return false;
  }
  if (!(await isInCall(turn, providerUserId))) return true;
  await putOff(deps, turn, deletion, 'The agent is in a call.', CALL_RETRY_MS);
  return false;
}

/** Where the vendor does not tell, nobody is waited for. */
async function isInCall({ vendor }: DeletionTurn, providerUserId: string): Promise<boolean> {
  try {
    return (await vendor.provider.isInCall?.(providerUserId)) ?? false;
  } catch (error) {
    // Gone since the last look: the deletion finds that out by itself.
    if (isAppError(error, 'notFound')) return false;
    throw error;
  }
}
