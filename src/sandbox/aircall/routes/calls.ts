import type { ApiRoute } from '../../reply.js';
import { callJson } from '../call-json.js';
import { paginate, readWindow } from '../pagination.js';
import { isLinkValid, isRecordingReady, recordingBytes } from '../recordings.js';
import type { CallRecord } from '../records.js';
import { edgeReply, refuse } from '../replies.js';
import type { World } from '../world.js';

type Call = Parameters<ApiRoute['handle']>[0];
type Answer = ReturnType<ApiRoute['handle']>;

/** Calls and their recordings (vendors.md 1.8). `/calls` filters by time only; the rest is for search. */
export function callRoutes(world: World): ApiRoute[] {
  return [
    { method: 'get', path: '/v1/calls', handle: (call) => pageOf(world, call, within(world, call)) },
    { method: 'get', path: '/v1/calls/search', handle: (call) => pageOf(world, call, found(world, call)) },
    { method: 'get', path: '/v1/calls/:id', handle: ({ params }) => getCall(world, params['id'] ?? '') },
    {
      method: 'get',
      path: '/recordings/:id',
      handle: (call) => getRecording(world, call),
      isOpen: true,
    },
  ];
}

function within(world: World, { query }: Call, userId?: number): readonly CallRecord[] {
  const { from, to } = readWindow(query);
  const oldest = Math.floor(world.clock.now() / 1000) - world.settings.callHistoryDays * 86_400;
  return world.state.calls.between(Math.max(from, oldest), to, userId);
}

function found(world: World, call: Call): readonly CallRecord[] {
  const { query } = call;
  const userId = query.get('user_id');
  if (userId !== null && !/^\d+$/u.test(userId)) refuse(400, 'user_id must be a number.');
  if (userId !== null && !isSearchable(world, Number(userId))) return [];
  const rows = within(world, call, userId === null ? undefined : Number(userId));
  const matches = criteria(world, query);
  return matches.length === 0 ? rows : rows.filter((row) => matches.every((isMatch) => isMatch(row)));
}

/** A deleted user's calls stay with the line, but who took them is forgotten unless switched otherwise. */
function isSearchable({ state, settings }: World, userId: number): boolean {
  return state.users.get(userId) !== undefined || settings.deletedUserInCalls === 'kept';
}

function criteria({ settings }: World, query: URLSearchParams): ((row: CallRecord) => boolean)[] {
  const direction = query.get('direction');
  const phone = query.get('phone_number');
  const number = settings.callSearchByNumber === 'supported' ? query.get('number_id') : null;
  const tests: ((row: CallRecord) => boolean)[] = query
    .getAll('tags[]')
    .map((tag) => (row) => row.tags.includes(tag));
  if (direction !== null) tests.push((row) => row.direction === direction);
  if (phone !== null) tests.push((row) => digitsOf(row.rawDigits) === digitsOf(phone));
  if (number !== null) tests.push((row) => row.numberId === Number(number));
  return tests;
}

function digitsOf(phone: string): string {
  return phone.replaceAll(/\D/gu, '');
}

function pageOf(world: World, call: Call, rows: readonly CallRecord[]): Answer {
  const page = paginate({
    rows,
    call,
    baseUrl: world.baseUrl(),
    canOrder: true,
    limit: world.settings.callQueryLimit,
    isTotalReal: world.settings.callTotal === 'real',
  });
  return { status: 200, body: { calls: page.rows.map((row) => callJson(world, row)), meta: page.meta } };
}

function getCall(world: World, id: string): Answer {
  const row = world.state.calls.get(Number(id)) ?? refuse(404, 'There is no call with this id.');
  return { status: 200, body: { call: callJson(world, row) } };
}

/** The storage host: no credential, but a link that expires. */
function getRecording(world: World, { params, query }: Call): Answer {
  const id = Number(params['id']);
  if (!isLinkValid(world, id, query)) return edgeReply(403);
  const row = world.state.calls.get(id);
  if (row === undefined || row.recordingBytes === null || !isRecordingReady(world, row))
    return edgeReply(404);
  return { status: 200, bytes: recordingBytes(id, row.recordingBytes) };
}
