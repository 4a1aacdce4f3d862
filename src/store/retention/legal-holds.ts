import { sql } from 'kysely';
import type { LegalHold, LegalHoldStore } from '../../deprovision/legal-holds.js';
import type { LegalHoldReader } from '../../reconcile/ports.js';
import { isUuid } from '../../lib/ids.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { entriesOfSameAgents } from './same-agents.js';

/** Legal holds as protections of plans. */
export function makeLegalHoldReader(database: TenantDatabase): LegalHoldReader {
  return {
    async current(tenantId, now) {
      const holds = await openHolds(database.forTenant(tenantId), tenantId, now);
      return holds.map(({ personId, until }) => ({
        providerUserId: null,
        subjectId: personId,
        reason: 'legal-hold' as const,
        until: until?.getTime() ?? null,
      }));
    },
  };
}

/** Legal holds as people set and release them. */
export function makeLegalHoldStore(database: TenantDatabase): LegalHoldStore {
  return {
    list: (tenantId, now) => openHolds(database.forTenant(tenantId), tenantId, now),
    async find(tenantId, personId, now) {
      if (!isUuid(personId)) return null;
      const found = await openHolds(database.forTenant(tenantId), tenantId, now, { personId });
      return found[0] ?? null;
    },
    async findOnAgents(tenantId, personId, now) {
      if (!isUuid(personId)) return null;
      const holds = await openHolds(database.forTenant(tenantId), tenantId, now, { agentsOf: personId });
      return holds[0] ?? null;
    },
    async personName(tenantId, personId) {
      if (!isUuid(personId)) return null;
      const { rows } = await sql<{ name: string }>`
        select user_name as name from scim_users where tenant_id = ${tenantId} and id = ${personId}`.execute(
        database.forTenant(tenantId),
      );
      return rows[0]?.name ?? null;
    },
    set: (tenantId, hold, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const state = await lockDeletions(trx, tenantId, hold.personId);
          await endHolds(trx, tenantId, hold.personId, { by: hold.setBy, at: hold.setAt });
          await trx
            .insertInto('legal_holds')
            .values({
              tenant_id: tenantId,
              id: hold.id,
              subject_id: hold.personId,
              reason: hold.reason,
              until: hold.until,
              created_by: hold.setBy,
              created_at: hold.setAt,
            })
            .execute();
          await appendAudit(trx, tenantId, { ...audit, at: hold.setAt });
          return state;
        }),
    release: (tenantId, personId, by, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          await lockDeletions(trx, tenantId, personId);
          const ended = await endHolds(trx, tenantId, personId, by);
          if (!ended) return false;
          await appendAudit(trx, tenantId, { ...audit, at: by.at });
          return true;
        }),
  };
}

/**
 * Whoever sets or ends a hold and whoever begins the deletion wait for each other here. Held deletions are looked at
 * again at once. Says whether a deletion of the person has begun and cannot be stopped.
 */
async function lockDeletions(
  trx: Db,
  tenantId: string,
  personId: string,
): Promise<{ readonly hasBegun: boolean }> {
  const { rows } = await sql<{ state: string }>`
    update deletions set not_before = null
    where tenant_id = ${tenantId} and state in ('scheduled', 'held', 'deleting')
      and subject_id in (${entriesOfSameAgents(tenantId, sql`${personId}::uuid`)})
    returning state`.execute(trx);
  return { hasBegun: rows.some(({ state }) => state === 'deleting') };
}

async function endHolds(
  trx: Db,
  tenantId: string,
  personId: string,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<boolean> {
  const ended = await trx
    .updateTable('legal_holds')
    .set({ released_by: by, released_at: at })
    .where('tenant_id', '=', tenantId)
    .where('subject_id', '=', personId)
    .where('released_at', 'is', null)
    .executeTakeFirst();
  return ended.numUpdatedRows > 0n;
}

async function openHolds(
  db: Db,
  tenantId: string,
  now: Date,
  whose: { readonly personId?: string; readonly agentsOf?: string } = {},
): Promise<LegalHold[]> {
  const { personId, agentsOf } = whose;
  const rows = await db
    .selectFrom('legal_holds')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('released_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('until', 'is', null),
        eb('until', '>', sql<Date>`least(${now}::timestamptz, clock_timestamp())`),
      ]),
    )
    .$if(personId !== undefined, (query) => query.where('subject_id', '=', personId ?? ''))
    .$if(agentsOf !== undefined, (query) =>
      query.where(
        sql<boolean>`subject_id in (${entriesOfSameAgents(tenantId, sql`${agentsOf ?? ''}::uuid`)})`,
      ),
    )
    .orderBy('created_at')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    personId: row.subject_id,
    reason: row.reason,
    until: row.until,
    setBy: row.created_by,
    setAt: row.created_at,
  }));
}
