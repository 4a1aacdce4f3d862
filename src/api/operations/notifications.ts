import { z } from 'zod';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { contact, contacts, mails, newContact } from '../schemas/notifications.js';
import { byId, noParams, noQuery, pageQuery, pageRequest } from '../schemas/parts.js';

export function notificationOperations(deps: ApiDeps): readonly Operation[] {
  return [...contactOperations(deps), listEmails(deps)];
}

function contactOperations(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'listNotificationContacts',
      method: 'get',
      path: '/notification-contacts',
      tag: 'Notifications',
      summary:
        'Who is told of what by e-mail; where nobody is chosen for a kind, the owners of the console are',
      permission: 'read',
      status: 200,
      params: noParams,
      query: noQuery,
      body: null,
      response: contacts,
      handle: async ({ principal }) => ({ items: await deps.contacts.list(principal.tenantId) }),
    }),
    operation({
      id: 'saveNotificationContact',
      method: 'put',
      path: '/notification-contacts',
      tag: 'Notifications',
      summary: 'Add a contact, or change what a known address is told',
      permission: 'notifications:write',
      status: 200,
      params: noParams,
      query: noQuery,
      body: newContact,
      response: contact,
      handle: ({ principal: { tenantId, actor }, body }) => deps.contacts.save({ tenantId, actor, ...body }),
    }),
    operation({
      id: 'removeNotificationContact',
      method: 'delete',
      path: '/notification-contacts/{id}',
      tag: 'Notifications',
      summary: 'Tell somebody nothing any more',
      permission: 'notifications:write',
      status: 204,
      params: byId,
      query: noQuery,
      body: null,
      response: null,
      errors: ['notFound'],
      handle: ({ principal: { tenantId, actor }, params }) =>
        deps.contacts.remove({ tenantId, actor, contactId: params.id }),
    }),
  ];
}

function listEmails(deps: ApiDeps): Operation {
  return operation({
    id: 'listEmails',
    method: 'get',
    path: '/emails',
    tag: 'Notifications',
    summary: 'E-mails of the last 90 days with what became of them, the newest first',
    permission: 'read',
    status: 200,
    params: noParams,
    query: pageQuery.extend({ state: z.enum(['due', 'sent', 'failed']).optional() }),
    body: null,
    response: mails,
    async handle({ principal, query }) {
      const page = { ...pageRequest(query), state: query.state ?? null };
      const found = await deps.outbox.list(principal.tenantId, page);
      return { items: found.rows, next: found.next };
    },
  });
}
