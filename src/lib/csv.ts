export type CsvCell = string | number | boolean | null;

/**
 * One line of RFC 4180, with its end. What a spreadsheet would run as a formula gets an apostrophe in front; numbers are
 * written as they are.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Also behind blanks, and in the full-width forms that some spreadsheets read as the same. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

function csvCell(cell: CsvCell): string {
  if (typeof cell === 'number') return String(cell);
  const text = cell === null ? '' : String(cell);
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** A whole file. Begins with the mark by which spreadsheets know that it is UTF-8. */
export function csvFile(head: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `\uFEFF${[head, ...rows].map((row) => csvLine(row)).join('')}`;
}
