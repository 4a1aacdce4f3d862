import { type Entitlement, type EntitlementSet, NO_ENTITLEMENTS } from './entitlement.js';
import type { AdoptChange, Change, CreateChange, UpdateChange } from './plan.js';
import { withEntitlement, withoutEntitlement } from './entitlement-set.js';
import type { LastWritten, Link } from './state.js';

/**
 * The link that a carried out `create` or `adopt` brings about. Of an adopted agent nothing was written by us,
 * save what the link it takes over from had written.
 */
export function linkFrom(
  change: CreateChange | AdoptChange,
  ids: { readonly id: string; readonly accountId: string; readonly providerUserId: string },
): Link {
  return {
    ...ids,
    subjectId: change.subjectId,
    email: change.email,
    origin: change.action === 'create' ? 'created' : 'adopted',
    state: 'active',
    lastWritten: change.action === 'create' ? writtenByCreate(change) : writtenBefore(change),
    heldAtPark: null,
    parkedAt: null,
    deleteDueAt: null,
  };
}

/**
 * The link after a change of its person was carried out at `at` (milliseconds since the epoch). Repeating a change
 * alters nothing: a second park keeps the first one's moment and what was held then.
 */
export function linkAfter(link: Link, change: Change, at: number): Link {
  switch (change.action) {
    case 'update':
      return withWritten(link, (written) => afterUpdate(written, change, at), change.after.email);
    case 'grant':
      return withWritten(link, (written) => afterGrant(written, change.entitlement));
    case 'revoke':
      return withWritten(link, (written) => afterRevoke(written, change.entitlement));
    case 'park':
      return link.state === 'parked' ? link : park(link, change.held, at, at + change.graceMs);
    case 'restore':
      return { ...link, state: 'active', heldAtPark: null, parkedAt: null, deleteDueAt: null };
    case 'delete':
    case 'forget':
      return { ...link, state: 'deleted' };
    case 'create':
    case 'adopt':
    case 'manual':
    case 'create-team':
      return link;
  }
}

function writtenByCreate(change: CreateChange): LastWritten {
  const { email, givenName, familyName, role, settings } = change;
  const entitlements = { ...NO_ENTITLEMENTS, role };
  return { email, givenName, familyName, entitlements, ...(settings && { settings }) };
}

function writtenBefore({ found, inherited }: AdoptChange): LastWritten {
  const { email, name, role, owner, teams, numbers } = found;
  return {
    ...(inherited ?? { email, givenName: name, familyName: '', entitlements: NO_ENTITLEMENTS }),
    found: { role, owner: owner ?? false, teams, numbers: numbers ?? [] },
  };
}

function withWritten(link: Link, edit: (written: LastWritten) => LastWritten, email = link.email): Link {
  const nothing = { email: link.email, givenName: '', familyName: '', entitlements: NO_ENTITLEMENTS };
  return { ...link, email, lastWritten: edit(link.lastWritten ?? nothing) };
}

/**
 * What was held counts as known from now on, so that only what comes back later is drift. The role counts as unknown
 * until the least one is written.
 */
function park(link: Link, held: EntitlementSet, parkedAt: number, deleteDueAt: number): Link {
  const parked = withWritten(link, (written) => ({
    ...written,
    entitlements: { ...written.entitlements, role: null },
    found: held,
  }));
  return { ...parked, state: 'parked', heldAtPark: held, parkedAt, deleteDueAt };
}

function afterUpdate(written: LastWritten, { after }: UpdateChange, at: number): LastWritten {
  const { role, settings, ...profile } = after;
  const kept = {
    ...written,
    ...profile,
    ...(settings && { settings: { ...written.settings, ...settings } }),
  };
  if (role === undefined) return kept;
  return { ...kept, entitlements: { ...written.entitlements, role }, roleWrittenAt: at };
}

function afterGrant(written: LastWritten, entitlement: Entitlement): LastWritten {
  return { ...written, entitlements: withEntitlement(written.entitlements, entitlement) };
}

function afterRevoke(written: LastWritten, entitlement: Entitlement): LastWritten {
  const entitlements = withoutEntitlement(written.entitlements, entitlement);
  if (written.found === undefined) return { ...written, entitlements };
  return { ...written, entitlements, found: withoutEntitlement(written.found, entitlement) };
}
