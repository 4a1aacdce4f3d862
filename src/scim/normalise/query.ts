import { AppError } from '../../domain/errors.js';
import type { ScimLimits } from '../limits.js';
import { isComplex } from './values.js';

/** The parameters of a read (RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865), cast and clamped. */
export interface ScimQuery {
  readonly filter: string | null;
  readonly sortBy: string | null;
  readonly descending: boolean;
  /** 1 or more. */
  readonly startIndex: number;
  /** 0 up to the largest page. */
  readonly count: number;
  /** null: paging by index. Empty: the first page by cursor. */
  readonly cursor: string | null;
  readonly attributes: readonly string[];
  readonly excludedAttributes: readonly string[];
}

/**
 * Reads the query of a GET or the body of a search; names in any case, unknown ones ignored. Throws AppError
 * `invalid` for numbers that are none, `tooLarge`-like limits are clamped instead.
 */
export function normaliseQuery(raw: unknown, limits: ScimLimits): ScimQuery {
  const given = byLowerCaseName(raw);
  const cursor = textOf(given.get('cursor'));
  const count = integerOf('count', given.get('count'), cursor === null ? 'invalidValue' : 'invalidCount');
  const startIndex = integerOf('startIndex', given.get('startindex'), 'invalidValue');
  return {
    filter: nonBlank(textOf(given.get('filter'))),
    sortBy: nonBlank(textOf(given.get('sortby'))),
    descending: textOf(given.get('sortorder'))?.toLowerCase() === 'descending',
    startIndex: Math.max(startIndex ?? 1, 1),
    count: Math.min(Math.max(count ?? limits.pageSizeDefault, 0), limits.pageSizeMax),
    cursor,
    attributes: namesOf(given.get('attributes')),
    excludedAttributes: namesOf(given.get('excludedattributes')),
  };
}

function byLowerCaseName(raw: unknown): ReadonlyMap<string, unknown> {
  return new Map(isComplex(raw) ? Object.entries(raw).map(([key, value]) => [key.toLowerCase(), value]) : []);
}

/** A parameter that is given twice counts as given first. */
function textOf(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : null;
}

function nonBlank(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text;
}

function integerOf(name: string, value: unknown, scimType: 'invalidValue' | 'invalidCount'): number | null {
  const text = typeof value === 'number' ? String(value) : (nonBlank(textOf(value))?.trim() ?? null);
  if (text === null) return null;
  const number = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new AppError('invalid', `"${name}" must be a whole number.`, { scimType });
}

/** A comma-separated text, or a list of texts as in a search body. */
function namesOf(value: unknown): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return parts
    .filter((part) => typeof part === 'string')
    .flatMap((part) => part.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
