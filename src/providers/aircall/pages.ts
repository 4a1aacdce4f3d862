import type { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import type { AircallCall, AircallClient } from './client.js';
import type { OnReadProgress } from '../port.js';
import { unknownShape } from './errors.js';
import type { Page } from './schema.js';

/** Aircall's maximum; more is refused with 400 (vendors.md 1.4). */
export const PAGE_SIZE = 50;
const PASSES_MAX = 4;

export interface Listing<Item> {
  readonly call: Omit<AircallCall, 'method'>;
  readonly page: z.ZodType<Page<Item>>;
  /** What its items are, for a person. */
  readonly what: string;
}

interface ListOptions<Item> {
  readonly firstPage?: Page<Item> | null;
  readonly onProgress?: OnReadProgress | undefined;
}

/**
 * A whole list, oldest first, each item once, or an error: never a shorter list. Pages are asked for by number;
 * the links in the answers are not followed, so no answer can lead the credential to another host.
 *
 * A list that moves while it is read can hide an item: one that goes moves every later item up by one, across a page
 * border. So a pass counts only when every page agreed about the total and was full. Where the list only grew, the
 * growth may have hidden a removal; then a second pass has to confirm that nobody of the first is missing.
 * @param options `firstPage` saves a request where the caller has just read it
 * @throws AppError `unavailable` when the list never held still, `contract` when pages are persistently short
 */
export async function readList<Item extends { readonly id: string }>(
  client: AircallClient,
  listing: Listing<Item>,
  { firstPage = null, onProgress }: ListOptions<Item> = {},
): Promise<readonly Item[]> {
  let grown: readonly Item[] | null = null;
  let pass: Pass<Item> = { type: 'moved' };
  for (let passes = 0; passes < PASSES_MAX; passes += 1) {
    pass = await readPass(client, listing, { firstPage: passes === 0 ? firstPage : null, onProgress });
    if (pass.type === 'still') return pass.items;
    if (pass.type !== 'grown') continue;
    if (grown !== null && isSubset(grown, pass.items)) return pass.items;
    grown = pass.items;
  }
  throw pass.type === 'short' ? unknownShape(toCall(listing, 1), pass.problem) : neverStill(listing);
}

/** One page, for a look at how long a list is. */
export async function readPage<Item>(
  client: AircallClient,
  listing: Listing<Item>,
  page: number,
): Promise<Page<Item>> {
  return client.request(toCall(listing, page), listing.page);
}

type Pass<Item> =
  | { readonly type: 'still' | 'grown'; readonly items: readonly Item[] }
  | { readonly type: 'moved' }
  | { readonly type: 'short'; readonly problem: string };

async function readPass<Item extends { readonly id: string }>(
  client: AircallClient,
  listing: Listing<Item>,
  { firstPage = null, onProgress }: ListOptions<Item>,
): Promise<Pass<Item>> {
  const found = new Map<string, Item>();
  let type: 'still' | 'grown' = 'still';
  let total: number | null = null;
  for (let page = 1; ; page += 1) {
    const isGiven = page === 1 && firstPage !== null;
    const { items, meta } = isGiven ? firstPage : await readPage(client, listing, page);
    if (total !== null && meta.total < total) return { type: 'moved' };
    if (total !== null && meta.total > total) type = 'grown';
    total = meta.total;
    const expected = Math.max(0, Math.min(meta.per_page, total - found.size));
    if (meta.current_page !== page || items.length !== expected) {
      return { type: 'short', problem: `page ${page} holds ${items.length} items instead of ${expected}` };
    }
    for (const item of items) found.set(item.id, item);
    onProgress?.({ what: listing.what, done: found.size, total });
    if (found.size !== Math.min(total, page * meta.per_page)) return { type: 'moved' };
    if (found.size === total) return { type, items: [...found.values()] };
  }
}

function isSubset(
  some: readonly { readonly id: string }[],
  all: readonly { readonly id: string }[],
): boolean {
  const ids = new Set(all.map(({ id }) => id));
  return some.every(({ id }) => ids.has(id));
}

function toCall<Item>({ call }: Listing<Item>, page: number): AircallCall {
  return {
    ...call,
    method: 'GET',
    query: { ...call.query, order: 'asc', per_page: PAGE_SIZE, page },
  };
}

function neverStill<Item>({ call }: Listing<Item>): AppError {
  return new AppError(
    'unavailable',
    `The account was changing all the time while Patchbay tried to ${call.purpose}, so the reading was given up ` +
      'before anything was concluded from it. Patchbay tries again by itself.',
    { fields: { route: `GET ${call.route}` } },
  );
}
