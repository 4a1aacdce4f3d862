import { sql } from 'kysely';
import type { Change } from '../domain/plan.js';
import type { AccountKey } from '../reconcile/account.js';
import type { HistoryReader } from '../reconcile/planning/judge.js';
import type { TenantDatabase } from './database.js';

/** What was applied lately, from the rows of the changes. */
export function makeHistoryReader(database: TenantDatabase): HistoryReader {
  const applied = ({ tenantId, accountId }: AccountKey, since: Date) =>
    database
      .forTenant(tenantId)
      .selectFrom('changes')
      .where('tenant_id', '=', tenantId)
      .where('account_id', '=', accountId)
      .where('state', 'in', ['applied', 'already'])
      .where('finished_at', '>=', since);
  const count = async (account: AccountKey, since: Date, actions: readonly string[]): Promise<number> => {
    const { total } = await applied(account, since)
      .select((eb) => eb.fn.countAll<string>().as('total'))
      .where('action', 'in', [...actions])
      .executeTakeFirstOrThrow();
    return Number(total);
  };
  return {
    countRemovals: (account, since) => count(account, since, ['park', 'delete']),
    countCreates: (account, since) => count(account, since, ['create']),
    async listAwaitedCreates({ tenantId, accountId }) {
      const rows = await database
        .forTenant(tenantId)
        .selectFrom('changes')
        .select('subject_id')
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .where('action', '=', 'create')
        .where('state', '=', 'awaiting')
        .execute();
      return rows.map(({ subject_id: id }) => id);
    },
    async listWaitingCreates({ tenantId, accountId }, before) {
      const rows = await database
        .forTenant(tenantId)
        .selectFrom('dirty_subjects as d')
        .innerJoin('plans as p', (join) =>
          join.onRef('p.tenant_id', '=', 'd.tenant_id').onRef('p.id', '=', 'd.held_plan_id'),
        )
        .innerJoin('changes as c', (join) =>
          join
            .onRef('c.tenant_id', '=', 'p.tenant_id')
            .onRef('c.plan_id', '=', 'p.id')
            .onRef('c.subject_id', '=', 'd.subject_id'),
        )
        .select('d.subject_id')
        .where('d.tenant_id', '=', tenantId)
        .where('d.account_id', '=', accountId)
        .where('p.state', 'in', ['held', 'approved'])
        .where('p.created_at', '<=', before)
        .where('c.action', '=', 'create')
        .where('c.state', '=', 'planned')
        .execute();
      return rows.map(({ subject_id: id }) => id);
    },
    async listApplied(account, subjectIds, since) {
      const rows = await applied(account, since)
        .select(['body', 'finished_at'])
        .where('subject_id', '=', sql<string>`any(${[...subjectIds]}::uuid[])`)
        .execute();
      return rows.flatMap(({ body, finished_at: at }) =>
        at === null ? [] : [{ change: body as Change, at }],
      );
    },
  };
}
