import type { Successorship, SuccessorStore } from '../../deprovision/handover-ports.js';
import type { Handover } from '../../domain/handover.js';
import type { TakenOver } from '../../domain/takeover.js';
import { isUuid } from '../../lib/ids.js';
import type { AuditRecord } from '../../reconcile/ports.js';
import { appendAudit } from '../audit.js';
import type { Db, TenantDatabase } from '../database.js';
import type { DeletionState } from '../tables.js';
import { listLeaving } from './handover.js';
import { takeBackGiven } from './takeovers.js';

/** Who takes leavers' lines over, as people decide it. */
export function makeSuccessorStore(database: TenantDatabase): SuccessorStore {
  return {
    listLeaving: (account) => listLeaving(database, account),
    async find(tenantId, deletionId) {
      if (!isUuid(deletionId)) return null;
      const row = await database
        .forTenant(tenantId)
        .selectFrom('deletions as d')
        .innerJoin('links as l', (join) =>
          join.onRef('l.tenant_id', '=', 'd.tenant_id').onRef('l.id', '=', 'd.link_id'),
        )
        .select(['d.account_id', 'd.state', 'd.handover', 'd.successor', 'd.takeovers', 'l.provider_user_id'])
        .where('d.tenant_id', '=', tenantId)
        .where('d.id', '=', deletionId)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        account: { tenantId, accountId: row.account_id },
        state: row.state,
        providerUserId: row.provider_user_id,
        handover: row.handover as Handover | null,
        chosen: row.successor as Successorship | null,
        takeovers: (row.takeovers as readonly TakenOver[] | null) ?? [],
      };
    },
    choose: (tenantId, deletionId, chosen, at, audit) =>
      database
        .forTenant(tenantId)
        .transaction()
        .execute((trx) => choose(trx, { tenantId, deletionId, chosen, at, audit })),
  };
}

interface Choice {
  readonly tenantId: string;
  readonly deletionId: string;
  readonly chosen: Successorship | null;
  readonly at: Date;
  readonly audit: AuditRecord;
}

async function choose(trx: Db, { tenantId, deletionId, chosen, at, audit }: Choice): Promise<boolean> {
  const row = await trx
    .selectFrom('deletions')
    .select(['account_id', 'state', 'takeovers', 'successor'])
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletionId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || !mayChoose(row, chosen)) return false;
  const before = row.successor as Successorship | null;
  // Before the choice is overwritten, which says whose it was.
  if (!isSame(before, chosen))
    await takeBackGiven(trx, { tenantId, accountId: row.account_id }, deletionId, at);
  await trx
    .updateTable('deletions')
    .set({
      successor: chosen === null ? null : JSON.stringify(chosen),
      // From one person it goes to the next: while the first answers, the lines do not look like it.
      takeovers: chosen?.type === 'person' && row.takeovers !== null ? JSON.stringify(row.takeovers) : null,
      // Looked at anew in the next turn, which writes the task; a removal that somebody is asked for waits at once.
      handover_at: null,
      not_before: null,
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletionId)
    .execute();
  await appendAudit(trx, tenantId, { ...audit, at });
  return true;
}

/** What was given can be taken back for as long as it is given. */
function mayChoose(
  { state, takeovers }: { readonly state: DeletionState; readonly takeovers: unknown },
  chosen: Successorship | null,
): boolean {
  return ['scheduled', 'held', 'cancelled'].includes(state) || (chosen === null && takeovers !== null);
}

function isSame(one: Successorship | null, other: Successorship | null): boolean {
  return one?.type === 'person' && other?.type === 'person' && one.providerUserId === other.providerUserId;
}
