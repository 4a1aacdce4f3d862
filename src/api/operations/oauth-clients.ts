import { AppError } from '../../domain/errors.js';
import type { ClientWithSecrets } from '../../tenancy/oauth/ports.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import {
  byClientSecret,
  newFederation,
  newOAuthClient,
  newOAuthSecret,
  oauthClient,
  oauthClients,
  oauthSecretCreated,
} from '../schemas/oauth-clients.js';
import { byId, noParams, noQuery } from '../schemas/parts.js';

/** OAuth clients that identity providers use for SCIM. */
export function oauthClientOperations(deps: ApiDeps): readonly Operation[] {
  return [...clientOperations(deps), ...secretOperations(deps)];
}

const WRITE = { tag: 'SSO and SCIM', permission: 'scim:write', query: noQuery } as const;

function clientOperations(deps: ApiDeps): readonly Operation[] {
  const clients = deps.oauthClients;
  return [
    operation({
      id: 'listOAuthClients',
      method: 'get',
      path: '/oauth-clients',
      tag: 'SSO and SCIM',
      summary: 'OAuth clients with the ends of their secrets, and where they ask for tokens',
      permission: 'read',
      status: 200,
      params: noParams,
      query: noQuery,
      body: null,
      response: oauthClients,
      async handle({ principal }) {
        const items = (await clients.list(principal.tenantId)).map(toClient);
        return { items, tokenEndpoint: deps.tokenEndpoint, scimBaseUrl: deps.scimBaseUrl };
      },
    }),
    operation({
      ...WRITE,
      id: 'createOAuthClient',
      method: 'post',
      path: '/oauth-clients',
      summary: 'Make a client; add a secret to it, or let a federation prove who it is',
      status: 201,
      params: noParams,
      body: newOAuthClient,
      response: oauthClient,
      async handle({ principal: { tenantId, actor }, body: { federation, ...facts } }) {
        const trust = federation === null ? {} : { federation };
        const client = await clients.create({ tenantId, actor, ...facts, ...trust });
        return toClient({ client, secrets: [] });
      },
    }),
    operation({
      ...WRITE,
      id: 'setOAuthFederation',
      method: 'put',
      path: '/oauth-clients/{id}/federation',
      summary: 'Trust tokens that the identity provider signs; null ends that trust',
      status: 204,
      params: byId,
      body: newFederation,
      response: null,
      errors: ['notFound'],
      handle: ({ principal: { tenantId, actor }, params: { id }, body }) =>
        clients.setFederation({ tenantId, id, actor, federation: body.federation }),
    }),
    operation({
      ...WRITE,
      id: 'revokeOAuthClient',
      method: 'delete',
      path: '/oauth-clients/{id}',
      summary: 'End a client for good, with its secrets and access tokens',
      status: 204,
      params: byId,
      body: null,
      response: null,
      errors: ['notFound'],
      handle: ({ principal: { tenantId, actor }, params: { id } }) => clients.revoke({ tenantId, id, actor }),
    }),
  ];
}

function secretOperations({ oauthClients: clients }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...WRITE,
      id: 'addOAuthSecret',
      method: 'post',
      path: '/oauth-clients/{id}/secrets',
      summary: 'Make another secret for a client; it is shown once',
      status: 201,
      params: byId,
      body: newOAuthSecret,
      response: oauthSecretCreated,
      errors: ['notFound', 'conflict'],
      async handle({ principal: { tenantId, actor }, params: { id }, body: { validDays } }) {
        const { secret, record } = await clients.addSecret({ tenantId, id, actor, validDays });
        return { id: record.id, hint: record.hint, expiresAt: record.expiresAt, secret };
      },
    }),
    operation({
      ...WRITE,
      id: 'revokeOAuthSecret',
      method: 'delete',
      path: '/oauth-clients/{id}/secrets/{secretId}',
      summary: 'End a secret; access tokens that it bought live out their hour',
      status: 204,
      params: byClientSecret,
      body: null,
      response: null,
      errors: ['notFound'],
      async handle({ principal: { tenantId, actor }, params: { id, secretId } }) {
        const owner = (await clients.list(tenantId)).find(({ client }) => client.id === id);
        const isOwn = owner?.secrets.some((secret) => secret.id === secretId) === true;
        if (!isOwn) throw new AppError('notFound', 'This client has no such secret.');
        await clients.revokeSecret({ tenantId, secretId, actor });
      },
    }),
  ];
}

function toClient({ client, secrets }: ClientWithSecrets) {
  const { id, clientId, name, accessTokenSeconds, federation, createdAt, revokedAt } = client;
  return {
    id,
    clientId,
    name,
    accessTokenSeconds,
    federation,
    createdAt,
    revokedAt,
    secrets: secrets.map((secret) => ({
      id: secret.id,
      hint: secret.hint,
      createdAt: secret.createdAt,
      expiresAt: secret.expiresAt,
      revokedAt: secret.revokedAt,
    })),
  };
}
