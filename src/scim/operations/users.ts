import type { Resource } from '../../directory/resource.js';
import { isExtension } from '../../directory/schema-catalogue.js';
import { normaliseBody } from '../normalise/resource.js';
import { coerceValue } from '../normalise/values.js';
import { applyEdits } from '../patch/apply.js';
import { expandOperations, type PatchEdit } from '../patch/edits.js';
import { readOperations } from '../patch/operations.js';
import type { ScimReply } from '../reply.js';
import type { ScimRequest } from '../request.js';
import { emptyReply, refBaseFor, resourceReply } from './answer.js';

/** POST /Users. */
export async function createUser(request: ScimRequest, body: unknown): Promise<ScimReply> {
  const { resource } = normaliseBody('User', body);
  const stored = await request.services.users.create(request.write, resource);
  return resourceReply(request, 'User', stored, 201);
}

/** GET /Users/{id}. */
export async function readUser(request: ScimRequest, id: string): Promise<ScimReply> {
  const refBase = refBaseFor(request, 'User');
  return resourceReply(
    request,
    'User',
    await request.services.users.read(request.tenantId, id, refBase),
    200,
  );
}

/**
 * PUT /Users/{id}: what is left out is cleared (RFC 7644 section 3.5.1), except `active`: a replace that does not
 * speak of it brings nobody back to work.
 */
export function replaceUser(request: ScimRequest, id: string, body: unknown): Promise<ScimReply> {
  const { resource } = normaliseBody('User', body);
  return modifyUser(request, id, (current) => ({ active: current['active'], ...resource }));
}

/** PATCH /Users/{id}: 200 with the whole user, which satisfies Okta and every version of Entra's validator. */
export function patchUser(request: ScimRequest, id: string, body: unknown): Promise<ScimReply> {
  const operations = readOperations(body, request.services.limits.operations);
  const edits = expandOperations('User', operations);
  const active = request.accepts === undefined ? soleActive(edits) : null;
  if (active !== null) return setActive(request, id, active);
  return modifyUser(request, id, (current) => applyEdits('User', current, edits));
}

/** The value that a request gives `active` when it says nothing else; null when it does. */
function soleActive(edits: readonly PatchEdit[]): boolean | null {
  const [edit, ...others] = edits;
  if (edit === undefined || others.length > 0 || edit.verb === 'remove') return null;
  const { attribute, schema } = edit.path;
  if (attribute?.name !== 'active' || isExtension('User', schema)) return null;
  const value = coerceValue(attribute, edit.value);
  return typeof value === 'boolean' ? value : null;
}

async function setActive(request: ScimRequest, id: string, active: boolean): Promise<ScimReply> {
  const { users } = request.services;
  const stored = await users.setActive(request.write, id, active, refBaseFor(request, 'User'));
  return resourceReply(request, 'User', stored, 200);
}

/** DELETE /Users/{id}. */
export async function deleteUser(request: ScimRequest, id: string): Promise<ScimReply> {
  await request.services.users.remove(request.write, id, request.accepts);
  return emptyReply();
}

async function modifyUser(
  request: ScimRequest,
  id: string,
  change: (current: Resource) => Resource,
): Promise<ScimReply> {
  const { accepts } = request;
  const stored = await request.services.users.modify(request.write, id, change, {
    refBase: refBaseFor(request, 'User'),
    ...(accepts === undefined ? {} : { accepts }),
  });
  return resourceReply(request, 'User', stored, 200);
}
