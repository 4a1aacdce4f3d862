import {
  create,
  ENTERPRISE,
  GROUP,
  patch,
  USER,
  type Dialect,
  type Exchange,
  type Scenario,
  type Wire,
} from './dialect.js';

const MS_GROUP = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';
const guid = '6c75de36-30fa-4d2d-a196-6bdcdb6b6539';

const jane: Wire = {
  schemas: [USER, ENTERPRISE],
  externalId: '58342554-38d6-4ec8-948c-50044d0a33fd',
  userName: 'jane@example.test',
  active: true,
  addresses: null,
  displayName: 'Jane Doe',
  emails: [{ primary: true, type: 'work', value: 'jane@example.test' }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Jane Doe', familyName: 'Doe', givenName: 'Jane' },
  phoneNumbers: null,
  roles: [],
  title: null,
};

const createJane: Exchange = { send: 'POST /Users', body: jane, status: 201, keep: { jane: 'id' } };
const createBoss = create('boss', 'boss@example.test');

const change = (...operations: readonly Wire[]): Exchange => ({
  send: 'PATCH /Users/{jane}',
  body: patch(...operations),
  status: 200,
});

const changeGroup = (...operations: readonly Wire[]): Exchange => ({
  send: 'PATCH /Groups/{group}',
  body: patch(...operations),
  status: 204,
});

const createGroup: Exchange = {
  send: 'POST /Groups',
  body: {
    schemas: [GROUP, MS_GROUP],
    externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
    displayName: 'Agents',
    meta: { resourceType: 'Group' },
  },
  status: 201,
  keep: { group: 'id' },
};

const headers = {
  'User-Agent': 'Microsoft Azure AD SCIM provisioning',
  Accept: 'application/scim+json',
  'Content-Type': 'application/scim+json; charset=utf-8',
  Authorization: 'Bearer {token}',
};

/** Reads are the same with and without the flag (interop.md 2.2). */
const reads: readonly Scenario[] = [
  {
    name: 'test of the connection: a random GUID is nobody, with 200',
    exchanges: ['userName', 'externalId', 'emails[type eq "work"].value'].map((attribute) => ({
      send: `GET /Users?filter=${attribute} eq "${guid}"`,
      status: 200,
      answer: { totalResults: 0 },
    })),
    end: { users: {} },
  },
  {
    name: 'a person is found by every matching attribute',
    exchanges: [
      createJane,
      ...[
        'userName eq "jane@example.test"',
        'externalId eq "58342554-38d6-4ec8-948c-50044d0a33fd"',
        'externalId eq 58342554-38d6-4ec8-948c-50044d0a33fd',
        'emails[type eq "work"].value eq "JANE@example.test"',
        'emails[type eq "work" and value eq "jane@example.test"]',
      ].map((filter) => ({
        send: `GET /Users?filter=${filter}`,
        status: 200,
        answer: { totalResults: 1, Resources: [{ id: '{jane}' }] },
      })),
      {
        send: 'GET /Users?filter=emails[type eq "home"].value eq "jane@example.test"',
        status: 200,
        answer: { totalResults: 0 },
      },
    ],
    end: { users: { 'jane@example.test': { title: null, phoneNumbers: null } } },
  },
  {
    name: 'a manager set on creation, as text, is answered as an object and can be looked up',
    exchanges: [
      createBoss,
      {
        send: 'POST /Users',
        body: { ...(jane as object), [ENTERPRISE]: { department: 'Sales', manager: '{boss}' } },
        status: 201,
        keep: { jane: 'id' },
        answer: { [ENTERPRISE]: { department: 'Sales', manager: { value: '{boss}' } } },
      },
      {
        send: 'GET /Users?filter=id eq "{jane}" and manager eq "{boss}"&attributes=id',
        status: 200,
        answer: { totalResults: 1, Resources: [{ id: '{jane}' }] },
      },
      {
        send: 'GET /Users?filter=id eq "{boss}" and manager eq "{jane}"&attributes=id',
        status: 200,
        answer: { totalResults: 0 },
      },
    ],
    end: { users: { 'jane@example.test': {}, 'boss@example.test': {} } },
  },
  {
    name: 'groups are looked up without their members',
    exchanges: [
      createJane,
      createGroup,
      changeGroup({ op: 'Add', path: 'members', value: [{ value: '{jane}' }] }),
      {
        send: 'GET /Groups?excludedAttributes=members&filter=displayName eq "agents"',
        status: 200,
        answer: { totalResults: 1, Resources: [{ id: '{group}', displayName: 'Agents' }] },
      },
      {
        send: 'GET /Groups/{group}?excludedAttributes=members',
        status: 200,
        answer: { displayName: 'Agents', externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159' },
        without: ['members'],
      },
      {
        send: 'GET /Groups?filter=id eq "{group}" and members eq "{jane}"&attributes=id',
        status: 200,
        answer: { totalResults: 1 },
      },
    ],
    end: { users: { 'jane@example.test': {} }, groups: { Agents: ['jane@example.test'] } },
  },
  {
    name: 'deleted for good after thirty days',
    exchanges: [
      createJane,
      createGroup,
      changeGroup({ op: 'Add', path: 'members', value: [{ value: '{jane}' }] }),
      { send: 'DELETE /Users/{jane}', status: 204 },
      { send: 'GET /Users/{jane}', status: 404 },
      { send: 'GET /Users?filter=userName eq "jane@example.test"', status: 200, answer: { totalResults: 0 } },
    ],
    end: { users: {}, groups: { Agents: [] } },
  },
];

/** Without a flag: capital operations, text for truth values, one operation for each attribute (interop.md 2.1). */
export const entraDefault: Dialect = {
  name: 'Entra, default',
  headers,
  scenarios: [
    ...reads,
    {
      name: 'disabled with the text "False", found afterwards, restored with memberships',
      exchanges: [
        createJane,
        createGroup,
        changeGroup({ op: 'Add', path: 'members', value: [{ $ref: null, value: '{jane}' }] }),
        change({ op: 'Replace', path: 'active', value: 'False' }),
        {
          send: 'GET /Users?filter=userName eq "jane@example.test"',
          status: 200,
          answer: { Resources: [{ active: false }] },
        },
        change({ op: 'Replace', path: 'active', value: 'True' }),
      ],
      end: { users: { 'jane@example.test': { active: true } }, groups: { Agents: ['jane@example.test'] } },
    },
    {
      name: 'disabled with a list around the text',
      exchanges: [createJane, change({ op: 'Replace', path: 'active', value: [{ value: 'False' }] })],
      end: { users: { 'jane@example.test': { active: false } } },
    },
    {
      name: 'several attributes, one operation each',
      exchanges: [
        createJane,
        change(
          { op: 'Replace', path: 'displayName', value: 'Jane D.' },
          { op: 'Replace', path: 'name.givenName', value: 'Janet' },
          { op: 'Add', path: 'title', value: 'Agent' },
          { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Support' },
        ),
      ],
      end: {
        users: {
          'jane@example.test': {
            displayName: 'Jane D.',
            name: { givenName: 'Janet', familyName: 'Doe' },
            title: 'Agent',
            [ENTERPRISE]: { department: 'Support' },
          },
        },
      },
    },
    {
      name: 'parts of lists are created where they are missing, and replaced where they are there',
      exchanges: [
        createJane,
        change(
          { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+33612345678' },
          { op: 'Replace', path: 'emails[type eq "work"].value', value: 'j.doe@example.test' },
          { op: 'Add', path: 'addresses[type eq "work"].formatted', value: '1 Rue X' },
          { op: 'Add', path: 'addresses[type eq "work"].country', value: 'FR' },
          { op: 'Add', path: 'roles[primary eq "True"].value', value: 'agent' },
        ),
      ],
      end: {
        users: {
          'jane@example.test': {
            phoneNumbers: [{ type: 'mobile', value: '+33612345678' }],
            emails: [{ type: 'work', value: 'j.doe@example.test', primary: true }],
            addresses: [{ type: 'work', formatted: '1 Rue X', country: 'FR' }],
            roles: [{ value: 'agent', primary: true }],
          },
        },
      },
    },
    {
      name: 'a manager is set as text, replaced as a list, and cleared with empty text',
      exchanges: [
        createBoss,
        createJane,
        {
          ...change({ op: 'Add', path: `${ENTERPRISE}:manager`, value: '{boss}' }),
          answer: { [ENTERPRISE]: { manager: { value: '{boss}' } } },
        },
        {
          ...change({ op: 'Replace', path: 'manager', value: [{ $ref: null, value: '{jane}' }] }),
          answer: { [ENTERPRISE]: { manager: { value: '{jane}' } } },
        },
        { ...change({ op: 'Replace', path: `${ENTERPRISE}:manager`, value: '' }), without: [ENTERPRISE] },
      ],
      end: { users: { 'jane@example.test': { [ENTERPRISE]: null }, 'boss@example.test': {} } },
    },
    {
      name: 'members come and go as lists of values',
      exchanges: [
        createJane,
        createBoss,
        createGroup,
        changeGroup({
          op: 'Add',
          path: 'members',
          value: [
            { $ref: null, value: '{jane}' },
            { $ref: null, value: '{boss}' },
          ],
        }),
        changeGroup({ op: 'Remove', path: 'members', value: [{ $ref: null, value: '{jane}' }] }),
        changeGroup({ op: 'Replace', path: 'displayName', value: 'Agents EU' }),
      ],
      end: {
        users: { 'jane@example.test': {}, 'boss@example.test': {} },
        groups: { 'Agents EU': ['boss@example.test'] },
      },
    },
  ],
};

/** With `?aadOptscim062020` on the tenant URL. */
export const entraFlag: Dialect = {
  name: 'Entra, aadOptscim062020',
  headers,
  scenarios: [
    ...reads.slice(2),
    {
      name: 'disabled with a truth value',
      exchanges: [createJane, change({ op: 'replace', path: 'active', value: false })],
      end: { users: { 'jane@example.test': { active: false } } },
    },
    {
      name: 'several attributes in one operation with dotted and extension keys',
      exchanges: [
        createJane,
        change(
          {
            op: 'replace',
            value: {
              displayName: 'Jane B',
              'name.givenName': 'Janine',
              [`${ENTERPRISE}:employeeNumber`]: '7',
            },
          },
          { op: 'replace', path: 'emails[type eq "work"].value', value: 'jb@example.test' },
        ),
      ],
      end: {
        users: {
          'jane@example.test': {
            displayName: 'Jane B',
            name: { givenName: 'Janine', familyName: 'Doe' },
            emails: [{ type: 'work', value: 'jb@example.test' }],
            [ENTERPRISE]: { employeeNumber: '7' },
          },
        },
      },
    },
    {
      name: 'a member is removed by a filter, and others stay',
      exchanges: [
        createJane,
        createBoss,
        createGroup,
        changeGroup({
          op: 'add',
          path: 'members',
          value: [
            { $ref: null, value: '{jane}' },
            { $ref: null, value: '{boss}' },
          ],
        }),
        changeGroup({ op: 'remove', path: 'members[value eq "{jane}"]' }),
      ],
      end: {
        users: { 'jane@example.test': {}, 'boss@example.test': {} },
        groups: { Agents: ['boss@example.test'] },
      },
    },
  ],
};
