import { sql } from 'kysely';
import { auditInsertEach } from '../../audit/record.js';
import type { DirectoryAuditEvent, UserRecord } from '../../directory/ports.js';
import type { StoredResource } from '../../directory/resource.js';
import { AppError } from '../../domain/errors.js';
import type { Db } from '../database.js';
import { PREPARED } from '../prepared.js';
import { countInsert } from './counts.js';
import { markInsert } from './marks.js';
import { metaText } from './rows.js';

export interface NewUser {
  readonly record: UserRecord;
  readonly audit: DirectoryAuditEvent;
}

/** How many there are makes no difference to the statement. */
const COLUMNS = sql.raw(`id uuid, user_name text, user_name_key text, external_id text, active boolean,
  email_keys text[], people_key text, at timestamptz, actor text, action text, correlation_id text, data jsonb`);

const META = metaText('User', { created: sql.raw('at'), modified: sql.raw('at'), version: sql.raw('1') });

/** Stands in no JSON text unescaped (RFC 8259 section 7): a list of such texts needs no escaping between these. */
const BETWEEN = '\u0001';

/**
 * Users, e-mail keys, totals, audit events and marks in one statement: one round trip, and atomic by itself. Returns
 * null for whoever has a userName that is taken, be it by another one of them; everybody else is created.
 */
export async function insertUsers(
  db: Db,
  tenantId: string,
  users: readonly NewUser[],
): Promise<readonly (StoredResource | null)[]> {
  const [first] = users;
  if (first === undefined) return [];
  const { audit } = first;
  // In the order of their names: two such statements that share some wait for each other once, and not for ever.
  const { rows } = await sql<{ id: string; seq: string; meta: string }>`${PREPARED}
    with given as materialized (
      select * from rows from (
        json_to_recordset(${JSON.stringify(users.map(toGiven))}::json) as (${COLUMNS}),
        string_to_table(${textsOf(users, ({ resource }) => JSON.stringify(resource))}, ${BETWEEN}),
        string_to_table(${textsOf(users, ({ wire }) => wire)}, ${BETWEEN})
      ) as given (id, user_name, user_name_key, external_id, active, email_keys, people_key, at, actor, action,
        correlation_id, data, resource, wire)),
    written as (
      insert into scim_users (tenant_id, id, user_name, user_name_key, external_id, active, resource, wire,
        meta, people_key, created_at, last_modified)
      select ${tenantId}::uuid, id, user_name, user_name_key, external_id, active, resource::jsonb, wire,
        ${META}, people_key, at, at
      from given order by user_name_key
      on conflict (tenant_id, user_name_key) where deleted_at is null do nothing
      returning id, seq, meta),
    emails as (
      insert into scim_user_emails (tenant_id, user_id, value_key)
      select ${tenantId}::uuid, id, unnest(email_keys) from given where id in (select id from written)),
    counted as (${countInsert(tenantId, 'User', first.record.id, sql`(select count(*) from written)`)}),
    audited as (${auditInsertEach(
      tenantId,
      sql`at, actor, action, 'User', id::text, correlation_id, data from given
        where id in (select id from written)`,
    )}),
    marked as (${markInsert(tenantId, sql`select id as subject_id, false as urgent from written`, {
      reason: audit.action,
      at: audit.at,
    })})
    select id, seq, meta from written`.execute(db);
  const written = new Map(rows.map((row) => [row.id, row]));
  return users.map(({ record }) => toStored(record, written.get(record.id)));
}

/** Throws AppError `conflict`. */
export function assertCreated(stored: StoredResource | null, { userName }: UserRecord): StoredResource {
  if (stored !== null) return stored;
  throw takenName(userName);
}

export function takenName(userName: string, cause?: unknown): AppError {
  return new AppError('conflict', `There is already a user with the userName "${userName}".`, {
    cause,
    scimType: 'uniqueness',
  });
}

function textsOf(users: readonly NewUser[], textOf: (record: UserRecord) => string): string {
  return users.map(({ record }) => textOf(record)).join(BETWEEN);
}

function toGiven({ record, audit }: NewUser) {
  const { id, userName, userNameKey, externalId, active, emailKeys } = record;
  return {
    id,
    user_name: userName,
    user_name_key: userNameKey,
    external_id: externalId,
    active,
    email_keys: emailKeys,
    people_key: record.peopleKey,
    at: audit.at,
    actor: audit.actor,
    action: audit.action,
    correlation_id: audit.correlationId,
    data: audit.data,
  };
}

/** The rest of what was written is known here already. */
function toStored(
  { id, wire }: UserRecord,
  row: { readonly seq: string; readonly meta: string } | undefined,
): StoredResource | null {
  if (row === undefined) return null;
  return { id, seq: Number(row.seq), wire, meta: row.meta, version: 1, references: '' };
}
