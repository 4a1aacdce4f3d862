import type { FilterNode, AttributePath } from './filter/ast.js';
import type { Resource, StoredResource } from './resource.js';

/** Who writes, for which tenant: goes into the audit event of the write. */
export interface WriteContext {
  readonly tenantId: string;
  /** Such as `scim:okta` (name of the token). */
  readonly actor: string;
  readonly correlationId: string | null;
}

export interface DirectoryAuditEvent {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly targetType: 'User' | 'Group';
  readonly targetId: string;
  readonly correlationId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Columns of a user, derived from its resource. */
export interface UserRecord {
  readonly id: string;
  readonly userName: string;
  readonly userNameKey: string;
  readonly externalId: string | null;
  readonly active: boolean;
  readonly emailKeys: readonly string[];
  readonly peopleKey: string;
  readonly resource: Resource;
  readonly wire: string;
}

/** Columns of a group, derived from its resource. Members are kept apart: see MemberChange. */
export interface GroupRecord {
  readonly id: string;
  readonly displayName: string;
  readonly displayNameKey: string;
  readonly externalId: string | null;
  readonly resource: Resource;
  readonly wire: string;
}

export interface WholeResource extends StoredResource {
  readonly resource: Resource;
}

/** What happens to the members of a group. Ids are unique within each list and never in both. */
export type MemberChange = MemberDelta | MemberReplacement;

export interface MemberReplacement {
  readonly type: 'replace';
  /** In any order, each any number of times. */
  readonly members: readonly string[];
  /**
   * Is shown who is not there yet before anything is written, and throws what keeps them from it; and all members in
   * ascending order.
   */
  readonly accept?: (added: readonly string[], ordered: readonly string[]) => void;
}

export interface MemberDelta {
  readonly type: 'delta';
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface MemberOutcome {
  readonly stored: StoredResource;
  /** False: neither attributes nor members differed, nothing was written. */
  readonly changed: boolean;
  readonly removed: number;
  /** Wished members that are no users of the tenant; the write must be given up when there are any. */
  readonly unknown: readonly { readonly id: string; readonly isGroup: boolean }[];
}

export interface GroupWrite {
  /** null: the attributes stay as they are. */
  readonly record: GroupRecord | null;
  readonly members: MemberChange | null;
  readonly audit: DirectoryAuditEvent;
  readonly reason: string;
}

/** A group and who is in it at one moment. */
export interface GroupReading {
  readonly group: WholeResource;
  /** Ids in ascending order, without anything between them. */
  readonly members: string;
}

/** A write over exactly the version that it was made from. */
export interface VersionedGroupWrite extends GroupWrite {
  readonly version: number;
  /** Members of that version, as GroupReading has them; null: not read yet. */
  readonly present: string | null;
}

/** Members alone, by who comes and who goes. */
export interface MembersWrite extends Omit<GroupWrite, 'record' | 'members'> {
  readonly members: MemberDelta | null;
}

export interface UserWrite {
  readonly record: UserRecord;
  /** The version that the write was made from. */
  readonly version: number;
  readonly urgent: boolean;
  readonly emailsChanged: boolean;
  readonly reason: string;
  readonly audit: DirectoryAuditEvent;
}

/** A person begins or ceases to be active; all else stays. */
export interface ActiveWrite {
  readonly id: string;
  readonly active: boolean;
  readonly refBase: string | null;
  readonly audit: DirectoryAuditEvent;
}

/** Everything that one write does, inside one transaction that holds the locks of the rows it changes. */
export interface DirectoryTransaction {
  /** Locks a user that is not deleted, or null. With `refBase`, `references` holds its groups. */
  lockUser(id: string, refBase: string | null): Promise<WholeResource | null>;
  /** As DirectoryStore.updateUser, of a user that is locked. */
  updateUser(write: UserWrite): Promise<StoredResource | null>;
  /** Leaves a tombstone, ends the memberships. */
  tombstoneUser(id: string, audit: DirectoryAuditEvent): Promise<void>;
  lockGroup(id: string): Promise<WholeResource | null>;
  insertGroup(record: GroupRecord, write: MembersWrite): Promise<MemberOutcome>;
  writeGroup(id: string, write: GroupWrite): Promise<MemberOutcome>;
  /** Leaves a tombstone, ends the memberships, marks everybody who was a member. Returns how many that were. */
  tombstoneGroup(id: string, audit: DirectoryAuditEvent): Promise<number>;
}

/** Sorting by one attribute (RFC 7644 section 3.4.2.3). */
export interface SortKey {
  readonly path: AttributePath;
  readonly descending: boolean;
}

export type ListWindow =
  | { readonly by: 'index'; readonly offset: number; readonly limit: number }
  /** Rows after the one with this `seq`, in the order of creation; null begins at the start. */
  | { readonly by: 'seq'; readonly after: number | null; readonly limit: number };

export interface ListQuery {
  readonly filter: FilterNode | null;
  /** null: in the order of creation, which is stable between pages. */
  readonly sort: SortKey | null;
  readonly window: ListWindow;
  /** Base URL of `$ref`s in `references`; null leaves groups or members out. */
  readonly refBase: string | null;
}

export interface ListPage {
  readonly total: number;
  readonly rows: readonly StoredResource[];
}

/** A part of everybody, in the order of creation. */
export interface EverybodyQuery {
  readonly offset: number;
  readonly limit: number;
  /** Of every URL in the texts, such as `https://patchbay.example/scim/v2`. */
  readonly baseUrl: string;
}

export interface TextPage {
  readonly total: number;
  readonly count: number;
  /** Whole people with their groups as JSON texts, joined by commas: what reading each of them gives. */
  readonly text: string;
}

/** The directory as rows. Every query is scoped by tenant; row-level security backs it. */
export interface DirectoryStore {
  /** Creates a user in one statement. Throws AppError `conflict` when the userName is taken. */
  insertUser(tenantId: string, record: UserRecord, audit: DirectoryAuditEvent): Promise<StoredResource>;
  readUser(tenantId: string, id: string, refBase: string | null): Promise<StoredResource | null>;
  /** As readUser, with the resource that a change starts from. */
  readWholeUser(tenantId: string, id: string, refBase: string | null): Promise<WholeResource | null>;
  /**
   * Writes the user, its e-mail keys, the audit event and a dirty mark for every account in one statement, if the
   * user still has the version that the write was made from; else nothing, and null.
   */
  updateUser(tenantId: string, write: UserWrite): Promise<StoredResource | null>;
  /**
   * Sets `active` alone, with the audit event and the marks, in one statement that reads nothing first. null, and
   * nothing is written, when there is no such user or it has that value already.
   */
  setActive(tenantId: string, write: ActiveWrite): Promise<StoredResource | null>;
  listUsers(tenantId: string, query: ListQuery): Promise<ListPage>;
  listEverybody(tenantId: string, query: EverybodyQuery): Promise<TextPage>;
  readGroup(tenantId: string, id: string, refBase: string | null): Promise<StoredResource | null>;
  /** As readGroup without members, with the resource that a change starts from. */
  readWholeGroup(tenantId: string, id: string): Promise<WholeResource | null>;
  readGroupAndMembers(tenantId: string, id: string): Promise<GroupReading | null>;
  /**
   * Attributes and members in one statement, which writes nothing where there are unknown members. null, and nothing is
   * written, when the group has another version by now or is deleted.
   */
  writeGroup(tenantId: string, id: string, write: VersionedGroupWrite): Promise<MemberOutcome | null>;
  listGroups(tenantId: string, query: ListQuery): Promise<ListPage>;
  /**
   * Ends and begins the memberships that the write names, with the audit event and the marks, in one statement; nothing
   * at all when it names an unknown user. null when there is no such group.
   */
  changeMembers(tenantId: string, id: string, write: MembersWrite): Promise<MemberOutcome | null>;
  /** Runs `work` in one transaction, again when Postgres broke a deadlock by ending it. */
  transaction<T>(tenantId: string, work: (tx: DirectoryTransaction) => Promise<T>): Promise<T>;
}

/** Told after commit that a tenant's people are to be looked at again. */
export type DirectoryChangeListener = (tenantId: string, change: { readonly urgent: boolean }) => void;
