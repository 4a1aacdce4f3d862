import { AppError } from '../../domain/errors.js';
import { objectBody } from '../normalise/resource.js';
import { isComplex, isEmpty, type Complex } from '../normalise/values.js';

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const VERBS = ['add', 'remove', 'replace'] as const;

export type PatchVerb = (typeof VERBS)[number];

/** One operation as it was sent, its envelope understood. */
export interface PatchOperation {
  readonly verb: PatchVerb;
  /** null: none was given. */
  readonly path: string | null;
  /** undefined: none was given. */
  readonly value: unknown;
}

/**
 * Reads the envelope of a PATCH (RFC 7644 section 3.5.2): names and verbs in any case, one operation instead of a
 * list, no operation at all (no change). Throws AppError `invalid` (`invalidSyntax`) or `tooLarge`.
 */
export function readOperations(body: unknown, maxOperations: number): readonly PatchOperation[] {
  const message = objectBody(body);
  assertPatchSchema(valueOf(message, 'schemas'));
  const given = valueOf(message, 'operations');
  if (given === undefined) throw malformed('"Operations" is missing');
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length > maxOperations) {
    throw new AppError(
      'tooLarge',
      `One request may hold ${String(maxOperations)} operations. Send the others later.`,
    );
  }
  return list.map(readOperation);
}

function readOperation(raw: unknown, index: number): PatchOperation {
  const position = `operation ${String(index + 1)}`;
  if (!isComplex(raw)) throw malformed(`${position} is no object`);
  const op = valueOf(raw, 'op');
  const verb = VERBS.find((name) => typeof op === 'string' && op.toLowerCase() === name);
  if (verb === undefined) throw malformed(`"op" of ${position} must be add, remove or replace`);
  const path = valueOf(raw, 'path') ?? null;
  if (path !== null && typeof path !== 'string') throw malformed(`"path" of ${position} must be text`);
  return {
    verb,
    path: path === null || path.trim() === '' ? null : path.trim(),
    value: valueOf(raw, 'value'),
  };
}

function assertPatchSchema(schemas: unknown): void {
  if (isEmpty(schemas)) return;
  const urns: readonly unknown[] = Array.isArray(schemas) ? schemas : [schemas];
  const isPatch = urns.some(
    (urn) => typeof urn === 'string' && urn.toLowerCase() === PATCH_SCHEMA.toLowerCase(),
  );
  if (!isPatch) throw malformed(`"schemas" must name ${PATCH_SCHEMA}`);
}

function valueOf(object: Complex, name: string): unknown {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}

function malformed(problem: string): AppError {
  return new AppError('invalid', `The PATCH request cannot be read: ${problem}.`, {
    scimType: 'invalidSyntax',
  });
}
