import type { AccountKey } from '../../reconcile/ports.js';

/** Where a vendor sends what happened in an account. */
export interface VendorWebhook extends AccountKey {
  /** Part of its address, and as hard to guess as a key. */
  readonly id: string;
  /** The vendor's id of it. */
  readonly remoteId: string;
  /** SHA-256 of what every delivery must show. */
  readonly tokenHash: Buffer;
  readonly url: string;
  readonly createdAt: Date;
  readonly lastEventAt: Date | null;
}

/** Something that the vendor says happened. It is a hint: what is true, only a reading says. */
export interface VendorHint extends AccountKey {
  readonly kind: 'created' | 'deleted';
  readonly providerUserId: string;
  readonly email: string | null;
  readonly dueAt: Date;
}

export interface HintAudit {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface HintStore {
  /** Replaces the account's webhook. */
  saveWebhook(webhook: VendorWebhook, audit: HintAudit): Promise<void>;
  removeWebhook(account: AccountKey, audit: HintAudit): Promise<void>;
  webhookOf(account: AccountKey): Promise<VendorWebhook | null>;
  /** Of any tenant. */
  findWebhook(id: string): Promise<VendorWebhook | null>;
  /** Keeps one row for each thing said, however often; at most `max` for an account. */
  keep(hint: VendorHint, max: number): Promise<void>;
  /** Of every tenant, oldest first. */
  listDue(now: Date, limit: number): Promise<readonly VendorHint[]>;
  forget(hint: VendorHint): Promise<void>;
  /** What the rows know of this agent: `live`: it is somebody's; `ended`: it was, and the link ended. */
  linkOf(
    account: AccountKey,
    providerUserId: string,
  ): Promise<{ readonly state: 'live'; readonly subjectId: string } | { readonly state: 'ended' } | null>;
  /** Active people of the directory with this address. */
  peopleWith(tenantId: string, email: string): Promise<readonly string[]>;
}
