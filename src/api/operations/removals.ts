import { AppError } from '../../domain/errors.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { announcedObjects, removal, removals } from '../schemas/leavers.js';
import { byId, noParams, noQuery, pageQuery, pageRequest } from '../schemas/parts.js';

/** Archived recordings whose time is over: what is about to be removed, and what was. */
export function removalOperations({ removals: view }: Pick<ApiDeps, 'removals'>): readonly Operation[] {
  const shared = {
    method: 'get',
    tag: 'Leavers',
    permission: 'audit:read',
    status: 200,
    body: null,
  } as const;
  return [
    operation({
      ...shared,
      id: 'listRemovals',
      path: '/removals',
      summary: 'Removals of expired recordings, announced and carried out, newest first',
      params: noParams,
      query: pageQuery,
      response: removals,
      async handle({ principal: { tenantId }, query }) {
        const found = await view.list(tenantId, pageRequest(query));
        return { items: found.rows, next: found.next };
      },
    }),
    operation({
      ...shared,
      id: 'getRemoval',
      path: '/removals/{id}',
      summary: 'One removal',
      params: byId,
      query: noQuery,
      response: removal,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, params }) {
        const found = await view.find(tenantId, params.id);
        if (found !== null) return found;
        throw new AppError(
          'notFound',
          'There is no such removal. The list of removals shows those there are.',
        );
      },
    }),
    operation({
      ...shared,
      id: 'listAnnouncedObjects',
      path: '/removals/{id}/objects',
      summary: 'Exactly the recordings that were announced, with what became of each',
      params: byId,
      query: pageQuery,
      response: announcedObjects,
      async handle({ principal: { tenantId }, params, query }) {
        const found = await view.objects(tenantId, params.id, pageRequest(query));
        return { items: found.rows, next: found.next };
      },
    }),
  ];
}
