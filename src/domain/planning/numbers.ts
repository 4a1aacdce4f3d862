import type { Capabilities } from '../capabilities.js';
import { withHandwork } from '../by-hand.js';
import {
  type AccessKind,
  type Entitlement,
  type NumberAccess,
  entitlementKey,
  teamKey,
} from '../entitlement.js';
import { type Draft, addAccountNotice, addNotice, baseOf } from './draft.js';
import type { AgentHolder, Holder } from './holder.js';
import { becauseOf, explain } from './reasons.js';
import { teamsRing, wantedTeams } from './wish.js';
import type { World } from './world.js';

/**
 * Number access by what the vendor allows: through its API, through a team (a task once the person is in the team
 * and the number still does not reach them), by hand, or not at all.
 */
export function planNumbers(world: World, holder: Holder, draft: Draft): void {
  const { entitlements } = holder.subject.derived;
  const held = heldNumbers(holder, world.input.capabilities);
  for (const access of entitlements.numbers) {
    const isRefused = access.kind === 'outbound' && isTrapped(world, holder, access, draft);
    if (!isRefused && !held.has(numberKey(access))) grantNumber(world, holder, access, draft);
  }
  const { agent } = holder;
  if (agent !== null) revokeNumbers(world, { ...holder, agent }, held, draft);
}

/**
 * Number access as read. What was not read this time (`unreadKinds`), or never is
 * (`unreadableAccess`), is what we wrote last and what people
 * say to have done by hand.
 */
export function heldNumbers(
  { agent, written, byHand }: Pick<Holder, 'agent' | 'written' | 'byHand'>,
  { unreadableAccess = [] }: Capabilities,
): ReadonlyMap<string, NumberAccess> {
  const read = agent?.numbers ?? null;
  const unread = new Set([...unreadableAccess, ...(agent?.unreadKinds ?? [])]);
  const isUnread = (kind: AccessKind): boolean => read === null || unread.has(kind);
  const ours = (written?.entitlements.numbers ?? []).filter(({ kind }) => isUnread(kind));
  const shown = read?.filter(({ kind }) => !isUnread(kind)) ?? [];
  const numbers = withHandwork([...shown, ...ours], byHand, isUnread);
  return new Map(numbers.map((access) => [numberKey(access), access]));
}

export function numberKey({ number, kind }: NumberAccess): string {
  return entitlementKey({ type: 'number', number, kind });
}

/** What a task about a number holds, with the number's id where the account has the number. */
export function numberTask(
  { numbers }: World,
  entitlement: Extract<Entitlement, { readonly type: 'number' }>,
): { readonly entitlement: Entitlement; readonly providerNumberId?: string } {
  const providerNumberId = numbers.get(entitlement.number);
  return { entitlement, ...(providerNumberId !== undefined && { providerNumberId }) };
}

function grantNumber(world: World, holder: Holder, access: NumberAccess, draft: Draft): void {
  if (!world.numbers.has(access.number)) {
    const message = `Rules grant number ${access.number}, which the account does not have. Correct the rule or add the number at the vendor.`;
    return addAccountNotice(draft, 'unknown-number', message);
  }
  switch (world.input.capabilities.numberAccess[access.kind]) {
    case 'api':
      return pushGrant(holder, access, draft);
    case 'via-team':
      return pushRingTask(world, holder, access, draft);
    case 'manual':
      return pushTask(world, holder, access, null, draft);
    case 'none': {
      const message = `Rules grant ${access.kind} access to number ${access.number}, which this vendor cannot give.`;
      return addAccountNotice(draft, 'capability', message);
    }
  }
}

/**
 * vendors.md 1.7: being in a team that rings beats being outbound-only. Refused where a team of theirs is known to
 * ring; where it only might, people are told.
 */
function isTrapped(
  { input }: World,
  { subject, target }: Holder,
  { number }: NumberAccess,
  draft: Draft,
): boolean {
  const { capabilities, managed } = input;
  const teams = [...wantedTeams(subject.derived, capabilities).values()];
  if (!teamsRing(capabilities) || teams.length === 0) return false;
  const own = new Set(Object.values(subject.derived.viaTeam).map(teamKey));
  const ringing = teams.filter((team) => own.has(teamKey(team)) || managed.ringing?.has(teamKey(team)));
  const named = (some: readonly string[]): string => some.map((team) => `"${team}"`).join(', ');
  if (ringing.length > 0) {
    const message = `${target.email} should only call out from ${number}, but is in ${named(ringing)}, which rings: in such a team people receive calls whatever else they have. The access is not given. Take them out of that team by rule, or grant the number as assigned or call_flow.`;
    addNotice(draft, 'outbound-refused', { subjectId: target.subjectId }, message);
    return true;
  }
  const message = `${target.email} should only call out from ${number}, but is in ${named(teams)}. Where such a team rings on a number they receive calls all the same. Keep them out of teams that ring.`;
  addNotice(draft, 'outbound-trap', { subjectId: target.subjectId }, message);
  return false;
}

function pushGrant({ subject, target, agent }: Holder, access: NumberAccess, draft: Draft): void {
  const entitlement = { type: 'number', ...access } as const;
  const because = becauseOf(subject.derived, entitlement);
  const reason = `Number ${access.number} (${access.kind}) by ${explain(because)}.`;
  draft.changes.push({
    ...baseOf(target, 'grant', numberKey(access), { reason, because }),
    action: 'grant',
    providerUserId: agent?.providerUserId ?? null,
    entitlement,
  });
}

/** Being in the team is the grant. Only a reading that shows the number missing all the same makes a task. */
function pushRingTask(world: World, holder: Holder, access: NumberAccess, draft: Draft): void {
  const team = holder.subject.derived.viaTeam[numberKey(access)];
  if (team === undefined) return pushTask(world, holder, access, null, draft);
  const { agent } = holder;
  const isMember = agent?.teams.some((name) => teamKey(name) === teamKey(team)) ?? false;
  if (isMember && agent?.numbers !== null) pushTask(world, holder, access, team, draft);
}

function pushTask(
  world: World,
  { subject, target, agent }: Holder,
  access: NumberAccess,
  viaTeam: string | null,
  draft: Draft,
): void {
  const entitlement = { type: 'number', ...access } as const;
  const because = becauseOf(subject.derived, entitlement);
  const reason =
    viaTeam === null
      ? `Number ${access.number} (${access.kind}) by ${explain(because)}; the vendor has no API for it.`
      : `${target.email} is in team "${viaTeam}", but number ${access.number} does not ring that team.`;
  draft.changes.push({
    ...baseOf(target, 'manual', `grant-${numberKey(access)}`, { reason, because }),
    action: 'manual',
    providerUserId: agent?.providerUserId ?? null,
    task: { kind: 'grant-number', ...numberTask(world, entitlement), viaTeam },
  });
}

function revokeNumbers(
  world: World,
  holder: Omit<AgentHolder, 'ids'>,
  held: ReadonlyMap<string, NumberAccess>,
  draft: Draft,
): void {
  const { derived } = holder.subject;
  const keep = new Set([...derived.entitlements.numbers, ...derived.uncertain.numbers].map(numberKey));
  const ours = new Set(
    [...(holder.written?.entitlements.numbers ?? []), ...holder.byHand.given].map(numberKey),
  );
  const { revokeManaged, managed, capabilities } = world.input;
  for (const [key, access] of held) {
    if (keep.has(key) || (!ours.has(key) && !(revokeManaged && managed.numbers.has(key)))) continue;
    const revoke = numberRevocation(capabilities, access);
    if (revoke !== 'none') pushRevoke(world, holder, access, revoke, draft);
  }
}

/**
 * How number access of this kind is taken. What came through a team goes with the team: no task for somebody who
 * may still be in one.
 */
function numberRevocation({ numberAccess }: Capabilities, { kind }: NumberAccess): 'api' | 'manual' | 'none' {
  switch (numberAccess[kind]) {
    case 'api':
      return 'api';
    case 'manual':
      return 'manual';
    case 'via-team':
    case 'none':
      return 'none';
  }
}

function pushRevoke(
  world: World,
  { target, agent }: Omit<AgentHolder, 'ids'>,
  access: NumberAccess,
  how: 'api' | 'manual',
  draft: Draft,
): void {
  const entitlement = { type: 'number', ...access } as const;
  const reason = `No rule grants number ${access.number} (${access.kind}).`;
  const { providerUserId } = agent;
  if (how === 'api') {
    const base = baseOf(target, 'revoke', numberKey(access), { reason });
    draft.changes.push({ ...base, action: 'revoke', providerUserId, entitlement });
  } else {
    const base = baseOf(target, 'manual', `revoke-${numberKey(access)}`, { reason });
    draft.changes.push({
      ...base,
      action: 'manual',
      providerUserId,
      task: { kind: 'revoke-number', ...numberTask(world, entitlement) },
    });
  }
}
