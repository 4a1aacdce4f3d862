import { emailKey } from '../email.js';
import type { ActualAgent } from '../state.js';
import { type Draft, addNotice } from './draft.js';
import type { World } from './world.js';

/** Agents that are nobody's: reported, never touched (invariant 4). */
export function noticeUnmanaged(world: World, draft: Draft): void {
  const mentioned = new Set(
    draft.changes.flatMap((change) => (change.action === 'adopt' ? [change.providerUserId] : [])),
  );
  for (const { providerUserId } of draft.notices) if (providerUserId !== null) mentioned.add(providerUserId);
  for (const agent of world.input.actual.agents) {
    if (world.linkByAgent.has(agent.providerUserId) || mentioned.has(agent.providerUserId)) continue;
    const leaver = world.leaverByEmail.get(emailKey(agent.email));
    const ids = { providerUserId: agent.providerUserId, ...(leaver && { subjectId: leaver.subjectId }) };
    addNotice(draft, 'unmanaged-agent', ids, describe(agent, leaver !== undefined));
  }
}

function describe({ email }: ActualAgent, isLeaver: boolean): string {
  return isLeaver
    ? `Agent ${email} is not managed by Patchbay, and the directory says this person has left. Remove it at the vendor if it is theirs.`
    : `Agent ${email} is not managed by Patchbay: nobody in the directory is linked to it.`;
}
