import { sql, type RawBuilder } from 'kysely';

/**
 * Entries of the directory under which one human being had the agents that this one has or had: whoever is deleted
 * from the directory and comes back gets another entry and keeps the agent. A query of one column; `subject` is an
 * expression for an id.
 */
export function entriesOfSameAgents(tenantId: string, subject: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select ${subject} union select other.subject_id from links own
    join links other on other.tenant_id = own.tenant_id and other.account_id = own.account_id
      and other.provider_user_id = own.provider_user_id
    where own.tenant_id = ${tenantId}::uuid and own.subject_id = ${subject}`;
}
