import type { ApiCall } from '../reply.js';
import { refuse } from './replies.js';

const PER_PAGE_DEFAULT = 20;
const PER_PAGE_MAX = 50;

export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly call: ApiCall;
  readonly baseUrl: string;
  /** `asc` unless the query may choose. */
  readonly canOrder?: boolean;
  /** Records beyond this one cannot be reached, on whatever page. */
  readonly limit?: number;
  /** Whether `total` admits what lies beyond the limit. */
  readonly isTotalReal?: boolean;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly meta: {
    readonly count: number;
    readonly total: number;
    readonly current_page: number;
    readonly per_page: number;
    readonly next_page_link: string | null;
    readonly previous_page_link: string | null;
  };
}

/** One page as vendors.md 1.4 describes it. Costs as much as the page, not as the list. */
export function paginate<Row>(listing: Listing<Row>): Page<Row> {
  const { rows, call, limit = Infinity } = listing;
  const page = positiveInt(call.query, 'page', 1, Number.MAX_SAFE_INTEGER);
  const perPage = positiveInt(call.query, 'per_page', PER_PAGE_DEFAULT, PER_PAGE_MAX);
  const reachable = Math.min(rows.length, limit);
  const start = Math.min((page - 1) * perPage, reachable);
  const end = Math.min(start + perPage, reachable);
  const isDescending = orderOf(call.query, listing.canOrder ?? false) === 'desc';
  return {
    rows: isDescending
      ? rows.slice(rows.length - end, rows.length - start).toReversed()
      : rows.slice(start, end),
    meta: {
      count: end - start,
      total: listing.isTotalReal ? rows.length : reachable,
      current_page: page,
      per_page: perPage,
      next_page_link: end < reachable ? pageLink(listing, page + 1, perPage) : null,
      previous_page_link: page > 1 ? pageLink(listing, page - 1, perPage) : null,
    },
  };
}

/** Rows created within the query's `from` and `to` (seconds, inclusive). */
export function createdWithin<Row extends { readonly createdAt: number }>(
  rows: readonly Row[],
  query: URLSearchParams,
): readonly Row[] {
  if (!query.has('from') && !query.has('to')) return rows;
  const { from, to } = readWindow(query);
  return rows.filter((row) => {
    const seconds = Math.floor(row.createdAt / 1000);
    return seconds >= from && seconds <= to;
  });
}

/** `from` and `to` in seconds; open ends where they are absent. */
export function readWindow(query: URLSearchParams): { readonly from: number; readonly to: number } {
  return { from: seconds(query, 'from', 0), to: seconds(query, 'to', Number.MAX_SAFE_INTEGER - 1) };
}

function seconds(query: URLSearchParams, name: string, absent: number): number {
  const value = query.get(name);
  if (value === null) return absent;
  if (!/^\d{1,12}$/u.test(value)) refuse(400, `${name} must be a UNIX timestamp in seconds.`);
  return Number(value);
}

function positiveInt(query: URLSearchParams, name: string, absent: number, max: number): number {
  const value = query.get(name);
  if (value === null) return absent;
  const parsed = /^\d{1,15}$/u.test(value) ? Number(value) : 0;
  if (parsed < 1 || parsed > max) refuse(400, `${name} is out of range.`);
  return parsed;
}

function orderOf(query: URLSearchParams, canOrder: boolean): 'asc' | 'desc' {
  const order = canOrder ? (query.get('order') ?? 'asc') : 'asc';
  if (order !== 'asc' && order !== 'desc') refuse(400, 'order must be asc or desc.');
  return order;
}

function pageLink<Row>({ call, baseUrl }: Listing<Row>, page: number, perPage: number): string {
  const query = new URLSearchParams(call.query);
  query.set('page', String(page));
  query.set('per_page', String(perPage));
  return `${baseUrl}${call.path}?${query.toString()}`;
}
