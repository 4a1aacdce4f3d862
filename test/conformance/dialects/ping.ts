import { create, GROUP, person, type Dialect } from './dialect.js';

/** PingOne and PingFederate: no PATCH at all (interop.md 2.5). */
export const ping: Dialect = {
  name: 'PingOne and PingFederate',
  headers: {
    Accept: 'application/scim+json, application/json',
    'Content-Type': 'application/json',
    Authorization: 'Bearer {token}',
  },
  scenarios: [
    {
      name: 'looked up by userName or e-mail, changed and deactivated by PUT',
      exchanges: [
        {
          send: 'GET /Users?filter=userName eq "jane@example.test"',
          status: 200,
          answer: { totalResults: 0 },
        },
        { send: 'GET /Users?filter=emails eq "jane@example.test"', status: 200, answer: { totalResults: 0 } },
        create('jane', 'jane@example.test'),
        {
          send: 'GET /Users?filter=emails eq "Jane@Example.test"',
          status: 200,
          answer: { totalResults: 1, Resources: [{ id: '{jane}' }] },
        },
        {
          send: 'PUT /Users/{jane}',
          body: person('jane@example.test', {
            title: 'Agent',
            phoneNumbers: [{ type: 'work', value: '+1555' }],
          }),
          status: 200,
        },
        {
          send: 'PUT /Users/{jane}',
          body: person('jane@example.test', { active: false }),
          status: 200,
          answer: { active: false },
        },
      ],
      end: { users: { 'jane@example.test': { active: false, title: null } } },
    },
    {
      name: 'a PUT that does not speak of active brings nobody back',
      exchanges: [
        create('jane', 'jane@example.test'),
        { send: 'PUT /Users/{jane}', body: person('jane@example.test', { active: false }), status: 200 },
        {
          send: 'PUT /Users/{jane}',
          body: { userName: 'jane@example.test', displayName: 'Jane' },
          status: 200,
        },
      ],
      end: { users: { 'jane@example.test': { active: false, displayName: 'Jane' } } },
    },
    {
      name: 'groups by PUT; one that does not speak of members leaves them',
      exchanges: [
        create('jane', 'jane@example.test'),
        {
          send: 'POST /Groups',
          body: { schemas: [GROUP], displayName: 'Agents', members: [{ value: '{jane}' }] },
          status: 201,
          keep: { group: 'id' },
        },
        {
          send: 'PUT /Groups/{group}',
          body: { schemas: [GROUP], id: '{group}', displayName: 'Agents FR' },
          status: 200,
        },
      ],
      end: { users: { 'jane@example.test': {} }, groups: { 'Agents FR': ['jane@example.test'] } },
    },
  ],
};
