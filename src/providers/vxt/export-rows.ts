import { CsvError, parse } from 'csv-parse/sync';
import type { ExportProblem } from '../manual.js';

export interface CsvRow {
  /** Counted from 1, as an editor does. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** More than any organisation has, and little enough to be read at once. */
const BYTES_MAX = 2_000_000;
const ROWS_MAX = 10_000;
const CELL_MAX_CHARS = 2_000;

/** The lines of a CSV file, without empty ones. Bounded; a file that is no CSV is a problem, never a guess. */
export function readRows(text: string): { rows: readonly CsvRow[]; problem: ExportProblem | null } {
  const early = foreign(text);
  if (early !== null) return { rows: [], problem: early };
  try {
    const parsed = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: CELL_MAX_CHARS * 20,
      to: ROWS_MAX + 2,
    }) as unknown as readonly { readonly info: { readonly lines: number }; readonly record: string[] }[];
    return bounded(
      parsed.map(({ info, record }) => ({ line: startLine(info.lines, record), cells: record })),
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    const message = `This line cannot be read as CSV (${error.code}). Export the list again, and do not edit it in between.`;
    return { rows: [], problem: { line, column: null, message } };
  }
}

/** The parser counts to the end of a record; a cell may hold line breaks of its own. */
function startLine(lastLine: number, record: readonly string[]): number {
  const breaks = record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
  return lastLine - breaks;
}

function foreign(text: string): ExportProblem | null {
  if (Buffer.byteLength(text) > BYTES_MAX) {
    return problem(
      1,
      `The file is larger than ${BYTES_MAX / 1_000_000} MB. A member list never is; is it another export?`,
    );
  }
  const bad = /[\0\uFFFD]/.exec(text);
  if (bad === null) return null;
  const line = text.slice(0, bad.index).split('\n').length;
  return problem(
    line,
    'There is a character here that is no text in UTF-8. Export or save the list as CSV in UTF-8.',
  );
}

function bounded(rows: readonly CsvRow[]): { rows: readonly CsvRow[]; problem: ExportProblem | null } {
  if (rows.length > ROWS_MAX + 1) {
    return { rows: [], problem: problem(ROWS_MAX + 2, `The file has more than ${ROWS_MAX} people.`) };
  }
  const long = rows.find(({ cells }) => cells.some((cell) => cell.length > CELL_MAX_CHARS));
  if (long === undefined) return { rows, problem: null };
  return { rows: [], problem: problem(long.line, `A cell is longer than ${CELL_MAX_CHARS} characters.`) };
}

function problem(line: number, message: string): ExportProblem {
  return { line, column: null, message };
}
