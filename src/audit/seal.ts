import { sql } from 'kysely';
import type { Db, TenantDatabase } from '../store/database.js';
import { CHAIN_START, chainHash } from './chain.js';
import { toChainedEvent } from './rows.js';

const EVENTS_AT_ONCE = 500;

/**
 * Chains the audit events that are not chained yet, tenant by tenant. Writers never wait for one another's hash;
 * one sealer at a time works on a tenant, whichever process it is in.
 */
export function makeAuditSealer(database: TenantDatabase): () => Promise<void> {
  return async () => {
    const waiting = await database
      .system()
      .selectFrom('audit_events')
      .select('tenant_id')
      .distinct()
      .where('chain_no', 'is', null)
      .execute();
    for (const { tenant_id: tenantId } of waiting) {
      const db = database.forTenant(tenantId);
      let sealed: number;
      do {
        sealed = await db.transaction().execute((trx) => sealSome(trx, tenantId));
      } while (sealed === EVENTS_AT_ONCE);
    }
  };
}

async function sealSome(trx: Db, tenantId: string): Promise<number> {
  const lock = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('patchbay.audit'), hashtext(${tenantId})) as locked`.execute(
    trx,
  );
  if (lock.rows[0]?.locked !== true) return 0;
  const events = trx.selectFrom('audit_events').selectAll().where('tenant_id', '=', tenantId);
  const last = await events
    .where('chain_no', 'is not', null)
    .orderBy('chain_no', 'desc')
    .limit(1)
    .executeTakeFirst();
  const fresh = await events.where('chain_no', 'is', null).orderBy('id').limit(EVENTS_AT_ONCE).execute();
  let chainNo = Number(last?.chain_no ?? 0);
  let hash = last?.hash ?? CHAIN_START;
  const ids: string[] = [];
  const numbers: number[] = [];
  const hashes: Buffer[] = [];
  for (const row of fresh) {
    chainNo += 1;
    hash = chainHash(hash, toChainedEvent(row, chainNo));
    ids.push(row.id);
    numbers.push(chainNo);
    hashes.push(hash);
  }
  await sql`update audit_events set chain_no = sealed.chain_no, hash = sealed.hash
    from unnest(${ids}::bigint[], ${numbers}::bigint[], ${hashes}::bytea[]) as sealed (id, chain_no, hash)
    where audit_events.tenant_id = ${tenantId} and audit_events.id = sealed.id`.execute(trx);
  return fresh.length;
}
