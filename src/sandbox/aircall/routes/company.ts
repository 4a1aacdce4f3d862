import type { ApiRoute } from '../../reply.js';
import type { World } from '../world.js';

/** Ping and company (vendors.md 1.1, 1.10). Plan, seats and invoices cannot be read. */
export function companyRoutes({ state }: World): ApiRoute[] {
  return [
    { method: 'get', path: '/v1/ping', handle: () => ({ status: 200, body: { ping: 'pong' } }) },
    {
      method: 'get',
      path: '/v1/company',
      handle: () => ({
        status: 200,
        body: {
          company: {
            name: state.companyName,
            users_count: state.users.size,
            numbers_count: state.numbers.size,
          },
        },
      }),
    },
  ];
}
