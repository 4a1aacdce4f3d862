import { entitlementKey, listEntitlements, type Entitlement } from '../../domain/entitlement.js';
import type { Change } from '../../domain/plan.js';
import type { AgentEvent, DirectoryEvent, HistoryEvent } from './events.js';

/** Why somebody holds something: what the audit trail said when it was given. */
export interface HoldingCause {
  /** One sentence, as the plan gave it. */
  readonly reason: string;
  /** The rules that wanted it, each with what about the person or their groups made it match. */
  readonly rules: readonly { readonly ruleId: string; readonly because: string }[];
  readonly planId: string | null;
  /** What began the plan: a push, the schedule, a rule change. */
  readonly trigger: string | null;
  readonly actor: string;
  /** The last thing that an identity provider had said about the person by then; null: nothing. */
  readonly push: { readonly actor: string; readonly action: string; readonly at: number } | null;
}

export interface Holding {
  readonly accountId: string;
  readonly subjectId: string;
  readonly providerUserId: string | null;
  readonly email: string;
  /** `parked`: on the way out; what is held then is about to be taken. */
  readonly state: 'active' | 'parked';
  /** null: an agent that holds nothing beyond being one. */
  readonly entitlement: Entitlement | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly cause: HoldingCause;
}

interface Held {
  readonly entitlement: Entitlement;
  readonly since: number;
  readonly cause: HoldingCause;
}

interface Agent {
  readonly accountId: string;
  readonly subjectId: string;
  providerUserId: string | null;
  email: string;
  state: Holding['state'];
  readonly since: number;
  readonly cause: HoldingCause;
  readonly held: Map<string, Held>;
}

/**
 * Who held what at a moment, by what Patchbay did until then: every change that was carried out is in the audit trail
 * with its reason. `events` in the order in which they were written; those after the moment are not looked at.
 */
export function entitlementsAt(events: readonly HistoryEvent[], at: number): readonly Holding[] {
  const agents = new Map<string, Agent>();
  const pushes = new Map<string, DirectoryEvent>();
  for (const event of events) {
    if (event.at > at) continue;
    if (event.type === 'directory') pushes.set(event.subjectId, event);
    else carryOut(agents, event, causeOf(event, pushes.get(event.subjectId)));
  }
  return [...agents.values()].flatMap(holdingsOf);
}

function causeOf(
  { change, planId, trigger, actor }: AgentEvent,
  push: DirectoryEvent | undefined,
): HoldingCause {
  return {
    reason: change?.reason ?? '',
    rules: change?.because ?? [],
    planId,
    trigger,
    actor,
    push: push === undefined ? null : { actor: push.actor, action: push.action, at: push.at },
  };
}

function carryOut(agents: Map<string, Agent>, event: AgentEvent, cause: HoldingCause): void {
  const key = `${event.accountId} ${event.subjectId}`;
  const { change } = event;
  if (change === null || change.action === 'delete' || change.action === 'forget') {
    agents.delete(key);
    return;
  }
  if (change.action === 'manual' || change.action === 'create-team') return;
  const known = change.action === 'create' || change.action === 'adopt' ? undefined : agents.get(key);
  const agent = known ?? newAgent(event, change, cause);
  agents.set(key, agent);
  agent.providerUserId = event.providerUserId ?? agent.providerUserId;
  apply(agent, change, { since: event.at, cause });
}

function newAgent(event: AgentEvent, change: Change, cause: HoldingCause): Agent {
  const { accountId, subjectId, providerUserId, at: since } = event;
  return {
    accountId, subjectId, providerUserId, email: change.email, state: 'active', since, cause, held: new Map(),
  }; // prettier-ignore
}

function apply(agent: Agent, change: Change, given: Omit<Held, 'entitlement'>): void {
  switch (change.action) {
    case 'create':
      give(agent, { type: 'role', role: change.role }, given);
      break;
    case 'adopt':
      for (const found of foundHoldings(change.found)) give(agent, found, given);
      break;
    case 'update':
      if (change.after.email !== undefined) agent.email = change.after.email;
      if (change.after.role === undefined) break;
      dropRoles(agent);
      if (change.after.role !== null) give(agent, { type: 'role', role: change.after.role }, given);
      break;
    case 'grant':
      give(agent, change.entitlement, given);
      break;
    case 'revoke':
      agent.held.delete(entitlementKey(change.entitlement));
      break;
    case 'park':
      agent.state = 'parked';
      // What somebody had given by hand comes to light at last.
      for (const found of listEntitlements(change.held)) {
        if (!agent.held.has(entitlementKey(found))) give(agent, found, given);
      }
      break;
    case 'restore':
      agent.state = 'active';
      break;
    case 'delete':
    case 'forget':
    case 'manual':
    case 'create-team':
      break;
  }
}

function foundHoldings({ role, owner, teams, numbers }: Extract<Change, { action: 'adopt' }>['found']) {
  return listEntitlements({ role, owner: owner ?? false, teams, numbers: numbers ?? [] });
}

/** Given again is given still: since the first time, for the reason of that time. */
function give(agent: Agent, entitlement: Entitlement, given: Omit<Held, 'entitlement'>): void {
  const key = entitlementKey(entitlement);
  if (entitlement.type === 'role' && !agent.held.has(key)) dropRoles(agent);
  if (!agent.held.has(key)) agent.held.set(key, { entitlement, ...given });
}

function dropRoles({ held }: Agent): void {
  for (const [key, { entitlement }] of held) if (entitlement.type === 'role') held.delete(key);
}

function holdingsOf({ held, since, cause, ...agent }: Agent): readonly Holding[] {
  if (held.size === 0) return [{ ...agent, entitlement: null, since, cause }];
  return [...held.values()].map((one) => ({ ...agent, ...one }));
}
