import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../database.js';

/**
 * A `delete` that ends the sessions, begun ones too, of whoever signs in by single sign-on with one of these keys as
 * address or NameID; for use as a part of a larger statement. `keys` is an array of folded texts. Local owners stay:
 * the directory does not speak of them.
 */
export function sessionsOfLeaver(
  tenantId: string,
  keys: RawBuilder<unknown>,
  onlyIf: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  return sql`delete from console_sessions using console_users
    where console_sessions.tenant_id = ${tenantId}::uuid and console_users.tenant_id = ${tenantId}::uuid
      and console_users.id = console_sessions.user_id and console_users.kind = 'sso'
      and (patchbay_fold(console_users.email) = any(${keys}) or patchbay_fold(console_users.name_id) = any(${keys}))
      and ${onlyIf}
    returning patchbay_fold(console_users.email) as email_key, patchbay_fold(console_users.name_id) as name_key`;
}

/** The `keys` of a statement whose part `keys` has them as its column `key`. */
export const SESSION_KEYS = sql.raw('array(select key from keys)');

/** For the data of an audit event: how many sessions ended, where any did. */
export function sessionsEnded(count: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`jsonb_strip_nulls(jsonb_build_object('sessionsEnded', nullif(${count}, 0)))`;
}

/** Of a statement whose part `signed_out` this is. */
export const SIGNED_OUT = { extraData: sessionsEnded(sql`(select count(*) from signed_out)`) };

/** Every key by which somebody of the directory may sign in: as `keys` above. */
export function signInKeys(tenantId: string, userId: string): RawBuilder<unknown> {
  return sql`array(
    select user_name_key from scim_users where tenant_id = ${tenantId}::uuid and id = ${userId}::uuid
    union select value_key from scim_user_emails where tenant_id = ${tenantId}::uuid and user_id = ${userId}::uuid)`;
}

/**
 * Whether the row's console_users is somebody by single sign-on whom the directory knows as inactive only. For reading
 * sessions: one that was being stored while its person was deactivated opens nothing. By what indexes answer, since it is
 * asked with every page; of whoever was deleted nothing is left to ask for.
 */
export const IS_LEAVER = sql<boolean>`(console_users.kind = 'sso' and exists (
  select 1 from (
    select active from scim_users
    where tenant_id = console_users.tenant_id and deleted_at is null and user_name_key
      in (patchbay_fold(console_users.email), patchbay_fold(console_users.name_id))
    union all
    select scim_users.active from scim_user_emails join scim_users
      on scim_users.tenant_id = scim_user_emails.tenant_id and scim_users.id = scim_user_emails.user_id
    where scim_user_emails.tenant_id = console_users.tenant_id and scim_users.deleted_at is null
      and value_key in (patchbay_fold(console_users.email), patchbay_fold(console_users.name_id))) as known
  having count(*) > 0 and not bool_or(active)))`;

/** Ends them inside the caller's transaction. Returns how many that were. */
export async function endSessionsOf(trx: Db, tenantId: string, userId: string): Promise<number> {
  const { rows } = await sql`${sessionsOfLeaver(tenantId, signInKeys(tenantId, userId))}`.execute(trx);
  return rows.length;
}
