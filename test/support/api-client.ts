import { z } from 'zod';
import { PERMISSION_NAMES, type Permission } from '../../src/administration/permissions.js';
import type { ConsoleWorld } from './console-world.js';

export interface ApiAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

export interface ApiClient {
  call(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
}

/** A script with a personal access token; without `scopes` it has every one, with null it has no token. */
export async function openApi(
  world: ConsoleWorld,
  tenantId: string,
  scopes: readonly Permission[] | null = PERMISSION_NAMES,
): Promise<ApiClient> {
  const token = scopes === null ? null : await mintToken(world, tenantId, scopes);
  return {
    async call(method, path, body) {
      const response = await fetch(`${world.origin}/api/v1${path}`, {
        method: method.toUpperCase(),
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const type = response.headers.get('content-type') ?? '';
      return { status: response.status, type, body: text === '' ? null : JSON.parse(text) };
    },
  };
}

async function mintToken(
  { services }: ConsoleWorld,
  tenantId: string,
  scopes: readonly Permission[],
): Promise<string> {
  const input = { tenantId, kind: 'admin', name: 'script', scopes, expiresAt: null, actor: 'test' } as const;
  return (await services.tokens.create(input)).token;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly description: string;
  readonly parameters: readonly { readonly name: string; readonly in: 'path' | 'query' }[];
  readonly requestBody?: object;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Described extends DescribedOperation {
  readonly method: string;
  readonly path: string;
  readonly scope: string;
}

/** Every operation of the document. */
export function operationsOf(document: ApiDocument): readonly Described[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      ...one,
      method,
      path,
      scope: /`([^`]+)`/.exec(one.description)?.[1] ?? '',
    })),
  );
}

/** Whether a body is what the document promises for this status: the first thing that differs, or null. */
export function deviation(document: ApiDocument, one: Described, answer: ApiAnswer): string | null {
  const promised = one.responses[String(answer.status)];
  if (promised === undefined) return `status ${String(answer.status)} is not named`;
  const [type, content] = Object.entries(promised.content ?? {})[0] ?? [];
  if (content === undefined) return answer.body === null ? null : 'a body where none is named';
  if (!answer.type.startsWith(type ?? '')) return `content type ${answer.type}`;
  const schema = { ...content.schema, $defs: document.components.schemas };
  const local = JSON.parse(
    JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'),
  ) as z.core.JSONSchema.JSONSchema;
  const parsed = z.fromJSONSchema(local).safeParse(answer.body);
  return parsed.success ? null : z.prettifyError(parsed.error);
}
