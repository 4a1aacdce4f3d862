import type { ManualTask } from '../plan.js';
import type { Link } from '../state.js';
import { type Draft, baseOf } from './draft.js';
import type { AgentHolder } from './holder.js';
import type { World } from './world.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** So long before the invitation ends a person is asked to remind whoever got it. */
const REMIND_DAYS = 3;

/**
 * An invitation that we sent and that nobody seems to have accepted: first a reminder, and once it is over the task to
 * send it again by hand (vendors.md 1.5). Where the vendor does not say who accepted, the first sign of use counts.
 */
export function planInvitation(
  { input }: World,
  { target, agent }: AgentHolder,
  { facts }: Link,
  draft: Draft,
): void {
  const { invitationValidDays: validDays } = input.limits;
  const invitation = facts?.invitation ?? null;
  if (validDays === undefined || invitation === null) return;
  const isAccepted = input.capabilities.invitationStateReadable
    ? agent.status !== 'pending'
    : invitation.acceptedAt !== null;
  if (isAccepted) return;
  const sentAt = Math.max(invitation.sentAt, facts?.byHand.invitedAt ?? 0);
  const endsAt = sentAt + validDays * DAY_MS;
  if (input.now < endsAt - REMIND_DAYS * DAY_MS) return;
  const isOver = input.now >= endsAt;
  const task: ManualTask = isOver
    ? { kind: 'resend-invitation', sentOn: dayOf(sentAt) }
    : { kind: 'remind-invitation', expiresOn: dayOf(endsAt) };
  const reason = isOver
    ? `The invitation of ${dayOf(sentAt)} was valid for ${validDays} days, and nothing shows that it was accepted.`
    : `The invitation ends on ${dayOf(endsAt)}, and nothing shows that it was accepted.`;
  draft.changes.push({
    ...baseOf(target, 'manual', 'invitation', { reason }),
    action: 'manual',
    providerUserId: agent.providerUserId,
    task,
  });
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
