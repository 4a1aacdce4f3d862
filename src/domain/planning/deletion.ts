import { type Draft, addNotice, baseOf } from './draft.js';
import type { Departure } from './departure.js';
import type { World } from './world.js';

/** The permanent deletion of a parked agent, once due and only where nothing protects the person. */
export function planDeletion({ input, protections }: World, departure: Departure, draft: Draft): void {
  const { link, agent, target, subject } = departure;
  if (link.deleteDueAt === null || link.deleteDueAt > input.now) return;
  const ids = { subjectId: subject.subjectId, providerUserId: agent.providerUserId };
  const reasons = [...protections.fromDeletion(ids), ...(agent.owner === true ? ['vendor-owner'] : [])];
  if (reasons.length > 0) {
    const message = `${target.email} is due for deletion but protected (${[...new Set(reasons)].join(', ')}): not deleted.`;
    addNotice(draft, 'protected', ids, message);
    return;
  }
  const reason = 'The grace period is over.';
  const { providerUserId } = agent;
  if (input.capabilities.delete === 'permanent') {
    const base = baseOf(target, 'delete', link.id, { reason });
    draft.changes.push({ ...base, action: 'delete', providerUserId, linkId: link.id });
  } else {
    const base = baseOf(target, 'manual', 'delete-agent', {
      reason: `${reason} The vendor has no API for this.`,
    });
    draft.changes.push({ ...base, action: 'manual', providerUserId, task: { kind: 'delete-agent' } });
  }
}
