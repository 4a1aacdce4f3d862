import { sql } from 'kysely';
import { AppError } from '../../domain/errors.js';
import type { Baseline, KnownTask } from '../../domain/findings/input.js';
import type { AccountFacts, AccountFactsReader } from '../../report/ports.js';
import { accountSettingsSchema } from '../../tenancy/account.js';
import type { TenantDatabase } from '../database.js';
import { reportDb, type ReportDb } from './tables.js';

/** Closed tasks older than this are history. */
const TASK_DAYS = 90;

/** What an account comparison is told besides the reading, from the rows. */
export function makeAccountFactsReader(database: TenantDatabase): AccountFactsReader {
  return {
    async read({ tenantId, accountId }) {
      const db = reportDb(database, tenantId);
      return {
        ...(await readAccount(db, tenantId, accountId)),
        baseline: await readBaseline(db, tenantId, accountId),
        invitedAt: await readInvited(db, tenantId, accountId),
        lastUse: await readUse(db, tenantId, accountId),
        tasks: await readTasks(db, tenantId, accountId),
        oldestMarkAt: await readOldestMark(db, tenantId, accountId),
      };
    },
  };
}

async function readAccount(
  db: ReportDb,
  tenantId: string,
  accountId: string,
): Promise<Pick<AccountFacts, 'name' | 'seatCeiling' | 'seatPrice'>> {
  const row = await db
    .selectFrom('accounts')
    .select(['name', 'settings'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (row === undefined) throw new AppError('notFound', 'This account does not exist any more.');
  const { safety, seatPrice } = accountSettingsSchema.parse(row.settings);
  return { name: row.name, seatCeiling: safety.seatCeiling, seatPrice };
}

async function readBaseline(db: ReportDb, tenantId: string, accountId: string): Promise<Baseline | null> {
  const row = await db
    .selectFrom('finding_baselines')
    .select('body')
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return row === undefined ? null : (row.body as Baseline);
}

async function readInvited(
  db: ReportDb,
  tenantId: string,
  accountId: string,
): Promise<AccountFacts['invitedAt']> {
  const rows = await db
    .selectFrom('links')
    .select(['provider_user_id', 'created_at'])
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('origin', '=', 'created')
    .where('ended_at', 'is', null)
    .execute();
  return new Map(rows.map((row) => [row.provider_user_id, row.created_at.getTime()]));
}

async function readUse(db: ReportDb, tenantId: string, accountId: string): Promise<AccountFacts['lastUse']> {
  const rows = await db
    .selectFrom('agent_use')
    .select(['provider_user_id', 'last_call_at'])
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .execute();
  if (rows.length === 0) return null;
  return new Map(
    rows.flatMap((row) =>
      row.last_call_at === null ? [] : [[row.provider_user_id, row.last_call_at.getTime()]],
    ),
  );
}

/**
 * Of tasks that came up more than once, the last one counts. A checklist is open while any of its steps is: what they
 * ask for shows as drift of its own.
 */
async function readTasks(db: ReportDb, tenantId: string, accountId: string): Promise<readonly KnownTask[]> {
  const { rows } = await sql<{
    key: string;
    title: string;
    subject_id: string | null;
    state: 'open' | 'done' | 'obsolete';
    closed_by: string | null;
  }>`
    select distinct on (key) key, title, subject_id, state, closed_by from worklist_items
    where tenant_id = ${tenantId}::uuid and account_id = ${accountId}::uuid and kind <> 'checklist'
      and (state = 'open' or closed_at > now() - make_interval(days => ${TASK_DAYS}::int))
    order by key, created_at desc, id desc`.execute(db);
  return rows.flatMap(({ state, closed_by, subject_id, ...task }): readonly KnownTask[] => {
    if (state === 'obsolete') return [];
    const closedBy = closed_by === 'reconciliation' ? closed_by : 'person';
    return [{ ...task, subjectId: subject_id, state, closedBy: state === 'open' ? null : closedBy }];
  });
}

async function readOldestMark(db: ReportDb, tenantId: string, accountId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('dirty_subjects')
    .select((eb) => eb.fn.min('marked_at').as('oldest'))
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('held_plan_id', 'is', null)
    .where((eb) => eb.or([eb('not_before', 'is', null), eb('not_before', '<', sql<Date>`'infinity'`)]))
    .executeTakeFirst();
  return row?.oldest ?? null;
}
