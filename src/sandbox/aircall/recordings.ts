import { createHmac, timingSafeEqual } from 'node:crypto';

import { bytesAt, hexAt } from '../prng.js';
import type { CallRecord } from './records.js';
import type { World } from './world.js';

/** The bytes behind a call's recording: the same for the same call id and size in every sandbox. */
export function recordingBytes(callId: number, size: number): Buffer {
  return bytesAt(`recording:${callId}`, size);
}

/** A link that works for an hour from now (vendors.md 1.8), or null while there is no recording. */
export function recordingUrl(world: World, call: CallRecord): string | null {
  if (!isRecordingReady(world, call)) return null;
  const expires = Math.floor(world.clock.now() / 1000) + world.settings.recordingUrlSeconds;
  return `${world.baseUrl()}/recordings/${call.id}?expires=${expires}&signature=${sign(world, call.id, expires)}`;
}

export function isRecordingReady({ clock, settings }: World, call: CallRecord): boolean {
  if (call.recordingBytes === null) return false;
  const readyAt = call.startedAt + call.duration + settings.recordingDelaySeconds;
  return clock.now() >= readyAt * 1000;
}

export function isLinkValid(world: World, callId: number, query: URLSearchParams): boolean {
  const expires = Number(query.get('expires') ?? 0);
  if (!Number.isInteger(expires) || expires * 1000 <= world.clock.now()) return false;
  const given = Buffer.from(query.get('signature') ?? '');
  const expected = Buffer.from(sign(world, callId, expires));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function sign({ settings }: World, callId: number, expires: number): string {
  const key = hexAt(settings.seed, 'recordings', 64);
  return createHmac('sha256', key).update(`${callId}:${expires}`).digest('hex');
}
