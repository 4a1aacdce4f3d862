import { AppError } from '../../domain/errors.js';
import { linkAfter, linkFrom } from '../../domain/link-after.js';
import type { AdoptChange, Change, CreateChange, ParkChange } from '../../domain/plan.js';
import { NO_ENTITLEMENTS } from '../../domain/entitlement.js';
import type { Link } from '../../domain/state.js';
import type { WriteOutcome } from '../../providers/port.js';
import type { Effect } from '../effects.js';
import { taskOf, type TaskVendor } from '../tasks.js';

export interface AppliedChange {
  readonly change: Change;
  /** null where nothing was written at the vendor. */
  readonly outcome: WriteOutcome | null;
  /** The person's live link, null without one. */
  readonly link: Link | null;
  /** A create of ours may have made the agent before: then it is ours although it was already there. */
  readonly isOursAlready: boolean;
  readonly accountId: string;
  readonly canDelete: boolean;
  readonly at: Date;
  readonly newId: () => string;
  readonly vendor: TaskVendor;
}

/** What an applied change means for our records. */
export function effectsOf(applied: AppliedChange): readonly Effect[] {
  const { change } = applied;
  switch (change.action) {
    case 'create':
      return [{ type: 'link-created', link: createdLink(applied, change) }];
    case 'adopt':
      return [{ type: 'link-created', link: adoptedLink(applied, change) }];
    case 'park':
      return [changed(applied), ...scheduled(applied, change)];
    case 'forget':
      return [{ type: 'link-ended', linkId: change.linkId }];
    case 'restore':
    case 'update':
    case 'grant':
    case 'revoke':
      return [changed(applied)];
    case 'manual':
      return [{ type: 'task-opened', task: taskOf(change, applied.newId(), applied.vendor) }];
    case 'create-team':
      return [];
    case 'delete':
      throw new AppError('bug', 'A permanent deletion was recorded like any other change.');
  }
}

function createdLink(applied: AppliedChange, change: CreateChange): Link {
  const providerUserId = applied.outcome?.providerId ?? null;
  if (providerUserId === null) {
    throw new AppError(
      'contract',
      'The vendor made an agent without saying which. It is looked up by e-mail next.',
    );
  }
  const link = linkFrom(change, { id: applied.newId(), accountId: applied.accountId, providerUserId });
  if (applied.outcome?.result === 'applied') return withRoleWritten(link, applied.at);
  if (applied.isOursAlready) return link;
  // Somebody else had made the agent: nothing of it was written by us.
  const written = { email: change.email, givenName: '', familyName: '', entitlements: NO_ENTITLEMENTS };
  return { ...link, origin: 'adopted', lastWritten: written };
}

function withRoleWritten(link: Link, at: Date): Link {
  if (link.lastWritten === null) return link;
  return { ...link, lastWritten: { ...link.lastWritten, roleWrittenAt: at.getTime() } };
}

function adoptedLink(applied: AppliedChange, change: AdoptChange): Link {
  const { providerUserId } = change;
  const link = linkFrom(change, { id: applied.newId(), accountId: applied.accountId, providerUserId });
  return applied.isOursAlready ? { ...link, origin: 'created' } : link;
}

function changed({ link, change, at }: AppliedChange): Effect {
  return { type: 'link-changed', link: linkAfter(required(link), change, at.getTime()) };
}

/** One permanent deletion per link: a second park, of a suspended agent that somebody revived, schedules none. */
function scheduled({ link, at, newId, canDelete }: AppliedChange, change: ParkChange): readonly Effect[] {
  const { id: linkId, state, subjectId } = required(link);
  if (state === 'parked' || !canDelete) return [];
  const dueAt = new Date(at.getTime() + change.graceMs);
  return [{ type: 'deletion-scheduled', deletionId: newId(), linkId, subjectId, dueAt }];
}

function required(link: Link | null): Link {
  if (link !== null) return link;
  throw new AppError('stale', 'The link of this person ended while the plan was carried out.');
}
