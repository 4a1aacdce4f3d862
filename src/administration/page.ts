import { AppError } from '../domain/errors.js';

/** One page of a list. `next` continues after the last row; null: that was all. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

export interface PageRequest {
  /** Cursor of the page before; null begins at the start. */
  readonly after: string | null;
  readonly limit: number;
}

/** The sort values of a row as one opaque word for addresses. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}

/**
 * The parts again. Each must satisfy its test, so that nothing strange reaches a query.
 * @throws AppError `invalid`
 */
export function decodeCursor(
  cursor: string,
  tests: readonly ((part: string) => boolean)[],
): readonly string[] {
  const parts = parseParts(cursor);
  const isWhole = parts.length === tests.length && tests.every((test, index) => test(parts[index] ?? ''));
  if (isWhole && !parts.some((part) => part.includes('\0'))) return parts;
  throw new AppError('invalid', 'This page address is damaged. Go back to the first page of the list.');
}

function parseParts(cursor: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : [];
  } catch {
    return [];
  }
}

/** Cuts a list that was asked for with one row more than a page holds. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => readonly string[],
): Page<Row> {
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { rows, next: null };
  return { rows: rows.slice(0, limit), next: encodeCursor(cursorOf(last)) };
}
