import { AppError, isAppError } from '../../domain/errors.js';
import { errorReply } from '../errors.js';
import { answered } from '../operations/answer.js';
import { createResource, deleteResource, patchResource, replaceResource } from '../operations/resource.js';
import { locationOf } from '../render.js';
import { ScimReply } from '../reply.js';
import type { ScimRequest } from '../request.js';
import {
  bulkIdOf,
  methodOf,
  readBulkEnvelope,
  readBulkOperation,
  type BulkEnvelope,
  type BulkOperation,
} from './envelope.js';
import { referencedBulkIds, resolveId, resolveReferences } from './references.js';

const RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** One operation on its way through the run. */
interface Step {
  readonly raw: unknown;
  /** What was wrong with the operation itself. */
  readonly operation: BulkOperation | AppError;
  readonly waitsFor: ReadonlySet<string>;
  result: object | null;
}

interface Run {
  readonly request: ScimRequest;
  readonly steps: readonly Step[];
  /** Ids of what the run created, by bulkId. */
  readonly ids: Map<string, string>;
  /** Every bulkId whose operation is done, one way or the other. */
  readonly settled: Set<string>;
  errors: number;
}

/**
 * POST /Bulk (RFC 7644 section 3.7): each operation is a transaction of its own, in the order sent, except that one
 * which refers to a later one's bulkId waits for it. Operations that wait for each other in a circle are 409; after
 * `failOnErrors` errors the rest is left out.
 */
export async function runBulk(request: ScimRequest, body: unknown): Promise<ScimReply> {
  const envelope = readBulkEnvelope(body, request.services.limits.operations);
  const run = openRun(request, envelope);
  for (let step = nextStep(run); step !== null; step = nextStep(run)) {
    const reply = await perform(run, step);
    settle(run, step, reply);
    if (envelope.failOnErrors !== null && run.errors >= envelope.failOnErrors) break;
  }
  const results = run.steps.map((step) => step.result).filter((result) => result !== null);
  return new ScimReply(200, JSON.stringify({ schemas: [RESPONSE_SCHEMA], Operations: results }));
}

function openRun(request: ScimRequest, envelope: BulkEnvelope): Run {
  const steps = envelope.operations.map((raw): Step => {
    const operation = readOrRefuse(raw);
    const waitsFor = isAppError(operation) ? [] : referencedBulkIds([operation.id, operation.data]);
    return { raw, operation, waitsFor: new Set(waitsFor), result: null };
  });
  return { request, steps, ids: new Map(), settled: new Set(), errors: 0 };
}

/** The first operation that waits for nothing any more; else the first of those that wait in a circle. */
function nextStep(run: Run): Step | null {
  const open = run.steps.filter((step) => step.result === null);
  return open.find((step) => [...step.waitsFor].every((id) => isSettled(run, id))) ?? open[0] ?? null;
}

/** A bulkId that no operation defines is waited for in vain. */
function isSettled(run: Run, bulkId: string): boolean {
  return run.settled.has(bulkId) || !run.steps.some((step) => bulkIdOf(step.raw) === bulkId);
}

async function perform(run: Run, { operation, waitsFor }: Step): Promise<ScimReply> {
  const { services } = run.request;
  if (isAppError(operation)) return errorReply(operation, services);
  const missing = [...waitsFor].filter((id) => !run.ids.has(id));
  if (missing.length > 0) return errorReply(unresolved(run, missing), services);
  resolveReferences(operation.data, run.ids);
  const request = run.request.with({ ifMatch: operation.version });
  return answered(request, () => execute(request, operation, resolveId(operation.id ?? '', run.ids)));
}

function execute(
  request: ScimRequest,
  { method, type, data }: BulkOperation,
  id: string,
): Promise<ScimReply> {
  switch (method) {
    case 'POST':
      return createResource(request, type, data);
    case 'PUT':
      return replaceResource(request, type, id, data);
    case 'PATCH':
      return patchResource(request, type, id, data);
    case 'DELETE':
      return deleteResource(request, type, id);
  }
}

function settle(run: Run, step: Step, reply: ScimReply): void {
  const bulkId = bulkIdOf(step.raw);
  const location = reply.headers['Location'] ?? locationOfStep(run, step);
  const isError = reply.status >= 400;
  if (isError) run.errors += 1;
  if (bulkId !== null) {
    run.settled.add(bulkId);
    const id = location?.split('/').at(-1);
    if (!isError && id !== undefined) run.ids.set(bulkId, id);
  }
  step.result = {
    ...(location === undefined ? {} : { location }),
    method: methodOf(step.raw),
    ...(bulkId === null ? {} : { bulkId }),
    ...(reply.headers['ETag'] === undefined ? {} : { version: reply.headers['ETag'] }),
    status: String(reply.status),
    ...(isError && reply.body !== null ? { response: JSON.parse(reply.body) as unknown } : {}),
  };
}

function locationOfStep(run: Run, { operation }: Step): string | undefined {
  if (isAppError(operation) || operation.id === null) return undefined;
  return locationOf(run.request.baseUrl, operation.type, resolveId(operation.id, run.ids));
}

function unresolved(run: Run, missing: readonly string[]): AppError {
  const names = missing.join(', ');
  const circular = missing.some((id) => !isSettled(run, id));
  if (circular) {
    return new AppError('conflict', `Operations refer to each other in a circle: bulkId ${names}.`, {
      scimType: 'uniqueness',
    });
  }
  const failed = missing.some((id) => run.settled.has(id));
  return failed
    ? new AppError('stale', `The operation refers to one that failed: bulkId ${names}.`)
    : new AppError('invalid', `No operation has the bulkId ${names}.`, { scimType: 'invalidValue' });
}

function readOrRefuse(raw: unknown): BulkOperation | AppError {
  try {
    return readBulkOperation(raw);
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}
