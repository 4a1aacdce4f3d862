import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import { AppError } from '../../domain/errors.js';
import { isId } from '../../lib/ids.js';
import type { ScimReply } from '../reply.js';
import type { ScimRequest } from '../request.js';
import { createGroup, deleteGroup, patchGroup, readGroup, replaceGroup } from './groups.js';
import { createUser, deleteUser, patchUser, readUser, replaceUser } from './users.js';

export function createResource(
  request: ScimRequest,
  type: ResourceTypeName,
  body: unknown,
): Promise<ScimReply> {
  return type === 'User' ? createUser(request, body) : createGroup(request, body);
}

export async function readResource(
  request: ScimRequest,
  type: ResourceTypeName,
  id: string,
): Promise<ScimReply> {
  assertId(id);
  return type === 'User' ? readUser(request, id) : readGroup(request, id);
}

export async function replaceResource(
  request: ScimRequest,
  type: ResourceTypeName,
  id: string,
  body: unknown,
): Promise<ScimReply> {
  assertId(id);
  return type === 'User' ? replaceUser(request, id, body) : replaceGroup(request, id, body);
}

export async function patchResource(
  request: ScimRequest,
  type: ResourceTypeName,
  id: string,
  body: unknown,
): Promise<ScimReply> {
  assertId(id);
  return type === 'User' ? patchUser(request, id, body) : patchGroup(request, id, body);
}

export async function deleteResource(
  request: ScimRequest,
  type: ResourceTypeName,
  id: string,
): Promise<ScimReply> {
  assertId(id);
  return type === 'User' ? deleteUser(request, id) : deleteGroup(request, id);
}

/** Throws AppError `notFound` for what cannot be an id: it must not reach a uuid column, nor scimmy's filters. */
export function assertId(id: string): void {
  if (!isId(id)) throw new AppError('notFound', 'There is no resource of that id.');
}
