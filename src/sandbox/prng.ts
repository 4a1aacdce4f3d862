import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) that depends only on its arguments. Being stateless it needs no saving across a
 * restart, and requests that match another rule do not shift the draws of this one.
 */
export function uniformAt(seed: number, stream: number, index: number): number {
  const start =
    Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  return (finalise(finalise(start) + 0x6d2b79f5) >>> 0) / 2 ** 32;
}

function finalise(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Reproducible lower-case hex text, at most 64 characters. For ids, never for a credential. */
export function hexAt(seed: number, label: string, length: number): string {
  return createHash('sha256').update(`${seed}:${label}`).digest('hex').slice(0, length);
}

/** Reproducible bytes of any size: a stand-in for a call recording that a test can compare. */
export function bytesAt(label: string, size: number): Buffer {
  const block = createHash('sha512').update(label).digest();
  return Buffer.alloc(size, block);
}
