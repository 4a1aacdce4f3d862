import { sql, type Transaction } from 'kysely';
import type { Database } from '../tables.js';

/**
 * Lets one transaction per tenant change who holds which role: two owners who lose the role at the same moment must
 * not both count on the other.
 */
export async function lockRoles(trx: Transaction<Database>, tenantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`console-roles:${tenantId}`}, 0))`.execute(trx);
}

/** Owners besides this person. Only good under the lock. */
export async function countOtherOwners(
  trx: Transaction<Database>,
  tenantId: string,
  userId: string | null,
): Promise<number> {
  const row = await trx
    .selectFrom('console_users')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('role', '=', 'owner')
    .$if(userId !== null, (query) => query.where('id', '<>', userId ?? ''))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
