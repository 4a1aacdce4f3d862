import type { DirtyMark } from '../marks.js';
import { derivePeople } from '../planning/people.js';
import type { Run } from '../run.js';

/** Marks looked at in one go: more than an account has people, fewer than would fill the memory. */
const MARKS_MAX = 10_000;
const PEOPLE_AT_ONCE = 1_000;

/** Who of the people with a link is a leaver, by the generation of the mark that was looked at. */
export type KnownLeavers = Map<string, { readonly generation: number; readonly isLeaver: boolean }>;

/** The marks that are ready, in the order in which they are worked on. */
export interface Triage {
  readonly leavers: readonly DirtyMark[];
  /** Leavers to whom something was done already: is anything left? */
  readonly leaversToVerify: readonly DirtyMark[];
  readonly changes: readonly DirtyMark[];
  /** People without a link: whether rules want them is seen when their turn comes. */
  readonly newcomers: readonly DirtyMark[];
  readonly toVerify: readonly DirtyMark[];
}

/**
 * Sorts the marks that are ready. Only people with a link can lose anything, so they are all classified at once:
 * the safety rules must see every leaver together, however single they arrived.
 */
export async function triage(run: Run, known: KnownLeavers): Promise<Triage> {
  const { deps, account } = run;
  const ready = await deps.marks.listReady(account, { now: deps.clock.now(), limit: MARKS_MAX });
  const linked = ready.filter(({ isLinked }) => isLinked);
  await classify(
    run,
    known,
    linked.filter(({ subjectId, generation }) => known.get(subjectId)?.generation !== generation),
  );
  const isLeaver = ({ subjectId }: DirtyMark): boolean => known.get(subjectId)?.isLeaver === true;
  const isNew = ({ attempts }: DirtyMark): boolean => attempts === 0;
  const leavers = linked.filter(isLeaver);
  const others = linked.filter((mark) => !isLeaver(mark));
  const unnoticed = leavers.filter(({ isUrgent }) => !isUrgent);
  await deps.marks.setUrgent(
    account,
    unnoticed.map(({ subjectId }) => subjectId),
  );
  return {
    leavers: leavers.filter(isNew),
    leaversToVerify: leavers.filter((mark) => !isNew(mark)),
    changes: others.filter(isNew),
    newcomers: ready.filter(({ isLinked }) => !isLinked),
    toVerify: others.filter((mark) => !isNew(mark)),
  };
}

async function classify(run: Run, known: KnownLeavers, marks: readonly DirtyMark[]): Promise<void> {
  for (let from = 0; from < marks.length; from += PEOPLE_AT_ONCE) {
    const some = marks.slice(from, from + PEOPLE_AT_ONCE);
    const ids = some.map(({ subjectId }) => subjectId);
    const people = await derivePeople(run.deps, run.account, ids);
    for (const { subjectId, generation } of some) {
      known.set(subjectId, { generation, isLeaver: people?.states.get(subjectId)?.type === 'leaver' });
    }
  }
}
