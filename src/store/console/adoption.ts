import { sql } from 'kysely';
import type { Adoption, AdoptionView, MatchedAgent, UnmanagedAgent } from '../../administration/adoption.js';
import type { Db, TenantDatabase } from '../database.js';

/** Read from the newest plan of the whole account, so that a look at it costs the vendor nothing. */
export function makeAdoptionView(database: TenantDatabase): AdoptionView {
  return {
    async find(tenantId, accountId, limit) {
      const db = database.forTenant(tenantId);
      const plan = await newestWholePlan(db, tenantId, accountId, limit);
      if (plan === undefined) return null;
      const { id: planId, madeAt, unmanaged, unmanagedCount } = plan;
      const [matched, counts, takenOver] = await Promise.all([
        listMatched(db, tenantId, planId, limit),
        countByAction(db, tenantId, planId),
        countTakenOver(db, tenantId, accountId),
      ]);
      return {
        planId,
        madeAt,
        matched,
        matchedCount: counts.get('adopt') ?? 0,
        unmanaged,
        unmanagedCount,
        newcomers: counts.get('create') ?? 0,
        takenOver,
      } satisfies Adoption;
    },
  };
}

function newestWholePlan(db: Db, tenantId: string, accountId: string, limit: number) {
  const unmanaged = sql`jsonb_path_query_array(body -> 'notices', '$[*] ? (@.code == "unmanaged-agent")')`;
  return db
    .selectFrom('plans')
    .select([
      'id',
      'created_at as madeAt',
      sql<number>`jsonb_array_length(${unmanaged})`.as('unmanagedCount'),
      sql<readonly UnmanagedAgent[]>`(
        select coalesce(jsonb_agg(jsonb_build_object(
          'providerUserId', notice -> 'providerUserId', 'message', notice -> 'message') order by place), '[]')
        from jsonb_array_elements(${unmanaged}) with ordinality as listed (notice, place)
        where place <= ${limit})`.as('unmanaged'),
    ])
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('scope', '=', 'all')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function listMatched(
  db: Db,
  tenantId: string,
  planId: string,
  limit: number,
): Promise<readonly MatchedAgent[]> {
  return db
    .selectFrom('changes')
    .select([
      'subject_id as subjectId',
      sql<string>`body ->> 'email'`.as('email'),
      sql<string>`body ->> 'providerUserId'`.as('providerUserId'),
      sql<string>`body -> 'found' ->> 'name'`.as('name'),
    ])
    .where('tenant_id', '=', tenantId)
    .where('plan_id', '=', planId)
    .where('action', '=', 'adopt')
    .orderBy('position')
    .limit(limit)
    .execute();
}

async function countByAction(db: Db, tenantId: string, planId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('changes')
    .select((eb) => ['action', eb.fn.countAll<string>().as('count')])
    .where('tenant_id', '=', tenantId)
    .where('plan_id', '=', planId)
    .where('action', 'in', ['adopt', 'create'])
    .groupBy('action')
    .execute();
  return new Map(rows.map(({ action, count }) => [action, Number(count)]));
}

async function countTakenOver(db: Db, tenantId: string, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom('links')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('origin', '=', 'adopted')
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}
