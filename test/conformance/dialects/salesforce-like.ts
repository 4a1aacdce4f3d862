import { create, patch, type Dialect } from './dialect.js';

/** Clients that follow Salesforce's shape: members once more inside the value (interop.md 2.5). */
export const salesforceLike: Dialect = {
  name: 'Salesforce-like',
  headers: {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    Authorization: 'Bearer {token}',
  },
  scenarios: [
    {
      name: 'members inside members, and a replace that does not speak of them',
      exchanges: [
        create('jane', 'jane@example.test'),
        create('john', 'john@example.test'),
        { send: 'POST /Groups', body: { displayName: 'Agents' }, status: 201, keep: { group: 'id' } },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({
            op: 'add',
            path: 'members',
            value: { members: [{ value: '{jane}' }, { value: '{john}' }] },
          }),
          status: 204,
        },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({ op: 'replace', value: { displayName: 'Agents 2' } }),
          status: 204,
        },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({ op: 'replace', value: { externalId: 'sf-1' } }),
          status: 204,
        },
      ],
      end: {
        users: { 'jane@example.test': {}, 'john@example.test': {} },
        groups: { 'Agents 2': ['jane@example.test', 'john@example.test'] },
      },
    },
  ],
};
