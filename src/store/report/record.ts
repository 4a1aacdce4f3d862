import { sql } from 'kysely';
import { AppError } from '../../domain/errors.js';
import type { Finding, FindingClass } from '../../domain/findings/finding.js';
import type { ComparisonFigures, ComparisonSource, FindingStore } from '../../report/ports.js';
import type { ReportDb } from './tables.js';

type Recorded = Parameters<FindingStore['record']>[1];

/** Findings a statement: each is about a kilobyte of JSON. */
const FINDINGS_AT_ONCE = 1_000;

/**
 * Writes what a run found and ends it. Throws AppError `stale`, having written nothing, when the run was declared
 * dead meanwhile: then another one may be under way, and its findings count.
 */
export async function recordRun(
  trx: ReportDb,
  source: ComparisonSource,
  run: Recorded,
): Promise<ComparisonFigures> {
  let opened = 0;
  for (let from = 0; from < run.findings.length; from += FINDINGS_AT_ONCE) {
    opened += await upsert(trx, source, run, run.findings.slice(from, from + FINDINGS_AT_ONCE));
  }
  const resolved = await resolveUnseen(trx, source, run);
  if (run.baseline !== null) await saveBaseline(trx, source, run);
  const figures = { ...run.figures, open: await countOpen(trx, source), opened, resolved };
  await endRun(trx, source, run, figures);
  return figures;
}

/** What was ignored or decided upon was what was found then; another thing found is another question. */
const SHOWS_SAME = sql`findings.body #>> '{evidence,found}' = excluded.body #>> '{evidence,found}'`;
/** A decision ends with the finding; what is ignored stays so when it comes back. */
const IS_SAME = sql`(findings.resolved_at is null and ${SHOWS_SAME})`;

/** Returns how many were not open before. What was gone in between is open anew. */
async function upsert(
  trx: ReportDb,
  { tenantId, type, id: sourceId }: ComparisonSource,
  { runId, at, newId }: Recorded,
  findings: readonly Finding[],
): Promise<number> {
  const rows = findings.map(({ key, class: kind, severity, subjectId, providerUserId, about, ...body }) => ({
    id: newId(),
    key,
    class: kind,
    severity,
    subject_id: subjectId,
    provider_user_id: providerUserId,
    about,
    body,
  }));
  const { rows: counted } = await sql<{ opened: string }>`
    with incoming as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(id uuid, key text, class text,
        severity text, subject_id uuid, provider_user_id text, about text, body jsonb)
    ), known as materialized (
      select md5(key) as digest from findings
      where tenant_id = ${tenantId}::uuid and source_type = ${type} and source_id = ${sourceId}::uuid
        and resolved_at is null and md5(key) in (select md5(key) from incoming)
    ), written as (
      insert into findings (tenant_id, id, source_type, source_id, key, class, severity, subject_id,
        provider_user_id, about, body, first_seen_at, opened_at, last_seen_at, last_run_id)
      select ${tenantId}::uuid, id, ${type}, ${sourceId}::uuid, key, class, severity, subject_id, provider_user_id,
        about, body, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz, ${runId}::uuid from incoming
      on conflict (tenant_id, source_type, source_id, md5(key)) do update set
        severity = excluded.severity, subject_id = excluded.subject_id, about = excluded.about,
        provider_user_id = excluded.provider_user_id, body = excluded.body,
        last_seen_at = excluded.last_seen_at, last_run_id = excluded.last_run_id, resolved_at = null,
        opened_at = case when findings.resolved_at is null then findings.opened_at else excluded.opened_at end,
        occurrences = findings.occurrences + (findings.resolved_at is not null)::int,
        decision = case when ${IS_SAME} then findings.decision end,
        decided_by = case when ${IS_SAME} then findings.decided_by end,
        decided_at = case when ${IS_SAME} then findings.decided_at end,
        ignored_until = case when ${SHOWS_SAME} then findings.ignored_until end,
        ignore_reason = case when ${SHOWS_SAME} then findings.ignore_reason end,
        ignored_by = case when ${SHOWS_SAME} then findings.ignored_by end
    )
    select count(*) as opened from incoming where md5(key) not in (select digest from known)`.execute(trx);
  return Number(counted[0]?.opened ?? 0);
}

async function resolveUnseen(
  trx: ReportDb,
  { tenantId, type, id }: ComparisonSource,
  { runId, at, covers }: Recorded,
): Promise<number> {
  const resolved = await trx
    .updateTable('findings')
    .set({ resolved_at: at })
    .where('tenant_id', '=', tenantId)
    .where('source_type', '=', type)
    .where('source_id', '=', id)
    .where('resolved_at', 'is', null)
    .where('class', 'in', [...covers])
    .where('last_run_id', '<>', runId)
    .executeTakeFirst();
  return Number(resolved.numUpdatedRows);
}

async function saveBaseline(
  trx: ReportDb,
  { tenantId, id }: ComparisonSource,
  { at, baseline }: Recorded,
): Promise<void> {
  const values = { body: JSON.stringify(baseline), updated_at: at };
  await trx
    .insertInto('finding_baselines')
    .values({ tenant_id: tenantId, account_id: id, ...values })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'account_id']).doUpdateSet(values))
    .execute();
}

async function countOpen(
  trx: ReportDb,
  { tenantId, type, id }: ComparisonSource,
): Promise<ComparisonFigures['open']> {
  const rows = await trx
    .selectFrom('findings')
    .select((eb) => ['class', eb.fn.countAll<string>().as('count')])
    .where('tenant_id', '=', tenantId)
    .where('source_type', '=', type)
    .where('source_id', '=', id)
    .where('resolved_at', 'is', null)
    .groupBy('class')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.class as FindingClass, Number(row.count)]));
}

async function endRun(
  trx: ReportDb,
  { tenantId }: ComparisonSource,
  { runId, at }: Recorded,
  figures: ComparisonFigures,
): Promise<void> {
  const ended = await trx
    .updateTable('comparison_runs')
    .set({ state: 'complete', phase: 'done', figures: JSON.stringify(figures), finished_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', runId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (ended.numUpdatedRows === 1n) return;
  throw new AppError('stale', 'This comparison took too long and was given up. The next one counts.');
}
