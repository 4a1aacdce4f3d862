import type { DeletionTurn } from '../reconcile/ports.js';
import type { Deletion, DeletionDeps, DeletionError } from './ports.js';
import { auditOf } from './records.js';

const RETRY_BASE_MS = 15_000;
const RETRY_CAP_MS = 60 * 60_000;

/** Records that the agent is gone, whosever call it was. */
export async function confirmDeleted(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  result: 'applied' | 'already',
): Promise<void> {
  await deps.deletions.recordDeleted(turn.account, deletion, {
    at: deps.clock.now(),
    result,
    audit: auditOf(turn, deletion, 'agent.deleted', { result }),
  });
  deps.checkpoint('delete:recorded');
  await turn.forgetAgent(deletion.providerUserId);
}

/**
 * A deletion was begun and its end never recorded. Only looking tells whether the call was made: gone is done;
 * still there means that it had no effect, and everything is asked again before there is another call.
 */
export async function lookAfterCrash(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
): Promise<void> {
  const { providerUserId } = deletion;
  const agent = await turn.vendor.provider.findAgent({ by: 'id', providerUserId });
  if (agent === null) return confirmDeleted(deps, turn, deletion, 'applied');
  await deps.deletions.takeBack(turn.account, deletion, deps.clock.now(), {
    kind: 'unavailable',
    message: 'The deletion was begun but had no effect. It is judged anew.',
  });
}

/** Later, and later still each time. */
export function putOffAfter(
  { deletions, clock }: DeletionDeps,
  turn: DeletionTurn,
  { id, attempts }: Deletion,
  error: DeletionError,
): Promise<void> {
  const waitMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** attempts);
  return deletions.putOff(turn.account, id, new Date(clock.now().getTime() + waitMs), error);
}
