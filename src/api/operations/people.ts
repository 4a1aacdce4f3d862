import { z } from 'zod';
import { listMatters } from '../../administration/attention.js';
import { PEOPLE_FILTERS } from '../../administration/people.js';
import type { PersonPage } from '../../administration/person.js';
import type { Standing } from '../../administration/standing.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { overview } from '../schemas/overview.js';
import { byId, noParams, noQuery, pageQuery, pageRequest } from '../schemas/parts.js';
import { groups, people, person, timeline } from '../schemas/people.js';

const search = z.string().max(200).default('');
const peopleQuery = pageQuery.extend({
  search: search.describe('Words, each part of name, user name or first e-mail'),
  filter: z.enum(PEOPLE_FILTERS).optional(),
  group: z.uuid().optional().describe('Only members of this group'),
});

export function peopleOperations(deps: ApiDeps): readonly Operation[] {
  return [
    overviewOperation(deps),
    operation({
      id: 'listPeople',
      method: 'get',
      path: '/people',
      tag: 'People',
      summary: 'People of the directory, by name',
      permission: 'read',
      status: 200,
      params: noParams,
      query: peopleQuery,
      body: null,
      response: people,
      async handle({ principal, query }) {
        const { filter = null, group = null } = query;
        const page = { ...pageRequest(query), search: query.search, filter, groupId: group };
        const found = await deps.people.list(principal.tenantId, page);
        return { items: found.rows, next: found.next };
      },
    }),
    operation({
      id: 'getPerson',
      method: 'get',
      path: '/people/{id}',
      tag: 'People',
      summary: 'One person: identity, groups, and what they should hold beside what they hold',
      permission: 'read',
      status: 200,
      params: byId,
      query: noQuery,
      body: null,
      response: person,
      errors: ['notFound'],
      handle: async ({ principal, params }) => toPerson(await deps.readPerson(principal.tenantId, params.id)),
    }),
    operation({
      id: 'getPersonTimeline',
      method: 'get',
      path: '/people/{id}/timeline',
      tag: 'People',
      summary: 'What happened to one person lately, newest first: pushes, and what followed from them',
      permission: 'read',
      status: 200,
      params: byId,
      query: noQuery,
      body: null,
      response: timeline,
      errors: ['notFound'],
      async handle({ principal, params }) {
        return { items: (await deps.readPerson(principal.tenantId, params.id)).timeline };
      },
    }),
    operation({
      id: 'recheckPerson',
      method: 'post',
      path: '/people/{id}/recheck',
      tag: 'People',
      summary: 'Have one person looked at again in every account',
      permission: 'people:recheck',
      status: 202,
      params: byId,
      query: noQuery,
      body: null,
      response: null,
      errors: ['notFound'],
      handle: ({ principal: { tenantId, actor }, params }) =>
        deps.recheckPerson({ tenantId, personId: params.id, actor }),
    }),
    operation({
      id: 'listGroups',
      method: 'get',
      path: '/groups',
      tag: 'People',
      summary: 'Groups that the identity provider pushed, by name',
      permission: 'read',
      status: 200,
      params: noParams,
      query: pageQuery.extend({ search }),
      body: null,
      response: groups,
      async handle({ principal, query }) {
        const page = { ...pageRequest(query), search: query.search };
        const found = await deps.people.groups(principal.tenantId, page);
        return { items: found.rows, next: found.next };
      },
    }),
  ];
}

function overviewOperation(deps: ApiDeps): Operation {
  return operation({
    id: 'getOverview',
    method: 'get',
    path: '/overview',
    tag: 'Overview',
    summary: 'Is everything all right, and what needs a person?',
    permission: 'read',
    status: 200,
    params: noParams,
    query: noQuery,
    body: null,
    response: overview,
    async handle({ principal: { tenantId }, now }) {
      const [found, waiting, certificates] = await Promise.all([
        deps.overview.read(tenantId, now),
        deps.overview.waiting(tenantId),
        deps.certificateWarnings(tenantId, now),
      ]);
      const { open, urgent, overdue } = found.tasks;
      return {
        people: found.people,
        lastPushAt: found.lastPushAt,
        rulesVersion: found.rules?.version ?? null,
        accounts: found.accounts,
        heldPlans: waiting.plans,
        heldLeavers: found.leavers.held,
        tasks: { open, urgent, overdue },
        matters: listMatters(found, certificates, now).map(({ severity, title, detail }) => ({
          severity,
          title,
          detail,
        })),
      };
    },
  });
}

function toPerson({ person: { user, groups: memberOf, ...record }, standings }: PersonPage) {
  const { id, userName, displayName, givenName, familyName, email, externalId, status, attributes } = user;
  const { createdAt, lastModified, deletedAt } = record;
  return {
    id,
    userName,
    displayName,
    givenName,
    familyName,
    email,
    externalId,
    status,
    attributes,
    groups: memberOf,
    accounts: standings.map(toStanding),
    createdAt,
    lastModified,
    deletedAt,
  };
}

function toStanding(standing: Standing) {
  const { account, provider, link, readAt, decision, rows, notices, mark, checklist } = standing;
  return {
    account,
    provider,
    providerUserId: link?.providerUserId ?? null,
    linkState: link?.state ?? null,
    deleteDueAt: link === null || link.deleteDueAt === null ? null : new Date(link.deleteDueAt),
    readAt,
    decision: decision?.type ?? 'no-rules',
    entitlements: rows,
    notices,
    checklist,
    waiting:
      mark === null ? null : { since: mark.markedAt, heldPlanId: mark.heldPlanId, lastError: mark.lastError },
  };
}
