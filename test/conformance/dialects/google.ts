import { patch, person, type Dialect } from './dialect.js';

/** Google Workspace's automatic provisioning (interop.md 2.5). */
export const google: Dialect = {
  name: 'Google Workspace',
  headers: {
    'User-Agent': 'Google-Auto-Provisioning',
    Accept: 'application/json',
    'Content-Type': 'application/json',
    Authorization: 'Bearer {token}',
  },
  scenarios: [
    {
      name: 'probe, create, update, deprovision',
      exchanges: [
        { send: 'GET /Users?count=1', status: 200, answer: { totalResults: 0 } },
        {
          send: 'GET /Users?filter=userName eq "jane@example.test"',
          status: 200,
          answer: { totalResults: 0 },
        },
        { send: 'POST /Users', body: person('jane@example.test'), status: 201, keep: { jane: 'id' } },
        {
          send: 'PATCH /Users/{jane}',
          body: patch({ op: 'replace', path: 'name.familyName', value: 'Roe' }),
          status: 200,
        },
        {
          send: 'PATCH /Users/{jane}',
          body: patch({ op: 'replace', path: 'active', value: false }),
          status: 200,
        },
      ],
      end: {
        users: { 'jane@example.test': { active: false, name: { givenName: 'Jane', familyName: 'Roe' } } },
      },
    },
  ],
};
