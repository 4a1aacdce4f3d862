import { idpSource } from '../../report/missed-pushes/compare.js';
import type { IdpSource } from '../../report/missed-pushes/source.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import {
  idpConnection,
  idpConnectionMade,
  idpConnections,
  idpFacts,
  newIdpConfig,
  newIdpConnection,
  newIdpCredential,
  newIdpSettings,
} from '../schemas/idp.js';
import { byName, noParams, noQuery } from '../schemas/parts.js';

const TAG = 'Identity providers';

export function idpOperations(deps: ApiDeps): readonly Operation[] {
  return [...readConnections(deps), ...changeConnections(deps)];
}

function readConnections({ idpSources }: ApiDeps): readonly Operation[] {
  const READ = {
    method: 'get',
    tag: TAG,
    permission: 'read',
    status: 200,
    body: null,
    query: noQuery,
  } as const;
  return [
    operation({
      ...READ,
      id: 'listIdpConnections',
      path: '/idp-connections',
      summary: 'Read-only connections to identity providers’ own lists; never their credentials',
      params: noParams,
      response: idpConnections,
      handle: async ({ principal }) => ({ items: (await idpSources.list(principal.tenantId)).map(shown) }),
    }),
    operation({
      ...READ,
      id: 'getIdpConnection',
      path: '/idp-connections/{name}',
      summary: 'One connection with its settings',
      params: byName,
      response: idpConnection,
      errors: ['notFound'],
      handle: async ({ principal, params }) =>
        shown(await idpSources.byName(principal.tenantId, params.name)),
    }),
  ];
}

function changeConnections({ idpSources, askComparison, nudge }: ApiDeps): readonly Operation[] {
  const CHANGE = { tag: TAG, permission: 'accounts:write', query: noQuery } as const;
  return [
    operation({
      ...CHANGE,
      method: 'post',
      id: 'createIdpConnection',
      path: '/idp-connections',
      summary: 'Connect after trying the credential; the first comparison follows',
      status: 201,
      params: noParams,
      body: newIdpConnection,
      response: idpConnectionMade,
      errors: ['conflict', 'credential', 'unavailable'],
      async handle({ principal: { tenantId, actor }, body }) {
        const { source, facts } = await idpSources.create({ ...body, tenantId, actor });
        await askComparison(idpSource(source));
        nudge(tenantId);
        return { connection: shown(source), facts };
      },
    }),
    operation({
      ...CHANGE,
      method: 'post',
      id: 'testIdpConnection',
      path: '/idp-connections/{name}/test',
      summary: 'Try the stored credential now: what it reaches',
      status: 200,
      params: byName,
      body: null,
      response: idpFacts,
      errors: ['notFound', 'credential', 'unavailable'],
      handle: async ({ principal, params }) =>
        idpSources.test(await idpSources.byName(principal.tenantId, params.name)),
    }),
    operation({
      ...CHANGE,
      permission: 'findings:decide',
      method: 'post',
      id: 'compareIdpConnection',
      path: '/idp-connections/{name}/compare',
      summary: 'Ask for a comparison of the directory here with the identity provider',
      status: 202,
      params: byName,
      body: null,
      response: null,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, params }) {
        await askComparison(idpSource(await idpSources.byName(tenantId, params.name)));
        nudge(tenantId);
      },
    }),
    operation({
      ...CHANGE,
      method: 'put',
      id: 'setIdpConfig',
      path: '/idp-connections/{name}/config',
      summary: 'Replace the settings of the identity provider after trying them with the stored credential',
      status: 200,
      params: byName,
      body: newIdpConfig,
      response: idpFacts,
      errors: ['notFound', 'credential', 'unavailable'],
      handle: async ({ principal: { tenantId, actor }, params, body }) =>
        idpSources.setConfig(await idpSources.byName(tenantId, params.name), body.config, actor),
    }),
    operation({
      ...CHANGE,
      method: 'put',
      id: 'setIdpSettings',
      path: '/idp-connections/{name}/settings',
      summary: 'Replace what is compared, and when',
      status: 204,
      params: byName,
      body: newIdpSettings,
      response: null,
      errors: ['notFound'],
      async handle({ principal: { tenantId, actor }, params, body }) {
        await idpSources.setSettings(await idpSources.byName(tenantId, params.name), body.settings, actor);
      },
    }),
    operation({
      ...CHANGE,
      method: 'put',
      id: 'replaceIdpCredential',
      path: '/idp-connections/{name}/credential',
      summary: 'Replace the credential after trying the new one; a paused connection goes on',
      status: 200,
      params: byName,
      body: newIdpCredential,
      response: idpFacts,
      errors: ['notFound', 'credential', 'unavailable'],
      async handle({ principal: { tenantId, actor }, params, body }) {
        const source = await idpSources.byName(tenantId, params.name);
        const facts = await idpSources.setSecrets(source, body.secrets, actor);
        await askComparison(idpSource(source));
        nudge(tenantId);
        return facts;
      },
    }),
    operation({
      ...CHANGE,
      method: 'delete',
      id: 'removeIdpConnection',
      path: '/idp-connections/{name}',
      summary: 'Remove the connection with its readings and findings; people stay as they are',
      status: 204,
      params: byName,
      body: null,
      response: null,
      errors: ['notFound'],
      handle: async ({ principal: { tenantId, actor }, params }) =>
        idpSources.remove(await idpSources.byName(tenantId, params.name), actor),
    }),
  ];
}

/** Without the credential, encrypted or not. */
function shown({ secrets: _secrets, tenantId: _tenantId, ...connection }: IdpSource) {
  return connection;
}
