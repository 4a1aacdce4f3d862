import type { Change } from '../../domain/plan.js';
import type { Failure } from '../applying/failure.js';
import type { ApplicationReport } from '../applying/apply-plan.js';
import type { Deferral, DirtyMark } from '../marks.js';
import type { Run } from '../run.js';

const RETRY_BASE_MS = 5_000;
const RETRY_CAP_MS = 15 * 60_000;
const CONTRACT_RETRY_MS = 15 * 60_000;
/** A leaver is not left inside until somebody corrects something. */
const REFUSED_LEAVER_RETRY_MS = 60 * 60_000;
/** So often may a person be changed without the plan coming to rest, before they have to wait. */
const ATTEMPTS_MAX = 5;
const UNSETTLED_RETRY_MS = 30 * 60_000;

/**
 * What the marks of a plan's people become after its changes were tried: put off where something failed, otherwise
 * kept until a fresh reading shows that nothing is left to do.
 */
export async function settleMarks(
  run: Run,
  marks: ReadonlyMap<string, DirtyMark>,
  report: ApplicationReport,
  changes: readonly Change[],
): Promise<void> {
  const tried = new Set(changes.map(({ subjectId }) => subjectId));
  const applied: DirtyMark[] = [];
  for (const mark of [...marks.values()].filter(({ subjectId }) => tried.has(subjectId))) {
    const failure = report.failed.get(mark.subjectId);
    if (failure !== undefined) await putOff(run, mark, deferralFor(run, mark, failure));
    else if (mark.attempts + 1 >= ATTEMPTS_MAX) await putOff(run, mark, unsettled(run, mark));
    else if (report.touched.has(mark.subjectId) || report.stale.has(mark.subjectId)) applied.push(mark);
  }
  // Whoever was not reached before a stop keeps the mark as it is.
  await run.deps.marks.countAttempt(run.account, applied);
  if (report.stale.size > 0) await run.reader.distrust();
}

function putOff(run: Run, mark: DirtyMark, deferral: Deferral): Promise<void> {
  return run.deps.marks.defer(run.account, [mark], deferral);
}

/** A refusal waits for other data; trouble on the way waits a while, longer each time. */
function deferralFor(run: Run, { attempts, isUrgent }: DirtyMark, failure: Failure): Deferral {
  const error = `${failure.kind}: ${failure.message}`;
  if (failure.course === 'ask') {
    const until = isUrgent ? after(run, REFUSED_LEAVER_RETRY_MS) : 'change';
    return { until, error, countsAttempt: true };
  }
  if (failure.course === 'wait' || failure.course === 'pause' || failure.course === 'lost') {
    return { until: run.deps.clock.now(), error, countsAttempt: false };
  }
  const waitMs =
    failure.kind === 'contract' ? CONTRACT_RETRY_MS : Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** attempts);
  return { until: after(run, waitMs), error, countsAttempt: true };
}

function unsettled(run: Run, { attempts, subjectId }: DirtyMark): Deferral {
  run.log.warn(
    { subjectId, attempts },
    'a person does not come to rest: the vendor does not keep what is written',
  );
  return {
    until: after(run, UNSETTLED_RETRY_MS),
    error: `After ${attempts + 1} rounds the vendor still differs from what was written. Looked at again in half an hour.`,
    countsAttempt: true,
  };
}

function after(run: Run, ms: number): Date {
  return new Date(run.deps.clock.now().getTime() + ms);
}
