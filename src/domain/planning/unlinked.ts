import { NOTHING_BY_HAND } from '../by-hand.js';
import { emailKey } from '../email.js';
import { ROLES, type Role } from '../entitlement.js';
import { byCodeUnits } from '../sort.js';
import type { ActualAgent, WantedSubject } from '../state.js';
import { planAgent, planHoldings } from './agent.js';
import { type Draft, type Target, addNotice, baseOf } from './draft.js';
import { makeAgentHolder } from './holder.js';
import { numberKey } from './numbers.js';
import { pushPassword } from './password.js';
import { nameProblem } from './profile.js';
import { becauseOf } from './reasons.js';
import { heldRole } from './role.js';
import { settingsOfNew } from './settings.js';
import type { World } from './world.js';

const [LEAST_ROLE] = ROLES;

/**
 * A wanted person without a link: adopts the one free agent with exactly their address, else gets a new one. With
 * any doubt about who is who there is a notice and no change.
 */
export function planUnlinked(world: World, subject: WantedSubject, draft: Draft): void {
  const { subjectId, email, userName } = subject;
  if (email === null) {
    const message = `${userName} should have an agent but has no e-mail address in the directory.`;
    return addNotice(draft, 'no-email', { subjectId }, message);
  }
  const key = emailKey(email);
  if ((world.wantedPerEmail.get(key) ?? 0) > 1) {
    const message = `${email} belongs to several people of the directory. None of them gets an agent until that is settled.`;
    return addNotice(draft, 'duplicate-email', { subjectId }, message);
  }
  const [agent, ...others] = world.agentsByEmail.get(key) ?? [];
  if (agent === undefined) return planCreate(world, subject, email, draft);
  if (others.length > 0) {
    const message = `${others.length + 1} agents have the address ${email}. Which of them is ${userName} cannot be told.`;
    return addNotice(draft, 'ambiguous-match', { subjectId }, message);
  }
  planMatch(world, subject, agent, draft);
}

function planMatch(world: World, subject: WantedSubject, agent: ActualAgent, draft: Draft): void {
  const { subjectId, userName } = subject;
  const { providerUserId } = agent;
  const link = world.linkByAgent.get(providerUserId);
  const isTakenOver = link !== undefined && world.takeovers.get(link.subjectId) === subjectId;
  if (link !== undefined && !isTakenOver) {
    const message = `The agent with the address of ${userName} belongs to another person of the directory.`;
    return addNotice(draft, 'duplicate-email', { subjectId, providerUserId }, message);
  }
  if (!world.input.allowAdoption) {
    const message = `An agent with the address of ${userName} exists, and this account does not allow adopting agents.`;
    return addNotice(draft, 'adoption-off', { subjectId, providerUserId }, message);
  }
  const holder = makeAgentHolder(subject, agent, link);
  draft.changes.push({
    ...baseOf(holder.target, 'adopt', providerUserId, { reason: 'An agent with the same address exists.' }),
    action: 'adopt',
    providerUserId,
    found: { ...agent, ...sortedHoldings(agent) },
    inherited: holder.written,
  });
  planAgent(world, holder, false, draft);
}

/** In an order of its own, so that equal accounts give equal plans. */
function sortedHoldings({ teams, numbers }: ActualAgent): Pick<ActualAgent, 'teams' | 'numbers'> {
  return {
    teams: teams.toSorted(byCodeUnits),
    numbers: numbers?.toSorted((a, b) => byCodeUnits(numberKey(a), numberKey(b))) ?? null,
  };
}

function planCreate(world: World, subject: WantedSubject, email: string, draft: Draft): void {
  const { derived, givenName, familyName } = subject;
  const target = { subjectId: subject.subjectId, email };
  const problem = nameProblem(subject, world.input.limits);
  if (problem !== null) return pushFixData(target, problem, draft);
  const { capabilities } = world.input;
  const wantedRole = heldRole(derived.entitlements.role ?? LEAST_ROLE, capabilities);
  // A person who follows a checklist is not asked for two things in one step.
  const role = capabilities.writes === 'manual' ? LEAST_ROLE : wantedRole;
  const because = becauseOf(derived, { type: 'role', role });
  const newcomer = { subject, target, agent: null, written: null, byHand: NOTHING_BY_HAND };
  const settings = settingsOfNew(world, newcomer, draft);
  draft.changes.push({
    ...baseOf(target, 'create', 'agent', {
      reason: 'Wanted by the rules and not at the vendor yet.',
      because,
    }),
    action: 'create',
    givenName,
    familyName,
    role,
    ...(settings && { settings }),
  });
  if (role !== wantedRole) pushNewcomerRole(subject, target, wantedRole, draft);
  planHoldings(world, newcomer, draft);
  if (capabilities.initialPassword === true) pushPassword(newcomer, draft);
}

/** The agent has no id yet: until the invitation is confirmed, the address stands for it. */
function pushNewcomerRole({ derived }: WantedSubject, target: Target, role: Role, draft: Draft): void {
  draft.changes.push({
    ...baseOf(target, 'update', 'role', {
      reason: `The rules want the role ${role}.`,
      because: becauseOf(derived, { type: 'role', role }),
    }),
    action: 'update',
    providerUserId: target.email,
    before: { role: LEAST_ROLE },
    after: { role },
  });
}

function pushFixData(target: Target, problem: string, draft: Draft): void {
  const reason = `No agent can be created: ${problem}. Correct it in the directory.`;
  draft.changes.push({
    ...baseOf(target, 'manual', 'fix-data', { reason }),
    action: 'manual',
    providerUserId: null,
    task: { kind: 'fix-data', problem },
  });
}
