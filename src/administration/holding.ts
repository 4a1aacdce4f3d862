import type { Capabilities } from '../domain/capabilities.js';
import { byHandOf } from '../domain/by-hand.js';
import {
  entitlementKey,
  listEntitlements,
  type AccessKind,
  type Entitlement,
} from '../domain/entitlement.js';
import type { ActualAgent } from '../domain/state.js';
import type { PersonInAccount } from './people.js';

/**
 * Whether the person holds something: `yes` and `no` as last read, `unread` as we wrote it after that. Where the vendor
 * does not show it: `written` is what we last wrote, `said` what a person said to have done by hand, `unknown` what
 * nobody can tell. `impossible`: the vendor has nothing of the kind.
 */
export const HOLDINGS = ['yes', 'no', 'unread', 'written', 'said', 'unknown', 'impossible'] as const;
export type Holding = (typeof HOLDINGS)[number];

type Known = Pick<PersonInAccount, 'agent' | 'link' | 'isOutdated'> & { readonly capabilities: Capabilities };

export function holdingOf(entitlement: Entitlement, known: Known): Holding {
  const { agent, link, capabilities } = known;
  if (isImpossible(entitlement, capabilities)) return 'impossible';
  const isShown = agent === null || isReadable(entitlement, agent, capabilities);
  const written = link?.state === 'active' ? (link.lastWritten?.entitlements ?? null) : null;
  const isWritten = written !== null && has(listEntitlements(written), entitlement);
  if (isShown && known.isOutdated && isWritten) return 'unread';
  if (agent !== null && isShown) return has(readOf(agent), entitlement) ? 'yes' : 'no';
  const said = saidOf(entitlement, known);
  if (said !== null) return said ? 'said' : 'no';
  if (isWritten) return 'written';
  return agent === null && link === null ? 'no' : 'unknown';
}

/** Everything that the person is known to hold by the last reading: nothing, where more was written since. */
export function shownBy({ agent, isOutdated }: Pick<Known, 'agent' | 'isOutdated'>): readonly Entitlement[] {
  return agent === null || isOutdated ? [] : readOf(agent);
}

function readOf(agent: ActualAgent): readonly Entitlement[] {
  const { role, owner, teams, numbers } = agent;
  return listEntitlements({ role, owner: owner === true, teams, numbers: numbers ?? [] });
}

function has(entitlements: readonly Entitlement[], wanted: Entitlement): boolean {
  const key = entitlementKey(wanted);
  return entitlements.some((one) => entitlementKey(one) === key);
}

function isImpossible(entitlement: Entitlement, { teams, owners, numberAccess }: Capabilities): boolean {
  switch (entitlement.type) {
    case 'role':
      return false;
    case 'owner':
      return !owners;
    case 'team':
      return !teams;
    case 'number':
      return numberAccess[entitlement.kind] === 'none';
  }
}

function isReadable(
  entitlement: Entitlement,
  agent: ActualAgent,
  { unreadableAccess }: Capabilities,
): boolean {
  const isUnread = (kind: AccessKind): boolean =>
    (unreadableAccess ?? []).includes(kind) || (agent.unreadKinds ?? []).includes(kind);
  switch (entitlement.type) {
    case 'role':
      return agent.role !== null;
    case 'owner':
      return agent.owner !== null;
    case 'number':
      return agent.numbers !== null && !isUnread(entitlement.kind);
    case 'team':
      return true;
  }
}

/** What a person said last about something that they do by hand; null: nothing. */
function saidOf(entitlement: Entitlement, { link, capabilities }: Known): boolean | null {
  if (link === null || link.state !== 'active') return null;
  const { given, taken, role, owner } = byHandOf(link);
  switch (entitlement.type) {
    case 'role':
      return role === null || capabilities.writeRole ? null : role === entitlement.role;
    case 'owner':
      return owner;
    case 'number': {
      const isIt = (one: { readonly number: string; readonly kind: AccessKind }): boolean =>
        one.number === entitlement.number && one.kind === entitlement.kind;
      if (given.some(isIt)) return true;
      return taken.some(isIt) ? false : null;
    }
    case 'team':
      return null;
  }
}
