import { describe, expect, test } from 'vitest';
import { DEFAULT_SCIM_LIMITS } from '../../../src/scim/limits.js';
import { normaliseQuery } from '../../../src/scim/normalise/query.js';
import { normaliseBody } from '../../../src/scim/normalise/resource.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const refusal = (scimType: string) => expect.objectContaining({ kind: 'invalid', scimType });
const user = (body: unknown) => normaliseBody('User', body).resource;

describe('the body of a user', () => {
  test('of Okta, with everything that a GET returned', () => {
    const body = {
      schemas: [CORE, ENTERPRISE],
      id: '019ab000-0000-7000-8000-000000000000',
      userName: 'jane@example.test',
      name: { givenName: 'Jane', familyName: 'Doe' },
      emails: [{ primary: true, value: 'jane@example.test', type: 'work' }],
      displayName: 'Jane Doe',
      locale: 'en-US',
      externalId: '00uabc123',
      groups: [],
      password: 'xxxxxxxx',
      active: true,
      meta: { resourceType: 'User', version: 'W/"1"' },
    };
    const { schemas: _schemas, id: _id, groups: _groups, password: _password, meta: _meta, ...kept } = body;
    expect(user(body)).toEqual(kept);
  });

  test('of Entra, with null collections, text for booleans and a manager as text', () => {
    const body = {
      schemas: [CORE],
      userName: 'jane@example.test',
      active: 'True',
      emails: null,
      roles: [],
      addresses: [{ type: 'work', formatted: null }],
      title: '',
      meta: { resourceType: 'User' },
      [ENTERPRISE]: { manager: 'm1', department: null },
    };
    expect(user(body)).toEqual({
      userName: 'jane@example.test',
      active: true,
      addresses: [{ type: 'work' }],
      [ENTERPRISE]: { manager: { value: 'm1' } },
    });
  });

  test.each([
    ['names in any case', { USERNAME: 'x', NAME: { GIVENNAME: 'X' } }],
    ['dotted names', { userName: 'x', 'name.givenName': 'X' }],
    ['names under the core URN', { [`${CORE}:userName`]: 'x', [`${CORE}:name.givenName`]: 'X' }],
    ['attributes grouped under the core URN', { [CORE]: { userName: 'x', name: { givenName: 'X' } } }],
  ])('with %s', (_name, body) => {
    expect(user(body)).toEqual({ userName: 'x', name: { givenName: 'X' } });
  });

  test.each([
    ['by one key', { [`${ENTERPRISE}:department`]: 'Support', [`${ENTERPRISE}:manager.value`]: 'm1' }],
    [
      'grouped, with schemas of its own',
      { [ENTERPRISE]: { schemas: [ENTERPRISE], department: 'Support', manager: [{ value: 'm1' }] } },
    ],
    [
      'grouped under a URN in lower case',
      { [ENTERPRISE.toLowerCase()]: { Department: 'Support', manager: 'm1' } },
    ],
  ])('with extension attributes %s', (_name, body) => {
    expect(user(body)).toEqual({ [ENTERPRISE]: { department: 'Support', manager: { value: 'm1' } } });
  });

  test('keeps one primary value and no value twice', () => {
    const emails = [
      { value: 'a@x.test', type: 'work', primary: true },
      { value: 'b@x.test', type: 'home', primary: 'True' },
      { value: 'a@x.test', type: 'work', primary: true },
      'c@x.test',
    ];
    expect(user({ emails })['emails']).toEqual([
      { value: 'a@x.test', type: 'work', primary: true },
      { value: 'b@x.test', type: 'home', primary: false },
      { value: 'c@x.test' },
    ]);
  });

  test('keeps types that nobody foresaw', () => {
    const roles = [{ value: 'agent', type: 'telephony', primary: true }];
    expect(user({ roles })).toEqual({ roles });
  });

  test("does not take a bare name for an extension's attribute", () => {
    expect(user({ userName: 'x', role: 'admin', department: 'Support' })).toEqual({ userName: 'x' });
  });

  test.each([[null], [undefined], [[]], ['text'], [42]])('must be an object, not %j', (body) => {
    expect(() => user(body)).toThrow(refusal('invalidSyntax'));
  });

  test('of another resource type is refused', () => {
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
    expect(() => user({ schemas, displayName: 'Sales' })).toThrow(refusal('invalidSyntax'));
  });

  test.each([
    ['text for an object', { name: 'Jane' }],
    ['an object for text', { title: { text: 'x' } }],
    ['two values for one', { title: ['a', 'b'] }],
    ['neither true nor false', { active: 'yes' }],
    ['a truth value for text', { title: true }],
    ['U+0000', { title: 'a\0' }],
    ['half a surrogate pair', { title: '\ud800' }],
    ['too long a text', { title: 'x'.repeat(70_000) }],
    ['too many values', { emails: Array.from({ length: 1_001 }, (_, index) => `${String(index)}@x.test`) }],
  ])('with %s is refused', (_name, body) => {
    expect(() => user(body)).toThrow(refusal('invalidValue'));
  });

  test('leaves prototypes alone', () => {
    const body: unknown = JSON.parse(
      '{"userName":"x","__proto__":{"active":false},"constructor":{"prototype":{}}}',
    );
    expect(user(body)).toEqual({ userName: 'x' });
    expect(({} as Record<string, unknown>)['active']).toBeUndefined();
  });
});

describe('the body of a group', () => {
  test('tells members that are not named from members that are none', () => {
    expect(normaliseBody('Group', { displayName: 'x' }).members).toBeUndefined();
    expect(normaliseBody('Group', { displayName: 'x', members: [] }).members).toEqual([]);
    expect(normaliseBody('Group', { displayName: 'x', Members: null }).members).toBeNull();
  });

  test("may carry Entra's second schema", () => {
    const schemas = [
      'urn:ietf:params:scim:schemas:core:2.0:Group',
      'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
    ];
    expect(normaliseBody('Group', { schemas, displayName: 'x', externalId: 'e' }).resource).toEqual({
      displayName: 'x',
      externalId: 'e',
    });
  });
});

describe('the query', () => {
  const query = (raw: object) => normaliseQuery(raw, DEFAULT_SCIM_LIMITS);

  test('is cast and clamped', () => {
    expect(query({ startIndex: '101', count: '50' })).toMatchObject({ startIndex: 101, count: 50 });
    expect(query({ startIndex: '0', count: '-1' })).toMatchObject({ startIndex: 1, count: 0 });
    expect(query({ count: '100000' }).count).toBe(DEFAULT_SCIM_LIMITS.pageSizeMax);
    expect(query({})).toMatchObject({
      startIndex: 1,
      count: DEFAULT_SCIM_LIMITS.pageSizeDefault,
      cursor: null,
    });
  });

  test('takes names in any case, lists, and the first of two values', () => {
    expect(
      query({
        STARTINDEX: 3,
        attributes: ['userName', 'name.givenName'],
        excludedAttributes: 'a, b,',
        filter: ['x', 'y'],
      }),
    ).toMatchObject({
      startIndex: 3,
      attributes: ['userName', 'name.givenName'],
      excludedAttributes: ['a', 'b'],
      filter: 'x',
    });
  });

  test('tells an empty cursor from none', () => {
    expect(query({ cursor: '' }).cursor).toBe('');
  });

  test.each([['count'], ['startIndex']])('refuses a %s that is no number', (name) => {
    expect(() => query({ [name]: 'many' })).toThrow(refusal('invalidValue'));
  });

  test('refuses the count of a cursor page by its own code', () => {
    expect(() => query({ cursor: '', count: '1.5' })).toThrow(refusal('invalidCount'));
  });
});
