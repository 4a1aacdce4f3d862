import type { PlanTrigger } from '../../domain/plan.js';
import type { DirtyMark } from '../marks.js';
import type { Planned } from '../planning/planner.js';
import type { PlanRequest } from '../planning/request.js';
import type { Run } from '../run.js';
import { planInRun } from './plan-in-run.js';
import { settlePlan, type Settlement } from './settle.js';
import { heldPeople } from './split.js';

const MINUTE_MS = 60_000;

/**
 * How old a reading may be, in milliseconds. A leaver's first removals may go by an older one: revoking is safe to
 * repeat, and they are planned again from a new one. So is a newcomer's create. Whatever we wrote for somebody
 * since a reading makes it too old for them in any case. A leaver's may be older than a newcomer's: while newcomers
 * are worked on there always is one, so that no leaver has to wait for it.
 */
export const READING_AGE_MAX_MS = {
  leaver: 15 * MINUTE_MS,
  change: 5 * MINUTE_MS,
  newcomer: 10 * MINUTE_MS,
} as const;

export interface Work {
  readonly marks: readonly DirtyMark[];
  readonly readingAgeMaxMs: number;
  readonly trigger: PlanTrigger;
  readonly between: () => Promise<void>;
  /** At most so many people at once are changed; the verdict is given on all of them together. */
  readonly peopleMax: number;
  /** People whose agent an earlier create of ours may have made. */
  readonly ownEmails?: ReadonlySet<string>;
  readonly replaces?: readonly string[];
  readonly isForLeavers?: boolean;
}

/** Plans and settles some marks. Who is the cause of a hold waits; the others go on without them. */
export async function workOn(run: Run, work: Work): Promise<void> {
  const planned = await planInRun(run, requestFor(work));
  if (planned === null) return run.deps.marks.complete(run.account, work.marks);
  const held = heldPeople(planned, run.deps.clock.now().getTime());
  if (held.size === 0) return settle(run, work, planned, firstPeople(planned, work.peopleMax));
  // On their own the people held might pass; the verdict on all of them together stands.
  await settle(run, work, { ...planned, narrowedTo: heldAlike(planned) }, held);
}

function heldAlike(planned: Planned): Planned['narrowedTo'] {
  return async (people) => {
    const narrowed = await planned.narrowedTo(people);
    return narrowed.verdict.type === 'held' ? narrowed : { ...narrowed, verdict: planned.verdict };
  };
}

function requestFor({ marks, readingAgeMaxMs, trigger, ownEmails, isForLeavers = false }: Work): PlanRequest {
  return {
    isForLeavers,
    subjectIds: marks.map(({ subjectId }) => subjectId),
    trigger,
    readingAgeMaxMs,
    ownEmails: ownEmails !== undefined && ownEmails.size > 0,
  };
}

/** Settles the part of a plan that concerns `people`, and everybody for whom nothing is to be done. */
async function settle(run: Run, work: Work, planned: Planned, people: ReadonlySet<string>): Promise<void> {
  const changed = new Set(planned.plan.changes.map(({ subjectId }) => subjectId));
  const isPart = people.size < changed.size;
  const marks = work.marks.filter(({ subjectId }) => people.has(subjectId) || !changed.has(subjectId));
  const settlement: Settlement = {
    marks: new Map(marks.map((mark) => [mark.subjectId, mark])),
    ownEmails: work.ownEmails ?? new Set(),
    between: work.between,
    replaces: work.replaces ?? [],
    keepsEmpty: false,
  };
  const part = new Set(marks.map(({ subjectId }) => subjectId));
  await settlePlan(run, isPart ? await planned.narrowedTo(part) : planned, settlement);
}

/** The first people of a plan, in its order. */
function firstPeople({ plan }: Planned, max: number): ReadonlySet<string> {
  const people = new Set<string>();
  for (const { subjectId, action } of plan.changes) {
    if (people.size >= max) break;
    if (action !== 'create-team') people.add(subjectId);
  }
  return people;
}
