import { teamKey } from '../entitlement.js';
import type { Link, WantedSubject } from '../state.js';
import { planAgent } from './agent.js';
import { type Draft, addNotice } from './draft.js';
import { type AgentHolder, makeAgentHolder } from './holder.js';
import { planInvitation } from './invitation.js';
import { planPassword } from './password.js';
import { noticeTangled, planAbsent } from './links.js';
import { planWithoutNumber } from './without-number.js';
import { planUnlinked } from './unlinked.js';
import { wantedTeams } from './wish.js';
import type { World } from './world.js';

/** A person who should have an agent: a linked one is brought up to date, anybody else matched or created. */
export function planWanted(world: World, subject: WantedSubject, draft: Draft): void {
  const link = world.linkBySubject.get(subject.subjectId);
  if (link === undefined) return planUnlinked(world, subject, draft);
  if (world.tangled.has(subject.subjectId)) return noticeTangled(subject.subjectId, draft);
  if (link.state === 'deleting') return noticeDeleting(subject, link, draft);
  const agent = world.agentById.get(link.providerUserId);
  if (agent === undefined) return planLost(world, subject, link, draft);
  const holder = makeAgentHolder(subject, agent, link);
  const isParked = link.state === 'parked';
  if (isParked) noticeNotRestored(world, holder, link, draft);
  planAgent(world, holder, isParked, draft);
  if (isParked) return;
  planInvitation(world, holder, link, draft);
  planPassword(world, holder, link, draft);
  planWithoutNumber(world, holder, draft);
}

/** Somebody deleted the agent at the vendor: the person is matched or created anew. */
function planLost(world: World, subject: WantedSubject, link: Link, draft: Draft): void {
  const target = { subjectId: subject.subjectId, email: link.email };
  if (planAbsent(world, target, link, draft) === 'not-read') return;
  if (link.state === 'active') {
    const message = `The agent of ${subject.userName} was deleted at the vendor. They are wanted, so they get a new one.`;
    addNotice(draft, 'missing-agent', idsOf(link), message);
  }
  planUnlinked(world, subject, draft);
}

function noticeDeleting(subject: WantedSubject, link: Link, draft: Draft): void {
  const message = `${subject.userName} is wanted again while their agent is being deleted. They get a new one once that is done.`;
  addNotice(draft, 'deletion-running', idsOf(link), message);
}

/** What the person held when parked and today's rules do not grant. */
function noticeNotRestored(world: World, { subject, agent }: AgentHolder, link: Link, draft: Draft): void {
  const granted = wantedTeams(subject.derived, world.input.capabilities);
  const present = new Set(agent.teams.map(teamKey));
  const lost = (link.heldAtPark?.teams ?? []).filter(
    (team) => !granted.has(teamKey(team)) && !present.has(teamKey(team)),
  );
  if (lost.length === 0) return;
  const message = `${subject.userName} was in ${lost.map((team) => `"${team}"`).join(', ')} when parked. No rule grants that now, so it is not given back.`;
  addNotice(draft, 'not-restored', idsOf(link), message);
}

function idsOf({ subjectId, providerUserId }: Link): { subjectId: string; providerUserId: string } {
  return { subjectId, providerUserId };
}
