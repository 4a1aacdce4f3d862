import type { CallQuery, CallRecord, ProviderDeps } from '../port.js';
import type { SmartfloCall, SmartfloClient } from './client.js';
import { toCallRecord, toLocalTime } from './convert.js';
import type { Directory } from './directory.js';
import { unknownShape } from './errors.js';
import { CallPage, type CallRecordRow } from './schema.js';
import type { SmartfloConfig } from './settings.js';

interface CallDeps {
  readonly client: SmartfloClient;
  readonly config: SmartfloConfig;
  readonly directory: Directory;
  readonly now: ProviderDeps['now'];
}

const DAY_MS = 86_400_000;
/** One stretch is held in memory and sorted: Smartflo does not document the order of its pages. */
const STRETCH_MS = 31 * DAY_MS;
const CALL = { purpose: "list a user's calls", method: 'GET', route: '/v1/call/records' } as const;

/**
 * One user's calls, oldest first (vendors.md 2.3). Stretches share their border second, since it is not documented
 * on which side it falls; calls seen twice are left out.
 * @throws AppError `contract` when pages hold fewer calls than were announced
 */
export async function* readCalls(deps: CallDeps, query: CallQuery): AsyncIterable<CallRecord> {
  const ids = await deps.directory.idsOf(query.providerUserId, { withIntercom: false });
  if (ids === null) return;
  const reach = deps.now() - deps.config.callHistoryDays * DAY_MS;
  const seen = new Set<string>();
  for (let from = Math.max(query.from, reach); from < query.to; from += STRETCH_MS) {
    const to = Math.min(from + STRETCH_MS, query.to);
    for (const call of await readStretch(deps, ids.agentId, { from, to })) {
      if (seen.has(call.callId)) continue;
      seen.add(call.callId);
      yield call;
    }
  }
}

async function readStretch(
  { client, config }: CallDeps,
  agentId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly CallRecord[]> {
  const rows = new Map<string, CallRecordRow>();
  for (let page = 1; ; page += 1) {
    const { count, results } = await client.request(toCall(config, agentId, { from, to, page }), CallPage);
    for (const row of results) rows.set(row.id, row);
    if (rows.size >= count) break;
    if (results.length === 0) throw unknownShape(CALL, `${rows.size} calls instead of ${count}`);
  }
  return [...rows.values()].map((row) => readRow(row, config)).toSorted((a, b) => a.startedAt - b.startedAt);
}

function readRow(row: CallRecordRow, { utcOffsetMinutes }: SmartfloConfig): CallRecord {
  const call = toCallRecord(row, utcOffsetMinutes);
  if (Number.isNaN(call.startedAt)) throw unknownShape(CALL, 'results.date or time: no moment');
  return call;
}

function toCall(
  { callsPerPage, utcOffsetMinutes }: SmartfloConfig,
  agentId: string,
  { from, to, page }: { readonly from: number; readonly to: number; readonly page: number },
): SmartfloCall {
  return {
    ...CALL,
    query: {
      from_date: toLocalTime(from, utcOffsetMinutes),
      to_date: toLocalTime(to, utcOffsetMinutes),
      'agents[]': `agent|${agentId}`,
      limit: callsPerPage,
      page,
    },
  };
}
