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
  return line(COLUMNS);
}

export function csvRow(row: AuditRow): string {
  return line([
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

/** RFC 4180. What a spreadsheet would run as a formula gets an apostrophe in front. */
function line(cells: readonly string[]): string {
  const quoted = cells.map((cell) => {
    const inert = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return `"${inert.replaceAll('"', '""')}"`;
  });
  return `${quoted.join(',')}\r\n`;
}
