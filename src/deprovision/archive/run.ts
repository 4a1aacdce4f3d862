import { expiryOf, retentionClassOf, type RetentionSettings } from '../../domain/retention.js';
import { canonicalJson } from '../../lib/canonical-json.js';
import type { CallRecord } from '../../providers/port.js';
import type { DeletionTurn } from '../../reconcile/ports.js';
import { reopenManifest, type Manifest, type ManifestCall } from '../manifest.js';
import type { Deletion, DeletionDeps } from '../ports.js';
import { hold, putOff } from '../waiting.js';
import {
  ArchiveUnusable,
  DownloadFailed,
  type ArchiveSink,
  type ObjectKind,
  type PendingObject,
  type WantedObject,
} from './ports.js';
import { transfer, type Refresh } from './transfer.js';

/** Calls whose links one query of the vendor's list brings. */
const BATCH = 50;
const AT_ONCE = 4;
/** How long a recording may take to exist after its call (vendors.md 1.8). */
const SETTLING_MS = 24 * 60 * 60_000;
const SETTLING_RETRY_MS = 30 * 60_000;
const RETRY_BASE_MS = 30_000;
const RETRY_CAP_MS = 60 * 60_000;
/** After so many attempts a person is told; it is tried on, once an hour. */
const ATTEMPTS_BEFORE_MISSING = 8;

/**
 * Copies the recordings and voicemails of the manifest's calls into the account's archive, as its policy wants. False:
 * not all of them are there yet; the deletion is put off, held, or goes on in its next turn.
 */
export async function archiveCalls(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  manifest: Manifest,
): Promise<boolean> {
  const { archive, retention } = turn.account.settings;
  if (archive.policy !== 'audio') return true;
  if (!(await isSettled(deps, turn, deletion, manifest))) return false;
  const { objects } = deps.archive;
  await objects.want(turn.account, deletion.id, wantedObjects(manifest, retention));
  deps.checkpoint('archive:wanted');
  while (!turn.isOver()) {
    const ready = await objects.listReady(turn.account, deletion.id, deps.clock.now(), BATCH);
    if (ready.length === 0) return isArchived(deps, turn, deletion);
    await copyBatch(deps, turn, deletion, ready);
    // Leavers who came meanwhile go first; the next turn finds what is left.
    if (await turn.isUrgentWaiting()) return false;
  }
  return false;
}

/** A signed document beside the recordings, where the policy wants an archive at all. */
export async function archiveDocument(
  deps: DeletionDeps,
  turn: DeletionTurn,
  key: string,
  document: object,
): Promise<void> {
  if (turn.account.settings.archive.policy === 'none') return;
  const sink = await deps.archive.openSink(turn.account);
  try {
    await sink.write(key, oneChunk(Buffer.from(canonicalJson(document))), 'application/json');
  } catch (error) {
    throw new ArchiveUnusable(error);
  }
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

/** The recording of a call just made may not exist yet: the list is read again when it must. */
async function isSettled(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  manifest: Manifest,
): Promise<boolean> {
  const since = deps.clock.now().getTime() - SETTLING_MS;
  const fresh = (manifest.calls ?? []).filter((call) => call.startedAt > since && mayStillCome(call));
  if (fresh.length === 0) return true;
  const from = Math.min(...fresh.map(({ startedAt }) => startedAt));
  await deps.deletions.saveManifest(
    turn.account,
    deletion.id,
    reopenManifest(manifest, from),
    deps.clock.now(),
  );
  const message = `${String(fresh.length)} calls are less than a day old: their recordings may still be in the making.`;
  await putOff(deps, turn, deletion, message, SETTLING_RETRY_MS);
  return false;
}

function mayStillCome({ hasRecording, hasVoicemail, durationSeconds }: ManifestCall): boolean {
  return !hasRecording && !hasVoicemail && durationSeconds > 0;
}

function wantedObjects({ calls }: Manifest, retention: RetentionSettings): readonly WantedObject[] {
  return (calls ?? []).flatMap((call) => {
    const { callId, startedAt: callAt, number } = call;
    const found = retentionClassOf(retention, number);
    const shared = { callId, callAt, retentionClass: found.name, expiresAt: expiryOf(found, callAt) };
    const kinds: ObjectKind[] = [];
    if (call.hasRecording) kinds.push('recording');
    if (call.hasVoicemail) kinds.push('voicemail');
    return kinds.map((kind) => ({ ...shared, kind }));
  });
}

/** Nothing is ready now: all there, or waiting, or lost for the time being. */
async function isArchived(deps: DeletionDeps, turn: DeletionTurn, deletion: Deletion): Promise<boolean> {
  const { pending, missing, nextAt, stored } = await deps.archive.objects.tally(turn.account, deletion.id);
  if (missing > 0) {
    const reason = `${String(missing)} of ${String(missing + pending + stored)} recordings could not be fetched from the phone system. They are tried again every hour; let them go by hand if they are lost.`;
    await hold(deps, turn, deletion, reason);
    return false;
  }
  if (pending === 0) return true;
  const message = `${String(pending)} recordings are still to be fetched.`;
  await putOff(deps, turn, deletion, message, nextAt ?? RETRY_BASE_MS);
  return false;
}

async function copyBatch(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  ready: readonly PendingObject[],
): Promise<void> {
  const sink = await deps.archive.openSink(turn.account);
  const calls = await linksOf(turn, deletion, ready);
  const refresh = refreshOf(turn, deletion, ready);
  const queue = [...ready];
  const work = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      await copyOne(deps, turn, deletion, { object: one, call: calls.get(one.callId), sink, refresh });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Fresh links of a batch, from the vendor's list: one or two requests for all of them. */
async function linksOf(
  { vendor }: DeletionTurn,
  { providerUserId }: Deletion,
  ready: readonly PendingObject[],
): Promise<ReadonlyMap<string, CallRecord>> {
  const moments = ready.map(({ callAt }) => callAt);
  const wanted = new Set(ready.map(({ callId }) => callId));
  const query = { providerUserId, from: Math.min(...moments), to: Math.max(...moments) };
  const calls = new Map<string, CallRecord>();
  if (vendor.provider.calls === undefined) return calls;
  for await (const call of vendor.provider.calls(query)) {
    if (wanted.has(call.callId)) calls.set(call.callId, call);
  }
  return calls;
}

function refreshOf(turn: DeletionTurn, deletion: Deletion, ready: readonly PendingObject[]): Refresh {
  return async (callId) => {
    const { provider } = turn.vendor;
    if (provider.findCall !== undefined) return provider.findCall(callId);
    const one = ready.filter((object) => object.callId === callId);
    return (await linksOf(turn, deletion, one)).get(callId) ?? null;
  };
}

async function copyOne(
  deps: DeletionDeps,
  { account }: DeletionTurn,
  deletion: Deletion,
  {
    object,
    call,
    sink,
    refresh,
  }: {
    readonly object: PendingObject;
    readonly call: CallRecord | undefined;
    readonly sink: ArchiveSink;
    readonly refresh: Refresh;
  },
): Promise<void> {
  const { objects } = deps.archive;
  const { callId, kind, attempts } = object;
  try {
    if (call === undefined) throw new DownloadFailed('gone', 'The phone system does not list the call now.');
    const stored = await transfer(deps.archive, sink, deletion.id, { call, kind, refresh });
    deps.checkpoint('archive:written');
    await objects.recordStored(account, deletion.id, { ...stored, at: deps.clock.now() });
    deps.checkpoint('archive:recorded');
  } catch (error) {
    if (!(error instanceof DownloadFailed)) throw error;
    const state = attempts + 1 >= ATTEMPTS_BEFORE_MISSING ? 'missing' : 'pending';
    const waitMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** attempts);
    const retryAt = new Date(deps.clock.now().getTime() + waitMs);
    await objects.recordFailed(account, deletion.id, { callId, kind, error: error.message, retryAt, state });
  }
}
