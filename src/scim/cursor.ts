import { createHash, createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../lib/clock.js';

/** What a cursor belongs to: it is refused anywhere else (RFC 9865 section 5). */
export interface CursorScope {
  readonly tenantId: string;
  /** Resource type, filter and order: a cursor of another query points nowhere. */
  readonly query: readonly (string | boolean | null)[];
}

/** Where the next page begins: behind the row with this `seq`, or at this offset of a sorted list. */
export interface CursorPosition {
  readonly by: 'seq' | 'offset';
  readonly value: number;
}

export interface CursorCodec {
  encode(position: CursorPosition, scope: CursorScope): string;
  /** Throws AppError `invalid` with scimType `invalidCursor` or `expiredCursor`. */
  decode(cursor: string, scope: CursorScope): CursorPosition;
}

const MAC_BYTES = 16;
const PAYLOAD = /^([so])\.(\d{1,16})\.(\d{1,16})$/;

/** Opaque, signed, URL-safe cursors that expire (RFC 9865). */
export function makeCursorCodec(deps: {
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly timeoutSeconds: number;
}): CursorCodec {
  const sign = (payload: string, scope: CursorScope): Buffer =>
    createHmac('sha256', deps.key)
      .update(JSON.stringify(['scim-cursor', payload, scope.tenantId, digest(scope.query)]))
      .digest()
      .subarray(0, MAC_BYTES);
  return {
    encode({ by, value }, scope) {
      const expires = Math.floor(deps.clock.now().getTime() / 1000) + deps.timeoutSeconds;
      const payload = `${by === 'seq' ? 's' : 'o'}.${String(value)}.${String(expires)}`;
      return Buffer.concat([sign(payload, scope), Buffer.from(payload)]).toString('base64url');
    },
    decode(cursor, scope) {
      const bytes = Buffer.from(cursor.slice(0, 256), 'base64url');
      const payload = bytes.subarray(MAC_BYTES).toString('latin1');
      const [, by, value, expires] = PAYLOAD.exec(payload) ?? [];
      if (!isSignedBy(bytes, sign(payload, scope)) || value === undefined) throw unknownCursor();
      if (Number(expires) * 1000 < deps.clock.now().getTime()) throw expiredCursor();
      return { by: by === 's' ? 'seq' : 'offset', value: Number(value) };
    },
  };
}

function isSignedBy(bytes: Buffer, signature: Buffer): boolean {
  return bytes.length > MAC_BYTES && timingSafeEqual(bytes.subarray(0, MAC_BYTES), signature);
}

function digest(parts: CursorScope['query']): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

function unknownCursor(): AppError {
  return new AppError('invalid', 'The cursor is not one of this list. Begin again with an empty cursor.', {
    scimType: 'invalidCursor',
  });
}

function expiredCursor(): AppError {
  return new AppError('invalid', 'The cursor has expired. Begin again with an empty cursor.', {
    scimType: 'expiredCursor',
  });
}
