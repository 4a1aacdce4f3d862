import type { Updateable } from 'kysely';
import { isUuid } from '../../lib/ids.js';
import type { FindingAudit, FindingChange } from '../../report/ports.js';
import { appendAudit } from '../audit.js';
import type { FindingsTable, ReportDb } from './tables.js';

/** Writes what a person decided about an open finding, with its audit event. False when it is not open any more. */
export async function changeFinding(
  trx: ReportDb,
  tenantId: string,
  findingId: string,
  change: FindingChange,
  audit: FindingAudit,
): Promise<boolean> {
  if (!isUuid(findingId)) return false;
  const changed = await trx
    .updateTable('findings')
    .set(toColumns(change, audit.at))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', findingId)
    .where('resolved_at', 'is', null)
    .returning('key')
    .executeTakeFirst();
  if (changed === undefined) return false;
  await appendAudit(trx, tenantId, {
    at: audit.at,
    actor: audit.actor,
    action: audit.action,
    targetType: 'finding',
    targetId: findingId,
    data: { ...audit.data, key: changed.key },
  });
  return true;
}

function toColumns(
  { ignored, assignee, dueAt, decision }: FindingChange,
  at: Date,
): Updateable<FindingsTable> {
  return {
    ...(ignored === undefined
      ? {}
      : {
          ignored_until: ignored === null ? null : (ignored.until ?? 'infinity'),
          ignore_reason: ignored?.reason ?? null,
          ignored_by: ignored?.by ?? null,
        }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(dueAt === undefined ? {} : { due_at: dueAt }),
    ...(decision === undefined
      ? {}
      : {
          decision: decision?.type ?? null,
          decided_by: decision?.by ?? null,
          decided_at: decision === null ? null : at,
        }),
  };
}
