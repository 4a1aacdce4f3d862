import type { AccessKind, NumberAccess } from './entitlement.js';
import type { ManualTask } from './plan.js';
import type { ByHand } from './state.js';

/** A task that a person said to have done. */
export interface DoneByHand {
  readonly task: ManualTask;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export const NOTHING_BY_HAND: ByHand = { given: [], taken: [], role: null, owner: null, invitedAt: null };

/** Of a link that may know nothing more. */
export function byHandOf({ facts }: { readonly facts?: { readonly byHand: ByHand } }): ByHand {
  return facts?.byHand ?? NOTHING_BY_HAND;
}

/** Everything done for one person; of contradicting tasks the later one counts. */
export function collectByHand(done: readonly DoneByHand[]): ByHand {
  return done.toSorted((a, b) => a.at - b.at).reduce(afterTask, NOTHING_BY_HAND);
}

function afterTask(known: ByHand, { task, at }: DoneByHand): ByHand {
  switch (task.kind) {
    case 'grant-number':
      // A team that was made to ring gave the number to the team, not to this person.
      if (task.entitlement.type !== 'number' || task.viaTeam !== null) return known;
      return move(known, task.entitlement, 'given');
    case 'revoke-number':
      return task.entitlement.type === 'number' ? move(known, task.entitlement, 'taken') : known;
    case 'change-role':
      return { ...known, role: task.role };
    case 'make-owner':
      return { ...known, owner: true };
    case 'remove-owner':
      return { ...known, owner: false };
    case 'change-setting':
      return { ...known, settings: { ...known.settings, [task.setting]: task.value } };
    case 'resend-invitation':
      return { ...known, invitedAt: at };
    case 'choose-password':
      return { ...known, isPasswordChosen: true };
    case 'remind-invitation':
    case 'no-number':
    case 'change-email':
    case 'create-team':
    case 'delete-agent':
    case 'fix-data':
      return known;
  }
}

function move(known: ByHand, { number, kind }: NumberAccess, to: 'given' | 'taken'): ByHand {
  const without = (list: readonly NumberAccess[]): readonly NumberAccess[] =>
    list.filter((one) => one.number !== number || one.kind !== kind);
  const [given, taken] = [without(known.given), without(known.taken)];
  const access = { number, kind };
  return to === 'given'
    ? { ...known, given: [...given, access], taken }
    : { ...known, given, taken: [...taken, access] };
}

/** `numbers` with what was given and taken by hand, for kinds of which `isBelieved`. */
export function withHandwork(
  numbers: readonly NumberAccess[],
  { given, taken }: ByHand,
  isBelieved: (kind: AccessKind) => boolean,
): readonly NumberAccess[] {
  const isSame = (a: NumberAccess, b: NumberAccess): boolean => a.number === b.number && a.kind === b.kind;
  const kept = numbers.filter((one) => !isBelieved(one.kind) || !taken.some((other) => isSame(one, other)));
  const added = given.filter((one) => isBelieved(one.kind) && !kept.some((other) => isSame(one, other)));
  return added.length === 0 ? kept : [...kept, ...added];
}
