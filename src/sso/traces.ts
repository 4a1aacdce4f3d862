import { AppError } from '../domain/errors.js';
import type { SsoConnection } from './connection.js';
import { explain } from './explanations.js';
import { makeFriendlyId, readFriendlyId } from './friendly-id.js';
import type { TraceStore } from './ports.js';
import type { Finding } from './saml/finding.js';
import type { ArrivedSummary, Trace } from './trace.js';

const KEEP_DAYS = 30;
/** Per connection: failed sign-ins can be made by anybody, at any rate. */
const KEEP_COUNT = 500;
const FRIENDLY_ID_TRIES = 8;

export interface TracesDeps {
  readonly store: TraceStore;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly friendlyId?: () => string;
}

export interface NewTrace {
  readonly connection: Pick<SsoConnection, 'tenantId' | 'id' | 'name' | 'idpKind'>;
  readonly requestId: string | null;
  readonly purpose: Trace['purpose'];
  /** Empty: passed. */
  readonly findings: readonly Finding[];
  readonly arrived: ArrivedSummary | null;
  readonly granted: Trace['granted'];
}

export interface Traces {
  record(trace: NewTrace): Promise<Trace>;
  /** By what a person read out; any case, spaces allowed. Throws AppError `notFound`. */
  byFriendlyId(tenantId: string, typed: string): Promise<Trace>;
  /** The result of a test sign-in; null while it has not come back. */
  ofRequest(tenantId: string, requestId: string): Promise<Trace | null>;
  /** Newest first, at most 100. */
  recent(tenantId: string, connectionId?: string): Promise<readonly Trace[]>;
}

/** Records of refused sign-ins and of tests, each with what to change. */
export function makeTraces(deps: TracesDeps): Traces {
  return {
    record: (trace) => recordTrace(deps, trace),
    async byFriendlyId(tenantId, typed) {
      const friendlyId = readFriendlyId(typed);
      const trace = friendlyId === null ? null : await deps.store.findByFriendlyId(tenantId, friendlyId);
      if (trace !== null) return trace;
      throw new AppError(
        'notFound',
        `There is no sign-in with the code "${typed.slice(0, 40)}". Codes look like amber-fox-42 and are kept for ${KEEP_DAYS} days.`,
      );
    },
    ofRequest: (tenantId, requestId) => deps.store.findByRequest(tenantId, requestId),
    recent: (tenantId, connectionId) => deps.store.recent(tenantId, connectionId ?? null, 100),
  };
}

async function recordTrace(deps: TracesDeps, input: NewTrace): Promise<Trace> {
  const { connection, findings, ...facts } = input;
  const at = deps.now();
  const makeId = deps.friendlyId ?? makeFriendlyId;
  for (let tries = 0; tries < FRIENDLY_ID_TRIES; tries += 1) {
    const trace: Trace = {
      ...facts,
      tenantId: connection.tenantId,
      id: deps.newId(),
      friendlyId: makeId(),
      connectionId: connection.id,
      connectionName: connection.name,
      idpKind: connection.idpKind,
      at,
      outcome: findings.length === 0 ? 'passed' : 'refused',
      findings: findings.map((finding) => explain(finding, connection.idpKind)),
      expiresAt: new Date(at.getTime() + KEEP_DAYS * 86_400_000),
    };
    if (await deps.store.insert(trace, KEEP_COUNT)) return trace;
  }
  throw new AppError('bug', 'No free code was found for a sign-in trace.');
}
