import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.js';

/** An audit event as the chain covers it: every word of it, and its place. */
export interface ChainedEvent {
  readonly tenantId: string;
  readonly id: string;
  readonly chainNo: number;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly correlationId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Before the first event of a tenant. */
export const CHAIN_START: Buffer = Buffer.alloc(32);

/** SHA-256 over the previous hash and the event: whoever alters one event alters every hash after it. */
export function chainHash(previous: Buffer, event: ChainedEvent): Buffer {
  return createHash('sha256').update(previous).update(canonicalJson(event)).digest();
}
