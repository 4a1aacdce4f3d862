import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import { AppError } from '../../domain/errors.js';
import { objectBody } from '../normalise/resource.js';
import { isComplex, isEmpty, type Complex } from '../normalise/values.js';

const BULK_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

/** A bulk request as it was sent (RFC 7644 section 3.7); its operations are read one by one. */
export interface BulkEnvelope {
  readonly operations: readonly unknown[];
  /** How many errors end the run; null: none does. */
  readonly failOnErrors: number | null;
}

export type BulkMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface BulkOperation {
  readonly method: BulkMethod;
  readonly bulkId: string | null;
  readonly type: ResourceTypeName;
  /** null for POST. May still be `bulkId:…`. */
  readonly id: string | null;
  /** If-Match of the operation. */
  readonly version: string | undefined;
  readonly data: unknown;
}

const METHODS: readonly BulkMethod[] = ['POST', 'PUT', 'PATCH', 'DELETE'];
const PATH = /^\/?(Users|Groups)(?:\/([^/]+))?\/?$/i;

/** Throws AppError `invalid` (`invalidSyntax`), or `tooLarge` beyond `maxOperations`. */
export function readBulkEnvelope(body: unknown, maxOperations: number): BulkEnvelope {
  const message = objectBody(body);
  const schemas = valueOf(message, 'schemas');
  const urns: readonly unknown[] = Array.isArray(schemas) ? schemas : [schemas];
  if (!isEmpty(schemas) && !urns.includes(BULK_SCHEMA)) throw malformed(`"schemas" must name ${BULK_SCHEMA}`);
  const operations = valueOf(message, 'operations');
  if (!Array.isArray(operations)) throw malformed('"Operations" must be a list');
  if (operations.length > maxOperations) {
    throw new AppError('tooLarge', `One bulk request may hold ${String(maxOperations)} operations.`);
  }
  const limit = valueOf(message, 'failonerrors');
  const isLimit = typeof limit === 'number' && Number.isInteger(limit) && limit > 0;
  if (!isEmpty(limit) && !isLimit) throw malformed('"failOnErrors" must be a whole number above 0');
  return { operations, failOnErrors: isLimit ? limit : null };
}

/** Throws AppError `invalid`; that is then the answer to this one operation. */
export function readBulkOperation(raw: unknown): BulkOperation {
  if (!isComplex(raw)) throw malformed('an operation must be an object');
  const name = valueOf(raw, 'method');
  const method = METHODS.find((known) => typeof name === 'string' && name.toUpperCase() === known);
  if (method === undefined) throw malformed('"method" must be POST, PUT, PATCH or DELETE');
  const path = valueOf(raw, 'path');
  const [, endpoint, id] = PATH.exec(typeof path === 'string' ? path : '') ?? [];
  if (endpoint === undefined)
    throw malformed('"path" must be /Users or /Groups, with an id unless it is a POST');
  if ((id === undefined) !== (method === 'POST')) throw malformed(`"path" does not go with ${method}`);
  return {
    method,
    bulkId: bulkIdOf(raw),
    type: endpoint.toLowerCase() === 'users' ? 'User' : 'Group',
    id: id ?? null,
    version: textOf(valueOf(raw, 'version')),
    data: valueOf(raw, 'data'),
  };
}

/** The operation's own bulkId, whatever else is wrong with it. */
export function bulkIdOf(raw: unknown): string | null {
  return isComplex(raw) ? (textOf(valueOf(raw, 'bulkid')) ?? null) : null;
}

/** The method as it was sent, for the answer. */
export function methodOf(raw: unknown): string | undefined {
  return isComplex(raw) ? textOf(valueOf(raw, 'method')) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function valueOf(object: Complex, name: string): unknown {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}

function malformed(problem: string): AppError {
  return new AppError('invalid', `The bulk request cannot be read: ${problem}.`, {
    scimType: 'invalidSyntax',
  });
}
