import { sql } from 'kysely';
import type { PausedAccount, PauseNoticeStore, PauseWindow } from '../../administration/pause-notices.js';
import type { Db, TenantDatabase } from '../database.js';
import { appendMail } from '../mail/append-mail.js';

/** Paused phone systems: the e-mail is there exactly if the account says that people were told. */
export function makePauseNoticeStore(database: TenantDatabase): PauseNoticeStore {
  return {
    async listTenants(window) {
      const { rows } = await sql<{ tenant_id: string }>`
        select distinct a.tenant_id from accounts a where ${isToTell(window)}`.execute(database.system());
      return rows.map((row) => row.tenant_id);
    },
    tell: (tenantId, window, compose) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          for (const { id, ...account } of await take(trx, tenantId, window)) {
            await appendMail(trx, tenantId, compose(account), window.now);
            await trx
              .updateTable('accounts')
              .set({ pause_told_at: window.now })
              .where('tenant_id', '=', tenantId)
              .where('id', '=', id)
              .execute();
          }
        }),
  };
}

const hasLeavers = sql<boolean>`exists (select 1 from dirty_subjects d where d.tenant_id = a.tenant_id
  and d.account_id = a.id and ${isLeaver()})`;

/** Of `accounts a`: nobody was told of this pause, or leavers are inside for all the same. */
function isToTell({ toldBefore }: PauseWindow) {
  return sql<boolean>`(a.state = 'paused' and (coalesce(a.pause_told_at < a.paused_at, true)
    or (a.pause_told_at < ${toldBefore} and ${hasLeavers})))`;
}

/** Of `dirty_subjects d`: somebody with an active agent here who is inactive or deleted in the directory. */
function isLeaver() {
  return sql<boolean>`(exists (select 1 from links l where l.tenant_id = d.tenant_id and l.account_id = d.account_id
      and l.subject_id = d.subject_id and l.ended_at is null and l.state = 'active')
    and exists (select 1 from scim_users u where u.tenant_id = d.tenant_id and u.id = d.subject_id
      and (not u.active or u.deleted_at is not null)))`;
}

interface PausedRow {
  readonly id: string;
  readonly name: string;
  readonly paused_reason: string | null;
  readonly paused_at: Date | null;
  readonly waiting: string;
  readonly leavers: string;
}

/** Another process that tells at the same moment finds them taken. */
async function take(
  trx: Db,
  tenantId: string,
  window: PauseWindow,
): Promise<readonly (PausedAccount & { readonly id: string })[]> {
  const { rows } = await sql<PausedRow>`
    select a.id, a.name, a.paused_reason, a.paused_at,
      (select count(*) from dirty_subjects d where d.tenant_id = a.tenant_id and d.account_id = a.id) as waiting,
      (select count(*) from dirty_subjects d where d.tenant_id = a.tenant_id and d.account_id = a.id
        and ${isLeaver()}) as leavers
    from accounts a where a.tenant_id = ${tenantId} and ${isToTell(window)}
    order by a.name for update of a skip locked`.execute(trx);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    reason: row.paused_reason ?? 'Somebody paused it.',
    pausedAt: row.paused_at ?? window.now,
    waiting: Number(row.waiting),
    leavers: Number(row.leavers),
  }));
}
