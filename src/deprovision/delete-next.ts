import { emailKey } from '../domain/email.js';
import { AppError, isAppError } from '../domain/errors.js';
import type { WriteOutcome } from '../providers/port.js';
import type { DeleteNext, DeletionJudgement, DeletionTurn } from '../reconcile/ports.js';
import { holdOf } from './records.js';
import { completeManifest, emptyManifest, hashManifest, type Manifest } from './manifest.js';
import type { Deletion, DeletionDeps, DeletionStart } from './ports.js';
import { askPerson } from './ask-person.js';
import { confirmDeleted, lookAfterCrash, putOffAfter, verifyDeleted } from './aftermath.js';

type Wanted = Extract<DeletionJudgement, { type: 'delete' }>;

const RECHECK_MS = 60 * 60_000;
const SOON_MS = 60_000;
const BUDGET_RETRY_MS = 10 * 60_000;

/**
 * Permanent deletions, one step of one deletion a call. Guards, manifest and one last look come before the vendor's
 * call; whatever a crash leaves unknown is found out by looking, never by calling again.
 */
export function makeDeleteNext(deps: DeletionDeps): DeleteNext {
  return async (turn) => {
    if (turn.account.policy !== 'sync' || turn.isOver()) return false;
    const deletion = await deps.deletions.nextDue(turn.account, deps.clock.now());
    if (deletion === null) return false;
    switch (deletion.state) {
      case 'scheduled':
      case 'held':
        await attempt(deps, turn, deletion);
        return true;
      case 'deleting':
        await lookAfterCrash(deps, turn, deletion);
        return true;
      case 'deleted':
        await verifyDeleted(deps, turn, deletion);
        return true;
      case 'verified':
      case 'cancelled':
        return false;
    }
  };
}

async function attempt(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<void> {
  if (await isGone(deps, turn, deletion)) return;
  // Judged first, so that nobody's calls are listed who is not to be deleted; judged again after that took its time.
  if ((await judge(deps, turn, deletion)) === null) return;
  const manifest = await manifestFor(deps, turn, deletion);
  deps.checkpoint('delete:manifest');
  const judged = await judge(deps, turn, deletion);
  if (judged === null || !(await isStillTheSame(deps, turn, deletion, judged))) return;
  if (turn.isOver()) return;
  if (turn.vendor.capabilities.writes === 'manual')
    return askPerson(deps, turn, { deletion, judged, manifest });
  const start = startOf(deps, turn, { deletion, judged, manifest });
  if (!(await deps.deletions.begin(turn.account, start))) {
    const error = { kind: 'stale', message: 'Something changed in the moment before the deletion.' } as const;
    return deps.deletions.putOff(turn.account, deletion.id, after(deps, SOON_MS), error);
  }
  deps.checkpoint('delete:begun');
  await callVendor(deps, turn, { ...deletion, planId: start.planId });
}

/** Somebody deleted the agent at the vendor: nothing is left to do but to say so. */
async function isGone(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<boolean> {
  const { providerUserId } = deletion;
  const agent = await turn.vendor.provider.findAgent({ by: 'id', providerUserId });
  if (agent === null) await confirmDeleted(deps, turn, deletion, 'already');
  return agent === null;
}

/** The deletion if it may go ahead now; otherwise it is held or put off, and null. */
async function judge(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<Wanted | null> {
  const judged = await turn.judge(deletion.subjectId, deletion.linkId);
  if (judged.type === 'not-wanted') {
    await takeBackQuestion(deps, turn, deletion);
    if (judged.isProtected) await hold(deps, turn, deletion, judged.reason, null);
    else await putOff(deps, turn, deletion, judged.reason, SOON_MS);
    return null;
  }
  if (judged.verdict.type === 'allowed') return judged;
  const { heldPlan } = deletion;
  if (heldPlan?.isApproved === true && heldPlan.digest === judged.digest) return judged;
  const { holds } = judged.verdict;
  const reason = holds.map(({ message }) => message).join(' ');
  // The budget alone is a matter of an hour, not of a person.
  if (holds.every(({ code }) => code === 'removal-budget')) {
    await putOff(deps, turn, deletion, reason, BUDGET_RETRY_MS);
  } else {
    await hold(deps, turn, deletion, reason, judged);
  }
  return null;
}

/** The manifest up to this moment. Throws what the vendor throws; what was listed until then is kept. */
async function manifestFor(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<Manifest> {
  const { deletions, clock } = deps;
  const { provider, limits } = turn.vendor;
  const now = clock.now();
  const { subjectId, linkId, providerUserId, email, held } = deletion;
  const start =
    deletion.manifest ??
    emptyManifest(
      { subjectId, linkId, providerUserId, email, held },
      {
        now: now.getTime(),
        historyDays: limits.callHistoryDays,
        hasCalls: provider.calls !== undefined,
      },
    );
  return completeManifest(start, provider, now.getTime(), (partial) =>
    deletions.saveManifest(turn.account, deletion.id, partial, clock.now()),
  );
}

/**
 * One last look at the agent. Gone: nothing is left to delete. Another e-mail than ours: somebody gave the agent to
 * another person, and deleting it would hit them.
 */
async function isStillTheSame(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  judged: Wanted,
): Promise<boolean> {
  const { providerUserId } = judged.link;
  const agent = await turn.vendor.provider.findAgent({ by: 'id', providerUserId });
  if (agent === null) {
    await confirmDeleted(deps, turn, deletion, 'already');
    return false;
  }
  if (emailKey(agent.email) === emailKey(judged.link.email)) return true;
  const reason = `The agent's e-mail is ${agent.email} at the vendor, but it was ${judged.link.email} when it was parked. It may belong to somebody else now.`;
  await hold(deps, turn, deletion, reason, null);
  return false;
}

function startOf(
  deps: DeletionDeps,
  turn: DeletionTurn,
  {
    deletion,
    judged,
    manifest,
  }: { readonly deletion: Deletion; readonly judged: Wanted; readonly manifest: Manifest },
): DeletionStart {
  const { plan, digest, verdict } = judged;
  return {
    deletion,
    holder: turn.holder,
    planId: deps.newId(),
    changeId: deps.newId(),
    plan,
    digest,
    verdict,
    manifest,
    manifestHash: hashManifest(manifest),
    at: deps.clock.now(),
  };
}

async function callVendor(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<void> {
  const { providerUserId } = deletion;
  let result: WriteOutcome['result'];
  try {
    ({ result } = await turn.vendor.provider.write({ type: 'delete-agent', providerUserId }));
  } catch (error) {
    deps.checkpoint('delete:called');
    return afterError(deps, turn, deletion, error);
  }
  deps.checkpoint('delete:called');
  if (result === 'awaiting') throw new AppError('bug', 'A deletion by hand was begun like one by API.');
  await confirmDeleted(deps, turn, deletion, result);
}

/** Refused for good: a person decides. Not let through: nothing happened. Anything else: unknown, so look later. */
async function afterError(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  error: unknown,
): Promise<void> {
  const { deletions, clock } = deps;
  const at = clock.now();
  if (!isAppError(error)) {
    await putOffAfter(deps, turn, deletion, { kind: 'bug', message: 'Unexpected error; see the log.' });
    throw error;
  }
  const reason = { kind: error.kind, message: error.message };
  switch (error.kind) {
    case 'invalid':
    case 'capability':
    case 'conflict':
      await deletions.takeBack(turn.account, deletion, at, reason);
      return hold(deps, turn, deletion, `${turn.vendor.displayName} refused: ${error.message}`, null);
    case 'rateLimited':
    case 'stale':
    case 'credential':
      await deletions.takeBack(turn.account, deletion, at, reason);
      throw error;
    default:
      return putOffAfter(deps, turn, deletion, reason);
  }
}

async function hold(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  reason: string,
  judged: Wanted | null,
): Promise<void> {
  await takeBackQuestion(deps, turn, deletion);
  const plan = judged === null ? null : { id: deps.newId(), changeId: deps.newId(), ...judged };
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
async function takeBackQuestion(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<void> {
  if (turn.vendor.capabilities.writes !== 'manual') return;
  await deps.deletions.unask(turn.account, deletion, deps.clock.now());
}

function putOff(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  message: string,
  ms: number,
): Promise<void> {
  return deps.deletions.putOff(turn.account, deletion.id, after(deps, ms), { kind: 'held', message });
}

function after({ clock }: DeletionDeps, ms: number): Date {
  return new Date(clock.now().getTime() + ms);
}
