import { isAppError } from '../../domain/errors.js';
import type { CallQuery, CallRecord, ProviderDeps } from '../port.js';
import type { AircallClient } from './client.js';
import { toCallRecord } from './convert.js';
import { unknownShape } from './errors.js';
import { readList, readPage, type Listing } from './pages.js';
import { CallAnswer, CallPage, type Call } from './schema.js';
import type { AircallConfig } from './settings.js';

interface CallDeps {
  readonly client: AircallClient;
  readonly config: AircallConfig;
  readonly now: ProviderDeps['now'];
}

/** UNIX seconds, both ends included. */
interface Window {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;

/**
 * One user's calls, oldest first (vendors.md 1.8). A query shows no more than 10,000 calls, without saying so: a
 * stretch of time that reaches the limit is cut in halves until each fits. Halves share their border second, since
 * it is not documented on which side it falls; calls seen twice are left out.
 * @throws AppError `contract` when a single second holds more calls than a query shows
 */
export async function* readCalls(deps: CallDeps, query: CallQuery): AsyncIterable<CallRecord> {
  const reach = deps.now() - deps.config.callHistoryDays * DAY_MS;
  const whole = toWindow(Math.max(query.from, reach), query.to);
  const waiting: Window[] = whole.to < whole.from ? [] : [whole];
  const seen = new Set<string>();
  for (let window = waiting.pop(); window !== undefined; window = waiting.pop()) {
    const calls = await readWindow(deps, query.providerUserId, window);
    if (calls === 'too-many') {
      waiting.push(...halves(window));
      continue;
    }
    for (const call of calls.filter(({ id }) => !seen.has(id))) {
      seen.add(call.id);
      yield toCallRecord(call);
    }
  }
}

const CALL = { purpose: 'look up a call', method: 'GET', route: '/v1/calls/:id' } as const;

/** One call by its id, with links that are good for an hour from now; null when Aircall does not know it. */
export async function findCall(client: AircallClient, callId: string): Promise<CallRecord | null> {
  try {
    const { call } = await client.request({ ...CALL, params: { id: callId } }, CallAnswer);
    if (call.id !== callId) throw unknownShape(CALL, 'another call than the one asked for');
    return toCallRecord(call);
  } catch (error) {
    if (isAppError(error, 'notFound')) return null;
    throw error;
  }
}

/** Start of a user's last call within the time, in milliseconds; null: there is none. One request. */
export async function readLastCall(deps: CallDeps, query: CallQuery): Promise<number | null> {
  const reach = deps.now() - deps.config.callHistoryDays * DAY_MS;
  const window = toWindow(Math.max(query.from, reach), query.to);
  if (window.to < window.from) return null;
  const { call } = listingOf(query.providerUserId, window);
  const { items } = await deps.client.request(
    { ...call, method: 'GET', query: { ...call.query, order: 'desc', per_page: 1 } },
    CallPage,
  );
  const [last] = items;
  return last === undefined ? null : toCallRecord(last).startedAt;
}

async function readWindow(
  { client, config }: CallDeps,
  userId: string,
  window: Window,
): Promise<readonly Call[] | 'too-many'> {
  const listing = listingOf(userId, window);
  const firstPage = await readPage(client, listing, 1);
  if (firstPage.meta.total < config.callsPerQueryMax) return readList(client, listing, { firstPage });
  if (window.from === window.to) {
    throw unknownShape({ ...listing.call, method: 'GET' }, 'more calls in one second than a query shows');
  }
  return 'too-many';
}

function listingOf(userId: string, { from, to }: Window): Listing<Call> {
  return {
    call: {
      purpose: "list a user's calls",
      route: '/v1/calls/search',
      query: { user_id: userId, from, to },
    },
    page: CallPage,
    what: 'calls',
  };
}

/** Later half first: the stack hands out the earlier one. */
function halves({ from, to }: Window): readonly Window[] {
  const middle = Math.floor((from + to) / 2);
  const start = middle === from ? to : middle;
  return [
    { from: start, to },
    { from, to: middle },
  ];
}

function toWindow(from: number, to: number): Window {
  return { from: Math.floor(from / 1000), to: Math.ceil(to / 1000) };
}
