import { create, GROUP, memberOf, patch, type Dialect, type Exchange, type Wire } from './dialect.js';

const pair = [create('jane', 'jane@example.test'), create('john', 'john@example.test')];

function salesWith(...names: readonly string[]): readonly Exchange[] {
  return [
    ...pair,
    {
      send: 'POST /Groups',
      body: { schemas: [GROUP], displayName: 'Sales', members: memberOf(...names) },
      status: 201,
      keep: { sales: 'id' },
    },
  ];
}

const change = (...operations: readonly Wire[]): Exchange => ({
  send: 'PATCH /Groups/{sales}',
  body: patch(...operations),
  status: 204,
});

const both = { 'jane@example.test': {}, 'john@example.test': {} };

/** Catalogue apps: PATCH for activation and groups (interop.md 1). */
export const oktaOin: Dialect = {
  name: 'Okta, catalogue app',
  headers: {
    'User-Agent': 'Okta SCIM Client 1.0.0',
    Accept: 'application/scim+json',
    'Content-Type': 'application/scim+json; charset=utf-8',
    Authorization: 'Bearer {token}',
  },
  scenarios: [
    {
      name: 'deactivate and activate without a path',
      exchanges: [
        create('jane', 'jane@example.test'),
        {
          send: 'PATCH /Users/{jane}',
          body: patch({ op: 'replace', value: { active: false } }),
          status: 200,
          answer: { active: false, userName: 'jane@example.test' },
        },
        { send: 'GET /Users/{jane}', status: 200, answer: { active: false } },
        {
          send: 'PATCH /Users/{jane}',
          body: patch({ op: 'replace', value: { active: true } }),
          status: 200,
          answer: { active: true },
        },
      ],
      end: { users: { 'jane@example.test': { active: true } } },
    },
    {
      name: 'password sync is accepted and never told again',
      exchanges: [
        create('jane', 'jane@example.test'),
        {
          send: 'PATCH /Users/{jane}',
          body: patch({ op: 'replace', value: { password: 'Sync3d-s3cret' } }),
          status: 200,
          without: ['password'],
        },
        { send: 'GET /Users/{jane}?attributes=password', status: 200, without: ['password'] },
      ],
      end: { users: { 'jane@example.test': {} } },
    },
    {
      name: 'members come and go in one request',
      exchanges: [
        ...salesWith('jane'),
        change(
          { op: 'remove', path: 'members[value eq "{jane}"]' },
          { op: 'add', path: 'members', value: [{ value: '{john}', display: 'john@example.test' }] },
        ),
      ],
      end: { users: both, groups: { Sales: ['john@example.test'] } },
    },
    {
      name: 'adding somebody who is a member already changes nothing',
      exchanges: [
        ...salesWith('jane'),
        {
          send: 'GET /Groups/{sales}',
          status: 200,
          keep: { version: 'meta.version', modified: 'meta.lastModified' },
        },
        change({ op: 'add', path: 'members', value: memberOf('jane') }),
        {
          send: 'GET /Groups/{sales}',
          status: 200,
          answer: { meta: { version: '{version}', lastModified: '{modified}' } },
        },
      ],
      end: { users: both, groups: { Sales: ['jane@example.test'] } },
    },
    {
      name: 'a rename carries the id and leaves the members alone',
      exchanges: [
        ...salesWith('jane'),
        change({ op: 'replace', value: { id: '{sales}', displayName: 'Sales EU' } }),
      ],
      end: { users: both, groups: { 'Sales EU': ['jane@example.test'] } },
    },
    {
      name: 'push now replaces the members',
      exchanges: [
        ...salesWith('jane'),
        change({
          op: 'replace',
          path: 'members',
          value: [{ value: '{john}', display: 'john@example.test' }],
        }),
      ],
      end: { users: both, groups: { Sales: ['john@example.test'] } },
    },
    {
      name: 'push now of an empty group, with a path',
      exchanges: [...salesWith('jane', 'john'), change({ op: 'replace', path: 'members', value: [] })],
      end: { users: both, groups: { Sales: [] } },
    },
    {
      name: 'push now of an empty group, without a path',
      exchanges: [
        ...salesWith('jane', 'john'),
        change({ op: 'replace', value: { members: [], id: '{sales}', displayName: 'Sales' } }),
      ],
      end: { users: both, groups: { Sales: [] } },
    },
    {
      name: 'push now without a path replaces the members',
      exchanges: [
        ...salesWith('jane'),
        change({ op: 'replace', value: { id: '{sales}', displayName: 'Sales', members: memberOf('john') } }),
      ],
      end: { users: both, groups: { Sales: ['john@example.test'] } },
    },
    {
      name: 'a group of an unknown member is refused as a whole',
      exchanges: [
        ...salesWith('jane'),
        {
          send: 'PATCH /Groups/{sales}',
          body: patch(
            { op: 'remove', path: 'members[value eq "{jane}"]' },
            { op: 'add', path: 'members', value: [{ value: '019ab000-0000-7000-8000-000000000000' }] },
          ),
          status: 400,
          answer: { scimType: 'invalidValue' },
        },
      ],
      end: { users: both, groups: { Sales: ['jane@example.test'] } },
    },
    {
      name: 'unlinking deletes the pushed group, not its people',
      exchanges: [...salesWith('jane'), { send: 'DELETE /Groups/{sales}', status: 204 }],
      end: { users: both, groups: {} },
    },
  ],
};
