import { AppError } from '../domain/errors.js';
import type { EntitlementSet } from '../domain/entitlement.js';
import { byCodeUnits } from '../domain/sort.js';
import { digestOf } from '../lib/canonical-json.js';
import type { CallRecord, Provider } from '../providers/port.js';

/** One call of the leaver. URLs are not kept: they expire within the hour. */
export interface ManifestCall {
  readonly callId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly number: string | null;
  readonly durationSeconds: number;
  readonly hasRecording: boolean;
  readonly hasVoicemail: boolean;
  readonly retentionClass: string;
}

/** Grows with the shape. */
export const MANIFEST_FORMAT = 2;

/** What is known, before a permanent deletion, of everything that hung on the agent. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly subjectId: string;
  readonly linkId: string;
  readonly providerUserId: string;
  readonly email: string;
  /** What the agent held when it was parked: its lines and teams. */
  readonly held: EntitlementSet | null;
  /** Every line the person was on or is known to have spoken on, sorted. */
  readonly lines: readonly string[];
  /** null: the vendor has no list of calls. */
  readonly calls: readonly ManifestCall[] | null;
  /** Milliseconds since the epoch: calls from before were out of the vendor's reach. */
  readonly callsFrom: number;
  /** Milliseconds since the epoch: calls up to here are listed. */
  readonly callsThrough: number;
  readonly isComplete: boolean;
}

export interface ManifestSubject {
  readonly subjectId: string;
  readonly linkId: string;
  readonly providerUserId: string;
  readonly email: string;
  readonly held: EntitlementSet | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Where the vendor names no limit: further back than any phone system keeps calls. */
const HISTORY_MAX_DAYS = 3_650;
/** Calls listed between two savings of an unfinished manifest. */
const SAVE_EVERY = 1_000;

export interface ManifestSteps {
  /** Keeps what was listed so far. */
  readonly save: (partial: Manifest) => Promise<void>;
  /** The retention class of calls on a line. */
  readonly classOf: (number: string | null) => string;
}

/** Over the content alone, so that the same manifest has the same hash wherever it is checked. */
export function hashManifest(manifest: Manifest): string {
  return digestOf(manifest);
}

/** A manifest in which no call is listed yet. `now` in milliseconds since the epoch. */
export function emptyManifest(
  subject: ManifestSubject,
  options: { readonly now: number; readonly historyDays: number | undefined; readonly hasCalls: boolean },
): Manifest {
  const from = options.now - (options.historyDays ?? HISTORY_MAX_DAYS) * DAY_MS;
  return {
    format: MANIFEST_FORMAT,
    ...subject,
    lines: linesOf(subject, []),
    calls: options.hasCalls ? [] : null,
    callsFrom: from,
    callsThrough: from,
    isComplete: false,
  };
}

/**
 * Lists the calls from where the manifest ends up to `now`. What was listed when the vendor asks us to wait is
 * given to `save`, so that a long history is finished in several turns. Throws what the provider throws.
 */
export async function completeManifest(
  manifest: Manifest,
  provider: Pick<Provider, 'calls'>,
  now: number,
  { save, classOf }: ManifestSteps,
): Promise<Manifest> {
  if (manifest.calls === null || provider.calls === undefined) {
    return { ...manifest, callsThrough: now, isComplete: true };
  }
  const known = new Map(manifest.calls.map((call) => [call.callId, call]));
  const saved = (through: number): Manifest => ({
    ...manifest,
    lines: linesOf(manifest, [...known.values()]),
    calls: [...known.values()],
    callsThrough: through,
    isComplete: false,
  });
  let latest = manifest.callsThrough;
  try {
    const query = { providerUserId: manifest.providerUserId, from: manifest.callsThrough, to: now };
    for await (const record of provider.calls(query)) {
      known.set(record.callId, toManifestCall(record, classOf));
      latest = inOrder(latest, record.startedAt);
      if (known.size % SAVE_EVERY === 0) await save(saved(latest));
    }
  } catch (error) {
    await save(saved(latest));
    throw error;
  }
  return { ...saved(now), isComplete: true };
}

/**
 * The same, to be listed again from `from` (milliseconds since the epoch): what came of the calls since then was not
 * settled yet.
 */
export function reopenManifest(manifest: Manifest, from: number): Manifest {
  const callsThrough = Math.max(manifest.callsFrom, Math.min(manifest.callsThrough, from));
  return { ...manifest, callsThrough, isComplete: false };
}

function linesOf({ held }: Pick<Manifest, 'held'>, calls: readonly ManifestCall[]): readonly string[] {
  const numbers = [
    ...(held?.numbers ?? []).map(({ number }) => number),
    ...calls.map(({ number }) => number),
  ];
  return [...new Set(numbers.filter((number) => number !== null))].toSorted(byCodeUnits);
}

/** The list is resumed at the moment of its last call; a call out of order would be missed then. */
function inOrder(latest: number, startedAt: number): number {
  if (startedAt >= latest) return startedAt;
  throw new AppError(
    'contract',
    'The vendor listed calls out of order, so it cannot be told which are missing.',
  );
}

/** What a line of the list is given besides what the vendor says. */
function toManifestCall(record: CallRecord, classOf: ManifestSteps['classOf']): ManifestCall {
  return {
    callId: record.callId,
    startedAt: record.startedAt,
    number: record.numberDigits,
    durationSeconds: record.durationSeconds,
    hasRecording: record.recordingUrl !== null,
    hasVoicemail: record.voicemailUrl !== null,
    retentionClass: classOf(record.numberDigits),
  };
}
