import { byHandOf } from '../by-hand.js';
import type { Capabilities } from '../capabilities.js';
import { type Entitlement, type NumberAccess, ROLES } from '../entitlement.js';
import type { AgentFields, ManualTask } from '../plan.js';
import { type Draft, type FieldChange, baseOf } from './draft.js';
import type { Departure } from './departure.js';
import { heldNumbers, numberKey, numberTask } from './numbers.js';
import { spellTeams } from './team-spelling.js';
import type { World } from './world.js';

const [LEAST_ROLE] = ROLES;
const REASON = 'A leaver keeps nothing.';

/**
 * Everything a leaver's agent holds, whoever granted it: taken through the API where there is one, else put on the
 * worklist. All of it is urgent.
 */
export function pushRemovals(world: World, departure: Departure, draft: Draft): void {
  const { capabilities } = world.input;
  const { agent, link } = departure;
  const byHand = byHandOf(link);
  for (const [key, team] of spellTeams(agent.teams)) {
    pushRevoke(departure, `team:${key}`, { type: 'team', team }, draft);
  }
  for (const access of heldNumbers({ agent, written: link.lastWritten, byHand }, capabilities).values()) {
    removeNumber(world, departure, access, draft);
  }
  if ((agent.owner ?? byHand.owner) === true) removeOwner(capabilities, departure, draft);
  quieten(capabilities, departure, draft);
}

/** What came through a team goes with it: a task only when the person is in no team and still reached. */
function removeNumber(world: World, departure: Departure, access: NumberAccess, draft: Draft): void {
  const entitlement = { type: 'number', ...access } as const;
  const mode = world.input.capabilities.numberAccess[access.kind];
  if (mode === 'api') return pushRevoke(departure, numberKey(access), entitlement, draft);
  if (mode === 'via-team' && departure.agent.teams.length > 0) return;
  const task = { kind: 'revoke-number', ...numberTask(world, entitlement) } as const;
  pushTask(departure, `revoke-${numberKey(access)}`, task, draft);
}

function removeOwner({ writeOwner }: Capabilities, departure: Departure, draft: Draft): void {
  if (writeOwner) pushRevoke(departure, 'owner', { type: 'owner' }, draft);
  else pushTask(departure, 'remove-owner', { kind: 'remove-owner' }, draft);
}

/** Down to the least role and out of the reach of calls, in one write. */
function quieten({ writeRole, writeAvailability }: Capabilities, departure: Departure, draft: Draft): void {
  if (!writeRole) pushRoleTask(departure, draft);
  const parts = [
    writeRole ? leastRole(departure) : null,
    writeAvailability === true ? unavailable(departure) : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return;
  const { agent, target } = departure;
  const after: AgentFields = Object.assign({}, ...parts.map((part) => part.after));
  draft.changes.push({
    ...baseOf(target, 'update', Object.keys(after).toSorted().join('+'), { reason: REASON, urgent: true }),
    action: 'update',
    providerUserId: agent.providerUserId,
    before: Object.assign({}, ...parts.map((part) => part.before)),
    after,
  });
}

/**
 * An unknown role counts as too much: the least is written unless it is known to be there. Where the vendor does not
 * show roles, what was last written is not believed either: somebody may have made the person an administrator.
 */
function leastRole({ agent, link }: Departure): FieldChange | null {
  const isFirst = link.state === 'active';
  const role = agent.role ?? (isFirst ? null : (link.lastWritten?.entitlements.role ?? null));
  return role === LEAST_ROLE ? null : { before: { role }, after: { role: LEAST_ROLE } };
}

/** Where no reading shows it, what was written last counts. */
function unavailable({ link }: Departure): FieldChange | null {
  if (link.lastWritten?.availability === 'unavailable') return null;
  return { before: {}, after: { availability: 'unavailable' } };
}

/** Only for a role that is known: what nobody can see or write is no task. */
function pushRoleTask(departure: Departure, draft: Draft): void {
  const { agent, link } = departure;
  const role = agent.role ?? byHandOf(link).role ?? link.lastWritten?.entitlements.role ?? null;
  if (role === null || role === LEAST_ROLE) return;
  pushTask(departure, 'change-role', { kind: 'change-role', role: LEAST_ROLE }, draft);
}

function pushRevoke(
  { agent, target }: Departure,
  what: string,
  entitlement: Entitlement,
  draft: Draft,
): void {
  draft.changes.push({
    ...baseOf(target, 'revoke', what, { reason: REASON, urgent: true }),
    action: 'revoke',
    providerUserId: agent.providerUserId,
    entitlement,
  });
}

function pushTask({ agent, target }: Departure, what: string, task: ManualTask, draft: Draft): void {
  draft.changes.push({
    ...baseOf(target, 'manual', what, { reason: `${REASON} The vendor has no API for this.`, urgent: true }),
    action: 'manual',
    providerUserId: agent.providerUserId,
    task,
  });
}
