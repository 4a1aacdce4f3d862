import { sql } from 'kysely';
import { MANIFEST_FORMAT, type Manifest } from '../deprovision/manifest.js';
import type { Proof } from '../deprovision/proof/proof.js';
import type { Signature } from '../lib/signing.js';
import type { Deletion, DeletionStart, DeletionStore } from '../deprovision/ports.js';
import type { AccountKey } from '../reconcile/account.js';
import { appendAudit } from './audit.js';
import type { Db, TenantDatabase } from './database.js';
import { beginDeletion, NotBegun } from './deletion-begin.js';
import { advance, dropPlan } from './lifecycle-rows.js';
import { recordDeleted, takeBack, updateDeletion } from './deletion-ends.js';
import { selectDeletions, toDeletion } from './deletion-rows.js';
import { insertDeletionPlan } from './deletion-plan.js';
import { askForDeletion, withdrawDeletion } from './manual/deletion-step.js';

/** Permanent deletions in Postgres. */
export function makeDeletionStore(database: TenantDatabase): DeletionStore {
  const forTenant = ({ tenantId }: AccountKey): Db => database.forTenant(tenantId);
  const inTransaction = <T>(account: AccountKey, work: (trx: Db) => Promise<T>): Promise<T> =>
    forTenant(account).transaction().execute(work);
  return {
    nextDue: (account, now) => nextDue(forTenant(account), account, now),
    async loadManifest(account, deletionId) {
      const row = await selectDeletion(forTenant(account), account, deletionId)
        .select(['manifest', 'manifest_hash', 'manifest_signature'])
        .executeTakeFirst();
      if (row === undefined || row.manifest === null) return null;
      const manifest = row.manifest as Manifest;
      // Written by an older version and not finished: it is listed anew.
      if (manifest.format < MANIFEST_FORMAT && row.manifest_hash === null) return null;
      const signature = row.manifest_signature as Signature | null;
      return { manifest, hash: row.manifest_hash, signature };
    },
    async saveManifest(account, deletionId, manifest, at) {
      const values = { manifest: JSON.stringify(manifest), updated_at: at };
      await updateDeletion(forTenant(account), account, deletionId).set(values).execute();
    },
    begin: (account, start: DeletionStart) =>
      inTransaction(account, (trx) => beginDeletion(trx, account, start)).catch((error: unknown) => {
        if (error instanceof NotBegun) return false;
        throw error;
      }),
    recordDeleted: (account, deletion, record) =>
      inTransaction(account, (trx) => recordDeleted(trx, account, deletion, record)),
    async loadProof(account, deletionId) {
      const query = selectDeletion(forTenant(account), account, deletionId).select('proof');
      return ((await query.executeTakeFirst())?.proof as Proof | null | undefined) ?? null;
    },
    async saveProof(account, deletionId, proof) {
      const values = { proof: JSON.stringify(proof) };
      await updateDeletion(forTenant(account), account, deletionId).set(values).execute();
    },
    approversOf: (account, deletion) => approversOf(forTenant(account), account, deletion),
    recordVerified: (account, deletionId, { at, certificate, hash, signature, audit }) =>
      inTransaction(account, async (trx) => {
        const step = { deletionId, at };
        const moved = await advance(trx, account, step, ({ state }) =>
          state === 'deleted' ? [{ type: 'verify' }] : null,
        );
        if (moved === null) return;
        await updateDeletion(trx, account, deletionId)
          .set({
            verified_at: at,
            last_error: null,
            certificate: JSON.stringify(certificate),
            certificate_hash: hash,
            certificate_signature: JSON.stringify(signature),
          })
          .execute();
        await appendAudit(trx, account.tenantId, { ...audit, at });
      }),
    takeBack: (account, deletion, at, error) =>
      inTransaction(account, (trx) => takeBack(trx, account, deletion, { at, error: error.message })),
    hold: (account, deletion, hold) =>
      inTransaction(account, async (trx) => {
        const step = { deletionId: deletion.id, at: hold.at };
        let before: string | null = null;
        const held = await advance(trx, account, step, ({ planId }) => {
          before = planId;
          return [{ type: 'hold', reasons: [hold.reason] }];
        });
        if (held === null) return;
        await dropPlan(trx, account.tenantId, before, hold.at);
        await updateDeletion(trx, account, deletion.id)
          .set({ plan_id: hold.plan?.id ?? null, not_before: hold.recheckAt })
          .execute();
        if (hold.plan !== null)
          await insertDeletionPlan(trx, account, { ...hold.plan, at: hold.at, state: 'held' });
        await appendAudit(trx, account.tenantId, { ...hold.audit, at: hold.at });
      }),
    ask: (account, deletion, question) =>
      inTransaction(account, (trx) => askForDeletion(trx, account, deletion, question)),
    unask: (account, deletion, at) =>
      inTransaction(account, (trx) => withdrawDeletion(trx, account, deletion, at)),
    async putOff(account, deletionId, until, error) {
      await updateDeletion(forTenant(account), account, deletionId)
        .set((eb) => ({
          not_before: until,
          last_error: error?.message ?? null,
          attempts: eb('attempts', '+', 1),
        }))
        .execute();
    },
  };
}

function selectDeletion(db: Db, { tenantId, accountId }: AccountKey, deletionId: string) {
  return db
    .selectFrom('deletions')
    .where('tenant_id', '=', tenantId)
    .where('account_id', '=', accountId)
    .where('id', '=', deletionId);
}

/** The digest of the plan names exactly this deletion, so whoever approved a plan with it approved this one. */
async function approversOf(
  db: Db,
  { tenantId, accountId }: AccountKey,
  { planId }: Deletion,
): Promise<readonly string[]> {
  if (planId === null) return [];
  const { rows } = await sql<{ approver: string }>`
    select distinct a.approver from plans begun
    join plans p on p.tenant_id = begun.tenant_id and p.account_id = begun.account_id and p.digest = begun.digest
    join plan_approvals a on a.tenant_id = p.tenant_id and a.plan_id = p.id and a.digest = p.digest
    where begun.tenant_id = ${tenantId} and begun.account_id = ${accountId} and begun.id = ${planId}
    order by a.approver`.execute(db);
  return rows.map(({ approver }) => approver);
}

async function nextDue(db: Db, account: AccountKey, now: Date): Promise<Deletion | null> {
  const row = await selectDeletions(db, account)
    .where('deletions.state', 'in', ['scheduled', 'held', 'deleting', 'deleted'])
    .where('deletions.due_at', '<=', sql<Date>`least(${now}::timestamptz, clock_timestamp())`)
    .where((eb) => eb.or([eb('deletions.not_before', 'is', null), eb('deletions.not_before', '<=', now)]))
    .where((eb) =>
      eb.or([
        eb('deletions.state', '<>', 'held'),
        eb('plans.state', 'is', null),
        eb('plans.state', 'not in', ['held', 'rejected']),
      ]),
    )
    .orderBy('deletions.due_at')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toDeletion(row);
}
