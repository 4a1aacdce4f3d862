import { create, patch, person, type Dialect, type Exchange, type Wire } from './dialect.js';

const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
const userName = (letter: string): string => `${letter}@example.test`;

function pages(path: string, total: number): readonly Exchange[] {
  return [1, 6, 11].map((startIndex) => ({
    send: `GET ${path}?startIndex=${String(startIndex)}&count=5`,
    status: 200,
    answer: { startIndex, totalResults: total, itemsPerPage: Math.min(5, total - startIndex + 1) },
  }));
}

const clear = (value: Wire): Exchange => ({
  send: 'PATCH /Users/{jane}',
  body: patch({ op: 'replace', path: 'displayName', value }),
  status: 200,
  without: ['displayName'],
});

const names = (list: readonly string[]): Wire => list.map((name) => ({ name }));

/** Microsoft's published validation and its reference requests (interop.md 2.4). */
export const entraValidator: Dialect = {
  name: 'Entra, validator',
  headers: {
    Accept: 'application/scim+json',
    'Content-Type': 'application/scim+json',
    Authorization: 'bearer {token}',
  },
  scenarios: [
    {
      name: 'every mapped attribute is in /Schemas',
      exchanges: [
        {
          send: 'GET /Schemas',
          status: 200,
          answer: { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'] },
        },
        {
          send: 'GET /Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
          status: 200,
          answer: { name: 'User' },
        },
        {
          send: 'GET /Schemas/urn:ietf:params:scim:schemas:core:2.0:Group',
          status: 200,
          answer: { name: 'Group', attributes: names(['displayName', 'members']) },
        },
        { send: 'GET /ResourceTypes', status: 200, answer: { totalResults: 4 } },
        {
          send: 'GET /ServiceProviderConfig',
          status: 200,
          answer: { patch: { supported: true }, filter: { supported: true } },
        },
      ],
      end: { users: {} },
    },
    {
      name: 'an attribute is cleared with empty text and with null',
      exchanges: [
        {
          send: 'POST /Users',
          body: person('jane@example.test', { displayName: 'Jane' }),
          status: 201,
          keep: { jane: 'id' },
        },
        clear(''),
        clear(null),
        { send: 'GET /Users/{jane}', status: 200, without: ['displayName'] },
      ],
      end: { users: { 'jane@example.test': { displayName: null } } },
    },
    {
      name: 'users are paged by startIndex',
      exchanges: [...letters.map((letter) => create(letter, userName(letter))), ...pages('/Users', 11)],
      end: { users: Object.fromEntries(letters.map((letter) => [userName(letter), {}])) },
    },
    {
      name: 'groups are paged by startIndex',
      exchanges: [
        ...letters.map((letter) => ({ send: 'POST /Groups', body: { displayName: letter }, status: 201 })),
        ...pages('/Groups', 11),
      ],
      end: { users: {}, groups: Object.fromEntries(letters.map((letter) => [letter, []])) },
    },
    {
      name: 'bad requests of the reference collection',
      exchanges: [
        create('jane', 'jane@example.test'),
        { send: 'POST /Users', body: { displayName: 'nobody' }, status: 400 },
        { send: 'POST /Users', body: 'junk', status: 400 },
        {
          send: 'POST /Users',
          body: person('jane@example.test'),
          status: 409,
          answer: { scimType: 'uniqueness' },
        },
        { send: 'PUT /Users/{jane}', body: { displayName: 'nobody' }, status: 400 },
        {
          send: 'PUT /Users/{jane}',
          body: person('jane@example.test', { titel: 'misspelled' }),
          status: 200,
          without: ['titel'],
        },
      ],
      end: { users: { 'jane@example.test': {} } },
    },
    {
      name: 'a member as plain text',
      exchanges: [
        create('jane', 'jane@example.test'),
        { send: 'POST /Groups', body: { displayName: 'Agents' }, status: 201, keep: { group: 'id' } },
        {
          send: 'PATCH /Groups/{group}',
          body: patch({ op: 'Add', path: 'members', value: ['{jane}'] }),
          status: 204,
        },
      ],
      end: { users: { 'jane@example.test': {} }, groups: { Agents: ['jane@example.test'] } },
    },
    {
      name: 'filters of the reference collection',
      exchanges: [
        create('jane', 'jane@example.test'),
        create('john', 'john@other.test'),
        ...[
          ['userName eq "jane@example.test" and active eq true', 1],
          ['userName eq "jane@example.test" or userName eq "john@other.test"', 2],
          ['userName co "@other"', 1],
          ['userName sw "j"', 2],
          ['meta.lastModified gt "2011-05-13T04:42:34Z"', 2],
          ['active eq false', 0],
          ['active eq "True"', 2],
        ].map(([filter, totalResults]) => ({
          send: `GET /Users?filter=${String(filter)}`,
          status: 200,
          answer: { totalResults: Number(totalResults) },
        })),
      ],
      end: { users: { 'jane@example.test': {}, 'john@other.test': {} } },
    },
  ],
};
