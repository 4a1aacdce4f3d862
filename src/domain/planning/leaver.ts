import { byHandOf } from '../by-hand.js';
import type { Capabilities } from '../capabilities.js';
import type { EntitlementSet } from '../entitlement.js';
import { byCodeUnits } from '../sort.js';
import type { ActualAgent, LeaverFact, LeaverSubject, Link } from '../state.js';
import { planDeletion } from './deletion.js';
import type { Departure } from './departure.js';
import { type Draft, baseOf } from './draft.js';
import { noticeTangled, planAbsent, pushForget } from './links.js';
import { heldNumbers } from './numbers.js';
import { pushRemovals } from './removals.js';
import { spellTeams } from './team-spelling.js';
import type { World } from './world.js';

/**
 * A leaver with a link: parked at once, stripped again should somebody give them something back, deleted when the
 * grace period is over. A leaver without a link holds nothing of ours.
 */
export function planLeaver(world: World, subject: LeaverSubject, draft: Draft): void {
  const link = world.linkBySubject.get(subject.subjectId);
  if (link === undefined) return;
  if (world.tangled.has(subject.subjectId)) return noticeTangled(subject.subjectId, draft);
  // Gone or not: that is for the deletion to find out and to prove.
  if (link.state === 'deleting') return;
  const target = { subjectId: subject.subjectId, email: link.email };
  if (world.takeovers.has(subject.subjectId)) return pushForget(target, link, 'taken-over', draft);
  const agent = world.agentById.get(link.providerUserId);
  if (agent === undefined) return void planAbsent(world, target, link, draft);
  const departure: Departure = { subject, link, agent, target };
  if (mustPark(world, departure)) pushPark(world, departure, draft);
  pushRemovals(world, departure, draft);
  if (link.state === 'parked') planDeletion(world, departure, draft);
}

/** Parked once; again only where the vendor has a real suspend and somebody lifted it. */
function mustPark({ input }: World, { link, agent }: Departure): boolean {
  return link.state === 'active' || (input.capabilities.suspend && agent.status === 'active');
}

function pushPark({ input }: World, { subject, link, agent, target }: Departure, draft: Draft): void {
  draft.changes.push({
    ...baseOf(target, 'park', 'access', { reason: describeFact(subject.fact), urgent: true }),
    action: 'park',
    providerUserId: agent.providerUserId,
    held: link.heldAtPark ?? heldBy(agent, link, input.capabilities),
    fact: subject.fact,
    graceMs: subject.graceMs ?? input.graceMs,
  });
}

function describeFact(fact: LeaverFact): string {
  switch (fact) {
    case 'inactive':
      return 'Deactivated in the directory.';
    case 'deleted':
      return 'Deleted from the directory.';
    case 'unmapped':
      return 'Active in the directory, but no rule grants an agent in this account.';
  }
}

function heldBy(agent: ActualAgent, link: Link, capabilities: Capabilities): EntitlementSet {
  const { lastWritten } = link;
  const byHand = byHandOf(link);
  return {
    role: agent.role ?? byHand.role ?? lastWritten?.entitlements.role ?? null,
    owner: agent.owner ?? byHand.owner ?? lastWritten?.entitlements.owner ?? false,
    teams: [...spellTeams(agent.teams).values()].toSorted(byCodeUnits),
    numbers: [...heldNumbers({ agent, written: lastWritten, byHand }, capabilities)]
      .toSorted(([a], [b]) => byCodeUnits(a, b))
      .map(([, access]) => access),
  };
}
