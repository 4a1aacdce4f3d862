import fc from 'fast-check';
import { arbitraryModel, write } from './scim-filter-model.js';

/** One random request. Ids are symbols until it is sent: see `Ids`. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query, already encoded; may hold id symbols. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Raw text; may hold id symbols. */
  readonly body: string | null;
}

/** Symbols that stand for an id: of a user or group of one's own, of somebody else, or of nobody. */
const ID_SYMBOLS = [
  '@own-user-0@',
  '@own-user-1@',
  '@own-user-2@',
  '@own-group-0@',
  '@own-group-1@',
  '@foreign-user@',
  '@foreign-group@',
  '@nobody@',
] as const;

const TEXTS = [
  'work',
  'home',
  'jane',
  'JANE',
  'é',
  'İ',
  '😀',
  '',
  ' ',
  '__proto__',
  'constructor',
  '../../etc',
  '%00',
  "'; drop table scim_users; --",
  '$1',
  '\u202e',
  'True',
  'false',
  'null',
  '2026-01-01T00:00:00Z',
  'W/"1"',
  '{}',
];

const idSymbol = fc.constantFrom(...ID_SYMBOLS);
/** Refused by any attribute, so that a request with several of them would never get far. */
const UNSTORABLE = ['\u0000', '\ud800', 'a'.repeat(70_000)];
const text = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 8, arbitrary: idSymbol },
  {
    weight: 8,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }).filter((each) => !each.includes('\0')),
  },
  { weight: 1, arbitrary: fc.constantFrom(...UNSTORABLE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);
const userName = fc.oneof(
  fc.nat(400).map((number) => `person-${String(number)}@example.test`),
  fc.nat(400).map((number) => `PERSON-${String(number)}@example.test`),
  text,
);
const scalar = fc.oneof(
  { weight: 12, arbitrary: text },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.double() },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(1e308, -0, Number.MAX_SAFE_INTEGER) },
);
const anything = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 4 }) },
  {
    weight: 2,
    arbitrary: fc.dictionary(
      fc.oneof(text, fc.constantFrom('value', 'type', 'primary', '$ref', 'members')),
      scalar,
      { maxKeys: 4 },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
);

const CORE = 'urn:ietf:params:scim:schemas:core:2.0';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const TELEPHONY = 'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User';
const NAMES = [
  'userName',
  'USERNAME',
  'active',
  'name',
  'name.givenName',
  'displayName',
  'title',
  'emails',
  'phoneNumbers',
  'addresses',
  'roles',
  'entitlements',
  'photos',
  'ims',
  'x509Certificates',
  'groups',
  'members',
  'id',
  'externalId',
  'meta',
  'schemas',
  'password',
  'locale',
  'manager',
  'emails.value',
  '$ref',
  'nothing',
  'name.nothing',
  '',
  '__proto__',
  'constructor',
  'toString',
  'urn:unknown:User:x',
  `${CORE}:User`,
  `${CORE}:User:userName`,
  `${CORE}:Group:displayName`,
  ENTERPRISE,
  `${ENTERPRISE}:manager`,
  `${ENTERPRISE}:department`,
  `${ENTERPRISE}:manager.value`,
  TELEPHONY,
  `${TELEPHONY}:teams`,
  `${TELEPHONY}:accounts`,
  `${TELEPHONY}:wrapUpTimeSeconds`,
  `${TELEPHONY}:role`,
  `${TELEPHONY}:assignedNumbers`,
];
const name = fc.constantFrom(...NAMES);

const multiValued = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.record({ value: text, type: text, primary: fc.boolean() }, { requiredKeys: [] }), {
      maxLength: 3,
    }),
  },
  { weight: 1, arbitrary: oddElements() },
  { weight: 1, arbitrary: anything },
);
function oddElements(): fc.Arbitrary<unknown> {
  const odd = {
    value: scalar,
    type: fc.oneof(text, anything),
    primary: fc.oneof(fc.boolean(), scalar),
    display: text,
  };
  return fc.array(fc.record(odd, { requiredKeys: [] }), { maxLength: 4 });
}
const ownUser = fc.constantFrom('@own-user-0@', '@own-user-1@', '@own-user-2@');
const members = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(
      fc.oneof(
        ownUser.map((value) => ({ value })),
        ownUser,
      ),
      { maxLength: 6 },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.oneof(
        idSymbol.map((value) => ({ value })),
        anything,
      ),
      { maxLength: 6 },
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(300, 60_000)
      .map((count) => Array.from({ length: count }, () => ({ value: '@nobody@' }))),
  },
  { weight: 1, arbitrary: anything },
);

const userBody = fc
  .tuple(
    fc.record(
      {
        userName,
        active: fc.oneof(fc.boolean(), scalar),
        name: fc.oneof(fc.record({ givenName: scalar, familyName: scalar }, { requiredKeys: [] }), anything),
        emails: multiValued,
        roles: multiValued,
        externalId: scalar,
        password: scalar,
        groups: members,
        meta: anything,
        id: fc.oneof(idSymbol, scalar),
      },
      { requiredKeys: ['userName'] },
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.dictionary(name, fc.oneof(anything, multiValued), { maxKeys: 4 }) },
    ),
  )
  .map(([known, more]): unknown => ({ ...known, ...more }));

const groupBody = fc
  .tuple(
    fc.record({ displayName: userName, members, externalId: scalar }, { requiredKeys: ['displayName'] }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.dictionary(name, anything, { maxKeys: 3 }) },
    ),
  )
  .map(([known, more]): unknown => ({ ...known, ...more }));

const filterText = (type: 'User' | 'Group'): fc.Arbitrary<string> => {
  const known = [...TEXTS, ...ID_SYMBOLS];
  const sensible = fc
    .tuple(arbitraryModel(type, known), fc.array(fc.nat(1_000), { minLength: 64, maxLength: 64 }))
    .map(([model, numbers]) => {
      let next = 0;
      return write(model, { pick: (count) => (numbers[next++ % numbers.length] ?? 0) % count });
    });
  const broken = fc
    .array(
      fc.oneof(
        name,
        text,
        fc.constantFrom('(', ')', '[', ']', '"', 'eq', 'and', 'or', 'not', 'pr', 'co', ' '),
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join(' '));
  const hostile = fc.constantFrom(
    '('.repeat(3_000),
    'not('.repeat(900),
    'title pr or '.repeat(300),
    `title eq "${'x'.repeat(9_000)}"`,
  );
  return fc.oneof(
    { weight: 6, arbitrary: sensible },
    { weight: 3, arbitrary: broken },
    { weight: 1, arbitrary: hostile },
  );
};

const path = fc.oneof(
  { weight: 5, arbitrary: name },
  {
    weight: 3,
    arbitrary: fc
      .tuple(name, filterText('User'), name)
      .map(([list, filter, part]) => `${list}[${filter}].${part}`),
  },
  { weight: 2, arbitrary: idSymbol.map((id) => `members[value eq "${id}"]`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'emails[type eq "work"].value',
      'roles[primary eq "True"].value',
      'addresses[type eq "work"].country',
      'emails[value eq "x"].type',
    ),
  },
  { weight: 1, arbitrary: anything },
);
/** Operations as IdPs send them, so that many requests do something. */
const sensible = fc.constantFrom<readonly unknown[]>(
  [{ op: 'replace', path: 'active', value: false }],
  [{ op: 'Replace', path: 'active', value: 'True' }],
  [{ op: 'add', path: 'emails[type eq "work"].value', value: 'new@example.test' }],
  [
    {
      op: 'replace',
      value: { displayName: 'New', 'name.givenName': 'N', [`${ENTERPRISE}:department`]: 'D' },
    },
  ],
  [
    { op: 'remove', path: 'title' },
    { op: 'add', value: { title: 'T', roles: [{ value: 'agent' }] } },
  ],
  [{ op: 'add', path: 'members', value: [{ value: '@own-user-0@' }, { value: '@own-user-1@' }] }],
  [
    { op: 'remove', path: 'members[value eq "@own-user-0@"]' },
    { op: 'add', path: 'members', value: ['@own-user-2@'] },
  ],
  [{ op: 'replace', path: 'members', value: [{ value: '@own-user-1@' }] }],
  [{ op: 'remove', path: 'members' }],
  [{ op: 'add', path: 'members', value: [{ value: '@foreign-user@' }] }],
);
const operation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      {
        op: fc.oneof(
          {
            weight: 9,
            arbitrary: fc.constantFrom('add', 'Add', 'replace', 'Replace', 'remove', 'Remove', 'REMOVE'),
          },
          { weight: 1, arbitrary: anything },
        ),
        path,
        value: fc.oneof(
          anything,
          multiValued,
          members,
          fc.dictionary(name, fc.oneof(anything, members), { maxKeys: 4 }),
        ),
      },
      { requiredKeys: ['op'] },
    ),
  },
  { weight: 1, arbitrary: anything },
);
const patchBody = fc
  .tuple(
    fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom('Operations', 'operations') },
      { weight: 1, arbitrary: fc.constant('Ops') },
    ),
    fc.oneof(
      { weight: 5, arbitrary: sensible },
      { weight: 5, arbitrary: fc.array(operation, { maxLength: 5 }) },
      { weight: 1, arbitrary: anything },
    ),
  )
  .map(([key, operations]): unknown => ({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    [key]: operations,
  }));

const searchBody = fc.record(
  {
    filter: fc.oneof(filterText('User'), anything),
    startIndex: fc.oneof(fc.integer(), anything),
    count: fc.oneof(fc.integer(), anything),
    attributes: fc.oneof(fc.array(name), anything),
    excludedAttributes: fc.oneof(fc.array(name), anything),
    sortBy: fc.oneof(name, anything),
    cursor: anything,
  },
  { requiredKeys: [] },
);

const bulkBody = fc.record(
  {
    schemas: fc.constant(['urn:ietf:params:scim:api:messages:2.0:BulkRequest']),
    failOnErrors: fc.oneof(fc.integer({ min: 0, max: 5 }), anything),
    Operations: fc.oneof(
      fc.array(
        fc.record(
          {
            method: fc.oneof(fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'post', 'GET'), anything),
            path: fc.oneof(
              fc.constantFrom(
                '/Users',
                '/Groups',
                '/Users/@own-user-0@',
                '/Groups/@own-group-0@',
                '/Users/@foreign-user@',
                '/Users/bulkId:a',
                '/Me',
                '/Bulk',
                '//',
              ),
              anything,
            ),
            bulkId: fc.oneof(fc.constantFrom('a', 'b', 'bulkId:a'), anything),
            version: anything,
            data: fc.oneof(
              userBody,
              groupBody,
              patchBody,
              fc.constant({ displayName: 'bulk', members: [{ value: 'bulkId:a' }, { value: 'bulkId:b' }] }),
              anything,
            ),
          },
          { requiredKeys: [] },
        ),
        { maxLength: 6 },
      ),
      anything,
    ),
  },
  { requiredKeys: ['schemas', 'Operations'] },
);

/** Text of a body: mostly JSON of what was meant, sometimes broken, doubled or very deep. */
function bodyText(body: fc.Arbitrary<unknown>): fc.Arbitrary<string | null> {
  return fc.oneof(
    { weight: 80, arbitrary: body.map((value) => JSON.stringify(value) ?? 'null') },
    { weight: 1, arbitrary: body.map((value) => (JSON.stringify(value) ?? '').slice(0, -1)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        'null',
        '[]',
        '"x"',
        '1',
        '{"userName":"a","userName":"b"}',
        '{"__proto__":{"admin":true},"userName":"p"}',
        '\ufeff{}',
        '{"userName":1e400}',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '['.repeat(5_000),
        `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
        `{"userName":"d","title":${'['.repeat(2_000)}${']'.repeat(2_000)}}`,
      ),
    },
    { weight: 1, arbitrary: anything.map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

const parameter = (type: 'User' | 'Group'): fc.Arbitrary<readonly [string, string]> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('filter'), filterText(type)) },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom('startIndex', 'count'),
        fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: -3, max: 300 }).map(String) },
          {
            weight: 1,
            arbitrary: fc.constantFrom('1e9', 'NaN', '', '9'.repeat(400), '0x1', '-0', '1.5', '2147483648'),
          },
        ),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom('attributes', 'excludedAttributes'),
        fc.array(name, { maxLength: 4 }).map((names) => names.join(',')),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom('sortBy', 'sortOrder'),
        fc.oneof(name, fc.constantFrom('ascending', 'descending', 'x')),
      ),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constant('cursor'), fc.oneof(text, fc.constant(''))) },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.oneof(text, fc.constantFrom('filter[x]', 'filter[]', '__proto__', 'count')),
        text,
      ),
    },
  );

function encoded(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replaceAll('%40', '@');
}

const query = (type: 'User' | 'Group'): fc.Arbitrary<string> =>
  fc
    .array(parameter(type), { maxLength: 3 })
    .map((pairs) =>
      pairs.length === 0
        ? ''
        : `?${pairs.map(([key, value]) => `${encoded(key)}=${encoded(value)}`).join('&')}`,
    );

const headers = fc.oneof(
  { weight: 60, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('W/"1"', '"2"', '*', 'junk', 'W/"1", W/"2"')
      .map((value) => ({ 'If-Match': value })),
  },
  { weight: 1, arbitrary: fc.constantFrom('W/"1"', '*').map((value) => ({ 'If-None-Match': value })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        'text/plain',
        'application/json',
        'application/xml',
        'application/scim+json; charset=utf-16',
        'x',
        'multipart/form-data',
      )
      .map((value) => ({ 'Content-Type': value })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('gzip', 'br', 'x').map((value) => ({ 'Content-Encoding': value })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('', 'Bearer', 'Basic eDp5', 'Bearer x', 'x y z')
      .map((value) => ({ Authorization: value })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('application/json', 'text/html', '*/*', '')
      .map((value) => ({ Accept: value })),
  },
);

interface Shape {
  readonly method: string;
  readonly path: string;
  readonly query: fc.Arbitrary<string>;
  readonly body: fc.Arbitrary<string | null>;
}

const none = fc.constant(null);
const seldom = (query: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: query });
const bare = fc.constant('');

function shapes(): readonly (readonly [number, fc.Arbitrary<Shape>])[] {
  const shape = (
    method: string,
    path: string,
    query: fc.Arbitrary<string>,
    body: fc.Arbitrary<string | null>,
  ): Shape => ({ method, path, query, body });
  const user = fc.oneof(
    { weight: 6, arbitrary: ownUser },
    { weight: 1, arbitrary: fc.constantFrom('@foreign-user@', '@own-group-0@', '@nobody@') },
  );
  const group = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('@own-group-0@', '@own-group-1@') },
    { weight: 1, arbitrary: fc.constantFrom('@foreign-group@', '@own-user-0@', '@nobody@') },
  );
  return [
    [8, fc.constant(shape('POST', '/Users', bare, bodyText(userBody)))],
    [5, fc.constant(shape('POST', '/Groups', bare, bodyText(groupBody)))],
    [8, fc.constant(shape('GET', '/Users', query('User'), none))],
    [5, fc.constant(shape('GET', '/Groups', query('Group'), none))],
    [4, user.map((id) => shape('GET', `/Users/${id}`, query('User'), none))],
    [3, group.map((id) => shape('GET', `/Groups/${id}`, query('Group'), none))],
    [12, user.map((id) => shape('PATCH', `/Users/${id}`, seldom(query('User')), bodyText(patchBody)))],
    [10, group.map((id) => shape('PATCH', `/Groups/${id}`, seldom(query('Group')), bodyText(patchBody)))],
    [5, user.map((id) => shape('PUT', `/Users/${id}`, bare, bodyText(userBody)))],
    [4, group.map((id) => shape('PUT', `/Groups/${id}`, bare, bodyText(groupBody)))],
    [1, user.map((id) => shape('DELETE', `/Users/${id}`, bare, none))],
    [1, group.map((id) => shape('DELETE', `/Groups/${id}`, bare, none))],
    [
      3,
      fc
        .constantFrom('/.search', '/Users/.search', '/Groups/.search')
        .map((where) => shape('POST', where, bare, bodyText(searchBody))),
    ],
    [4, fc.constant(shape('POST', '/Bulk', bare, bodyText(bulkBody)))],
    [
      2,
      fc
        .constantFrom(
          '/Schemas',
          '/ResourceTypes',
          '/ServiceProviderConfig',
          '/Me',
          '/Schemas/x',
          '/ResourceTypes/User',
          '/Roles',
          '/Entitlements',
          '/',
          '',
        )
        .map((where) => shape('GET', where, query('User'), none)),
    ],
    [
      2,
      fc
        .tuple(
          fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
          fc.constantFrom(
            '/Users/%00',
            '/Users/%ff',
            '/Users/..%2fGroups',
            '//Users',
            '/users',
            '/Users/',
            '/Users/a/b',
            '/Groups/%E0%A4%A',
            '/Me',
            '/Bulk',
            '/Users/.search',
            '/x',
          ),
        )
        .map(([method, where]) => shape(method, where, query('User'), none)),
    ],
  ];
}

/** Random requests, most of which get past the first check. */
export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc
  .oneof(...shapes().map(([weight, arbitrary]) => ({ weight, arbitrary })))
  .chain((chosen) =>
    fc.record({
      method: fc.constant(chosen.method),
      target: chosen.query.map((text) => chosen.path + text),
      headers,
      body: chosen.body,
    }),
  );
