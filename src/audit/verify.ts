import type { ChainVerdict } from '../administration/audit-chain.js';
import type { TenantDatabase } from '../store/database.js';
import { CHAIN_START, chainHash } from './chain.js';
import { toChainedEvent } from './rows.js';

const EVENTS_AT_ONCE = 1_000;

/** Recomputes the chain from its first event on, in bounded memory. Events not sealed yet are not part of it. */
export async function verifyAuditChain(database: TenantDatabase, tenantId: string): Promise<ChainVerdict> {
  let events = 0;
  let hash = CHAIN_START;
  for (;;) {
    const rows = await database
      .forTenant(tenantId)
      .selectFrom('audit_events')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('chain_no', '>', String(events))
      .orderBy('chain_no')
      .limit(EVENTS_AT_ONCE)
      .execute();
    for (const row of rows) {
      const expected = events + 1;
      if (Number(row.chain_no) !== expected) return { type: 'broken', chainNo: expected, problem: 'missing' };
      hash = chainHash(hash, toChainedEvent(row, expected));
      if (row.hash === null || !hash.equals(row.hash)) {
        return { type: 'broken', chainNo: expected, problem: 'altered' };
      }
      events = expected;
    }
    if (rows.length < EVENTS_AT_ONCE) return { type: 'intact', events, head: hash.toString('hex') };
  }
}
