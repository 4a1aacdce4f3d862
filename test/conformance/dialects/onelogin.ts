import { create, GROUP, patch, person, type Dialect } from './dialect.js';

/** OneLogin: plain JSON answers, DELETE for leavers (interop.md 2.5). */
export const oneLogin: Dialect = {
  name: 'OneLogin',
  headers: {
    'User-Agent': 'OneLogin',
    Accept: 'application/json',
    'Content-Type': 'application/json',
    Authorization: 'Bearer {token}',
  },
  scenarios: [
    {
      name: 'probe, create, update, group, delete',
      exchanges: [
        {
          send: 'GET /Users?filter=userName eq "test@onelogin.test"',
          status: 200,
          answer: { totalResults: 0 },
        },
        {
          send: 'GET /Users?filter=userName eq "jane@example.test"',
          status: 200,
          answer: { totalResults: 0 },
        },
        { send: 'POST /Users', body: person('jane@example.test'), status: 201, keep: { jane: 'id' } },
        create('john', 'john@example.test'),
        { send: 'GET /Users/{jane}', status: 200 },
        {
          send: 'PUT /Users/{jane}',
          body: person('jane@example.test', { title: 'Agent' }),
          status: 200,
          answer: { title: 'Agent' },
        },
        { send: 'GET /Groups', status: 200, answer: { totalResults: 0 } },
        {
          send: 'POST /Groups',
          body: { schemas: [GROUP], displayName: 'Agents' },
          status: 201,
          keep: { group: 'id' },
        },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({ op: 'add', path: 'members', value: [{ value: '{jane}' }, { value: '{john}' }] }),
          status: 204,
        },
        { send: 'DELETE /Users/{john}', status: 204 },
        { send: 'GET /Users/{john}', status: 404 },
      ],
      end: { users: { 'jane@example.test': { title: 'Agent' } }, groups: { Agents: ['jane@example.test'] } },
    },
  ],
};
