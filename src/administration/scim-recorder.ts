import type { Logger } from 'pino';
import { redactJson, redactQuery } from './redaction.js';
import type { ScimExchange, ScimObserver, ScimRequestRecord, ScimRequestStore } from './scim-requests.js';

/** How many succeeded and how many failed requests of a tenant are kept: a flood of one hides none of the other. */
export const RING_SIZE = 300;
const BODY_KEPT = 8_000;
const TEXT_KEPT = 2_000;
const AGENT_KEPT = 300;
const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;

export interface ScimRecorderDeps {
  readonly store: ScimRequestStore;
  readonly now: () => Date;
  readonly log: Logger;
  /** How long exchanges are gathered before they are written together. */
  readonly gatherMs: number;
}

export interface ScimRecorder {
  readonly observe: ScimObserver;
  /** Writes what was gathered. Never rejects: what cannot be written is lost, and logged. */
  flush(): Promise<void>;
  forgetOld(): Promise<void>;
  /** Writes the rest and stops. */
  close(): Promise<void>;
}

/**
 * Keeps what identity providers sent, off their critical path: a request only hands over what it has anyway; reading,
 * redacting and writing happen later, for no more requests than the ring holds.
 */
export function makeScimRecorder(deps: ScimRecorderDeps): ScimRecorder {
  const gathered = new Map<string, ScimExchange[]>();
  let timer: NodeJS.Timeout | null = null;
  let writing = Promise.resolve();
  let isClosed = false;
  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batches = [...gathered];
    gathered.clear();
    // One after another: the ring's order is the order of writing.
    writing = writing.then(() => writeAll(deps, batches));
    return writing;
  };
  return {
    observe(exchange) {
      if (isClosed) return;
      const batch = gathered.get(exchange.tenantId) ?? [];
      batch.push(exchange);
      if (batch.length > 2 * RING_SIZE) batch.shift();
      gathered.set(exchange.tenantId, batch);
      timer ??= setTimeout(() => void flush(), deps.gatherMs).unref();
    },
    flush,
    forgetOld: () => deps.store.forgetBefore(new Date(deps.now().getTime() - KEPT_DAYS * DAY_MS)),
    close() {
      isClosed = true;
      return flush();
    },
  };
}

async function writeAll(
  { store, log }: ScimRecorderDeps,
  batches: readonly (readonly [string, readonly ScimExchange[]])[],
): Promise<void> {
  for (const [tenantId, batch] of batches) {
    try {
      await store.keep(tenantId, newestOfEach(batch).map(toRecord), RING_SIZE);
    } catch (error) {
      log.warn({ err: error, tenantId, lost: batch.length }, 'recent SCIM requests were not kept');
    }
  }
}

/** Under load more arrive between two writings than the ring holds: the older ones need not be redacted. */
function newestOfEach(batch: readonly ScimExchange[]): readonly ScimExchange[] {
  const failed = batch.filter(isFailed).slice(-RING_SIZE);
  const succeeded = batch.filter((one) => !isFailed(one)).slice(-RING_SIZE);
  const kept = new Set([...failed, ...succeeded]);
  return batch.filter((one) => kept.has(one));
}

function isFailed({ status }: ScimExchange): boolean {
  return status >= 400;
}

function toRecord(exchange: ScimExchange): ScimRequestRecord {
  const { at, actor, method, status, correlationId } = exchange;
  const [path = '', ...query] = exchange.url.split('?');
  return {
    at,
    actor,
    method,
    status,
    correlationId,
    path: readable(path),
    query: redactQuery(readable(query.join('?'))),
    durationMs: Math.round(exchange.durationMs),
    requestBody: exchange.requestBody === undefined ? null : bodyText(exchange.requestBody),
    requestBytes: exchange.requestBytes,
    responseBody: exchange.responseBody === null ? null : responseText(exchange.responseBody),
    responseBytes: exchange.responseBytes,
    userAgent: exchange.userAgent.replaceAll('\0', '').slice(0, AGENT_KEPT),
  };
}

function responseText(body: string): string | null {
  try {
    return bodyText(JSON.parse(body));
  } catch {
    return null;
  }
}

function bodyText(body: unknown): string {
  const text = JSON.stringify(redactJson(body), null, 2);
  return text.length <= BODY_KEPT ? text : `${text.slice(0, BODY_KEPT)}\n… cut here`;
}

/** Percent-decoded as far as it can be, without what Postgres cannot hold. */
function readable(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  return decoded(spaced).replaceAll('\0', '').slice(0, TEXT_KEPT);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
