import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';

/** The 12 bits after the time field, used as a counter. */
const counterMax = 0xfff;

/**
 * Makes a source of UUIDs of version 7 (RFC 9562 section 5.7): they begin with the time in milliseconds, so rows
 * written together lie together in an index and ids sort by creation. Within one millisecond, or when the clock
 * steps back, a counter keeps one source's ids strictly increasing; the remaining 62 bits are random.
 */
export function makeIdSource(clock: Clock): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const random = randomBytes(10);
    const nowMs = clock.now().getTime();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      // In the lower half, so that there is room to count up before borrowing from the next millisecond.
      counter = random.readUInt16BE(0) & (counterMax >> 1);
    } else if (counter < counterMax) {
      counter += 1;
    } else {
      lastMs += 1;
      counter = 0;
    }
    return formatVersion7(lastMs, counter, random.subarray(2));
  };
}

/** `random`: 8 bytes. */
function formatVersion7(timeMs: number, counter: number, random: Buffer): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(timeMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  random.copy(bytes, 8);
  // The variant of RFC 9562 section 4.1: binary 10.
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether `text` is written as a UUID of any version: anything else must not reach a `uuid` column. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
