import type { z } from 'zod';
import type { ApiPrincipal } from '../administration/api-access.js';
import type { Permission } from '../administration/permissions.js';
import type { ErrorKind } from '../domain/errors.js';

/** One call, checked: who makes it and what it says. */
export interface Call<Params, Query, Body> {
  readonly principal: ApiPrincipal;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly now: Date;
}

/** One thing that the API can do. The router, the OpenAPI document and the contract tests all read this. */
export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/people/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly status: 200 | 201 | 202 | 204;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** null: the call has no body. */
  readonly body: z.ZodType | null;
  /** null: the answer has no body. */
  readonly response: z.ZodType | null;
  /** Ways in which it refuses, beyond those of every call. */
  readonly errors: readonly ErrorKind[];
  readonly handle: (call: Call<never, never, never>) => Promise<unknown>;
}

export interface OperationInput<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
> extends Omit<Operation, 'params' | 'query' | 'body' | 'handle' | 'errors'> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body | null;
  readonly errors?: readonly ErrorKind[];
  readonly handle: (call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<unknown>;
}

/** Declares an operation: the handler's types follow from its schemas. */
export function operation<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>(
  input: OperationInput<Params, Query, Body>,
): Operation {
  return { ...input, errors: input.errors ?? [] };
}
