import { sql, type Selectable } from 'kysely';
import type { EntitlementSet } from '../domain/entitlement.js';
import type { LifecycleEvent, LifecycleState } from '../domain/lifecycle.js';
import type { LastWritten, Link, LinkState } from '../domain/state.js';
import type { AccountKey } from '../reconcile/account.js';
import type { LinkEffect } from '../reconcile/effects.js';
import type { LinkSelection, LinkStore } from '../reconcile/links.js';
import { AppError } from '../domain/errors.js';
import type { Db, TenantDatabase } from './database.js';
import { databaseNow } from './database-now.js';
import { advance, type Standing } from './lifecycle-rows.js';
import { appendAudit } from './audit.js';
import { endSessionsOf } from './sso/leaver-sessions.js';
import { readFacts, writeGrace } from './link-facts.js';
import { isUniqueViolation } from './pg-errors.js';
import { endTakeoversFrom } from './retention/takeovers.js';
import type { LinksTable } from './tables.js';

/** Links in Postgres. */
export function makeLinkStore(database: TenantDatabase): LinkStore {
  return {
    async listLive(account, selection) {
      const db = database.forTenant(account.tenantId);
      const rows = await selectLive(db, account, selection);
      const facts = await readFacts(db, account, selection);
      return rows.map((row) => {
        const known = facts.get(row.id);
        return {
          ...toLink(row),
          updatedAt: row.updated_at.getTime(),
          ...(known !== undefined && { facts: known }),
        };
      });
    },
    rememberGrace: (account, links) => writeGrace(database.forTenant(account.tenantId), account, links),
    async countActive({ tenantId, accountId }) {
      const { count } = await database
        .forTenant(tenantId)
        .selectFrom('links')
        .select((eb) => eb.fn.countAll<string>().as('count'))
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .where('state', '=', 'active')
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

function selectLive(
  db: Db,
  { tenantId, accountId }: AccountKey,
  selection: LinkSelection,
): Promise<Selectable<LinksTable>[]> {
  const live = db
    .selectFrom('links')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null);
  if (selection === 'all') return live.execute();
  return live
    .where((eb) =>
      eb.or([
        eb('subject_id', '=', sql<string>`any(${[...selection.subjectIds]}::uuid[])`),
        eb('provider_user_id', '=', sql<string>`any(${[...selection.providerUserIds]}::text[])`),
      ]),
    )
    .execute();
}

export function toLink(row: Selectable<LinksTable>): Link {
  return {
    id: row.id,
    accountId: row.account_id,
    subjectId: row.subject_id,
    providerUserId: row.provider_user_id,
    email: row.email,
    origin: row.origin,
    state: liveState(row.state),
    lastWritten: row.last_written as LastWritten | null,
    heldAtPark: row.held_at_park as EntitlementSet | null,
    parkedAt: row.parked_at?.getTime() ?? null,
    deleteDueAt: row.delete_due_at?.getTime() ?? null,
  };
}

function liveState(state: LinksTable['state']): LinkState {
  if (state !== 'forgotten') return state;
  throw new AppError('bug', 'A forgotten link was read as a live one.');
}

/**
 * Writes what a change did to a link, inside the transaction that records the change. Its state, and that of its
 * deletion, follow by the state machine only.
 */
export async function writeLinkEffect(
  trx: Db,
  account: AccountKey,
  effect: LinkEffect,
  at: Date,
): Promise<void> {
  switch (effect.type) {
    case 'link-created':
      await endTakeoversFrom(trx, account, effect.link, at);
      return insertLink(trx, account.tenantId, effect.link, at);
    case 'link-ended':
      return move(trx, account, { linkId: effect.linkId, at }, () => [{ type: 'forget' }]);
    case 'link-changed':
      return changeLink(trx, account, effect.link, at);
  }
}

async function changeLink(trx: Db, account: AccountKey, link: Link, at: Date): Promise<void> {
  if (await writeValues(trx, account, link)) return;
  if (link.state === 'parked') await endSessions(trx, account, link, at);
  if (link.state === 'active') await endTakeoversFrom(trx, account, link, at);
  await move(trx, account, { linkId: link.id, at }, ({ state }) => eventsTo(link, state));
  if (!(await writeValues(trx, account, link))) throw overtaken();
}

/** Whom the IdP deactivated has none any more; this is for those who are active and granted nothing. */
async function endSessions(trx: Db, { tenantId }: AccountKey, { subjectId }: Link, at: Date): Promise<void> {
  const count = await endSessionsOf(trx, tenantId, subjectId);
  if (count === 0) return;
  const about = { targetType: 'subject', targetId: subjectId, correlationId: null, data: { count } };
  await appendAudit(trx, tenantId, { actor: 'patchbay', action: 'console.sessions-ended', ...about, at });
}

/** What the machine has to be told so that the link has the state that the change gave it; null: no way there. */
function eventsTo(link: Link, from: LifecycleState): readonly LifecycleEvent[] | null {
  const { state, parkedAt, deleteDueAt } = link;
  if (state === 'active') return [{ type: 'restore' }];
  if (state !== 'parked' || from !== 'active' || parkedAt === null) return null;
  return [{ type: 'park', at: parkedAt, graceMs: (deleteDueAt ?? parkedAt) - parkedAt }];
}

async function move(
  trx: Db,
  account: AccountKey,
  whose: { readonly linkId: string; readonly at: Date },
  eventsOf: (standing: Standing) => readonly LifecycleEvent[] | null,
): Promise<void> {
  if ((await advance(trx, account, whose, eventsOf)) === null) throw overtaken();
}

function overtaken(): AppError {
  return new AppError('stale', 'The link was moved on or ended while it was being changed.');
}

/** All but state and date, while the link has the state that they belong to. False: it has not. */
async function writeValues(trx: Db, { tenantId, accountId }: AccountKey, link: Link): Promise<boolean> {
  const written = await trx
    .updateTable('links')
    .set({ ...changingValues(link), updated_at: databaseNow() })
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('id', '=', link.id)
    .where('state', '=', link.state)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return written.numUpdatedRows === 1n;
}

function changingValues(link: Link) {
  return {
    origin: link.origin,
    email: link.email,
    last_written: link.lastWritten === null ? null : JSON.stringify(link.lastWritten),
    held_at_park: link.heldAtPark === null ? null : JSON.stringify(link.heldAtPark),
    parked_at: link.parkedAt === null ? null : new Date(link.parkedAt),
  };
}

async function insertLink(trx: Db, tenantId: string, link: Link, at: Date): Promise<void> {
  try {
    await trx
      .insertInto('links')
      .values({
        tenant_id: tenantId,
        id: link.id,
        account_id: link.accountId,
        subject_id: link.subjectId,
        provider_user_id: link.providerUserId,
        state: link.state,
        ...changingValues(link),
        delete_due_at: link.deleteDueAt === null ? null : new Date(link.deleteDueAt),
        created_at: at,
        updated_at: databaseNow(),
      })
      .execute();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError(
      'conflict',
      'The phone system’s user with this e-mail belongs to another person of the directory already. ' +
        'Give each person an e-mail of their own.',
      { cause: error },
    );
  }
}
