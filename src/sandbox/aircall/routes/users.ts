import type { ApiRoute } from '../../reply.js';
import { numbersOfUser } from '../numbers.js';
import { createdWithin, paginate } from '../pagination.js';
import { appReply } from '../replies.js';
import { readUserCreate, readUserUpdate } from '../user-input.js';
import { createUser, deleteUserByApi, updateUser, userById, userByRef } from '../users.js';
import { numberJson, userJson } from '../wire.js';
import type { World } from '../world.js';

/** The v2 users of vendors.md 1.5. */
export function userRoutes(world: World): ApiRoute[] {
  return [
    { method: 'get', path: '/v2/users', handle: (call) => listUsers(world, call) },
    {
      method: 'get',
      path: '/v2/users/:ref',
      handle: ({ params }) => ({
        status: 200,
        body: { user: userJson(world, userByRef(world, params['ref'] ?? '')) },
      }),
    },
    { method: 'post', path: '/v2/users', handle: ({ body }) => postUser(world, body) },
    { method: 'put', path: '/v2/users/:ref', handle: (call) => putUser(world, call) },
    { method: 'get', path: '/v2/users/:ref/numbers', handle: (call) => listNumbers(world, call) },
  ];
}

type Handle = ApiRoute['handle'];
type Call = Parameters<Handle>[0];
type Answer = ReturnType<Handle>;

function listUsers(world: World, call: Call): Answer {
  const rows = createdWithin(world.state.users.rows(), call.query);
  const page = paginate({ rows, call, baseUrl: world.baseUrl(), canOrder: true });
  return { status: 200, body: { users: page.rows.map((user) => userJson(world, user)), meta: page.meta } };
}

function postUser(world: World, body: unknown): Answer {
  const user = createUser(world, readUserCreate(world, body));
  return {
    status: world.settings.createStatus,
    body: { user: userJson(world, user, true) },
    effects: [`user.created ${user.id}`],
  };
}

function putUser(world: World, { params, body }: Call): Answer {
  const user = userByRef(world, params['ref'] ?? '');
  updateUser(world, user, readUserUpdate(world, body));
  return { status: 200, body: { user: userJson(world, user) }, effects: [`user.updated ${user.id}`] };
}

function listNumbers(world: World, call: Call): Answer {
  const rows = numbersOfUser(world, userByRef(world, call.params['ref'] ?? '').id);
  const page = paginate({ rows, call, baseUrl: world.baseUrl() });
  const numbers = page.rows.map((number) => ({
    ...numberJson(world, number),
    flow_editor_enabled: number.isSmartflows,
  }));
  return { status: 200, body: { numbers, meta: page.meta } };
}

/** What is left of users on v1: delete and availability; the rest is past its sunset. */
export function v1UserRoutes(world: World): ApiRoute[] {
  return [
    { method: 'get', path: '/v1/users/availabilities', handle: (call) => listAvailabilities(world, call) },
    {
      method: 'get',
      path: '/v1/users/:id/availability',
      handle: ({ params }) => ({
        status: 200,
        body: { availability: userById(world, params['id'] ?? '').availability },
      }),
    },
    {
      method: 'delete',
      path: '/v1/users/:id',
      handle: ({ params }) => removeUser(world, params['id'] ?? ''),
    },
    ...(world.settings.v1UserRoutes === 410 ? goneRoutes() : []),
  ];
}

function listAvailabilities(world: World, call: Call): Answer {
  const page = paginate({ rows: world.state.users.rows(), call, baseUrl: world.baseUrl() });
  const users = page.rows.map(({ id, availability }) => ({ id, availability }));
  return { status: 200, body: { users, meta: page.meta } };
}

function removeUser(world: World, id: string): Answer {
  const user = userById(world, id);
  deleteUserByApi(world, user);
  return { status: 204, effects: [`user.deleted ${user.id}`] };
}

/** With the switch at 404 these paths are simply unknown to the edge. */
function goneRoutes(): ApiRoute[] {
  const handle: Handle = () => appReply(410, 'Use /v2/users.');
  return [
    { method: 'get', path: '/v1/users', handle },
    { method: 'post', path: '/v1/users', handle },
    { method: 'get', path: '/v1/users/:id', handle },
    { method: 'put', path: '/v1/users/:id', handle },
  ];
}
