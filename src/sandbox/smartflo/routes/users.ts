import type { ApiCall, ApiRoute, Reply } from '../../reply.js';
import { edgeReply, refuse, refuseFields, updatedReply } from '../replies.js';
import { readUserCreate, readUserUpdate } from '../user-input.js';
import { createUser, deleteUser, updateUser, userById } from '../users.js';
import { detailedUser, listedUser } from '../wire.js';
import type { World } from '../world.js';

const LIMIT_DEFAULT = 20;

/** Users (vendors.md 2.2). */
export function userRoutes(world: World): ApiRoute[] {
  return [
    { method: 'get', path: '/v1/users', handle: (call) => listUsers(world, call) },
    {
      method: 'get',
      path: '/v1/user/:id',
      handle: ({ params }) => ({
        status: 200,
        body: { data: detailedUser(world, userById(world, params['id'] ?? '')) },
      }),
    },
    { method: 'post', path: '/v1/user', handle: ({ body }) => postUser(world, body) },
    { method: 'patch', path: '/v1/user/:id', handle: (call) => patchUser(world, call) },
    { method: 'delete', path: '/v1/user/:id', handle: ({ params }) => removeUser(world, params['id'] ?? '') },
    ...world.settings.roleRoutes.map((path) => ({
      method: 'get' as const,
      path,
      handle: () => ({ status: 200, body: { success: true, data: world.state.roles } }),
    })),
  ];
}

/** A cursor: rows after `last_seen_id`, lowest id first. More than the most is cut, not refused. */
function listUsers(world: World, { query }: ApiCall): Reply {
  const after = wholeNumber(query, 'last_seen_id', 0);
  const limit = Math.min(wholeNumber(query, 'limit', LIMIT_DEFAULT), world.settings.usersLimitMax);
  const later = world.state.users.rows().filter(({ id }) => id > after);
  const rows = later.slice(0, Math.max(1, limit));
  return {
    status: 200,
    body: {
      has_more: later.length > rows.length,
      count: rows.length,
      last_seen_id: rows.at(-1)?.id ?? null,
      data: rows.map((user) => listedUser(world, user)),
    },
  };
}

function wholeNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null) return absent;
  if (!/^\d{1,12}$/u.test(text)) refuseFields(422, { [name]: [`The ${name} must be a number.`] });
  return Number(text);
}

function postUser(world: World, body: unknown): Reply {
  const user = createUser(world, readUserCreate(world, body));
  return {
    status: 200,
    body: {
      success: true,
      data: {
        id: user.id,
        agent_id: user.agent?.id ?? null,
        agent_extension: user.agent === null ? null : String(user.agent.intercom),
      },
    },
    effects: [`user.created ${user.id}`],
  };
}

function patchUser(world: World, { params, body }: ApiCall): Reply {
  const user = userById(world, params['id'] ?? '');
  const input = readUserUpdate(world, body);
  if (world.settings.blockAnswer === 'ignored') {
    delete input.block_agent;
    delete input.block_web_login;
  }
  updateUser(world, user, input);
  return updatedReply('User updated successfully.', [`user.updated ${user.id}`]);
}

function removeUser(world: World, id: string): Reply {
  if (world.settings.deleteRoute === 'missing') return edgeReply(404);
  const user = userById(world, id);
  if (user.isOwner) refuse(world.settings.ownerDeleteStatus, 'The owner of the account cannot be deleted.');
  deleteUser(world, user);
  return { status: 200, body: { success: true }, effects: [`user.deleted ${user.id}`] };
}
