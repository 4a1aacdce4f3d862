import type { ApiCall, ApiRoute, Reply } from '../../reply.js';
import { callJson, isLinkValid, readLocalTime, recordingBytes } from '../calls.js';
import { edgeReply, refuseFields } from '../replies.js';
import type { CallRecord } from '../records.js';
import type { World } from '../world.js';

const LIMIT_DEFAULT = 10;

/** Call records and the recordings they link to (vendors.md 2.3). Newest first. */
export function callRoutes(world: World): ApiRoute[] {
  return [
    { method: 'get', path: '/v1/call/records', handle: (call) => listCalls(world, call) },
    { method: 'get', path: '/recordings/:id', isOpen: true, handle: (call) => getRecording(world, call) },
  ];
}

function listCalls(world: World, { query }: ApiCall): Reply {
  const from = moment(world, query, 'from_date', 0);
  const to = moment(world, query, 'to_date', Number.MAX_SAFE_INTEGER);
  const oldest = world.clock.now() - world.settings.callHistoryDays * 86_400_000;
  const agents = query.getAll('agents[]').map((text) => text.replace(/^agent\|/u, ''));
  const rows = world.state.calls
    .filter((call) => isWithin(call, Math.max(from, oldest), to))
    .filter((call) => agents.length === 0 || agents.includes(call.agentId))
    .toSorted((a, b) => b.startedAt - a.startedAt || b.id - a.id);
  const limit = Math.min(wholeNumber(query, 'limit', LIMIT_DEFAULT), world.settings.callsLimitMax);
  const page = wholeNumber(query, 'page', 1);
  const shown = rows.slice((page - 1) * limit, page * limit);
  return {
    status: 200,
    body: {
      count: rows.length,
      limit,
      size: shown.length,
      page,
      results: shown.map((call) => callJson(world, call)),
    },
  };
}

/** Moments are to the second, both ends included. */
function isWithin({ startedAt }: CallRecord, from: number, to: number): boolean {
  return startedAt >= from && startedAt < to + 1000;
}

function moment(world: World, query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null) return absent;
  const ms = readLocalTime(world, text);
  return ms ?? refuseFields(422, { [name]: [`The ${name} does not match the format Y-m-d H:i:s.`] });
}

function wholeNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null) return absent;
  if (!/^[1-9]\d{0,8}$/u.test(text)) refuseFields(422, { [name]: [`The ${name} must be a number.`] });
  return Number(text);
}

/** The storage host: no credential, but a link that expires. */
function getRecording(world: World, { params, query }: ApiCall): Reply {
  const id = Number(params['id']);
  if (!isLinkValid(world, id, query)) return edgeReply(403);
  const call = world.state.calls.find((one) => one.id === id);
  if (call === undefined || call.recordingBytes === null) return edgeReply(404);
  return { status: 200, bytes: recordingBytes(id, call.recordingBytes) };
}
