import { createHash, timingSafeEqual } from 'node:crypto';

import { bytesAt } from '../prng.js';
import type { CallRecord } from './records.js';
import type { World } from './world.js';

/** Reads or writes `Y-m-d H:i:s` in the account's own time (vendors.md 2.3); null for anything else. */
export function readLocalTime({ settings }: World, text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/u.exec(text);
  const ms = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(ms) ? null : ms - settings.utcOffsetMinutes * 60_000;
}

export function localTime({ settings }: World, ms: number): string {
  return new Date(ms + settings.utcOffsetMinutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

export function callJson(world: World, call: CallRecord): Record<string, unknown> {
  const [date, time] = localTime(world, call.startedAt).split(' ');
  const number = world.state.numbers.get(call.numberId);
  return {
    id: call.id,
    call_id: `${call.id}.${call.startedAt}`,
    uuid: createHash('sha256').update(String(call.id)).digest('hex').slice(0, 32),
    direction: call.direction,
    description: '',
    status: call.duration === 0 ? 'missed' : 'answered',
    recording_url: call.recordingBytes === null ? null : recordingLink(world, call),
    service: 'Agent',
    did_number: number?.did ?? null,
    date,
    time,
    end_stamp: localTime(world, call.startedAt + call.duration * 1000),
    call_duration: call.duration,
  };
}

/** A link with a token that expires (vendors.md 2.3). */
function recordingLink(world: World, call: CallRecord): string {
  const expires = Math.floor(world.clock.now() / 1000) + world.settings.recordingUrlSeconds;
  return `${world.baseUrl()}/recordings/${call.id}?expires=${expires}&token=${tokenOf(world, call.id, expires)}`;
}

export function isLinkValid(world: World, id: number, query: URLSearchParams): boolean {
  const expires = Number(query.get('expires'));
  const expected = Buffer.from(tokenOf(world, id, expires));
  const given = Buffer.from(query.get('token') ?? '');
  const isRight = given.length === expected.length && timingSafeEqual(given, expected);
  return isRight && world.clock.now() < expires * 1000;
}

/** The bytes of a recording, computed from its call, for a test to compare. */
export function recordingBytes(callId: number, size: number): Buffer {
  return bytesAt(`smartflo recording ${callId}`, size);
}

function tokenOf({ settings }: World, id: number, expires: number): string {
  return createHash('sha256').update(`${settings.seed}:${id}:${expires}`).digest('hex').slice(0, 32);
}
