import { z } from 'zod';
import { PERMISSION_WORDS } from '../administration/permissions.js';
import type { ErrorKind } from '../domain/errors.js';
import type { Operation } from './operation.js';
import { COMMON_ERRORS, PROBLEM_TYPE } from './problem.js';
import { problem, schemaNames } from './schemas/parts.js';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: object;
  readonly servers: readonly object[];
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: object;
  };
}

/** Describes the API from the very schemas that check its calls. */
export function describeApi(
  operations: readonly Operation[],
  statusOf: (kind: ErrorKind) => number,
): OpenApiDocument {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of operations) {
    paths[one.path] = { ...paths[one.path], [one.method]: describeOperation(one, statusOf) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Patchbay admin API',
      version: '1',
      description: 'Everything that the console does, for scripts. Errors are problem documents (RFC 9457).',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: { ...schemasOf(requests(operations), 'input'), ...schemasOf(responses(operations), 'output') },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: `Personal access token (pbk_admin_…). Scopes: ${scopeWords()}`,
        },
      },
    },
  };
}

function scopeWords(): string {
  return Object.entries(PERMISSION_WORDS)
    .map(([scope, words]) => `${scope} (${words})`)
    .join('; ');
}

function requests(operations: readonly Operation[]): readonly z.ZodType[] {
  return operations.flatMap(({ body }) => (body === null ? [] : [body]));
}

function responses(operations: readonly Operation[]): readonly z.ZodType[] {
  return [problem, ...operations.flatMap(({ response }) => (response === null ? [] : [response]))];
}

function describeOperation(one: Operation, statusOf: (kind: ErrorKind) => number): object {
  return {
    operationId: one.id,
    tags: [one.tag],
    summary: one.summary,
    description: `Needs the scope \`${one.permission}\`.`,
    parameters: [...parametersOf(one.params, 'path'), ...parametersOf(one.query, 'query')],
    ...(one.body === null
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: reference(one.body) } } },
        }),
    responses: { ...successOf(one), ...errorsOf(one, statusOf) },
  };
}

function successOf({ status, response }: Operation): object {
  const content =
    response === null ? {} : { content: { 'application/json': { schema: reference(response) } } };
  return { [String(status)]: { description: status === 202 ? 'Asked for' : 'Done', ...content } };
}

/** Several kinds may share a status: their descriptions stand together. */
function errorsOf(one: Operation, statusOf: (kind: ErrorKind) => number): object {
  const hasInput = one.body !== null || Object.keys({ ...one.params.shape, ...one.query.shape }).length > 0;
  const kinds: readonly ErrorKind[] = [
    ...(hasInput ? (['invalid'] as const) : []),
    ...COMMON_ERRORS,
    ...one.errors,
  ];
  const content = { [PROBLEM_TYPE]: { schema: reference(problem) } };
  const byStatus = Map.groupBy(new Set(kinds), (kind) => String(statusOf(kind)));
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [status, { description: names.join(' or '), content }]),
  );
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): readonly object[] {
  const described = z.toJSONSchema(schema, { io: 'input' });
  const required = new Set(described.required);
  return Object.entries(described.properties ?? {}).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: value,
  }));
}

function reference(schema: z.ZodType): object {
  const name = schemaNames.get(schema)?.id;
  if (name === undefined) throw new Error('A schema of the API has no name.');
  return { $ref: `#/components/schemas/${name}` };
}

/** The named schemas among these and in them, each once. */
function schemasOf(schemas: readonly z.ZodType[], io: 'input' | 'output'): Readonly<Record<string, object>> {
  const found: Record<string, object> = {};
  for (const schema of new Set(schemas)) {
    const name = schemaNames.get(schema)?.id ?? '';
    const described = z.toJSONSchema(schema, { io, metadata: schemaNames });
    Object.assign(found, definitionsOf(name, described));
  }
  return found;
}

/** zod puts named schemas beside the outer one, at times the outer one too; OpenAPI keeps all in one place. */
function definitionsOf(name: string, described: Record<string, unknown>): Readonly<Record<string, object>> {
  const { $schema: _dialect, $defs = {}, id: _id, ...own } = described;
  const all = { [name]: own, ...($defs as Record<string, object>) };
  const moved = JSON.stringify(all).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(moved) as Record<string, object>;
}
