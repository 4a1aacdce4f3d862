import type { Selectable } from 'kysely';
import { emailKey } from '../../domain/email.js';
import type { ManualRecord, RecordedAgent } from '../../domain/manual-record.js';
import type { RecordChange } from '../../manual/ports.js';
import type { AccountKey } from '../../reconcile/account.js';
import type { Db } from '../database.js';
import type { ManualAgentsTable } from './tables.js';

/** Everything that is known of one account without an API. */
export async function readRecord(db: Db, { tenantId, accountId }: AccountKey): Promise<ManualRecord> {
  const [list, agents] = await Promise.all([
    db
      .selectFrom('manual_lists')
      .select(['numbers', 'complete_as_of'])
      .where('tenant_id', '=', tenantId)
      .where('account_id', '=', accountId)
      .executeTakeFirst(),
    db
      .selectFrom('manual_agents')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('account_id', '=', accountId)
      .orderBy('email_key')
      .execute(),
  ]);
  return {
    agents: agents.map(toAgent),
    numbers: list?.numbers ?? [],
    completeAsOf: list?.complete_as_of?.getTime() ?? null,
  };
}

function toAgent(row: Selectable<ManualAgentsTable>): RecordedAgent {
  return {
    id: row.id,
    email: row.email,
    givenName: row.given_name,
    familyName: row.family_name,
    role: row.role,
    status: row.status,
    numbers: row.numbers,
    asOf: row.as_of.getTime(),
    source: row.source,
  };
}

/** Confirmations and imports of one account wait for one another here. Inside their transaction. */
export async function lockRecord(trx: Db, account: AccountKey): Promise<ManualRecord> {
  const { tenantId, accountId } = account;
  await trx
    .insertInto('manual_lists')
    .values({ tenant_id: tenantId, account_id: accountId, numbers: '[]', complete_as_of: null })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'account_id']).doNothing())
    .execute();
  await lockLists(trx, account);
  return readRecord(trx, account);
}

/** The lock alone, and nothing where nobody has confirmed or imported anything yet. */
export async function lockLists(trx: Db, { tenantId, accountId }: AccountKey): Promise<void> {
  await trx
    .selectFrom('manual_lists')
    .select('account_id')
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .forUpdate()
    .execute();
}

/** Writes what was confirmed or shown, and makes readings from before worthless. */
export async function writeRecord(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  { put, drop }: RecordChange,
): Promise<void> {
  if (drop.length > 0) {
    await trx
      .deleteFrom('manual_agents')
      .where('tenant_id', '=', tenantId)
      .where('account_id', '=', accountId)
      .where('id', 'in', [...drop])
      .execute();
  }
  for (const agent of put) await putAgent(trx, { tenantId, accountId }, agent);
  await trx
    .deleteFrom('account_readings')
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .execute();
}

async function putAgent(trx: Db, { tenantId, accountId }: AccountKey, agent: RecordedAgent): Promise<void> {
  const values = {
    email: agent.email,
    email_key: emailKey(agent.email),
    given_name: agent.givenName,
    family_name: agent.familyName,
    role: agent.role,
    status: agent.status,
    numbers: agent.numbers === null ? null : JSON.stringify(agent.numbers),
    as_of: new Date(agent.asOf),
    source: agent.source,
  };
  await trx
    .insertInto('manual_agents')
    .values({ tenant_id: tenantId, account_id: accountId, id: agent.id, ...values })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'account_id', 'id']).doUpdateSet(values))
    .execute();
}
