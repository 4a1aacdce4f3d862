import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from './clock.js';

/** Returns a new id on each call. */
export type IdSource = () => string;

/**
 * UUIDs of version 7 (RFC 9562 section 5.7): they begin with the time in milliseconds, so rows written together lie
 * together in an index and ids sort by creation. Within one millisecond, or when the clock steps back, a 12-bit
 * counter keeps one process's ids strictly increasing; the remaining 62 bits are random.
 */
export function makeIdSource(clock: Clock = systemClock): IdSource {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const random = randomBytes(10);
    const nowMs = clock.now().getTime();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      // Started low, so that the counter has room to grow before it borrows from the next millisecond.
      counter = random.readUInt16BE(0) & 0x7ff;
    } else if (counter < 0xfff) {
      counter += 1;
    } else {
      lastMs += 1;
      counter = 0;
    }
    return formatVersion7(lastMs, counter, random);
  };
}

/** The ids of this process. */
export const newId: IdSource = makeIdSource();

function formatVersion7(timeMs: number, counter: number, random: Buffer): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(timeMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  random.copy(bytes, 8, 2);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether `text` is written as a UUID of any version: anything else must not reach a `uuid` column. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
