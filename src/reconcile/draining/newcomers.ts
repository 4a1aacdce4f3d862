import type { DirtyMark } from '../marks.js';
import type { Run } from '../run.js';
import { READING_AGE_MAX_MS, workOn } from './work.js';

/** So many people at once: few enough that a plan is soon done, many enough to share a reading. */
const NEWCOMERS_AT_ONCE = 50;

/**
 * People without an agent, oldest mark first. Where an earlier create of ours may have made the agent, the account
 * is read anew and the agent is ours, however the account handles agents that it finds.
 */
export async function workOnNewcomers(
  run: Run,
  newcomers: readonly DirtyMark[],
  between: () => Promise<void>,
): Promise<void> {
  const batch = newcomers.slice(0, NEWCOMERS_AT_ONCE);
  const ids = batch.map(({ subjectId }) => subjectId);
  const unconfirmed = new Set(await run.deps.plans.listUnconfirmedCreates(run.account, ids));
  const own = batch.filter(({ subjectId }) => unconfirmed.has(subjectId));
  await workOn(run, {
    marks: own.length > 0 ? own : batch,
    readingAgeMaxMs: own.length > 0 ? 0 : READING_AGE_MAX_MS.newcomer,
    trigger: 'push',
    between,
    peopleMax: NEWCOMERS_AT_ONCE,
    ownEmails: unconfirmed,
  });
}
