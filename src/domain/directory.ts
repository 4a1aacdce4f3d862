/** What the IdP says is true: SCIM users, groups and memberships of one tenant, as the rules see them. */

/**
 * Why a person counts as a leaver. `deleted` is a tombstone the IdP left by DELETE: a positive fact. A subject
 * that is simply not in the snapshot has no status at all and can therefore never be removed (invariant 4).
 */
export type SubjectStatus = 'active' | 'inactive' | 'deleted';

/** One directory user as the rules see it. `attributes` are SCIM paths to scalar or list values, keys lower case. */
export interface DirectoryUser {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string | null;
  readonly status: SubjectStatus;
  readonly email: string | null;
  readonly givenName: string;
  readonly familyName: string;
  readonly displayName: string;
  /**
   * SCIM attribute values for rule conditions, by lower-case path: `title`, `department` (enterprise),
   * `addresses.country`, `roles.value`, extension attributes by full URN path. Multi-valued ones hold a list.
   */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly groupIds: readonly string[];
}

export interface DirectoryGroup {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | null;
}

/**
 * A complete or partial view of a tenant's directory. `scope: 'all'` holds every user of the tenant;
 * `'subjects'` holds just the users named by a drain. `groups` holds every group of the tenant in both cases:
 * rules name groups, and a group that is missing or ambiguous must be told from one the person is not in.
 */
export interface DirectorySnapshot {
  readonly tenantId: string;
  /** Grows with every directory write of the tenant. */
  readonly version: number;
  readonly scope: 'all' | 'subjects';
  readonly users: readonly DirectoryUser[];
  readonly groups: readonly DirectoryGroup[];
}
