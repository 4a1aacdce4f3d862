import type { DirtyMark } from '../marks.js';
import type { Run } from '../run.js';
import { isHeldForNumbers } from './split.js';
import { READING_AGE_MAX_MS, workOn } from './work.js';

const HOUR_MS = 60 * 60_000;

/**
 * Leavers go first. Those held within the last hour for how many they are, are judged together with the new ones:
 * a mass of leavers that arrives one by one must not slip through singly.
 */
export async function workOnLeavers(run: Run, leavers: readonly DirtyMark[]): Promise<void> {
  const { deps, account } = run;
  const since = new Date(deps.clock.now().getTime() - HOUR_MS);
  const held = (await deps.plans.listHeld(account, since)).filter(isHeldForNumbers);
  const waiting = new Map<string, DirtyMark>();
  for (const plan of held) {
    for (const mark of await deps.marks.listHeldBy(account, plan.id)) waiting.set(mark.subjectId, mark);
  }
  for (const mark of leavers) waiting.set(mark.subjectId, mark);
  await workOn(run, {
    marks: [...waiting.values()],
    readingAgeMaxMs: READING_AGE_MAX_MS.leaver,
    trigger: 'push',
    between: () => Promise.resolve(),
    peopleMax: Infinity,
    isForLeavers: true,
    replaces: held.map(({ id }) => id),
  });
}
