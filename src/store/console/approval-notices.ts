import { sql } from 'kysely';
import type {
  ApprovalNoticeStore,
  HeldDeletion,
  NoticeWindow,
  WaitingPlan,
} from '../../administration/approval-notices.js';
import type { Verdict } from '../../domain/safety.js';
import type { Db, TenantDatabase } from '../database.js';
import { appendMail } from '../mail/append-mail.js';

/**
 * Plans that wait for approval, and deletions that wait for a person without one: the e-mail is there exactly if these
 * say that people were told.
 */
export function makeApprovalNoticeStore(database: TenantDatabase): ApprovalNoticeStore {
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
          for (const { id, name } of await takeAccounts(trx, tenantId, window)) {
            const plans = await listWaiting(trx, tenantId, id);
            const deletions = await listHeldDeletions(trx, tenantId, id);
            await appendMail(trx, tenantId, compose({ name, plans, deletions }), window.now);
            await noteTold(trx, tenantId, id, window.now);
          }
        }),
  };
}

/**
 * Of `accounts a`: something waits that nobody was told of lately, be it under another id. What was approved and waits
 * again is news.
 */
function isToTell({ sameToldBefore, accountToldBefore }: NoticeWindow) {
  return sql<boolean>`(coalesce(a.holds_told_at < ${accountToldBefore}, true)
    and (exists (select 1 from plans p where p.tenant_id = a.tenant_id and p.account_id = a.id and p.state = 'held'
        and not exists (select 1 from plans told where told.tenant_id = p.tenant_id and told.account_id = p.account_id
          and told.digest = p.digest and told.told_at >= ${sameToldBefore}
          and (told.decided_at is null or told.state = 'rejected')))
      or exists (select 1 from deletions d where d.tenant_id = a.tenant_id and d.account_id = a.id and ${isHeldUnasked}
        and (d.told_at is null or (d.told_at < ${sameToldBefore} and d.told_reason is distinct from d.hold_reason)))))`;
}

/** Of `deletions d`: something keeps it that nobody can approve, or nobody is asked to. */
const isHeldUnasked = sql<boolean>`(d.state = 'held' and not exists (select 1 from plans p
  where p.tenant_id = d.tenant_id and p.id = d.plan_id and p.state in ('held', 'approved', 'rejected')))`;

/** Another process that tells at the same moment finds them taken. */
async function takeAccounts(
  trx: Db,
  tenantId: string,
  window: NoticeWindow,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select a.id, a.name from accounts a where a.tenant_id = ${tenantId} and ${isToTell(window)}
    order by a.name for update skip locked`.execute(trx);
  return rows;
}

interface WaitingRow {
  readonly id: string;
  readonly created_at: Date;
  readonly verdict: Verdict;
  readonly changes: string;
  readonly leavers: string;
  readonly deletions: string;
}

/** Who loses most first. */
async function listWaiting(trx: Db, tenantId: string, accountId: string): Promise<readonly WaitingPlan[]> {
  const { rows } = await sql<WaitingRow>`
    select p.id, p.created_at, p.verdict, count(c.id) as changes,
      count(distinct c.subject_id) filter (where c.action = 'park') as leavers,
      count(c.id) filter (where c.action = 'delete') as deletions
    from plans p
    join changes c on c.tenant_id = p.tenant_id and c.plan_id = p.id
    where p.tenant_id = ${tenantId} and p.account_id = ${accountId} and p.state = 'held'
    group by p.tenant_id, p.id order by leavers desc, p.created_at`.execute(trx);
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    changes: Number(row.changes),
    leavers: Number(row.leavers),
    deletions: Number(row.deletions),
    verdict: row.verdict,
  }));
}

/** Due longest first. */
async function listHeldDeletions(
  trx: Db,
  tenantId: string,
  accountId: string,
): Promise<readonly HeldDeletion[]> {
  const { rows } = await sql<{ id: string; email: string; due_at: Date; hold_reason: string | null }>`
    select d.id, l.email, d.due_at, d.hold_reason from deletions d
    join links l on l.tenant_id = d.tenant_id and l.id = d.link_id
    where d.tenant_id = ${tenantId} and d.account_id = ${accountId} and ${isHeldUnasked}
    order by d.due_at, d.id`.execute(trx);
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    dueAt: row.due_at,
    reason: row.hold_reason ?? 'A guard stopped it.',
  }));
}

async function noteTold(trx: Db, tenantId: string, accountId: string, at: Date): Promise<void> {
  await trx
    .updateTable('accounts')
    .set({ holds_told_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', accountId)
    .execute();
  await trx
    .updateTable('plans')
    .set({ told_at: at })
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('state', '=', 'held')
    .execute();
  await sql`update deletions d set told_at = ${at}, told_reason = d.hold_reason
    where d.tenant_id = ${tenantId} and d.account_id = ${accountId} and ${isHeldUnasked}`.execute(trx);
}
