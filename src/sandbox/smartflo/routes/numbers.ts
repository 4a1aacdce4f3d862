import { z } from 'zod';

import type { ApiCall, ApiRoute, Reply } from '../../reply.js';
import { isDestination } from '../destinations.js';
import { refuse, refuseFields, updatedReply } from '../replies.js';
import { read } from '../user-input.js';
import { numberJson } from '../wire.js';
import type { World } from '../world.js';

const body = z.object({
  name: z.string().default(''),
  destination: z.string().min(1),
  description: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  sms_template: z.array(z.string()).default([]),
});

/** The account's numbers (vendors.md 2.3). Each leads to exactly one destination. */
export function numberRoutes(world: World): ApiRoute[] {
  return [
    {
      method: 'get',
      path: '/v1/my_number',
      handle: () => ({ status: 200, body: world.state.numbers.rows().map(numberJson) }),
    },
    { method: 'put', path: '/v1/my_number/:id', handle: (call) => putNumber(world, call) },
  ];
}

function putNumber(world: World, { params, body: sent }: ApiCall): Reply {
  const number = world.state.numbers.get(Number(params['id'])) ?? refuse(404, 'Number not found.');
  const input = read(body, sent);
  if (!isDestination(world, input.destination)) {
    refuseFields(422, { destination: ['The selected destination is invalid.'] });
  }
  number.name = input.name;
  number.description = input.description;
  number.destination = input.destination;
  number.smsTemplate = input.sms_template;
  return updatedReply('Number updated successfully.', [`number.updated ${number.id}`]);
}
