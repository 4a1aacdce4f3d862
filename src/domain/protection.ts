import type { ActualState, Link } from './state.js';

export type ProtectionReason =
  'vendor-owner' | 'last-admin' | 'credential-user' | 'break-glass' | 'legal-hold';

/** A person who must not be deleted, nor (legal hold aside) lose access without somebody's approval. */
export interface Protection {
  /** At least one of the two ids is set. */
  readonly providerUserId: string | null;
  readonly subjectId: string | null;
  readonly reason: ProtectionReason;
  /** Milliseconds since the epoch; null: without end. */
  readonly until: number | null;
}

/** Who is protected, by either id. */
export interface ProtectionIndex {
  /** Never to be deleted. */
  fromDeletion(person: ProtectedIds): readonly ProtectionReason[];
  /** Not to lose access unapproved. A legal hold keeps the account, not the access. */
  fromRemoval(person: ProtectedIds): readonly ProtectionReason[];
}

export interface ProtectedIds {
  readonly providerUserId: string | null;
  readonly subjectId: string;
}

/** `now` in milliseconds since the epoch: protections that have ended do not count. */
export function indexProtections(protections: readonly Protection[], now: number): ProtectionIndex {
  const byId = new Map<string, Set<ProtectionReason>>();
  const add = (key: string, reason: ProtectionReason): void => {
    byId.set(key, (byId.get(key) ?? new Set()).add(reason));
  };
  for (const { providerUserId, subjectId, reason, until } of protections) {
    if (until !== null && until <= now) continue;
    if (providerUserId !== null) add(`agent:${providerUserId}`, reason);
    if (subjectId !== null) add(`subject:${subjectId}`, reason);
  }
  const fromDeletion = ({ providerUserId, subjectId }: ProtectedIds): readonly ProtectionReason[] => {
    const reasons = new Set(byId.get(`subject:${subjectId}`));
    for (const reason of byId.get(`agent:${providerUserId}`) ?? []) reasons.add(reason);
    return [...reasons].toSorted();
  };
  return {
    fromDeletion,
    fromRemoval: (person) => fromDeletion(person).filter((reason) => reason !== 'legal-hold'),
  };
}

/**
 * Protections that a complete reading shows: owners, and the administrator who is the only one left. Roles that
 * the vendor does not show count as last written.
 */
export function readProtections(actual: ActualState, links: readonly Link[]): readonly Protection[] {
  const admins = knownAdmins(actual, links);
  const owners = actual.agents.filter(({ owner }) => owner === true);
  return [
    ...owners.map(({ providerUserId }) => protect(providerUserId, 'vendor-owner')),
    ...(actual.scope === 'all' && admins.length === 1
      ? admins.map((providerUserId) => protect(providerUserId, 'last-admin'))
      : []),
  ];
}

/** Ids of the agents known to be administrators or owners, sorted. */
export function knownAdmins(actual: ActualState, links: readonly Link[]): readonly string[] {
  const written = new Map(
    links
      .filter(({ state }) => state === 'active')
      .map(({ providerUserId, lastWritten }) => [providerUserId, lastWritten?.entitlements.role ?? null]),
  );
  return actual.agents
    .filter(
      ({ providerUserId, role, owner }) =>
        owner === true || (role ?? written.get(providerUserId)) === 'admin',
    )
    .map(({ providerUserId }) => providerUserId)
    .toSorted();
}

function protect(providerUserId: string, reason: ProtectionReason): Protection {
  return { providerUserId, subjectId: null, reason, until: null };
}
