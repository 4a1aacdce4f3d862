import { type Draft, baseOf } from './draft.js';
import type { AgentHolder, Holder } from './holder.js';
import { planNumbers } from './numbers.js';
import { planProfile } from './profile.js';
import { planOwner } from './role.js';
import { planTeams } from './teams.js';
import type { World } from './world.js';

/** Everything about a wanted person's agent that is there. `isParked`: under our own link. */
export function planAgent(world: World, holder: AgentHolder, isParked: boolean, draft: Draft): void {
  const isSuspended = world.input.capabilities.suspend && holder.agent.status === 'suspended';
  if (isParked) pushRestore(holder, 'Wanted again before the deletion.', draft);
  else if (isSuspended) pushRestore(holder, 'Suspended at the vendor, but wanted.', draft);
  planProfile(world, holder, draft);
  planHoldings(world, holder, draft);
}

/** Owner overlay, teams and numbers, for an agent that is there or is being created. */
export function planHoldings(world: World, holder: Holder, draft: Draft): void {
  planOwner(world, holder, draft);
  planTeams(world, holder, draft);
  planNumbers(world, holder, draft);
}

function pushRestore({ target, agent }: AgentHolder, reason: string, draft: Draft): void {
  draft.changes.push({
    ...baseOf(target, 'restore', 'access', { reason }),
    action: 'restore',
    providerUserId: agent.providerUserId,
  });
}
