import { TELEPHONY_SCHEMA_ID } from '../../directory/catalogue/telephony-user.js';
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
export async function resourceReply(
  request: ScimRequest,
  type: ResourceTypeName,
  stored: StoredResource,
  status: 200 | 201,
): Promise<ScimReply> {
  const [body = ''] = await renderRows(request, type, [stored]);
  return new ScimReply(status, body, {
    ETag: etagOf(stored.version),
    ...(status === 201 ? { Location: locationOf(request.baseUrl, type, stored.id) } : {}),
  });
}

/** JSON texts of resources, as the request wants them. */
export async function renderRows(
  request: ScimRequest,
  type: ResourceTypeName,
  rows: readonly StoredResource[],
): Promise<readonly string[]> {
  const projection = request.projection(type);
  const { baseUrl } = request;
  if (type === 'Group' || !projection.names([TELEPHONY_SCHEMA_ID, 'accounts'])) {
    return rows.map((row) => renderResource(type, row, baseUrl, projection));
  }
  const ids = rows.map((row) => row.id);
  const statuses = await request.services.phoneSystems.readStatuses(request.tenantId, ids);
  return rows.map((row) => {
    const accounts = statuses.get(row.id);
    const computed = accounts === undefined ? {} : { [TELEPHONY_SCHEMA_ID]: { accounts } };
    return renderResource(type, row, baseUrl, projection, computed);
  });
}

export function emptyReply(stored?: StoredResource): ScimReply {
  return new ScimReply(204, null, stored === undefined ? {} : { ETag: etagOf(stored.version) });
}

/** Base URL for `$ref`s when the answer is to carry memberships. */
export function refBaseFor(request: ScimRequest, type: ResourceTypeName): string | null {
  return request.projection(type).wants(type === 'User' ? 'groups' : 'members') ? request.baseUrl : null;
}
