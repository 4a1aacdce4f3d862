import type { ConnectionView } from '../../sso/connection-view.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { noParams, noQuery } from '../schemas/parts.js';
import * as schemas from '../schemas/sso.js';

const TAG = 'SSO and SCIM';
/** Whoever maps groups to roles gives access: that is an owner's to do. */
export const WRITE = { tag: TAG, permission: 'sso:write', query: noQuery } as const;

export const readOne = {
  method: 'get',
  tag: TAG,
  permission: 'access:read',
  status: 200,
  query: noQuery,
  body: null,
} as const;

/** Connections: both sides, settings, roles, state. */
export function ssoConnectionOperations(deps: ApiDeps): readonly Operation[] {
  return [...connectionOperations(deps), ...changeOperations(deps)];
}

function connectionOperations(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...WRITE,
      id: 'createSsoConnection',
      method: 'post',
      path: '/sso-connections',
      summary: 'Add an SSO connection; without the side of the identity provider it is a draft',
      status: 201,
      params: noParams,
      body: schemas.newConnection,
      response: schemas.connection,
      errors: ['conflict', 'unavailable'],
      async handle({ principal: { tenantId, actor }, body: { name, label, idpKind, source, settings } }) {
        const view = await deps.connections.create({
          tenant: await deps.findTenant(tenantId),
          name,
          actor,
          ...(label === undefined ? {} : { label }),
          ...(idpKind === undefined ? {} : { idpKind }),
          ...(source === undefined ? {} : { source }),
          ...(settings === undefined ? {} : { settings }),
        });
        return toConnection(view);
      },
    }),
    operation({
      ...readOne,
      id: 'readSsoConnection',
      path: '/sso-connections/{name}',
      summary: 'One connection: both sides, settings, certificates',
      params: schemas.byConnection,
      response: schemas.connection,
      errors: ['notFound'],
      async handle({ principal, params }) {
        return toConnection(
          await deps.connections.view(await deps.findTenant(principal.tenantId), params.name),
        );
      },
    }),
    operation({
      ...WRITE,
      id: 'removeSsoConnection',
      method: 'delete',
      path: '/sso-connections/{name}',
      summary: 'Remove a draft that nobody has signed in with',
      status: 204,
      params: schemas.byConnection,
      body: null,
      response: null,
      errors: ['notFound', 'conflict'],
      async handle({ principal: { tenantId, actor }, params }) {
        await deps.connections.removeDraft(await deps.findTenant(tenantId), params.name, actor);
      },
    }),
  ];
}

function changeOperations(deps: ApiDeps): readonly Operation[] {
  const change = {
    ...WRITE,
    method: 'put',
    status: 200,
    params: schemas.byConnection,
    response: schemas.connection,
  } as const;
  return [
    operation({
      ...change,
      id: 'setSsoIdp',
      path: '/sso-connections/{name}/idp',
      summary: 'Replace the side of the identity provider: metadata address, XML or single values',
      body: schemas.idpBody,
      errors: ['notFound', 'conflict', 'unavailable'],
      async handle({ principal: { tenantId, actor }, params: { name }, body }) {
        const tenant = await deps.findTenant(tenantId);
        return toConnection(await deps.connections.setIdp(tenant, name, body.source, actor));
      },
    }),
    operation({
      ...change,
      id: 'changeSsoSettings',
      path: '/sso-connections/{name}/settings',
      summary: 'Change the settings that are named',
      body: schemas.settingsBody,
      errors: ['notFound'],
      async handle({ principal: { tenantId, actor }, params: { name }, body }) {
        const tenant = await deps.findTenant(tenantId);
        return toConnection(await deps.connections.setSettings(tenant, name, body.settings, actor));
      },
    }),
    operation({
      ...change,
      id: 'setSsoRoles',
      path: '/sso-connections/{name}/roles',
      summary: 'Which groups and people get which console role',
      body: schemas.rolesBody,
      errors: ['notFound'],
      async handle({ principal: { tenantId, actor }, params: { name }, body }) {
        const tenant = await deps.findTenant(tenantId);
        return toConnection(await deps.connections.setRoleMapping(tenant, name, body.rules, actor));
      },
    }),
    operation({
      ...change,
      id: 'setSsoState',
      path: '/sso-connections/{name}/state',
      summary: 'Switch a connection on or off',
      body: schemas.stateBody,
      errors: ['notFound', 'conflict'],
      async handle({ principal: { tenantId, actor }, params: { name }, body }) {
        const tenant = await deps.findTenant(tenantId);
        return toConnection(await deps.connections.setState(tenant, name, body.state, actor));
      },
    }),
    operation({
      ...change,
      id: 'refreshSsoMetadata',
      method: 'post',
      path: '/sso-connections/{name}/refresh',
      summary: 'Read the metadata of the identity provider now',
      body: null,
      errors: ['notFound', 'conflict', 'unavailable'],
      async handle({ principal: { tenantId, actor }, params: { name } }) {
        const tenant = await deps.findTenant(tenantId);
        return toConnection(await deps.connections.refreshMetadata(tenant, name, actor));
      },
    }),
  ];
}

function toConnection({ id: _id, ...view }: ConnectionView) {
  return view;
}
