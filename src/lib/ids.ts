import { randomUUID } from 'node:crypto';
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
    // Of version 4: its random bits come from Node's own pool, which is many times cheaper than asking for bytes.
    const random = randomUUID();
    const nowMs = clock.now().getTime();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      // In the lower half, so that there is room to count up before borrowing from the next millisecond.
      counter = Number.parseInt(random.slice(0, 3), 16) & (counterMax >> 1);
    } else if (counter < counterMax) {
      counter += 1;
    } else {
      lastMs += 1;
      counter = 0;
    }
    return formatVersion7(lastMs, counter, random);
  };
}

/** The end of a UUID of version 4 is the end of one of version 7: the variant's two bits and 62 random ones. */
function formatVersion7(timeMs: number, counter: number, random: string): string {
  const time = timeMs.toString(16).padStart(12, '0');
  const count = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${random.slice(19)}`;
}

export const ID_CHARS = 36;
const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether it is spelled as our ids are, and as Postgres writes any: what is spelled otherwise is nobody's. */
export function isId(text: string): boolean {
  return idPattern.test(text);
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether `text` is written as a UUID of any version: anything else must not reach a `uuid` column. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
