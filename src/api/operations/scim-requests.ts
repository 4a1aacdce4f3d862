import { z } from 'zod';
import { SCIM_METHODS } from '../../administration/scim-requests.js';
import { AppError } from '../../domain/errors.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { noParams, noQuery, pageQuery, pageRequest } from '../schemas/parts.js';
import { byRequestId, scimRequest, scimRequests } from '../schemas/scim-requests.js';

/** The inspector of what identity providers sent. */
export function scimRequestOperations({ scimRequests: view }: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'listScimRequests',
      method: 'get',
      path: '/scim-requests',
      tag: 'SSO and SCIM',
      summary: 'Recent requests of identity providers, newest first, redacted',
      permission: 'scim:read',
      status: 200,
      params: noParams,
      query: pageQuery.extend({
        outcome: z.enum(['all', 'failed']).default('all'),
        method: z.enum(SCIM_METHODS).optional(),
        search: z.string().max(200).optional().describe('Part of the path, the query or a body'),
      }),
      body: null,
      response: scimRequests,
      async handle({ principal, query }) {
        const { outcome, method = null, search = '' } = query;
        const filter = { ...pageRequest(query), failedOnly: outcome === 'failed', method, search };
        const found = await view.list(principal.tenantId, filter);
        return { items: found.rows, next: found.next };
      },
    }),
    operation({
      id: 'getScimRequest',
      method: 'get',
      path: '/scim-requests/{requestId}',
      tag: 'SSO and SCIM',
      summary: 'One request of an identity provider and its answer',
      permission: 'scim:read',
      status: 200,
      params: byRequestId,
      query: noQuery,
      body: null,
      response: scimRequest,
      errors: ['notFound'],
      async handle({ principal, params }) {
        const found = await view.find(principal.tenantId, params.requestId);
        if (found !== null) return found;
        throw new AppError('notFound', 'This request is not kept any more.');
      },
    }),
  ];
}
