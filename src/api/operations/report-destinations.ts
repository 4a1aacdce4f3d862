import type { Destination } from '../../report/delivery/ports.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { byId, noParams, noQuery } from '../schemas/parts.js';
import { deliveries, destinationMade, destinations, newDestination } from '../schemas/reports.js';

const READ = {
  method: 'get',
  tag: 'Reports',
  permission: 'read',
  status: 200,
  params: noParams,
  query: noQuery,
  body: null,
} as const;
const CHANGE = {
  tag: 'Reports',
  permission: 'notifications:write',
  status: 204,
  params: byId,
  query: noQuery,
  body: null,
  response: null,
  errors: ['notFound'],
} as const;

/** Who gets reports, and what became of each. */
export function reportDestinationOperations(deps: ApiDeps): readonly Operation[] {
  return [...readDestinations(deps), createDestination(deps), ...changeDestinations(deps)];
}

function readDestinations({ reportDestinations }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...READ,
      id: 'listReportDestinations',
      path: '/report-destinations',
      summary: 'Who gets reports, how and when',
      response: destinations,
      handle: async ({ principal }) => ({
        items: (await reportDestinations.list(principal.tenantId)).map(withoutSecrets),
      }),
    }),
    operation({
      ...READ,
      id: 'listReportDeliveries',
      path: '/report-deliveries',
      summary: 'What became of the last 100 reports that were sent, the newest first',
      response: deliveries,
      handle: async ({ principal }) => ({ items: await reportDestinations.deliveries(principal.tenantId) }),
    }),
  ];
}

function createDestination({ reportDestinations }: ApiDeps): Operation {
  return operation({
    id: 'createReportDestination',
    method: 'post',
    path: '/report-destinations',
    tag: 'Reports',
    summary: 'Send reports to somebody on a schedule: by e-mail, as a signed webhook, or into a chat',
    permission: 'notifications:write',
    status: 201,
    params: noParams,
    query: noQuery,
    body: newDestination,
    response: destinationMade,
    errors: ['conflict'],
    async handle({ principal: { tenantId, actor }, body }) {
      const { destination, secret } = await reportDestinations.create({ tenantId, actor, ...body });
      return { destination: withoutSecrets(destination), secret };
    },
  });
}

function changeDestinations({ reportDestinations, sendReport }: ApiDeps): readonly Operation[] {
  const verbs = [
    {
      verb: 'pause',
      id: 'pauseReportDestination',
      summary: 'Send a destination nothing until it is resumed',
    },
    { verb: 'resume', id: 'resumeReportDestination', summary: 'Send reports to a paused destination again' },
  ] as const;
  return [
    ...verbs.map(({ verb, id, summary }) =>
      operation({
        ...CHANGE,
        id,
        method: 'post',
        path: `/report-destinations/{id}/${verb}`,
        summary,
        handle: ({ principal: { tenantId, actor }, params }) =>
          reportDestinations.setActive({ tenantId, actor, destinationId: params.id }, verb === 'resume'),
      }),
    ),
    operation({
      ...CHANGE,
      id: 'sendReportDestination',
      method: 'post',
      path: '/report-destinations/{id}/send',
      summary: 'Make a report for a destination now, news or not; it is sent within seconds',
      status: 202,
      handle: ({ principal: { tenantId, actor }, params }) =>
        sendReport({ tenantId, actor, destinationId: params.id }),
    }),
    operation({
      ...CHANGE,
      id: 'removeReportDestination',
      method: 'delete',
      path: '/report-destinations/{id}',
      summary: 'Remove a destination and what was sent to it',
      handle: ({ principal: { tenantId, actor }, params }) =>
        reportDestinations.remove({ tenantId, actor, destinationId: params.id }),
    }),
  ];
}

function withoutSecrets({ tenantId: _tenantId, secrets: _secrets, ...shown }: Destination) {
  return shown;
}
