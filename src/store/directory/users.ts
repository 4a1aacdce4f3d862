import { sql, type RawBuilder } from 'kysely';
import type { DirectoryAuditEvent, UserRecord, UserWrite, WholeResource } from '../../directory/ports.js';
import type { StoredResource } from '../../directory/resource.js';
import { auditInsert } from '../../audit/record.js';
import type { Db } from '../database.js';
import { isUniqueViolation } from '../pg-errors.js';
import { PREPARED } from '../prepared.js';
import { SIGNED_OUT, sessionsOfLeaver, signInKeys } from '../sso/leaver-sessions.js';
import { countChange } from './counts.js';
import { takenName } from './insert-users.js';
import { markInsert } from './marks.js';
import { groupsOfUser } from './references.js';
import { nextMeta, resourceColumns, toStored, toWhole, type ResourceRow, type WholeRow } from './rows.js';

const COLUMNS = resourceColumns('scim_users');

/** One user that is not deleted, or null. */
export async function readUser(
  db: Db,
  tenantId: string,
  id: string,
  refBase: string | null,
): Promise<StoredResource | null> {
  const { rows } = await sql<ResourceRow>`${PREPARED}
    select ${COLUMNS}, ${groupsOfUser(refBase)} as refs from scim_users
    where tenant_id = ${tenantId} and id = ${id} and deleted_at is null`.execute(db);
  return rows[0] === undefined ? null : toStored(rows[0]);
}

/** As readUser, with the resource that a change starts from; `lock` keeps it from changing until the transaction ends. */
export async function readWholeUser(
  db: Db,
  tenantId: string,
  id: string,
  { refBase, lock }: { readonly refBase: string | null; readonly lock: boolean },
): Promise<WholeResource | null> {
  const { rows } = await sql<WholeRow>`${PREPARED}
    select ${COLUMNS}, resource, ${groupsOfUser(refBase)} as refs from scim_users
    where tenant_id = ${tenantId} and id = ${id} and deleted_at is null
    ${lock ? sql`for update of scim_users` : sql``}`.execute(db);
  return rows[0] === undefined ? null : toWhole(rows[0]);
}

/** In one statement, and only over the version that the write was made from: null when there is another by now. */
export async function updateUser(
  db: Db,
  tenantId: string,
  { record: user, version, urgent, emailsChanged, reason, audit }: UserWrite,
): Promise<StoredResource | null> {
  const isWritten = sql`exists (select 1 from written)`;
  const { rows } = await refusingTakenNames(user, () =>
    sql<ResourceRow>`${PREPARED}
    with written as (
      update scim_users set user_name = ${user.userName}, user_name_key = ${user.userNameKey},
        external_id = ${user.externalId}, active = ${user.active}, resource = ${JSON.stringify(user.resource)},
        wire = ${user.wire}, meta = ${nextMeta(sql`${audit.at}::timestamptz`)},
        people_key = ${user.peopleKey}, version = version + 1, change_no = nextval('scim_change_no'),
        last_modified = ${audit.at}
      where tenant_id = ${tenantId} and id = ${user.id} and version = ${version} and deleted_at is null
      returning ${COLUMNS}),
    ${emailsChanged ? replaceEmails(tenantId, user, isWritten) : sql``}
    ${urgent ? sql`signed_out as (${sessionsOfLeaver(tenantId, signInKeys(tenantId, user.id), isWritten)}),` : sql``}
    audited as (${auditInsert(tenantId, audit, { onlyIf: isWritten, ...(urgent ? SIGNED_OUT : {}) })}),
    marked as (${markInsert(tenantId, sql`${oneSubject(user.id, urgent)} where ${isWritten}`, { reason, at: audit.at })})
    select *, null as refs from written`.execute(db),
  );
  return rows[0] === undefined ? null : toStored(rows[0]);
}

/**
 * The row stays as a tombstone and gives its userName free. The groups the person was in change their version, because
 * their members changed; one that somebody is changing right now is skipped and not waited for: that change gives it a
 * new version, and may itself wait for this person's row.
 */
export async function tombstoneUser(
  db: Db,
  tenantId: string,
  id: string,
  audit: DirectoryAuditEvent,
): Promise<void> {
  await sql`${PREPARED}
    with buried as (
      update scim_users set deleted_at = ${audit.at}, last_modified = ${audit.at}, version = version + 1,
        change_no = nextval('scim_change_no')
      where tenant_id = ${tenantId} and id = ${id}),
    emails as (delete from scim_user_emails where tenant_id = ${tenantId} and user_id = ${id}),
    ended as (
      delete from scim_memberships where tenant_id = ${tenantId} and user_id = ${id} returning group_id),
    free as materialized (
      select id from scim_groups where tenant_id = ${tenantId} and id in (select group_id from ended)
      order by id for update skip locked),
    touched as (
      update scim_groups set version = version + 1, last_modified = ${audit.at},
        change_no = nextval('scim_change_no')
      where tenant_id = ${tenantId} and id in (select id from free)),
    counted as (${countChange(tenantId, 'User', id, -1)} returning total),
    signed_out as (${sessionsOfLeaver(tenantId, signInKeys(tenantId, id))}),
    audited as (${auditInsert(tenantId, audit, {
      extraData: sql`jsonb_build_object('groups', (select coalesce(jsonb_agg(group_id), '[]') from ended))
        || ${SIGNED_OUT.extraData}`,
    })}),
    -- Last: whoever changes a group ends memberships first and marks people then.
    marked as (${markInsert(
      tenantId,
      sql`${oneSubject(id, true)} where (select count(*) from ended) + (select count(*) from counted) >= 0`,
      { reason: audit.action, at: audit.at },
    )})
    select 1`.execute(db);
}

/** The `subjects` of markInsert that are one person. */
export function oneSubject(id: string, urgent: boolean): RawBuilder<unknown> {
  return sql`select ${id}::uuid as subject_id, ${urgent}::boolean as urgent`;
}

function insertEmails(tenantId: string, user: UserRecord, onlyIf = sql`true`): RawBuilder<unknown> {
  return sql`insert into scim_user_emails (tenant_id, user_id, value_key)
    select ${tenantId}::uuid, ${user.id}::uuid, key from unnest(${user.emailKeys}::text[]) as key
    where ${onlyIf} on conflict do nothing`;
}

function replaceEmails(tenantId: string, user: UserRecord, onlyIf: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`emails_gone as (
      delete from scim_user_emails where tenant_id = ${tenantId} and user_id = ${user.id}
        and value_key <> all (${user.emailKeys}::text[]) and ${onlyIf}),
    emails as (${insertEmails(tenantId, user, onlyIf)}),`;
}

async function refusingTakenNames<T>(user: UserRecord, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw takenName(user.userName, error);
  }
}
