import type { Link } from '../state.js';
import { type Draft, type Target, addNotice, baseOf } from './draft.js';
import type { World } from './world.js';

/** Links that contradict each other: whoever is meant cannot be told, so nobody is touched. */
export function noticeTangled(subjectId: string, draft: Draft): void {
  const message =
    'Two links claim the same person or the same agent. Nothing is changed; remove the wrong link.';
  addNotice(draft, 'ambiguous-match', { subjectId }, message);
}

/** The linked agent was neither read nor reported gone: nothing is known, so nothing is done. */
export function noticeNotRead(link: Link, draft: Draft): void {
  const message = `Agent ${link.providerUserId} was not part of this reading. What it holds is unknown, so nothing is changed.`;
  addNotice(draft, 'not-read', { subjectId: link.subjectId, providerUserId: link.providerUserId }, message);
}

export function pushForget(
  target: Target,
  link: Link,
  cause: 'missing-at-vendor' | 'taken-over',
  draft: Draft,
): void {
  const reason =
    cause === 'taken-over'
      ? 'The person came back under a new directory entry, which takes the agent over.'
      : 'The agent no longer exists at the vendor.';
  draft.changes.push({
    ...baseOf(target, 'forget', link.providerUserId, { reason }),
    action: 'forget',
    cause,
    providerUserId: link.providerUserId,
    linkId: link.id,
  });
}

/** Forgets a link whose agent the vendor says is gone; says so where it was just not read. Tells which it was. */
export function planAbsent(world: World, target: Target, link: Link, draft: Draft): 'gone' | 'not-read' {
  if (world.isGone(link.providerUserId)) {
    pushForget(target, link, 'missing-at-vendor', draft);
    return 'gone';
  }
  noticeNotRead(link, draft);
  return 'not-read';
}
