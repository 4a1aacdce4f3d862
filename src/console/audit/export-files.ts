import type { AuditRow } from '../../administration/audit.js';
import { csvHead, csvRow } from './csv.js';

/** A file format of the export, written row by row. */
export interface ExportFile {
  readonly type: string;
  readonly name: string;
  readonly head: string;
  /** `index` from 0. */
  readonly row: (row: AuditRow, index: number) => string;
  readonly tail: string;
}

export const CSV_FILE: ExportFile = {
  type: 'text/csv',
  name: 'audit.csv',
  head: csvHead(),
  row: csvRow,
  tail: '',
};

/** One event a line, in one array. */
export const JSON_FILE: ExportFile = {
  type: 'application/json',
  name: 'audit.json',
  head: '[',
  row: (row, index) => `${index === 0 ? '' : ','}\n${JSON.stringify(row)}`,
  tail: '\n]\n',
};
