import type { Selectable } from 'kysely';
import type { AccountKey } from '../reconcile/account.js';
import type { PaceState } from '../reconcile/pacing/bucket.js';
import type { PaceStore } from '../reconcile/pacing/pacer.js';
import type { Db, TenantDatabase } from './database.js';
import type { AccountPaceTable } from './tables.js';

/** One account's request budget in its row, shared by all processes. */
export function makePaceStore(database: TenantDatabase, { tenantId, accountId }: AccountKey): PaceStore {
  const db = database.forTenant(tenantId);
  return {
    update: (change) =>
      db.transaction().execute(async (trx) => {
        const before = await lockPace(trx, { tenantId, accountId });
        const { state, result } = change(before);
        const values = toRow(state);
        await trx
          .insertInto('account_pace')
          .values({ tenant_id: tenantId, account_id: accountId, ...values })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'account_id']).doUpdateSet(values))
          .execute();
        return result;
      }),
  };
}

/** Locks the account rather than the budget when there is no budget yet: two first requests must not both be first. */
async function lockPace(trx: Db, { tenantId, accountId }: AccountKey): Promise<PaceState | null> {
  const found = () =>
    trx
      .selectFrom('account_pace')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('account_id', '=', accountId)
      .forUpdate()
      .executeTakeFirst();
  const row = await found();
  if (row !== undefined) return toState(row);
  await trx
    .selectFrom('accounts')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', accountId)
    .forUpdate()
    .executeTakeFirst();
  const late = await found();
  return late === undefined ? null : toState(late);
}

function toState(row: Selectable<AccountPaceTable>): PaceState {
  return {
    tokens: row.tokens,
    refilledAt: row.refilled_at.getTime(),
    blockedUntil: row.blocked_until?.getTime() ?? 0,
    limitPerMinute: row.limit_per_minute,
    slowdown: row.slowdown,
  };
}

function toRow(state: PaceState) {
  return {
    tokens: state.tokens,
    // A timestamptz keeps whole milliseconds of a Date only; the fraction would be lost at every request.
    refilled_at: new Date(Math.floor(state.refilledAt)),
    blocked_until: state.blockedUntil === 0 ? null : new Date(Math.ceil(state.blockedUntil)),
    limit_per_minute: state.limitPerMinute,
    slowdown: state.slowdown,
  };
}
