import { type Draft, baseOf } from './draft.js';
import type { AgentHolder } from './holder.js';
import { heldNumbers } from './numbers.js';
import type { World } from './world.js';

/**
 * Somebody whom no number reaches cannot call (vendors.md 1.7): a task, unless this plan is about to change that or
 * rules grant a number, which has a task of its own. Said only where who is on the numbers was read.
 */
export function planWithoutNumber(world: World, holder: AgentHolder, draft: Draft): void {
  const { input, numbers } = world;
  const { agent, subject, target } = holder;
  if (input.taskWithoutNumber !== true || numbers.size === 0 || agent.numbers === null) return;
  if (subject.derived.entitlements.numbers.length > 0) return;
  if (heldNumbers(holder, input.capabilities).size > 0 || isGranted(draft, target.subjectId)) return;
  draft.changes.push({
    ...baseOf(target, 'manual', 'no-number', {
      reason: `${target.email} is on no number: nobody reaches them and they cannot call out, though their seat is paid for.`,
    }),
    action: 'manual',
    providerUserId: agent.providerUserId,
    task: { kind: 'no-number' },
  });
}

/** Whether the plan gives the person something; their changes stand at its end. */
function isGranted({ changes }: Draft, subjectId: string): boolean {
  for (let position = changes.length - 1; position >= 0; position -= 1) {
    const change = changes[position];
    if (change?.subjectId !== subjectId) return false;
    if (change.action === 'grant') return true;
  }
  return false;
}
