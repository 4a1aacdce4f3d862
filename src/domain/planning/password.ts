import type { Link } from '../state.js';
import { type Draft, baseOf } from './draft.js';
import type { AgentHolder, Holder } from './holder.js';
import type { World } from './world.js';

const WHAT = 'password';

/**
 * Where a new agent gets a password that nobody knows, somebody has to tell the person how to choose their own. No
 * reading shows whether they did, so that it is asked for until a person says so. Of agents that we did not make
 * nothing is known of passwords.
 */
export function planPassword(
  { input }: World,
  holder: AgentHolder,
  { origin, facts }: Link,
  draft: Draft,
): void {
  if (input.capabilities.initialPassword !== true || origin !== 'created') return;
  if (facts === undefined || facts.byHand.isPasswordChosen === true) return;
  pushPassword(holder, draft);
}

export function pushPassword({ target, agent }: Holder, draft: Draft): void {
  draft.changes.push({
    ...baseOf(target, 'manual', WHAT, {
      reason: `Nobody knows the password that the agent of ${target.email} was made with: they have to choose one.`,
    }),
    action: 'manual',
    providerUserId: agent?.providerUserId ?? null,
    task: { kind: 'choose-password' },
  });
}

/** Whether a change or task is about choosing a password only: that gives the person nothing else. */
export function isPasswordTask({
  key,
  subjectId,
}: {
  readonly key: string;
  readonly subjectId: string | null;
}): boolean {
  return key === `manual:${subjectId}:${WHAT}`;
}
