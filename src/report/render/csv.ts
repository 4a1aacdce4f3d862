import { csvFile, type CsvCell } from '../../lib/csv.js';
import type { Report, ReportFinding } from '../model/report.js';

/** The tables of a report, each as a file of its own. */
export const CSV_TABLES = ['needs', 'findings', 'sources', 'seats', 'provisioning', 'drift'] as const;
export type CsvTable = (typeof CSV_TABLES)[number];

/** Moments are ISO 8601 in UTC, lengths of time milliseconds. */
export function renderCsv(report: Report, table: CsvTable): string {
  switch (table) {
    case 'needs':
      return ofRows(report.needsYou, ['severity', 'what', 'why', 'todo', 'who', 'by', 'link']);
    case 'findings':
      return ofRows([...report.findings.open, ...report.findings.resolved], FINDING_COLUMNS);
    case 'sources':
      return ofRows(report.sources, ['type', 'name', 'kind', 'state', 'comparedAt', 'reason', 'open']);
    case 'seats':
      return ofRows(report.seats.map(withMoney), [
        'account', 'held', 'parked', 'unmanaged', 'unused', 'neverAccepted', 'noCallSinceInvited', 'use', 'contracted', 'minimum', 'billed', 'nextInvoice',
        'idleCost', 'currency',
      ]); // prettier-ignore
    case 'provisioning':
      return ofRows(
        Object.entries(report.provisioning).map(([who, speed]) => ({ who, ...speed })),
        ['who', 'count', 'medianMs', 'p95Ms', 'slaMs', 'withinSla'],
      );
    case 'drift':
      return ofRows(report.trends.drift, ['at', 'account', 'directory', 'seats']);
  }
}

const FINDING_COLUMNS = [
  'id', 'class', 'severity', 'source', 'about', 'title', 'expected', 'found', 'meaning', 'next', 'isNew', 'firstSeenAt',
  'openedAt', 'lastSeenAt', 'resolvedAt', 'occurrences', 'assignee', 'dueAt',
] as const satisfies readonly (keyof ReportFinding)[]; // prettier-ignore

function ofRows<Row extends object>(rows: readonly Row[], columns: readonly (keyof Row & string)[]): string {
  return csvFile(
    columns,
    rows.map((row) => columns.map((column) => row[column] as CsvCell)),
  );
}

function withMoney({ nextInvoice, idleCost, ...seats }: Report['seats'][number]) {
  const currency = nextInvoice?.currency ?? null;
  return { ...seats, nextInvoice: nextInvoice?.amount ?? null, idleCost: idleCost?.amount ?? null, currency };
}
