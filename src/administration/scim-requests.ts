import type { Page, PageRequest } from './page.js';

/** One request of an identity provider and its answer, as they went over the wire. */
export interface ScimExchange {
  readonly tenantId: string;
  /** Whose token it was, such as `scim:okta`. */
  readonly actor: string;
  readonly at: Date;
  readonly durationMs: number;
  readonly method: string;
  /** Below the SCIM base URL, with its query: `/Users?filter=…`. */
  readonly url: string;
  readonly status: number;
  /** Parsed JSON; undefined: none, or not kept because of its size. */
  readonly requestBody: unknown;
  readonly requestBytes: number;
  /** JSON text; null: none. */
  readonly responseBody: string | null;
  readonly responseBytes: number;
  readonly userAgent: string;
  readonly correlationId: string | null;
}

/** Longest body that is handed over for keeping, in bytes; of a longer one only the size is noted. */
export const BODY_READ_MAX = 64_000;

/** Is told of an exchange; must be quick and may not throw. */
export type ScimObserver = (exchange: ScimExchange) => void;

/** As it is kept: redacted and cut. */
export interface ScimRequestRecord {
  readonly at: Date;
  readonly actor: string;
  readonly method: string;
  readonly path: string;
  /** Decoded, for reading. */
  readonly query: string;
  readonly status: number;
  readonly durationMs: number;
  readonly requestBody: string | null;
  readonly requestBytes: number;
  readonly responseBody: string | null;
  readonly responseBytes: number;
  readonly userAgent: string;
  readonly correlationId: string | null;
}

export interface ScimRequestRow extends ScimRequestRecord {
  readonly id: string;
}

export const SCIM_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface ScimRequestQuery extends PageRequest {
  readonly failedOnly: boolean;
  readonly method: (typeof SCIM_METHODS)[number] | null;
  /** Part of the path, the query or a body. Empty: everything. */
  readonly search: string;
}

export interface ScimRequestsView {
  /** Newest first. */
  list(tenantId: string, query: ScimRequestQuery): Promise<Page<ScimRequestRow>>;
  find(tenantId: string, id: string): Promise<ScimRequestRow | null>;
}

export interface ScimRequestStore {
  /** Keeps these, oldest first, and of the tenant's older ones only as many as fit beside them. */
  keep(tenantId: string, records: readonly ScimRequestRecord[], ringSize: number): Promise<void>;
  /** Forgets everything from before this moment, of every tenant. */
  forgetBefore(at: Date): Promise<void>;
}
