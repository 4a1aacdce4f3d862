import { sql, type RawBuilder } from 'kysely';

/** Ids of active people of the directory whose user name or one of whose e-mails is this: a query of one column. */
export function activePeopleCalled(tenantId: string, email: string): RawBuilder<unknown> {
  return sql`select u.id from scim_users u
    where u.tenant_id = ${tenantId}::uuid and u.active and u.deleted_at is null
      and (u.user_name_key = patchbay_fold(${email}) or u.id in (select e.user_id from scim_user_emails e
        where e.tenant_id = ${tenantId}::uuid and e.value_key = patchbay_fold(${email})))`;
}
