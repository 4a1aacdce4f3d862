import type { Selectable } from 'kysely';
import { AppError } from '../../domain/errors.js';
import { isUuid } from '../../lib/ids.js';
import type { ImportRow, ImportStore } from '../../manual/ports.js';
import type { AccountKey } from '../../reconcile/account.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import { inTransaction } from '../retried.js';
import { lockRecord, writeRecord } from './record.js';
import { listOpenSteps } from './step-rows.js';
import { closeConfirmed } from './steps.js';
import type { ManualImportsTable } from './tables.js';

/** Uploaded member lists in Postgres. */
export function makeImportStore(database: TenantDatabase): ImportStore {
  const write = <T>(tenantId: string, work: (trx: Db) => Promise<T>): Promise<T> =>
    inTransaction(database.forTenant(tenantId), work);
  return {
    insert: (tenantId, upload) => write(tenantId, (trx) => insertImport(trx, tenantId, upload)),
    async find(tenantId, importId) {
      if (!isUuid(importId)) return null;
      const row = await database
        .forTenant(tenantId)
        .selectFrom('manual_imports')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', importId)
        .executeTakeFirst();
      return row === undefined ? null : { ...toImport(row), content: row.content };
    },
    async recent({ tenantId, accountId }, limit) {
      const rows = await database
        .forTenant(tenantId)
        .selectFrom('manual_imports')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toImport);
    },
    discard: (tenantId, importId, by) =>
      write(tenantId, async (trx) => {
        if (!(await decideOn(trx, tenantId, importId, 'discarded', by))) return false;
        await audit(trx, tenantId, importId, 'import.discarded', by, {});
        return true;
      }),
    apply: (found, by, decide) => write(found.tenantId, (trx) => applyImport(trx, found, by, decide)),
  };
}

function toImport(row: Selectable<ManualImportsTable>): ImportRow {
  return {
    id: row.id,
    accountId: row.account_id,
    state: row.state,
    fileName: row.file_name,
    fileHash: row.file_hash,
    isComplete: row.is_complete,
    exportedAt: row.exported_at,
    figures: row.figures as Record<string, number>,
    createdAt: row.created_at,
    createdBy: row.created_by,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
  };
}

/** One upload at a time waits for a decision, so that nobody applies an older list after a newer one by mistake. */
async function insertImport(
  trx: Db,
  tenantId: string,
  upload: Parameters<ImportStore['insert']>[1],
): Promise<void> {
  await trx
    .updateTable('manual_imports')
    .set({ state: 'discarded', content: null, decided_at: upload.createdAt, decided_by: upload.createdBy })
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', upload.accountId)
    .where('state', '=', 'previewed')
    .execute();
  await trx
    .insertInto('manual_imports')
    .values({
      tenant_id: tenantId,
      id: upload.id,
      account_id: upload.accountId,
      state: 'previewed',
      file_name: upload.fileName,
      file_hash: upload.fileHash,
      content: upload.content,
      is_complete: upload.isComplete,
      exported_at: upload.exportedAt,
      created_at: upload.createdAt,
      created_by: upload.createdBy,
      decided_at: null,
      decided_by: null,
    })
    .execute();
}

type By = Parameters<ImportStore['apply']>[1];

/** The text goes with the decision: it is personal data that nobody needs twice. */
async function decideOn(
  trx: Db,
  tenantId: string,
  importId: string,
  state: 'applied' | 'discarded',
  { actor, at }: By,
): Promise<boolean> {
  const decided = await trx
    .updateTable('manual_imports')
    .set({ state, content: null, decided_at: at, decided_by: actor })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', importId)
    .where('state', '=', 'previewed')
    .executeTakeFirst();
  return decided.numUpdatedRows === 1n;
}

async function applyImport(
  trx: Db,
  found: Parameters<ImportStore['apply']>[0],
  by: By,
  decide: Parameters<ImportStore['apply']>[2],
): Promise<boolean> {
  const { tenantId } = found;
  const record = await lockRecord(trx, found);
  if (!(await decideOn(trx, tenantId, found.id, 'applied', by))) return false;
  const outcome = decide(record, await listOpenSteps(trx, found));
  await writeRecord(trx, found, outcome);
  if (found.isComplete) await noteComplete(trx, found, found.exportedAt);
  for (const stepId of outcome.confirmed) await confirmShown(trx, found, stepId, by);
  await trx
    .updateTable('manual_imports')
    .set({ figures: JSON.stringify(outcome.figures) })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', found.id)
    .execute();
  const data = { ...outcome.figures, accountId: found.accountId, isComplete: found.isComplete };
  await audit(trx, tenantId, found.id, 'import.applied', by, data);
  return true;
}

async function noteComplete(trx: Db, { tenantId, accountId }: AccountKey, asOf: Date): Promise<void> {
  await trx
    .updateTable('manual_lists')
    .set({ complete_as_of: asOf })
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('complete_as_of', 'is', null), eb('complete_as_of', '<', asOf)]))
    .execute();
}

async function confirmShown(trx: Db, account: AccountKey, stepId: string, { actor, at }: By): Promise<void> {
  const step = await trx
    .selectFrom('checklist_steps')
    .select(['id', 'task_id', 'title', 'act', 'change', 'subject_id'])
    .where('tenant_id', '=', account.tenantId)
    .where('id', '=', stepId)
    .where('state', '=', 'open')
    .executeTakeFirst();
  if (step === undefined) throw new AppError('bug', 'A step was confirmed that is not open.');
  await closeConfirmed(trx, account, step, { actor, at, through: 'import' });
}

function audit(
  trx: Db,
  tenantId: string,
  importId: string,
  action: string,
  { actor, at }: By,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  return appendAudit(trx, tenantId, { at, actor, action, targetType: 'import', targetId: importId, data });
}
