import type { StoredResource } from '../../directory/resource.js';
import type { ResourceTypeName } from '../../directory/schema-catalogue.js';
import { etagOf } from '../etag.js';
import { errorReply } from '../errors.js';
import { locationOf, renderResource } from '../render.js';
import { ScimReply } from '../reply.js';
import type { ScimRequest } from '../request.js';

/** Runs an operation; whatever goes wrong comes back as an answer. */
export async function answered(
  request: ScimRequest,
  operation: () => Promise<ScimReply>,
): Promise<ScimReply> {
  try {
    return await operation();
  } catch (error) {
    return errorReply(error, request.services);
  }
}

/** An answer with one resource: ETag always, Location for a new one (RFC 7644 sections 3.3 and 3.14). */
export function resourceReply(
  request: ScimRequest,
  type: ResourceTypeName,
  stored: StoredResource,
  status: 200 | 201,
): ScimReply {
  const body = renderResource(type, stored, request.baseUrl, request.projection(type));
  return new ScimReply(status, body, {
    ETag: etagOf(stored.version),
    ...(status === 201 ? { Location: locationOf(request.baseUrl, type, stored.id) } : {}),
  });
}

export function emptyReply(stored?: StoredResource): ScimReply {
  return new ScimReply(204, null, stored === undefined ? {} : { ETag: etagOf(stored.version) });
}

/** Base URL for `$ref`s when the answer is to carry memberships. */
export function refBaseFor(request: ScimRequest, type: ResourceTypeName): string | null {
  return request.projection(type).wants(type === 'User' ? 'groups' : 'members') ? request.baseUrl : null;
}
