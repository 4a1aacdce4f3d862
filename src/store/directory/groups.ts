import { sql, type RawBuilder } from 'kysely';
import { AppError } from '../../domain/errors.js';
import type {
  DirectoryAuditEvent,
  GroupReading,
  GroupRecord,
  GroupWrite,
  VersionedGroupWrite,
  MembersWrite,
  WholeResource,
  MemberDelta,
  MemberOutcome,
} from '../../directory/ports.js';
import type { StoredResource } from '../../directory/resource.js';
import { auditInsert } from '../../audit/record.js';
import type { Db } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import { PREPARED } from '../prepared.js';
import { countChange } from './counts.js';
import { markInsert } from './marks.js';
import { memberDifference, presentMembers } from './member-difference.js';
import { memberAuditData, memberSteps, strangerList } from './members.js';
import { readMembers } from './references.js';
import { resourceColumns, toWhole, toStored, type WholeRow, type ResourceRow } from './rows.js';

const COLUMNS = resourceColumns('scim_groups');

interface OutcomeRow extends ResourceRow {
  readonly changed: boolean;
  readonly removed: number;
  readonly strangers: readonly { readonly id: string; readonly isGroup: boolean }[];
}

export interface MemberReading {
  /** Base URL of the members' `$ref`s; null leaves members out. */
  readonly refBase: string | null;
  /** How many one answer may hold. */
  readonly max: number;
}

/** One group that is not deleted, or null. Members are read only when asked for. */
export async function readGroup(
  db: Db,
  tenantId: string,
  id: string,
  members: MemberReading,
): Promise<StoredResource | null> {
  const { rows } = await sql<ResourceRow>`${PREPARED}
    select ${COLUMNS}, null as refs from scim_groups
    where tenant_id = ${tenantId} and id = ${id} and deleted_at is null`.execute(db);
  const [stored = null] = await withMembers(db, tenantId, rows.map(toStored), members);
  return stored;
}

/** The groups with their members, when there is a base URL to refer to them by. */
export async function withMembers(
  db: Db,
  tenantId: string,
  groups: readonly StoredResource[],
  { refBase, max }: MemberReading,
): Promise<readonly StoredResource[]> {
  if (refBase === null || groups.length === 0) return groups;
  const ids = groups.map((group) => group.id);
  const members = await readMembers(db, tenantId, ids, { refBase, max });
  return groups.map((group) => ({ ...group, references: members.get(group.id) ?? '' }));
}

/** As readGroup without members; `lock` keeps it from changing until the transaction ends. */
export async function readWholeGroup(
  db: Db,
  tenantId: string,
  id: string,
  { lock }: { readonly lock: boolean },
): Promise<WholeResource | null> {
  const { rows } = await sql<WholeRow>`${PREPARED}
    select ${COLUMNS}, resource, null as refs from scim_groups
    where tenant_id = ${tenantId} and id = ${id} and deleted_at is null
    ${lock ? sql`for update of scim_groups` : sql``}`.execute(db);
  return rows[0] === undefined ? null : toWhole(rows[0]);
}

/** A group and its members in one statement, so that both are of one moment. */
export async function readGroupAndMembers(
  db: Db,
  tenantId: string,
  id: string,
): Promise<GroupReading | null> {
  const { rows } = await sql<WholeRow & { readonly ids: string }>`${PREPARED}
    select ${COLUMNS}, resource, null as refs, ${presentMembers(tenantId, id)} as ids from scim_groups
    where tenant_id = ${tenantId} and id = ${id} and deleted_at is null`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { group: toWhole(row), members: row.ids };
}

export async function insertGroup(
  db: Db,
  tenantId: string,
  group: GroupRecord,
  write: MembersWrite,
): Promise<MemberOutcome> {
  const { at } = write.audit;
  const created = sql`insert into scim_groups (tenant_id, id, display_name, display_name_key, external_id, resource,
      wire, created_at, last_modified)
    values (${tenantId}, ${group.id}, ${group.displayName}, ${group.displayNameKey}, ${group.externalId},
      ${JSON.stringify(group.resource)}, ${group.wire}, ${at}, ${at})
    returning ${COLUMNS}`;
  const counted = sql`counted as (${countChange(tenantId, 'Group', group.id, 1)}),`;
  return outcomeOf(
    await writeRow(db, tenantId, group.id, { ...write, record: group }, { row: created, after: counted }),
  );
}

/**
 * Members alone, without a transaction around it: one statement that locks the group, and does nothing where somebody
 * is unknown. null when there is no such group, or it is deleted by the time the lock is there.
 */
export async function changeMembers(
  db: Db,
  tenantId: string,
  id: string,
  write: MembersWrite,
): Promise<MemberOutcome | null> {
  return writeHeld(db, tenantId, id, { ...write, record: null }, sql`true`);
}

/**
 * Attributes and members without a transaction around it, where the group is still as it was read. Who is there is read
 * with it or after it, and every write that adds or removes somebody changes the version.
 */
export async function writeGroup(
  db: Db,
  tenantId: string,
  id: string,
  write: VersionedGroupWrite,
): Promise<MemberOutcome | null> {
  const members = await membersOf(db, tenantId, id, write, write.present);
  return writeHeld(db, tenantId, id, { ...write, members }, sql`version = ${write.version}`);
}

/** Attributes and members of a locked group in one statement; the row changes its version when either differs. */
export async function writeLockedGroup(
  db: Db,
  tenantId: string,
  id: string,
  write: GroupWrite,
): Promise<MemberOutcome> {
  const members = await membersOf(db, tenantId, id, write, null);
  const row = updateGroup(tenantId, id, write.record, { at: write.audit.at, onlyIf: sql`true` });
  return outcomeOf(await writeRow(db, tenantId, id, { ...write, members }, { row }));
}

async function membersOf(
  db: Db,
  tenantId: string,
  id: string,
  { members }: GroupWrite,
  present: string | null,
): Promise<MemberDelta | null> {
  return members?.type === 'replace' ? memberDifference(db, tenantId, id, members, present) : members;
}

/** One statement that locks the group first and does nothing where `condition` does not hold then: null. */
async function writeHeld(
  db: Db,
  tenantId: string,
  id: string,
  write: MembersWrite & Pick<GroupWrite, 'record'>,
  condition: RawBuilder<unknown>,
): Promise<MemberOutcome | null> {
  const onlyIf = sql`exists (select 1 from held)`;
  const before = sql`held as materialized (
    select id from scim_groups where tenant_id = ${tenantId} and id = ${id} and deleted_at is null and ${condition}
    for update),`;
  const row = updateGroup(tenantId, id, write.record, { at: write.audit.at, onlyIf });
  const written = await writeRow(db, tenantId, id, write, { before, row, onlyIf });
  return written === undefined ? null : toOutcome(written);
}

function updateGroup(
  tenantId: string,
  id: string,
  record: GroupRecord | null,
  { at, onlyIf }: { readonly at: Date; readonly onlyIf: RawBuilder<unknown> },
): RawBuilder<unknown> {
  const attributes =
    record === null
      ? sql``
      : sql`display_name = ${record.displayName}, display_name_key = ${record.displayNameKey},
          external_id = ${record.externalId}, resource = ${JSON.stringify(record.resource)}, wire = ${record.wire},`;
  return sql`update scim_groups set ${attributes} version = version + 1,
      change_no = nextval('scim_change_no'), last_modified = ${at}
    where tenant_id = ${tenantId} and id = ${id}
      and ${record === null ? sql`exists (select 1 from touched)` : sql`not exists (select 1 from strangers) and ${onlyIf}`}
    returning ${COLUMNS}`;
}

/** What a statement that writes a group is made of, beside its members. */
interface RowParts {
  readonly row: RawBuilder<unknown>;
  /** Steps ahead of the members' and behind the row's. */
  readonly before?: RawBuilder<unknown>;
  readonly after?: RawBuilder<unknown>;
  readonly onlyIf?: RawBuilder<unknown>;
}

async function writeRow(
  db: Db,
  tenantId: string,
  id: string,
  write: MembersWrite & Pick<GroupWrite, 'record'>,
  { row, before = sql``, after = sql``, onlyIf = sql`true` }: RowParts,
): Promise<OutcomeRow | undefined> {
  const { audit, members, reason } = write;
  const { rows } = await refusingTakenNames(write.record, () =>
    sql<OutcomeRow>`${namesFew(members) ? PREPARED : sql``}
    with ${before}
    ${memberSteps(tenantId, id, members, { at: audit.at, onlyIf })},
    written as (${row}),
    ${after}
    audited as (${auditInsert(tenantId, audit, {
      extraData: memberAuditData(),
      onlyIf: sql`exists (select 1 from written)`,
    })}),
    marked as (${markInsert(tenantId, sql`select subject_id, urgent from touched`, { reason, at: audit.at })}),
    -- A group that was not written is reported as it is.
    current as (
      select *, true as changed from written
      union all
      select ${COLUMNS}, false from scim_groups
      where tenant_id = ${tenantId} and id = ${id} and not exists (select 1 from written) and ${onlyIf})
    select current.*, null as refs, (select count(*)::int from removed) as removed,
      ${strangerList(tenantId)} as strangers
    from current`.execute(db),
  );
  return rows[0];
}

/** Many names want a plan of their own: one made for a few looks them up one by one. */
function namesFew(members: MemberDelta | null): boolean {
  return members === null || members.add.length + members.remove.length <= 100;
}

/** Ends every membership and marks everybody who was a member. */
export async function tombstoneGroup(
  db: Db,
  tenantId: string,
  id: string,
  audit: DirectoryAuditEvent,
): Promise<number> {
  const { rows } = await sql<{ removed: number }>`${PREPARED}
    with buried as (
      update scim_groups set deleted_at = ${audit.at}, last_modified = ${audit.at}, version = version + 1,
        change_no = nextval('scim_change_no')
      where tenant_id = ${tenantId} and id = ${id}),
    removed as (
      delete from scim_memberships where tenant_id = ${tenantId} and group_id = ${id} returning user_id),
    counted as (${countChange(tenantId, 'Group', id, -1)}),
    audited as (${auditInsert(tenantId, audit, {
      extraData: sql`jsonb_build_object('membersRemoved', (select coalesce(jsonb_agg(user_id), '[]') from removed))`,
    })}),
    marked as (${markInsert(tenantId, sql`select user_id as subject_id, true as urgent from removed`, {
      reason: audit.action,
      at: audit.at,
    })})
    select count(*)::int as removed from removed`.execute(db);
  return rows[0]?.removed ?? 0;
}

async function refusingTakenNames<T>(group: GroupRecord | null, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (group === null || !isUniqueViolation(error)) throw error;
    throw new AppError('conflict', `There is already a group with the displayName "${group.displayName}".`, {
      cause: error,
      scimType: 'uniqueness',
    });
  }
}

function outcomeOf(row: OutcomeRow | undefined): MemberOutcome {
  if (row === undefined) throw new AppError('bug', 'A written group did not come back.');
  return toOutcome(row);
}

function toOutcome(row: OutcomeRow): MemberOutcome {
  return { stored: toStored(row), changed: row.changed, removed: row.removed, unknown: row.strangers };
}
