import { sql } from 'kysely';
import type { PeopleView, TimelineEntry } from '../../administration/people.js';
import type { Change } from '../../domain/plan.js';
import { isUuid } from '../../lib/ids.js';
import type { Db, TenantDatabase } from '../database.js';
import { totalCount } from '../directory/counts.js';
import { listGroupNames, listGroups } from './groups.js';
import { listPeople } from './people-list.js';
import { findPerson } from './person.js';

/** People as the console and the API show them. */
export function makePeopleView(database: TenantDatabase): PeopleView {
  return {
    list: (tenantId, query) => listPeople(database.forTenant(tenantId), tenantId, query),
    async count(tenantId) {
      const total = sql<{ total: string }>`select ${totalCount(tenantId, 'User')} as total`;
      const { rows } = await total.execute(database.forTenant(tenantId));
      return Number(rows[0]?.total ?? 0);
    },
    async find(tenantId, personId) {
      return isUuid(personId) ? findPerson(database.forTenant(tenantId), tenantId, personId) : null;
    },
    async timeline(tenantId, personId, limit) {
      if (!isUuid(personId)) return [];
      const db = database.forTenant(tenantId);
      const entries = await Promise.all([
        events(db, tenantId, personId, limit),
        changes(db, tenantId, personId, limit),
      ]);
      return entries
        .flat()
        .toSorted((a, b) => b.at.getTime() - a.at.getTime())
        .slice(0, limit);
    },
    groupNames: (tenantId) => listGroupNames(database.forTenant(tenantId), tenantId),
    groups: (tenantId, page) => listGroups(database.forTenant(tenantId), tenantId, page),
  };
}

async function events(db: Db, tenantId: string, personId: string, limit: number): Promise<TimelineEntry[]> {
  const rows = await db
    .selectFrom('audit_events')
    .select(['at', 'actor', 'action', 'data'])
    .where('tenant_id', '=', tenantId)
    .where('target_type', '=', 'User')
    .where('target_id', '=', personId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ type: 'event', ...row }));
}

async function changes(db: Db, tenantId: string, personId: string, limit: number): Promise<TimelineEntry[]> {
  const rows = await db
    .selectFrom('accounts')
    .innerJoin('changes', (join) =>
      join
        .onRef('changes.tenant_id', '=', 'accounts.tenant_id')
        .onRef('changes.account_id', '=', 'accounts.id')
        .on('changes.subject_id', '=', personId),
    )
    .select([
      'accounts.name as account',
      'changes.plan_id as planId',
      'changes.body',
      'changes.state',
      'changes.error_message as error',
      sql<Date>`coalesce(changes.finished_at, changes.started_at, changes.created_at)`.as('at'),
    ])
    .where('accounts.tenant_id', '=', tenantId)
    .orderBy('changes.created_at', 'desc')
    .orderBy('changes.position', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ body, ...row }) => ({ type: 'change', ...row, change: body as Change }));
}
