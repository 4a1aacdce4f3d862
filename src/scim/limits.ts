import { DEFAULT_FILTER_LIMITS, type FilterLimits } from '../directory/filter/limits.js';

/** Bounds of one SCIM endpoint. Each is answered with the RFC's error; see README.md. */
export interface ScimLimits {
  /** Body of a request about one user. Larger: 413. */
  readonly bodyBytes: number;
  /** Body of a request about a group or of a bulk request, which may name many people. Larger: 413. */
  readonly largeBodyBytes: number;
  readonly filter: FilterLimits;
  /** PATCH operations in one request, and operations of one bulk request. More: 413. */
  readonly operations: number;
  /** Members that one request may name. More: 413. */
  readonly members: number;
  readonly pageSizeDefault: number;
  /** Larger pages are cut to this size (RFC 7644 section 3.4.2.4 lets a server return less). */
  readonly pageSizeMax: number;
  /** How long a cursor is good for. */
  readonly cursorTimeoutSeconds: number;
  /** Requests that one tenant may send in a minute, per process. More: 429 with Retry-After. */
  readonly requestsPerMinute: number;
}

export const DEFAULT_SCIM_LIMITS: ScimLimits = {
  bodyBytes: 1024 * 1024,
  largeBodyBytes: 8 * 1024 * 1024,
  filter: DEFAULT_FILTER_LIMITS,
  operations: 1_000,
  members: 50_000,
  pageSizeDefault: 100,
  pageSizeMax: 200,
  cursorTimeoutSeconds: 3_600,
  requestsPerMinute: 6_000,
};
