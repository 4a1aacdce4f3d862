import { create, GROUP, patch, person, type Dialect } from './dialect.js';

/** SCIM plug-ins for Keycloak: ids of their own, a double slash, `id` in PUT (interop.md 2.5). */
export const keycloak: Dialect = {
  name: 'Keycloak plug-ins',
  headers: {
    Accept: 'application/scim+json',
    'Content-Type': 'application/scim+json',
    Authorization: 'Bearer {token}',
  },
  baseSuffix: '/',
  scenarios: [
    {
      name: 'an id of the client is not taken over',
      exchanges: [
        {
          send: 'POST /Users',
          body: person('jane@example.test', { id: 'kc-4711', externalId: 'kc-4711' }),
          status: 201,
          keep: { jane: 'id' },
        },
        { send: 'GET /Users/kc-4711', status: 404 },
        {
          send: 'PUT /Users/{jane}',
          body: person('jane@example.test', { id: 'kc-4711', externalId: 'kc-4711', nickName: 'J' }),
          status: 200,
          answer: { id: '{jane}' },
        },
        {
          send: 'GET /Users?filter=externalId eq "kc-4711"',
          status: 200,
          answer: { totalResults: 1, Resources: [{ id: '{jane}' }] },
        },
      ],
      end: { users: { 'jane@example.test': { externalId: 'kc-4711', nickName: 'J' } } },
    },
    {
      name: 'members replaced by a replace without path, and by lower-case operations',
      exchanges: [
        create('jane', 'jane@example.test'),
        create('john', 'john@example.test'),
        {
          send: 'POST /Groups',
          body: { schemas: [GROUP], displayName: 'Agents', members: [{ value: '{jane}' }] },
          status: 201,
          keep: { group: 'id' },
        },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({ op: 'replace', value: { members: [{ value: '{john}' }] } }),
          status: 204,
        },
        {
          send: 'PATCH /Groups/{group}',
          body: {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
            operations: [{ op: 'add', path: 'MEMBERS', value: [{ value: '{jane}' }, { value: '{jane}' }] }],
          },
          status: 204,
        },
      ],
      end: {
        users: { 'jane@example.test': {}, 'john@example.test': {} },
        groups: { Agents: ['jane@example.test', 'john@example.test'] },
      },
    },
  ],
};
