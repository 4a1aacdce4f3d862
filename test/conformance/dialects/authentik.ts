import { create, GROUP, patch, person, type Dialect } from './dialect.js';

/** authentik: asks what we can do first, and forgets its quotes (interop.md 2.5). */
export const authentik: Dialect = {
  name: 'authentik',
  headers: {
    Accept: 'application/scim+json',
    'Content-Type': 'application/scim+json',
    Authorization: 'Bearer {token}',
  },
  scenarios: [
    {
      name: 'a conflict is resolved by an unquoted filter and PUT',
      exchanges: [
        {
          send: 'GET /ServiceProviderConfig',
          status: 200,
          answer: { patch: { supported: true }, bulk: {}, filter: { supported: true } },
        },
        { send: 'POST /Users', body: person('jane@example.test'), status: 201, keep: { jane: 'id' } },
        {
          send: 'POST /Users',
          body: person('jane@example.test'),
          status: 409,
          answer: { scimType: 'uniqueness' },
        },
        {
          send: 'GET /Users?filter=userName eq jane@example.test',
          status: 200,
          answer: { totalResults: 1, Resources: [{ id: '{jane}' }] },
        },
        {
          send: 'PUT /Users/{jane}',
          body: person('jane@example.test', { displayName: 'Jane' }),
          status: 200,
        },
      ],
      end: { users: { 'jane@example.test': { displayName: 'Jane' } } },
    },
    {
      name: 'a group by one replace without path, then members in pieces',
      exchanges: [
        create('jane', 'jane@example.test'),
        create('john', 'john@example.test'),
        {
          send: 'POST /Groups',
          body: { schemas: [GROUP], displayName: 'Agents', externalId: 'ak-1' },
          status: 201,
          keep: { group: 'id' },
        },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({
            op: 'replace',
            path: null,
            value: { schemas: [GROUP], id: '{group}', displayName: 'Agents', externalId: 'ak-1' },
          }),
          status: 204,
        },
        { send: 'GET /Groups/{group}', status: 200 },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({ op: 'add', path: 'members', value: [{ value: '{jane}' }, { value: '{john}' }] }),
          status: 204,
        },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({
            op: 'replace',
            value: { id: '{group}', displayName: 'Agents 2', externalId: 'ak-1' },
          }),
          status: 204,
        },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({ op: 'remove', path: 'members', value: [{ value: '{john}' }] }),
          status: 204,
        },
        { send: 'DELETE /Users/{john}', status: 204 },
      ],
      end: { users: { 'jane@example.test': {} }, groups: { 'Agents 2': ['jane@example.test'] } },
    },
  ],
};
