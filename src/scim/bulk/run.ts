import { AppError, isAppError } from '../../domain/errors.js';
import { errorReply } from '../errors.js';
import { answered } from '../operations/answer.js';
import { createResource, deleteResource, patchResource, replaceResource } from '../operations/resource.js';
import { locationOf } from '../render.js';
import { ScimReply } from '../reply.js';
import type { ScimRequest } from '../request.js';
import { methodOf, readBulkEnvelope, type BulkOperation } from './envelope.js';
import { resolveId, resolveReferences } from './references.js';
import { makeBulkSchedule, type BulkSchedule, type BulkStep } from './schedule.js';

const RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

interface Run {
  readonly request: ScimRequest;
  readonly schedule: BulkSchedule;
  /** Ids of what the run created, by bulkId. */
  readonly ids: Map<string, string>;
  readonly failOnErrors: number;
  errors: number;
}

/**
 * POST /Bulk (RFC 7644 section 3.7): each operation is a transaction of its own, in the order sent, except that one
 * which refers to a later one's bulkId waits for it. Operations that wait for each other in a circle are 409, those
 * that refer to one that failed 412; after `failOnErrors` errors the rest is left out.
 */
export async function runBulk(request: ScimRequest, body: unknown): Promise<ScimReply> {
  const envelope = readBulkEnvelope(body, request.services.limits.operations);
  const schedule = makeBulkSchedule(envelope);
  const failOnErrors = envelope.failOnErrors ?? Number.POSITIVE_INFINITY;
  const run: Run = { request, schedule, ids: new Map(), failOnErrors, errors: 0 };
  for (let step = schedule.next(); step !== null && !isOver(run); step = schedule.next()) {
    settle(run, step, await perform(run, step));
  }
  refuseRest(run);
  const results = schedule.steps.map((step) => step.result).filter((result) => result !== null);
  return new ScimReply(200, JSON.stringify({ schemas: [RESPONSE_SCHEMA], Operations: results }));
}

function isOver(run: Run): boolean {
  return run.errors >= run.failOnErrors;
}

/** What is left waits for itself, or for what does. */
function refuseRest(run: Run): void {
  const { schedule, request } = run;
  const circles = schedule.circles();
  for (const step of schedule.steps) {
    if (step.result !== null || isOver(run)) continue;
    const error = circles.has(step) ? circular(step) : failedBefore([...step.blockedBy]);
    settle(run, step, errorReply(error, request.services));
  }
}

async function perform(run: Run, { operation, refersTo }: BulkStep): Promise<ScimReply> {
  const { services } = run.request;
  if (isAppError(operation)) return errorReply(operation, services);
  const missing = [...refersTo].filter((id) => !run.ids.has(id));
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

function settle(run: Run, step: BulkStep, reply: ScimReply): void {
  const { bulkId } = step;
  const location = reply.headers['Location'] ?? locationOfStep(run, step);
  const isError = reply.status >= 400;
  if (isError) run.errors += 1;
  const id = location?.split('/').at(-1);
  if (bulkId !== null && id !== undefined && !isError) run.ids.set(bulkId, id);
  step.result = {
    ...(location === undefined ? {} : { location }),
    method: methodOf(step.raw),
    ...(bulkId === null ? {} : { bulkId }),
    ...(reply.headers['ETag'] === undefined ? {} : { version: reply.headers['ETag'] }),
    status: String(reply.status),
    ...(isError && reply.body !== null ? { response: JSON.parse(reply.body.toString()) as unknown } : {}),
  };
  run.schedule.settle(step);
}

function locationOfStep(run: Run, { operation }: BulkStep): string | undefined {
  if (isAppError(operation) || operation.id === null) return undefined;
  return locationOf(run.request.baseUrl, operation.type, resolveId(operation.id, run.ids));
}

function unresolved(run: Run, missing: readonly string[]): AppError {
  const unknown = missing.filter((id) => !run.schedule.isDefined(id));
  if (unknown.length === 0) return failedBefore(missing);
  return new AppError('invalid', `No operation has the bulkId ${named(unknown)}.`, {
    scimType: 'invalidValue',
  });
}

function failedBefore(missing: readonly string[]): AppError {
  return new AppError('stale', `The operation refers to one that failed: bulkId ${named(missing)}.`);
}

function circular({ blockedBy }: BulkStep): AppError {
  return new AppError(
    'conflict',
    `Operations refer to each other in a circle: bulkId ${named([...blockedBy])}.`,
    {
      scimType: 'uniqueness',
    },
  );
}

/** As many as a message can usefully name. */
function named(bulkIds: readonly string[]): string {
  return bulkIds.slice(0, 10).join(', ');
}
