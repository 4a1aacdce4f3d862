import { create, GROUP, patch, person, type Dialect } from './dialect.js';

/** JumpCloud: tries everything out on activation and cleans up after itself (interop.md 2.5). */
export const jumpCloud: Dialect = {
  name: 'JumpCloud',
  headers: {
    Accept: 'application/scim+json',
    'Content-Type': 'application/scim+json',
    Authorization: 'Bearer {token}',
  },
  scenarios: [
    {
      name: 'activation leaves nothing behind',
      exchanges: [
        {
          send: 'GET /Users?filter=userName eq "test-user@jumpcloud.test"',
          status: 200,
          answer: { totalResults: 0 },
        },
        { send: 'POST /Users', body: person('test-user@jumpcloud.test'), status: 201, keep: { test: 'id' } },
        { send: 'GET /Users?startIndex=1&count=1', status: 200, answer: { totalResults: 1 } },
        {
          send: 'PUT /Users/{test}',
          body: person('test-user@jumpcloud.test', { displayName: 'Changed' }),
          status: 200,
        },
        {
          send: 'POST /Groups',
          body: { schemas: [GROUP], displayName: 'test group', members: [{ value: '{test}' }] },
          status: 201,
          keep: { group: 'id' },
        },
        { send: 'DELETE /Groups/{group}', status: 204 },
        { send: 'DELETE /Users/{test}', status: 204 },
      ],
      end: { users: {}, groups: {} },
    },
    {
      name: 'a group of the same name is taken over, members as lists of values',
      exchanges: [
        create('jane', 'jane@example.test'),
        create('john', 'john@example.test'),
        {
          send: 'POST /Groups',
          body: { displayName: 'Agents', members: [{ value: '{john}' }] },
          status: 201,
          keep: { first: 'id' },
        },
        {
          send: 'POST /Groups',
          body: { displayName: 'agents' },
          status: 409,
          answer: { scimType: 'uniqueness' },
        },
        {
          send: 'GET /Groups?filter=displayName eq "Agents"',
          status: 200,
          keep: { group: 'Resources.0.id' },
          answer: { totalResults: 1 },
        },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({ op: 'add', path: 'members', value: [{ value: '{jane}' }] }),
          status: 204,
        },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({ op: 'remove', path: 'members', value: [{ value: '{john}' }] }),
          status: 204,
        },
      ],
      end: {
        users: { 'jane@example.test': {}, 'john@example.test': {} },
        groups: { Agents: ['jane@example.test'] },
      },
    },
    {
      name: 'disassociation deactivates',
      exchanges: [
        create('jane', 'jane@example.test'),
        {
          send: 'PUT /Users/{jane}',
          body: person('jane@example.test', { active: false }),
          status: 200,
          answer: { active: false },
        },
      ],
      end: { users: { 'jane@example.test': { active: false } } },
    },
  ],
};
