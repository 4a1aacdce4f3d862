import type { DomainView } from '../../sso/domains.js';
import type { SetupLinkView } from '../../sso/setup-links.js';
import type { Trace } from '../../sso/trace.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { byId, noParams } from '../schemas/parts.js';
import * as schemas from '../schemas/sso.js';
import { readOne, ssoConnectionOperations, WRITE } from './sso-connections.js';

/** Single sign-on: everything that the console and `patchbay sso` can do. */
export function ssoOperations(deps: ApiDeps): readonly Operation[] {
  return [
    ...ssoConnectionOperations(deps),
    ...testOperations(deps),
    ...domainOperations(deps),
    ...setupLinkOperations(deps),
  ];
}

function testOperations(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...WRITE,
      id: 'startSsoTest',
      method: 'post',
      path: '/sso-connections/{name}/tests',
      summary: 'Begin a test sign-in: everything but the session',
      status: 201,
      params: schemas.byConnection,
      body: null,
      response: schemas.startedTest,
      errors: ['notFound', 'conflict', 'forbidden'],
      handle: async ({ principal, params }) =>
        deps.startSsoTest(await deps.findTenant(principal.tenantId), params.name),
    }),
    operation({
      ...readOne,
      id: 'readSsoTest',
      path: '/sso-connections/{name}/tests/{requestId}',
      summary: 'What became of a test sign-in',
      params: schemas.byTestRequest,
      response: schemas.testResult,
      async handle({ principal: { tenantId }, params: { requestId } }) {
        const found = await deps.traces.ofRequest(tenantId, requestId);
        return found === null ? { state: 'waiting', trace: null } : { state: 'done', trace: toTrace(found) };
      },
    }),
    operation({
      ...readOne,
      id: 'listSsoTraces',
      path: '/sso-traces',
      summary: 'Refused sign-ins and tests, newest first',
      params: noParams,
      response: schemas.traces,
      async handle({ principal }) {
        return { items: (await deps.traces.recent(principal.tenantId)).map(toTrace) };
      },
    }),
    operation({
      ...readOne,
      id: 'readSsoTrace',
      path: '/sso-traces/{code}',
      summary: 'One sign-in by the code that the person was shown',
      params: schemas.byCode,
      response: schemas.trace,
      errors: ['notFound'],
      handle: async ({ principal, params }) =>
        toTrace(await deps.traces.byFriendlyId(principal.tenantId, params.code)),
    }),
  ];
}

function domainOperations({ domains }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...readOne,
      id: 'listDomains',
      path: '/domains',
      summary: 'E-mail domains, with what to put into DNS',
      params: noParams,
      response: schemas.domains,
      handle: async ({ principal }) => ({ items: (await domains.list(principal.tenantId)).map(toDomain) }),
    }),
    operation({
      ...WRITE,
      id: 'claimDomain',
      method: 'post',
      path: '/domains',
      summary: 'Add an e-mail domain; it counts once its record is found',
      status: 201,
      params: noParams,
      body: schemas.newDomain,
      response: schemas.domain,
      handle: async ({ principal: { tenantId, actor }, body }) =>
        toDomain(await domains.claim(tenantId, body.domain, actor)),
    }),
    operation({
      ...WRITE,
      id: 'verifyDomain',
      method: 'post',
      path: '/domains/{domain}/verify',
      summary: 'Look for the record now',
      status: 200,
      params: schemas.byDomain,
      body: null,
      response: schemas.domain,
      errors: ['notFound', 'conflict', 'unavailable'],
      handle: async ({ principal: { tenantId, actor }, params }) =>
        toDomain(await domains.verify(tenantId, params.domain, actor)),
    }),
    operation({
      ...WRITE,
      id: 'removeDomain',
      method: 'delete',
      path: '/domains/{domain}',
      summary: 'Take a domain off the list; one that is proven only when it is confirmed',
      status: 204,
      params: schemas.byDomain,
      query: schemas.domainRemoval,
      body: null,
      response: null,
      errors: ['notFound'],
      handle: ({ principal: { tenantId, actor }, params, query }) =>
        domains.remove(tenantId, params.domain, actor, query.confirm ?? null),
    }),
  ];
}

function setupLinkOperations({ setupLinks }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...readOne,
      id: 'listSetupLinks',
      path: '/setup-links',
      summary: 'Links by which IT admins set up SSO and SCIM themselves',
      params: noParams,
      response: schemas.setupLinks,
      handle: async ({ principal }) => ({
        items: (await setupLinks.list(principal.tenantId)).map(toSetupLink),
      }),
    }),
    operation({
      ...WRITE,
      id: 'createSetupLink',
      method: 'post',
      path: '/setup-links',
      summary: 'Make a setup link; its address is shown once',
      status: 201,
      params: noParams,
      body: schemas.newSetupLink,
      response: schemas.setupLinkCreated,
      async handle({ principal: { tenantId, actor }, body: { to, ...limits } }) {
        const sent = to === undefined ? {} : { to };
        const { url, link } = await setupLinks.create({ tenantId, actor, ...limits, ...sent });
        return { url, link: toSetupLink(link) };
      },
    }),
    operation({
      ...WRITE,
      id: 'revokeSetupLink',
      method: 'delete',
      path: '/setup-links/{id}',
      summary: 'End a setup link and whatever is open by it',
      status: 204,
      params: byId,
      body: null,
      response: null,
      errors: ['notFound'],
      handle: ({ principal: { tenantId, actor }, params }) => setupLinks.revoke(tenantId, params.id, actor),
    }),
  ];
}

function toDomain({ tenantId: _tenant, createdAt: _created, ...view }: DomainView) {
  return view;
}

function toTrace({ friendlyId, connectionName, at, purpose, outcome, findings, arrived, granted }: Trace) {
  return { code: friendlyId, connection: connectionName, at, purpose, outcome, findings, arrived, granted };
}

function toSetupLink(link: SetupLinkView) {
  const { id, label, sentTo, state, progress, openedCount, maxOpens, createdBy } = link;
  const { createdAt, expiresAt, firstOpenedAt, completedAt } = link;
  const counts = { openedCount, maxOpens, createdBy };
  return {
    id,
    label,
    sentTo,
    state,
    step: progress.step,
    ...counts,
    createdAt,
    expiresAt,
    firstOpenedAt,
    completedAt,
  };
}
