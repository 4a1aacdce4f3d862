import { csvLine } from '../../lib/csv.js';
import type { AuditRow } from '../../administration/audit.js';

const COLUMNS = [
  'at',
  'actor',
  'action',
  'target type',
  'target',
  'target name',
  'correlation',
  'chain number',
  'data',
] as const;

/** The first line of the export. */
export function csvHead(): string {
  return csvLine(COLUMNS);
}

export function csvRow(row: AuditRow): string {
  return csvLine([
    row.at.toISOString(),
    row.actor,
    row.action,
    row.targetType,
    row.targetId,
    row.targetName ?? '',
    row.correlationId ?? '',
    row.chainNo ?? '',
    JSON.stringify(row.data),
  ]);
}
