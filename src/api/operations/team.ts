import type { TeamMember } from '../../sso/team-ports.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { byId, noParams, noQuery } from '../schemas/parts.js';
import {
  consoleSessions,
  consoleUser,
  consoleUsers,
  newOrganisation,
  newRole,
  organisation,
  sessionsEnded,
} from '../schemas/team.js';

/** People of the console, their sessions, and the organisation's settings. */
export function teamOperations(deps: ApiDeps): readonly Operation[] {
  return [...readTeam(deps), ...changeTeam(deps), ...sessionOperations(deps), ...settingsOperations(deps)];
}

function readTeam({ team }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...READ,
      id: 'listConsoleUsers',
      path: '/console-users',
      summary: 'People of the console with their roles',
      params: noParams,
      response: consoleUsers,
      async handle({ principal }) {
        return { items: (await team.members(principal.tenantId)).map(toUser) };
      },
    }),
    operation({
      ...READ,
      id: 'getConsoleUser',
      path: '/console-users/{id}',
      summary: 'One person of the console',
      params: byId,
      response: consoleUser,
      errors: ['notFound'],
      handle: async ({ principal, params }) => toUser(await team.member(principal.tenantId, params.id)),
    }),
  ];
}

function changeTeam({ team }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...WRITE,
      id: 'setConsoleRole',
      method: 'put',
      path: '/console-users/{id}/role',
      summary: 'Choose a person’s role by hand, or give it back to the identity provider',
      params: byId,
      body: newRole,
      errors: ['notFound', 'conflict'],
      handle: ({ principal: { tenantId, actor }, params, body }) =>
        team.setRole({ tenantId, userId: params.id, actor, role: body.role }),
    }),
    operation({
      ...WRITE,
      id: 'removeLocalOwner',
      method: 'delete',
      path: '/console-users/{id}',
      summary: 'Remove a break-glass owner for good',
      params: byId,
      body: null,
      errors: ['notFound', 'conflict'],
      handle: ({ principal: { tenantId, actor }, params }) =>
        team.remove({ tenantId, userId: params.id, actor }),
    }),
  ];
}

function sessionOperations({ team }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...READ,
      id: 'listConsoleSessions',
      path: '/console-sessions',
      summary: 'Sessions of the console that hold now, the newest first',
      params: noParams,
      response: consoleSessions,
      handle: async ({ principal }) => ({ items: await team.sessions(principal.tenantId, null) }),
    }),
    operation({
      ...WRITE,
      id: 'endConsoleSession',
      method: 'delete',
      path: '/console-sessions/{id}',
      summary: 'End a session',
      params: byId,
      body: null,
      errors: ['notFound'],
      handle: ({ principal: { tenantId, actor }, params }) =>
        team.endSession({ tenantId, sessionId: params.id, actor }),
    }),
    operation({
      ...WRITE,
      id: 'endSessionsOfUser',
      method: 'post',
      path: '/console-users/{id}/end-sessions',
      summary: 'End every session of a person',
      params: byId,
      body: null,
      status: 200,
      response: sessionsEnded,
      errors: ['notFound'],
      async handle({ principal: { tenantId, actor }, params }) {
        const { id: userId } = await team.member(tenantId, params.id);
        return { ended: await team.endSessionsOf({ tenantId, userId, actor }) };
      },
    }),
  ];
}

function settingsOperations({ organisations }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...READ,
      id: 'getOrganisation',
      path: '/organisation',
      tag: 'Settings',
      summary: 'Name and settings of the organisation',
      permission: 'read',
      params: noParams,
      response: organisation,
      async handle({ principal }) {
        const { slug, name, settings } = await organisations.read(principal.tenantId);
        return { slug, name, settings };
      },
    }),
    operation({
      ...WRITE,
      id: 'saveOrganisation',
      method: 'put',
      path: '/organisation',
      tag: 'Settings',
      summary: 'Change name and settings; session limits hold at once',
      permission: 'settings:write',
      params: noParams,
      body: newOrganisation,
      handle: ({ principal: { tenantId, actor }, body }) => organisations.save({ tenantId, actor, ...body }),
    }),
  ];
}

const READ = {
  method: 'get',
  tag: 'Access',
  permission: 'access:read',
  status: 200,
  query: noQuery,
  body: null,
} as const;
const WRITE = {
  tag: 'Access',
  permission: 'access:write',
  status: 204,
  query: noQuery,
  response: null,
} as const;

function toUser(member: TeamMember) {
  const { id, kind, email, displayName, role, pinnedRole, sessions, createdAt, lastLoginAt } = member;
  return { id, kind, email, displayName, role, pinnedRole, sessions, createdAt, lastLoginAt };
}
