import type { AgentEvent, DirectoryEvent, HistoryEvent } from './events.js';

export const JOURNEY_KINDS = ['joiner', 'mover', 'leaver'] as const;
export type JourneyKind = (typeof JOURNEY_KINDS)[number];

/** From the moment at which the identity provider said so to the last change of the same plan at the phone system. */
export interface Journey {
  readonly kind: JourneyKind;
  readonly accountId: string;
  readonly subjectId: string;
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
  readonly doneAt: number;
  readonly changes: number;
}

/** Within how many minutes people should have, or have lost, what they should. */
export interface Sla {
  readonly joinerMinutes: number;
  readonly moverMinutes: number;
  readonly leaverMinutes: number;
}

export const STANDARD_SLA: Sla = { joinerMinutes: 15, moverMinutes: 15, leaverMinutes: 5 };

export function slaMs(sla: Sla, kind: JourneyKind): number {
  return 60_000 * { joiner: sla.joinerMinutes, mover: sla.moverMinutes, leaver: sla.leaverMinutes }[kind];
}

const JOINING: ReadonlySet<string> = new Set(['user.created', 'user.activated', 'group.joined']);
const LEAVING: ReadonlySet<string> = new Set(['user.deactivated', 'user.deleted', 'group.left']);

/**
 * How long each joiner, mover and leaver took. `events` in the order in which they happened. A person who waited for
 * an approval took that long as well. Changes that no push asked for (rules, the schedule) are no journey.
 */
export function journeysOf(events: readonly HistoryEvent[]): readonly Journey[] {
  const asked = new Map<string, DirectoryEvent[]>();
  const servedTo = new Map<string, number>();
  const journeys = new Map<string, Journey>();
  events.forEach((event, index) => {
    if (event.type === 'directory') {
      const own = asked.get(event.subjectId);
      if (own === undefined) asked.set(event.subjectId, [event]);
      else own.push(event);
      return;
    }
    const person = `${event.accountId} ${event.subjectId}`;
    const key = `${person} ${event.planId ?? index}`;
    const begun = journeys.get(key);
    if (begun !== undefined) {
      journeys.set(key, { ...continued(begun, event), doneAt: event.at, changes: begun.changes + 1 });
      return;
    }
    const journey = begin(event, asked.get(event.subjectId) ?? [], servedTo.get(person) ?? -Infinity);
    if (journey === null) return;
    servedTo.set(person, event.at);
    journeys.set(key, journey);
  });
  return [...journeys.values()];
}

function begin(event: AgentEvent, asked: readonly DirectoryEvent[], servedTo: number): Journey | null {
  const kind = kindOf(event);
  if (kind === null) return null;
  const open = asked.filter(({ at }) => at > servedTo && at <= event.at);
  const wanted = kind === 'joiner' ? JOINING : kind === 'leaver' ? LEAVING : null;
  // Who joins or leaves has waited since the first word of it; a mover since the last word before.
  const cause = wanted === null ? open.at(-1) : open.find(({ action }) => wanted.has(action));
  if (cause === undefined) return null;
  const { accountId, subjectId, at: doneAt } = event;
  return { kind, accountId, subjectId, askedAt: cause.at, doneAt, changes: 1 };
}

/** A plan may begin with a team to create or a name to change; what it is shows at the gravest change. */
function continued(journey: Journey, event: AgentEvent): Journey {
  const kind = kindOf(event);
  return journey.kind === 'mover' && (kind === 'joiner' || kind === 'leaver')
    ? { ...journey, kind }
    : journey;
}

/** The permanent deletion at the end of a grace period is nobody's journey: access ended when they were parked. */
function kindOf({ change }: AgentEvent): JourneyKind | null {
  switch (change?.action) {
    case undefined:
    case 'delete':
    case 'forget':
    case 'manual':
    case 'create-team':
      return null;
    case 'create':
    case 'adopt':
    case 'restore':
      return 'joiner';
    case 'park':
      return 'leaver';
    default:
      return 'mover';
  }
}

export interface Speed {
  readonly count: number;
  /** null: nobody. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly slaMs: number;
  readonly withinSla: number;
}

export function speedOf(journeys: readonly Journey[], kind: JourneyKind, sla: Sla): Speed {
  const limit = slaMs(sla, kind);
  const times = journeys
    .filter((one) => one.kind === kind)
    .map(tookMs)
    .toSorted((a, b) => a - b);
  return {
    count: times.length,
    medianMs: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    slaMs: limit,
    withinSla: times.filter((ms) => ms <= limit).length,
  };
}

export function tookMs({ askedAt, doneAt }: Journey): number {
  return doneAt - askedAt;
}

/** The smallest value that at least this share does not exceed; `sorted` ascending. null: there is none. */
export function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
