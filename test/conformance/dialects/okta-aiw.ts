import { create, ENTERPRISE, GROUP, patch, USER, type Dialect, type Exchange, type Wire } from './dialect.js';

const jane: Wire = {
  schemas: [USER, ENTERPRISE],
  userName: 'jane@example.test',
  name: { givenName: 'Jane', familyName: 'Doe' },
  emails: [{ primary: true, value: 'jane@example.test', type: 'work' }],
  displayName: 'Jane Doe',
  locale: 'en-US',
  externalId: '00uabc123',
  groups: [],
  password: 'Xk2pQ9zL',
  active: true,
};

const look = (userName: string): string =>
  `GET /Users?filter=userName eq "${userName}"&startIndex=1&count=100`;

const assignJane: readonly Exchange[] = [
  { send: look('jane@example.test'), status: 200, answer: { totalResults: 0 } },
  {
    send: 'POST /Users',
    body: jane,
    status: 201,
    answer: { userName: 'jane@example.test', active: true, externalId: '00uabc123', locale: 'en-US' },
    without: ['password'],
    keep: { jane: 'id' },
  },
];

/** Reads the user and sends everything back, changed in one place. */
function push(change: Readonly<Record<string, Wire>>): readonly Exchange[] {
  return [
    { send: 'GET /Users/{jane}', status: 200, without: ['password'] },
    {
      send: 'PUT /Users/{jane}',
      body: (previous) => ({ ...previous, password: 'Zz81kLmN', ...change }),
      status: 200,
      answer: { id: '{jane}', ...change },
      without: ['password'],
    },
  ];
}

function pushGroup(members: Wire): readonly Exchange[] {
  return [
    { send: 'GET /Groups/{sales}', status: 200 },
    { send: 'PUT /Groups/{sales}', body: (previous) => ({ ...previous, members }), status: 200 },
  ];
}

const member = (name: string): Wire => ({ value: `{${name}}`, display: `${name}@example.test` });

/** Apps made by Okta's integration wizard: PUT for everything, bare token (interop.md 1). */
export const oktaAiw: Dialect = {
  name: 'Okta, app from the integration wizard',
  headers: {
    'User-Agent': 'Okta SCIM Client 1.0.0',
    Accept: 'application/scim+json',
    'Accept-Charset': 'utf-8',
    'Content-Type': 'application/scim+json; charset=utf-8',
    Authorization: '{token}',
  },
  scenarios: [
    {
      name: 'test of the connector and saving its settings',
      exchanges: [
        { send: 'GET /Users?startIndex=1&count=2', status: 200, answer: { totalResults: 0, startIndex: 1 } },
        { send: 'GET /Groups?startIndex=1&count=100', status: 200, answer: { totalResults: 0 } },
      ],
      end: { users: {} },
    },
    {
      name: 'assign, change the profile, unassign',
      exchanges: [
        ...assignJane,
        ...push({ name: { givenName: 'Janet', familyName: 'Doe' }, displayName: 'Janet Doe' }),
        ...push({ active: false }),
        { send: 'GET /Users/{jane}', status: 200, answer: { active: false } },
      ],
      end: {
        users: {
          'jane@example.test': { active: false, displayName: 'Janet Doe', externalId: '00uabc123' },
        },
      },
    },
    {
      name: 'reassigning takes up the same person again',
      exchanges: [
        ...assignJane,
        ...push({ active: false }),
        {
          send: look('jane@example.test'),
          status: 200,
          answer: { totalResults: 1 },
          keep: { found: 'Resources.0.id' },
        },
        { send: 'GET /Users/{found}', status: 200, answer: { id: '{jane}', active: false } },
        ...push({ active: true }),
      ],
      end: { users: { 'jane@example.test': { active: true } } },
    },
    {
      name: 'a userName in another case is the same person',
      exchanges: [
        ...assignJane,
        { send: look('JANE@example.TEST'), status: 200, answer: { totalResults: 1 } },
        {
          send: 'POST /Users',
          body: { ...(jane as object), userName: 'Jane@Example.test' },
          status: 409,
          answer: { scimType: 'uniqueness', status: '409' },
        },
      ],
      end: { users: { 'jane@example.test': {} } },
    },
    {
      name: 'a person who is gone is 404, and stays gone',
      exchanges: [
        ...assignJane,
        { send: 'DELETE /Users/{jane}', status: 204 },
        { send: 'GET /Users/{jane}', status: 404, answer: { status: '404' } },
        { send: 'PUT /Users/{jane}', body: jane, status: 404 },
        { send: look('jane@example.test'), status: 200, answer: { totalResults: 0 } },
        { send: 'POST /Users', body: jane, status: 201 },
      ],
      end: { users: { 'jane@example.test': { active: true } } },
    },
    {
      name: 'group push with read and PUT; unassigned people stay members',
      exchanges: [
        ...assignJane,
        create('john', 'john@example.test'),
        {
          send: 'GET /Groups?filter=displayName eq "Sales"&startIndex=1&count=100',
          status: 200,
          answer: { totalResults: 0 },
        },
        {
          send: 'POST /Groups',
          body: { schemas: [GROUP], displayName: 'Sales', members: [member('jane')] },
          status: 201,
          keep: { sales: 'id' },
        },
        ...pushGroup([member('jane'), member('john')]),
        ...push({ active: false }),
        { send: 'GET /Groups/{sales}', status: 200 },
        {
          send: 'PUT /Groups/{sales}',
          body: (previous) => ({ ...previous, displayName: 'Sales EU' }),
          status: 200,
        },
      ],
      end: {
        users: { 'jane@example.test': { active: false }, 'john@example.test': {} },
        groups: { 'Sales EU': ['jane@example.test', 'john@example.test'] },
      },
    },
    {
      name: 'a full push takes members away who are not named',
      exchanges: [
        ...assignJane,
        create('john', 'john@example.test'),
        {
          send: 'POST /Groups',
          body: { schemas: [GROUP], displayName: 'Sales', members: [member('jane'), member('john')] },
          status: 201,
          keep: { sales: 'id' },
        },
        ...pushGroup([member('john')]),
        ...pushGroup([]),
        {
          send: 'PATCH /Groups/{sales}',
          body: patch({ op: 'replace', value: { id: '{sales}', displayName: 'Sales 2' } }),
          status: 204,
        },
        { send: 'DELETE /Groups/{sales}', status: 204 },
      ],
      end: { users: { 'jane@example.test': {}, 'john@example.test': {} }, groups: {} },
    },
    {
      name: 'import reads everybody in pages of a stable order',
      exchanges: [
        create('a', 'a@example.test'),
        create('b', 'b@example.test'),
        create('c', 'c@example.test'),
        {
          send: 'GET /Users?startIndex=1&count=2',
          status: 200,
          answer: {
            totalResults: 3,
            itemsPerPage: 2,
            startIndex: 1,
            Resources: [{ id: '{a}' }, { id: '{b}' }],
          },
        },
        {
          send: 'GET /Users?startIndex=3&count=2',
          status: 200,
          answer: { totalResults: 3, itemsPerPage: 1, startIndex: 3, Resources: [{ id: '{c}' }] },
        },
        {
          send: 'GET /Users?startIndex=5&count=2',
          status: 200,
          answer: { totalResults: 3, itemsPerPage: 0 },
        },
      ],
      end: { users: { 'a@example.test': {}, 'b@example.test': {}, 'c@example.test': {} } },
    },
  ],
};
