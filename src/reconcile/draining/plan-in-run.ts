import { isAppError } from '../../domain/errors.js';
import { readFailure } from '../applying/failure.js';
import { stopFor } from '../applying/stop.js';
import { makeJudge } from '../planning/judge.js';
import { planPeople, type Planned } from '../planning/planner.js';
import type { PlanRequest } from '../planning/request.js';
import { RunStopped, type Run } from '../run.js';

/**
 * Plans within a run. A reading that fails concerns the whole account: without one nothing can be planned, so the
 * run stops.
 */
export async function planInRun(run: Run, request: PlanRequest): Promise<Planned | null> {
  const { deps, vendor, reader } = run;
  // As it is now, not as it was when the run began: policy, limits and the baseline of the safety rules move with
  // an admin's change and with a whole-account plan of this very run.
  const account = await deps.accounts.load(run.account);
  if (account === null) throw new RunStopped({ type: 'lost' });
  try {
    const judge = makeJudge({ ...deps, account });
    return await run.whileReading(request.isForLeavers === true ? 'urgent' : 'giving-way', () =>
      planPeople({ ...deps, account, vendor, reader, judge }, request),
    );
  } catch (error) {
    if (!isAppError(error)) throw error;
    const failure = readFailure(error);
    const stop = await stopFor(run, failure);
    throw new RunStopped(stop ?? { type: 'vendor-ill', message: failure.message });
  }
}
