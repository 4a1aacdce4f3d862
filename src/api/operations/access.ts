import { AppError } from '../../domain/errors.js';
import type { ApiToken } from '../../tenancy/ports.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import {
  adminTokenCreated,
  adminTokens,
  connections,
  newAdminToken,
  newScimToken,
  scimTokenCreated,
  scimTokens,
} from '../schemas/access.js';
import { byId, noParams, noQuery } from '../schemas/parts.js';

export function accessOperations(deps: ApiDeps): readonly Operation[] {
  return [...scimOperations(deps), ...adminTokenOperations(deps), ...watchOperations(deps)];
}

function scimOperations(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...LIST,
      id: 'listScimTokens',
      path: '/scim-tokens',
      tag: 'SSO and SCIM',
      summary: 'SCIM tokens, without their secrets',
      permission: 'read',
      response: scimTokens,
      async handle({ principal }) {
        const tokens = await deps.tokens.list(principal.tenantId, 'scim');
        return { items: tokens.map((token) => ({ ...toToken(token), scopes: undefined })) };
      },
    }),
    operation({
      id: 'createScimToken',
      method: 'post',
      path: '/scim-tokens',
      tag: 'SSO and SCIM',
      summary: 'Make a token for an identity provider; it is shown once',
      permission: 'scim:write',
      status: 201,
      params: noParams,
      query: noQuery,
      body: newScimToken,
      response: scimTokenCreated,
      errors: ['conflict'],
      async handle({ principal: { tenantId, actor }, body: { name, expiresAt } }) {
        const expires = expiresAt === null ? null : new Date(expiresAt);
        const input = { tenantId, kind: 'scim', name, expiresAt: expires, actor } as const;
        const { token, record } = await deps.tokens.create(input);
        return { ...toToken(record), scopes: undefined, token, scimBaseUrl: deps.scimBaseUrl };
      },
    }),
    revokeOperation(deps, 'scim'),
  ];
}

function adminTokenOperations(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...LIST,
      id: 'listAdminTokens',
      path: '/admin-tokens',
      tag: 'Access',
      summary: 'Tokens of this API, without their secrets',
      permission: 'access:read',
      response: adminTokens,
      async handle({ principal }) {
        const tokens = await deps.tokens.list(principal.tenantId, 'admin');
        return { items: tokens.map(toToken) };
      },
    }),
    operation({
      id: 'createAdminToken',
      method: 'post',
      path: '/admin-tokens',
      tag: 'Access',
      summary: 'Make a token for this API with no more scopes than the one that asks; it is shown once',
      permission: 'access:write',
      status: 201,
      params: noParams,
      query: noQuery,
      body: newAdminToken,
      response: adminTokenCreated,
      errors: ['conflict'],
      async handle({ principal, body: { name, scopes, expiresAt } }) {
        const { tenantId, actor } = principal;
        const beyond = scopes.filter((scope) => !principal.scopes.has(scope));
        if (beyond.length > 0) {
          throw new AppError('forbidden', `A token cannot give what it has not: ${beyond.join(', ')}.`);
        }
        const expires = expiresAt === null ? null : new Date(expiresAt);
        const input = { tenantId, kind: 'admin', name, scopes, expiresAt: expires, actor } as const;
        const { token, record } = await deps.tokens.create(input);
        return { ...toToken(record), token };
      },
    }),
    revokeOperation(deps, 'admin'),
  ];
}

function revokeOperation(deps: ApiDeps, kind: 'scim' | 'admin'): Operation {
  const isScim = kind === 'scim';
  return operation({
    id: isScim ? 'revokeScimToken' : 'revokeAdminToken',
    method: 'delete',
    path: isScim ? '/scim-tokens/{id}' : '/admin-tokens/{id}',
    tag: isScim ? 'SSO and SCIM' : 'Access',
    summary: 'End a token for good',
    permission: isScim ? 'scim:write' : 'access:write',
    status: 204,
    params: byId,
    query: noQuery,
    body: null,
    response: null,
    errors: ['notFound'],
    async handle({ principal: { tenantId, actor }, params }) {
      // A permission for one kind of token must not end tokens of the other.
      const own = await deps.tokens.list(tenantId, kind);
      if (!own.some(({ id }) => id === params.id)) throw new AppError('notFound', 'There is no such token.');
      await deps.tokens.revoke({ tenantId, tokenId: params.id, actor });
    },
  });
}

function watchOperations(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...LIST,
      id: 'listSsoConnections',
      path: '/sso-connections',
      tag: 'SSO and SCIM',
      summary: 'SSO connections',
      permission: 'read',
      response: connections,
      async handle({ principal }) {
        const found = await deps.listConnections(principal.tenantId);
        return {
          items: found.map(({ name, label, idpKind, state, idp, serviceProvider }) => ({
            name,
            label,
            idpKind,
            state,
            idpEntityId: idp?.entityId ?? null,
            loginUrl: serviceProvider.loginUrl,
          })),
        };
      },
    }),
  ];
}

const LIST = { method: 'get', status: 200, params: noParams, query: noQuery, body: null } as const;

function toToken({ id, name, hint, scopes, createdAt, expiresAt, revokedAt, lastUsedAt }: ApiToken) {
  return { id, name, hint, scopes, createdAt, expiresAt, revokedAt, lastUsedAt };
}
