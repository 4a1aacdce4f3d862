import { AppError, isAppError } from '../domain/errors.js';
import { retentionClassOf } from '../domain/retention.js';
import type { WriteOutcome } from '../providers/port.js';
import type { DeleteNext, DeletionTurn } from '../reconcile/ports.js';
import { confirmDeleted, lookAfterCrash, putOffAfter } from './aftermath.js';
import { askPerson } from './ask-person.js';
import { ArchiveUnusable } from './archive/ports.js';
import { archiveCalls, archiveDocument } from './archive/run.js';
import { isHandedOver, reviewNext } from './handover.js';
import { isGone, judge, mayBeCalled, type Wanted } from './guards.js';
import { completeManifest, emptyManifest, hashManifest, type Manifest } from './manifest.js';
import type { Deletion, DeletionDeps, DeletionStart } from './ports.js';
import { verifyDeleted } from './proof/verify.js';
import { after, hold, putOff } from './waiting.js';

const SOON_MS = 60_000;
const ARCHIVE_RETRY_MS = 5 * 60_000;
/** An outage passes; after so many attempts a person is told. */
const ARCHIVE_ATTEMPTS = 3;

/**
 * Permanent deletions, one step of one deletion a call. Guards, manifest, archive and one last look come before the
 * vendor's call; whatever a crash leaves unknown is found out by looking, never by calling again.
 */
export function makeDeleteNext(deps: DeletionDeps): DeleteNext {
  return async (turn) => {
    if (turn.account.policy !== 'sync' || turn.isOver()) return false;
    const deletion = await deps.deletions.nextDue(turn.account, deps.clock.now());
    if (deletion === null) return reviewNext(deps, turn);
    switch (deletion.state) {
      case 'scheduled':
      case 'held':
        await whileArchiveWorks(deps, turn, deletion, () => attempt(deps, turn, deletion));
        return true;
      case 'deleting':
        await lookAfterCrash(deps, turn, deletion);
        return true;
      case 'deleted':
        await whileArchiveWorks(deps, turn, deletion, () => verifyDeleted(deps, turn, deletion));
        return true;
      case 'verified':
      case 'cancelled':
      case 'restored':
        return false;
    }
  };
}

/** An archive that is down or wrongly set stops this deletion, not the account with its leavers. */
async function whileArchiveWorks(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ArchiveUnusable)) throw error;
    deps.log.warn({ err: error, accountId: turn.account.accountId }, 'the archive cannot be used');
    const reason = `The archive cannot be used: ${error.message}`;
    const isPassing = deletion.attempts < ARCHIVE_ATTEMPTS || deletion.state === 'deleted';
    if (isPassing) await putOff(deps, turn, deletion, reason, ARCHIVE_RETRY_MS);
    else await hold(deps, turn, deletion, `${reason} Correct the account's archive settings or credential.`);
  }
}

async function attempt(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<void> {
  if (await isGone(deps, turn, deletion)) return;
  // Judged first, so that nobody's calls are listed who is not to be deleted; judged again after that took its time.
  if ((await judge(deps, turn, deletion)) === null) return;
  deps.checkpoint('delete:judged');
  const manifest = await manifestFor(deps, turn, deletion);
  deps.checkpoint('delete:manifest');
  if (!(await archiveCalls(deps, turn, deletion, manifest))) return;
  deps.checkpoint('delete:archived');
  if (!(await isHandedOver(deps, turn, deletion))) return;
  deps.checkpoint('delete:handed-over');
  const judged = await judge(deps, turn, deletion);
  if (judged === null || !(await mayBeCalled(deps, turn, deletion, judged)) || turn.isOver()) return;
  if (turn.vendor.capabilities.writes === 'manual')
    return askPerson(deps, turn, { deletion, judged, manifest });
  const start = await startOf(deps, turn, { deletion, judged, manifest });
  await archiveDocument(deps, turn, `${deletion.id}/manifest.json`, {
    document: manifest,
    hash: start.manifestHash,
    signature: start.manifestSignature,
  });
  deps.checkpoint('delete:documented');
  if (!(await deps.deletions.begin(turn.account, start))) {
    const error = { kind: 'stale', message: 'Something changed in the moment before the deletion.' } as const;
    return deps.deletions.putOff(turn.account, deletion.id, after(deps, SOON_MS), error);
  }
  deps.checkpoint('delete:begun');
  await callVendor(deps, turn, { ...deletion, planId: start.planId });
}

/** The manifest up to this moment. Throws what the vendor throws; what was listed until then is kept. */
async function manifestFor(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<Manifest> {
  const { deletions, clock } = deps;
  const { provider, limits } = turn.vendor;
  const { retention } = turn.account.settings;
  const now = clock.now();
  const { subjectId, linkId, providerUserId, email, held } = deletion;
  const stored = await deletions.loadManifest(turn.account, deletion.id);
  const start =
    stored?.manifest ??
    emptyManifest(
      { subjectId, linkId, providerUserId, email, held },
      {
        now: now.getTime(),
        historyDays: limits.callHistoryDays,
        hasCalls: provider.calls !== undefined,
      },
    );
  const save = async (partial: Manifest): Promise<void> => {
    await deletions.saveManifest(turn.account, deletion.id, partial, clock.now());
    deps.checkpoint('manifest:saved');
  };
  const classOf = (number: string | null) => retentionClassOf(retention, number).name;
  const manifest = await completeManifest(start, provider, now.getTime(), { save, classOf });
  // Archiving may take many turns: none of them begins the list anew.
  await save(manifest);
  return manifest;
}

async function startOf(
  deps: DeletionDeps,
  turn: DeletionTurn,
  {
    deletion,
    judged,
    manifest,
  }: { readonly deletion: Deletion; readonly judged: Wanted; readonly manifest: Manifest },
): Promise<DeletionStart> {
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
    manifestSignature: await deps.signer.sign(turn.account.tenantId, manifest),
    isInCall: false,
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
      return hold(deps, turn, deletion, `${turn.vendor.displayName} refused: ${error.message}`);
    case 'rateLimited':
    case 'stale':
    case 'credential':
      await deletions.takeBack(turn.account, deletion, at, reason);
      throw error;
    default:
      return putOffAfter(deps, turn, deletion, reason);
  }
}
