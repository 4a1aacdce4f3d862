import { sql } from 'kysely';
import type { TakeoverStanding } from '../../deprovision/handover-ports.js';
import { emailKey } from '../../domain/email.js';
import type { Takeovers } from '../../domain/rules/subjects.js';
import type { LastWritten } from '../../domain/state.js';
import { eachOnce, type Takeover, type TakenOver } from '../../domain/takeover.js';
import type { AccountKey } from '../../reconcile/account.js';
import type { TakeoverReader } from '../../reconcile/ports.js';
import type { Db, TenantDatabase } from '../database.js';
import { markSubjects } from '../dirty.js';

/** What successors take over from leavers, as planning wants it of them. */
export function makeTakeoverReader(database: TenantDatabase): TakeoverReader {
  return {
    list: (account, subjectIds) => listTakeovers(database.forTenant(account.tenantId), account, subjectIds),
  };
}

/** By person. */
export async function listTakeovers(
  db: Db,
  { tenantId, accountId }: AccountKey,
  subjectIds: 'all' | readonly string[],
): Promise<Takeovers> {
  const isMeant =
    subjectIds === 'all' ? sql`true` : sql`${successorSubject} = any(${[...subjectIds]}::uuid[])`;
  const { rows } = await sql<TakeoverRow>`
    select ${successorSubject} as subject_id, d.takeovers, d.successor ->> 'by' as by, l.email as "from"
    from deletions d
    join links l on l.tenant_id = d.tenant_id and l.id = d.link_id
    ${joinSuccessor}
    where d.tenant_id = ${tenantId} and d.account_id = ${accountId} and d.takeovers is not null
      and ${successorSubject} is not null and ${isMeant}
    order by d.created_at, d.id`.execute(db);
  const found = new Map<string, Takeover[]>();
  for (const { subject_id: subjectId, takeovers, from, by } of rows) {
    const own = takeovers.map((entitlement) => ({ entitlement, from, by }));
    found.set(subjectId, [...(found.get(subjectId) ?? []), ...own]);
  }
  return found;
}

interface TakeoverRow {
  readonly subject_id: string;
  readonly takeovers: readonly TakenOver[];
  readonly from: string;
  readonly by: string;
}

/** The successor's agent stays theirs under a new entry of the directory, and the entry theirs with a new agent. */
const joinSuccessor = sql`left join links s on s.tenant_id = d.tenant_id and s.account_id = d.account_id
  and s.provider_user_id = d.successor ->> 'providerUserId' and s.ended_at is null`;
const successorSubject = sql<string>`coalesce(s.subject_id, d.takeover_subject)`;

/** Gives more to whoever is the chosen one still; what was given before stays given. */
export async function give(
  trx: Db,
  account: AccountKey,
  gift: {
    readonly deletionId: string;
    readonly subjectId: string;
    readonly providerUserId: string;
    readonly grants: readonly TakenOver[];
    readonly at: Date;
  },
): Promise<void> {
  const { tenantId } = account;
  const { deletionId, subjectId, providerUserId, grants, at } = gift;
  const row = await trx
    .selectFrom('deletions')
    .select(['takeovers', 'takeover_subject', 'successor'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletionId)
    .where('state', 'in', ['scheduled', 'held'])
    .forUpdate()
    .executeTakeFirst();
  const chosen = row?.successor as { readonly providerUserId?: string } | null | undefined;
  if (row === undefined || chosen?.providerUserId !== providerUserId) return;
  const given = (row.takeovers as readonly TakenOver[] | null) ?? [];
  const all = eachOnce([...given, ...grants]);
  const isNew = all.length > given.length || row.takeover_subject !== subjectId;
  if (all.length === 0 || !isNew) return;
  await trx
    .updateTable('deletions')
    .set({ takeovers: JSON.stringify(all), takeover_subject: subjectId })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletionId)
    .execute();
  await markSubjects(trx, account, [subjectId], 'handover', at);
}

/** Takes back what a deletion's successor was given: their next plan takes it from them. */
export async function takeBackGiven(
  trx: Db,
  account: AccountKey,
  deletionId: string,
  at: Date,
): Promise<void> {
  await endWhere(trx, account, sql`d.id = ${deletionId}`, at);
}

/** Somebody is back, or came in again under the same address: what others took over from them is theirs again. */
export async function endTakeoversFrom(
  trx: Db,
  account: AccountKey,
  leaver: { readonly subjectId: string; readonly email: string },
  at: Date,
): Promise<void> {
  const isTheirs = sql`(d.subject_id = ${leaver.subjectId} or lower(l.email) = ${emailKey(leaver.email)})`;
  await endWhere(trx, account, isTheirs, at);
}

async function endWhere(
  trx: Db,
  account: AccountKey,
  isMeant: ReturnType<typeof sql>,
  at: Date,
): Promise<void> {
  const { tenantId, accountId } = account;
  const { rows } = await sql<{ subject_id: string | null }>`
    with meant as (
      select d.id, ${successorSubject} as subject_id from deletions d
      join links l on l.tenant_id = d.tenant_id and l.id = d.link_id
      ${joinSuccessor}
      where d.tenant_id = ${tenantId} and d.account_id = ${accountId} and d.takeovers is not null and ${isMeant})
    update deletions set takeovers = null, takeover_subject = null
    from meant where deletions.tenant_id = ${tenantId} and deletions.id = meant.id
    returning meant.subject_id`.execute(trx);
  const subjectIds = rows.flatMap(({ subject_id: id }) => (id === null ? [] : [id]));
  await markSubjects(trx, account, [...new Set(subjectIds)], 'handover', at);
}

interface StandingRow {
  readonly successor: { readonly email: string };
  readonly takeovers: readonly TakenOver[];
  readonly provider_user_id: string | null;
  readonly last_written: LastWritten | null;
  readonly updated_at: Date | null;
  readonly is_marked: boolean;
  readonly is_held: boolean;
  readonly is_refused: boolean;
  readonly last_error: string | null;
}

/** How far plans are with what a deletion's successor is given. */
export async function takeoverOf(
  db: Db,
  { tenantId }: AccountKey,
  deletionId: string,
): Promise<TakeoverStanding | null> {
  const { rows } = await sql<StandingRow>`
    select d.successor, d.takeovers, own.provider_user_id, own.last_written, own.updated_at,
      m.subject_id is not null as is_marked, m.held_plan_id is not null as is_held,
      coalesce(m.not_before = 'infinity', false) as is_refused, m.last_error
    from deletions d
    ${joinSuccessor}
    left join links own on own.tenant_id = d.tenant_id and own.account_id = d.account_id
      and own.subject_id = ${successorSubject} and own.ended_at is null and own.state = 'active'
    left join dirty_subjects m on m.tenant_id = d.tenant_id and m.account_id = d.account_id
      and m.subject_id = ${successorSubject}
    where d.tenant_id = ${tenantId} and d.id = ${deletionId} and d.takeovers is not null`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  return { email: row.successor.email, grants: row.takeovers, link: linkOf(row), plan: planOf(row) };
}

function linkOf(row: StandingRow): TakeoverStanding['link'] {
  const { provider_user_id: providerUserId, last_written: written, updated_at: updatedAt } = row;
  if (providerUserId === null || updatedAt === null) return null;
  return { providerUserId, written: written?.entitlements ?? null, updatedAt: updatedAt.getTime() };
}

function planOf(row: StandingRow): TakeoverStanding['plan'] {
  if (row.is_held) return { type: 'held' };
  if (row.is_refused) return { type: 'refused', reason: row.last_error ?? 'the vendor refuses it.' };
  return { type: row.is_marked ? 'ahead' : 'none' };
}
