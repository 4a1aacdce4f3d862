import { z } from 'zod';

import type { ApiRoute } from '../../reply.js';
import { numberById } from '../numbers.js';
import { createdWithin, paginate } from '../pagination.js';
import { readBody } from '../user-input.js';
import { numberJson, numberWithUsersJson } from '../wire.js';
import type { World } from '../world.js';

/** What the API can write on a number; who is on it is not among that (vendors.md 1.7). */
const numberBody = z.object({
  name: z.string().trim().min(1).optional(),
  priority: z.literal([0, 1]).nullable().optional(),
  messages: z.record(z.string(), z.string()).optional(),
  time_zone: z.string().min(1).optional(),
});

/** Numbers (vendors.md 1.7): no create, no delete, no assignment. */
export function numberRoutes(world: World): ApiRoute[] {
  return [
    { method: 'get', path: '/v1/numbers', handle: (call) => listNumbers(world, call) },
    {
      method: 'get',
      path: '/v1/numbers/:id',
      handle: ({ params }) => ({
        status: 200,
        body: { number: numberWithUsersJson(world, numberById(world, params['id'] ?? '')) },
      }),
    },
    { method: 'put', path: '/v1/numbers/:id', handle: (call) => putNumber(world, call) },
  ];
}

type Call = Parameters<ApiRoute['handle']>[0];
type Answer = ReturnType<ApiRoute['handle']>;

function listNumbers(world: World, call: Call): Answer {
  const rows = createdWithin(world.state.numbers.rows(), call.query);
  const page = paginate({ rows, call, baseUrl: world.baseUrl(), canOrder: true });
  return { status: 200, body: { numbers: page.rows.map((row) => numberJson(world, row)), meta: page.meta } };
}

function putNumber(world: World, { params, body }: Call): Answer {
  const number = numberById(world, params['id'] ?? '');
  const input = readBody(numberBody, body);
  number.name = input.name ?? number.name;
  if (input.priority !== undefined) number.priority = input.priority;
  number.messages = { ...number.messages, ...input.messages };
  if (world.settings.numberTimeZoneWrite === 'accepted') number.timeZone = input.time_zone ?? number.timeZone;
  return {
    status: 200,
    body: { number: numberWithUsersJson(world, number) },
    effects: [`number.updated ${number.id}`],
  };
}
