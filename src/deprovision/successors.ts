import { AppError } from '../domain/errors.js';
import { findSuccessor, type ChosenSuccessor, type SuccessorWish } from '../domain/handover.js';
import type { AuditRecord, ReadingStore } from '../reconcile/ports.js';
import type { HandoverStanding, SuccessorStore } from './handover-ports.js';

export interface HandoverOf {
  readonly tenantId: string;
  readonly deletionId: string;
}

/** Who takes over what a leaver leaves without anybody. */
export interface Successors {
  /** null: there is no such deletion. */
  find(of: HandoverOf): Promise<HandoverStanding | null>;
  /**
   * Records who takes the lines over: what the vendor has a write for is given to them by plan, the rest is a task.
   * null takes the choice back, and what was given with it.
   * @throws AppError `notFound`, `conflict` where nothing is left to hand over, `invalid` for whom nobody would reach
   */
  choose(
    choice: HandoverOf & { readonly actor: string; readonly to: SuccessorWish | null },
  ): Promise<ChosenSuccessor | null>;
}

export interface SuccessorsDeps {
  readonly store: SuccessorStore;
  readonly readings: Pick<ReadingStore, 'latest'>;
  readonly now: () => Date;
}

export function makeSuccessors(deps: SuccessorsDeps): Successors {
  const { store, now } = deps;
  return {
    find: ({ tenantId, deletionId }) => store.find(tenantId, deletionId),
    async choose({ tenantId, deletionId, actor, to }) {
      const standing = await store.find(tenantId, deletionId);
      if (standing === null) {
        throw new AppError(
          'notFound',
          'There is no such deletion. The list of leavers shows those there are.',
        );
      }
      const chosen = to === null ? null : await named(deps, standing, to);
      const audit = auditOf(deletionId, actor, chosen);
      const successor = chosen === null ? null : { ...chosen, by: actor };
      if (await store.choose(tenantId, deletionId, successor, now(), audit)) return chosen;
      throw new AppError(
        'conflict',
        'The permanent deletion has begun or the person is back: nobody can be chosen any more.',
      );
    },
  };
}

async function named(
  { store, readings }: SuccessorsDeps,
  { account, providerUserId, handover, takeovers }: HandoverStanding,
  wish: SuccessorWish,
): Promise<ChosenSuccessor> {
  const isAnswered = handover !== null && handover.lines.length === 0 && handover.emptyTeams.length === 0;
  if (isAnswered && takeovers.length === 0) {
    throw new AppError(
      'conflict',
      'Every line of this person is answered by somebody else: nothing is left to hand over.',
    );
  }
  const actual = await readings.latest(account);
  if (actual === null) {
    throw new AppError(
      'conflict',
      'The phone system has not been read since its people changed. Try again after the next reconciliation.',
    );
  }
  const leaving = await store.listLeaving(account);
  const found = findSuccessor({ leaver: { providerUserId, held: null }, actual, leaving }, wish);
  if (typeof found !== 'string') return found;
  throw new AppError('invalid', `${found} Nothing was changed.`);
}

function auditOf(deletionId: string, actor: string, chosen: ChosenSuccessor | null): AuditRecord {
  return {
    actor,
    action: chosen === null ? 'handover.successor-withdrawn' : 'handover.successor-chosen',
    targetType: 'deletion',
    targetId: deletionId,
    correlationId: deletionId,
    data: chosen === null ? {} : { ...chosen },
  };
}
