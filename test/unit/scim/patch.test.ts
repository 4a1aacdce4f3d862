import { describe, expect, test } from 'vitest';
import type { Resource } from '../../../src/directory/resource.js';
import { applyEdits } from '../../../src/scim/patch/apply.js';
import { expandOperations } from '../../../src/scim/patch/edits.js';
import { readOperations } from '../../../src/scim/patch/operations.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const TELEPHONY = 'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

const ada: Resource = {
  userName: 'ada@example.test',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  active: true,
  title: 'Engineer',
  emails: [
    { value: 'ada@example.test', type: 'work', primary: true },
    { value: 'ada@home.test', type: 'home' },
  ],
  [ENTERPRISE]: { department: 'Support', manager: { value: 'm1', $ref: 'Users/m1' } },
};

function patch(resource: Resource, ...operations: readonly unknown[]): Resource {
  const read = readOperations({ Operations: operations }, 100);
  return applyEdits('User', resource, expandOperations('User', read));
}

const refusal = (scimType: string) => expect.objectContaining({ kind: 'invalid', scimType });

describe('single values', () => {
  test.each([
    ['Entra, default: capital verb, text for a boolean', { op: 'Replace', path: 'active', value: 'False' }],
    [
      'Entra: a list with an object for a boolean',
      { op: 'Replace', path: 'active', value: [{ value: 'False' }] },
    ],
    ['Okta: no path', { op: 'replace', value: { active: false } }],
    ['any case of the name', { op: 'replace', path: 'ACTIVE', value: false }],
    ["the core schema's URN", { op: 'replace', path: `${CORE}:active`, value: false }],
    ['grouped under the core URN', { op: 'replace', value: { [CORE]: { active: false } } }],
    ['add instead of replace', { op: 'add', path: 'active', value: false }],
    ['names of the envelope in capitals', { Op: 'replace', Path: 'active', Value: false }],
  ])('deactivates: %s', (_name, operation) => {
    expect(patch(ada, operation)).toEqual({ ...ada, active: false });
  });

  test.each([[''], [null], [[]]])('a replace by %j clears', (value) => {
    const { title: _title, ...rest } = ada;
    expect(patch(ada, { op: 'replace', path: 'title', value })).toEqual(rest);
    expect(patch(ada, { op: 'replace', value: { title: value } })).toEqual(rest);
  });

  test('a remove clears, and clears again', () => {
    const { title: _title, ...rest } = ada;
    const operation = { op: 'remove', path: 'title' };
    expect(patch(ada, operation, operation)).toEqual(rest);
  });

  test('an add of what is there changes nothing', () => {
    expect(patch(ada, { op: 'add', path: 'title', value: 'Engineer' })).toEqual(ada);
  });
});

describe('complex values', () => {
  test('a replace keeps the parts that it does not name', () => {
    const next = patch(ada, { op: 'replace', path: 'name', value: { givenName: 'Augusta' } });
    expect(next['name']).toEqual({ givenName: 'Augusta', familyName: 'Lovelace' });
  });

  test('null takes a part away', () => {
    const next = patch(ada, { op: 'replace', value: { name: { givenName: null } } });
    expect(next['name']).toEqual({ familyName: 'Lovelace' });
  });

  test('Entra with the flag: dotted names and URNs in one value', () => {
    const value = { displayName: 'B', 'name.givenName': 'B', [`${ENTERPRISE}:employeeNumber`]: '7' };
    const next = patch(ada, { op: 'replace', value });
    expect(next).toMatchObject({
      displayName: 'B',
      name: { givenName: 'B', familyName: 'Lovelace' },
      [ENTERPRISE]: { department: 'Support', employeeNumber: '7' },
    });
  });
});

describe('the manager', () => {
  test.each([
    ['plain text under the full URN', { op: 'Add', path: `${ENTERPRISE}:manager`, value: 'm2' }],
    [
      'a list with one object under a bare name',
      { op: 'replace', path: 'manager', value: [{ $ref: null, value: 'm2' }] },
    ],
    ['the value alone', { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: 'm2' } }],
    ['grouped under the URN', { op: 'replace', value: { [ENTERPRISE]: { manager: 'm2' } } }],
  ])('is set by %s, without the old reference', (_name, operation) => {
    expect(patch(ada, operation)[ENTERPRISE]).toEqual({ department: 'Support', manager: { value: 'm2' } });
  });

  test.each([
    [{ op: 'replace', path: `${ENTERPRISE}:manager`, value: '' }],
    [{ op: 'Add', path: `${ENTERPRISE}:manager`, value: '' }],
    [{ op: 'remove', path: `${ENTERPRISE}:manager` }],
    [
      { op: 'remove', path: `${ENTERPRISE}:manager.value` },
      { op: 'remove', path: `${ENTERPRISE}:manager.$ref` },
    ],
  ])('is cleared by %j', (...operations) => {
    expect(patch(ada, ...operations)[ENTERPRISE]).toEqual({ department: 'Support' });
  });

  test('an extension whose last attribute goes is gone', () => {
    const next = patch(
      ada,
      { op: 'remove', path: `${ENTERPRISE}:manager` },
      { op: 'remove', path: `${ENTERPRISE}:department` },
    );
    expect(Object.keys(next)).not.toContain(ENTERPRISE);
    expect(patch(ada, { op: 'remove', path: ENTERPRISE })).toEqual(next);
  });
});

describe('lists', () => {
  const emails = (resource: Resource) => resource['emails'];

  test('a replace without a path replaces the list', () => {
    const next = patch(ada, {
      op: 'replace',
      value: { emails: [{ value: 'new@example.test', type: 'work' }] },
    });
    expect(emails(next)).toEqual([{ value: 'new@example.test', type: 'work' }]);
  });

  test('an add appends, and adding it again changes nothing', () => {
    const operation = { op: 'add', path: 'emails', value: [{ value: 'third@example.test', type: 'other' }] };
    const once = patch(ada, operation);
    expect(emails(once)).toHaveLength(3);
    expect(patch(once, operation)).toEqual(once);
  });

  test('a new primary value takes the mark from the old one', () => {
    const next = patch(ada, {
      op: 'add',
      path: 'emails',
      value: { value: 'ada@home.test', type: 'home', primary: true },
    });
    expect(emails(next)).toEqual([
      { value: 'ada@example.test', type: 'work', primary: false },
      { value: 'ada@home.test', type: 'home', primary: true },
    ]);
    expect(
      emails(patch(ada, { op: 'replace', path: 'emails[type eq "home"].primary', value: 'True' })),
    ).toEqual(emails(next));
  });

  test('a filter by type changes the element that matches', () => {
    const next = patch(ada, {
      op: 'replace',
      path: 'emails[type eq "work"].value',
      value: 'new@example.test',
    });
    expect(emails(next)).toEqual([
      { value: 'new@example.test', type: 'work', primary: true },
      { value: 'ada@home.test', type: 'home' },
    ]);
  });

  test.each(['add', 'Replace'])('%s by a type that is missing creates the element', (op) => {
    const next = patch(ada, { op, path: 'phoneNumbers[type eq "mobile"].value', value: '+33100000000' });
    expect(next['phoneNumbers']).toEqual([{ type: 'mobile', value: '+33100000000' }]);
  });

  test('two parts of one missing address make one address', () => {
    const next = patch(
      ada,
      { op: 'add', path: 'addresses[type eq "work"].country', value: 'FR' },
      { op: 'add', path: 'addresses[type eq "work"].locality', value: 'Paris' },
    );
    expect(next['addresses']).toEqual([{ type: 'work', country: 'FR', locality: 'Paris' }]);
  });

  test('the primary role is created, with its mark as a boolean', () => {
    const next = patch(ada, { op: 'add', path: 'roles[primary eq "True"].value', value: 'supervisor' });
    expect(next['roles']).toEqual([{ primary: true, value: 'supervisor' }]);
  });

  test('a filter by a value that is missing has no target', () => {
    const operation = { op: 'replace', path: 'emails[value eq "nobody@example.test"].type', value: 'work' };
    expect(() => patch(ada, operation)).toThrow(refusal('noTarget'));
  });

  test('a filter that names no element to make has no target', () => {
    const operation = { op: 'replace', path: 'emails[type sw "x" or type eq "y"].value', value: 'a@b.test' };
    expect(() => patch(ada, operation)).toThrow(refusal('noTarget'));
  });

  test('clearing the value of a missing element creates none', () => {
    expect(patch(ada, { op: 'replace', path: 'phoneNumbers[type eq "mobile"].value', value: '' })).toEqual(
      ada,
    );
  });

  test('an element replaced as a whole keeps what its path says', () => {
    const next = patch(ada, {
      op: 'replace',
      path: 'emails[type eq "work"]',
      value: { value: 'new@example.test' },
    });
    expect(emails(next)).toEqual([
      { type: 'work', value: 'new@example.test' },
      { value: 'ada@home.test', type: 'home' },
    ]);
  });

  test.each([
    [{ op: 'remove', path: 'emails[type eq "home"]' }],
    [{ op: 'Remove', path: 'emails', value: [{ value: 'ada@home.test' }] }],
    [{ op: 'replace', path: 'emails[type eq "home"].value', value: '' }],
    [{ op: 'remove', path: 'emails[type eq "home"].value' }],
  ])('an element goes by %j', (operation) => {
    expect(emails(patch(ada, operation))).toEqual([
      { value: 'ada@example.test', type: 'work', primary: true },
    ]);
  });

  test('a list whose last element goes is gone', () => {
    const { emails: _emails, ...rest } = ada;
    expect(patch(ada, { op: 'remove', path: 'emails[value pr]' })).toEqual(rest);
    expect(patch(ada, { op: 'remove', path: 'emails' })).toEqual(rest);
  });

  test('lists of plain values take and lose values', () => {
    const some = patch(ada, { op: 'add', path: `${TELEPHONY}:teams`, value: ['A', 'B'] });
    const more = patch(
      some,
      { op: 'add', path: `${TELEPHONY}:teams`, value: 'B' },
      { op: 'add', path: `${TELEPHONY}:teams`, value: [{ value: 'C' }] },
    );
    expect(more[TELEPHONY]).toEqual({ teams: ['A', 'B', 'C'] });
    expect(patch(more, { op: 'remove', path: `${TELEPHONY}:teams`, value: ['A'] })[TELEPHONY]).toEqual({
      teams: ['B', 'C'],
    });
    expect(patch(more, { op: 'remove', path: `${TELEPHONY}:teams[value eq "a"]` })[TELEPHONY]).toEqual({
      teams: ['B', 'C'],
    });
  });
});

describe('refusals', () => {
  test.each([
    ['an unknown path', { op: 'replace', path: 'shoeSize', value: 1 }, 'invalidPath'],
    ['a malformed path', { op: 'replace', path: 'emails[type eq', value: 'x' }, 'invalidPath'],
    ['a remove without a path', { op: 'remove' }, 'noTarget'],
    ['a remove of a required attribute', { op: 'remove', path: 'userName' }, 'mutability'],
    ['an empty required attribute', { op: 'replace', path: 'userName', value: '' }, 'invalidValue'],
    ['a read-only attribute', { op: 'replace', path: 'groups', value: [] }, 'mutability'],
    ['a part of meta', { op: 'replace', path: 'meta.created', value: '2026-01-01T00:00:00Z' }, 'mutability'],
    ['an unknown verb', { op: 'move', path: 'title', value: 'x' }, 'invalidSyntax'],
    ['an operation that is no object', 'replace', 'invalidSyntax'],
    ['a value of the wrong type', { op: 'replace', path: 'active', value: 'perhaps' }, 'invalidValue'],
    ['a missing value', { op: 'replace', path: 'title' }, 'invalidValue'],
    ['a value that is no object, without a path', { op: 'add', value: 'x' }, 'invalidValue'],
    ['a character that cannot be stored', { op: 'add', path: 'title', value: 'a\0b' }, 'invalidValue'],
  ])('%s', (_name, operation, scimType) => {
    expect(() => patch(ada, operation)).toThrow(refusal(scimType));
  });

  test('a refusal leaves the resource as it was', () => {
    const before = structuredClone(ada);
    expect(() =>
      patch(ada, { op: 'replace', path: 'emails[type eq "work"].value', value: 'x' }, { op: 'remove' }),
    ).toThrow();
    expect(ada).toEqual(before);
  });
});

describe('what is left out', () => {
  test.each([
    ["Okta's id beside a new name", { id: 'x', title: 'Engineer' }],
    ['unknown attributes', { shoeSize: 43 }],
    ['read-only attributes', { groups: [{ value: 'g' }], meta: { version: 'x' }, schemas: ['x'] }],
    ['a password, which is not kept', { password: 'secret' }],
    ["a bare name of an extension's attribute", { role: 'admin' }],
  ])('%s', (_name, value) => {
    expect(patch(ada, { op: 'replace', value })).toEqual(ada);
  });

  test('a password by path is accepted and not kept', () => {
    expect(patch(ada, { op: 'replace', path: 'password', value: 'secret' })).toEqual(ada);
  });
});

describe('the envelope', () => {
  test.each([
    ['operations in lower case', { operations: [{ op: 'remove', path: 'title' }] }, 1],
    ['one operation instead of a list', { Operations: { op: 'remove', path: 'title' } }, 1],
    ['no operation', { Operations: [] }, 0],
    ['its schema', { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [] }, 0],
  ])('takes %s', (_name, body, count) => {
    expect(readOperations(body, 10)).toHaveLength(count);
  });

  test.each([[undefined], [[]], ['x'], [{}], [{ schemas: [CORE], Operations: [] }]])('refuses %j', (body) => {
    expect(() => readOperations(body, 10)).toThrow(refusal('invalidSyntax'));
  });

  test('refuses more operations than allowed', () => {
    const body = { Operations: Array.from({ length: 3 }, () => ({ op: 'remove', path: 'title' })) };
    expect(() => readOperations(body, 2)).toThrow(expect.objectContaining({ kind: 'tooLarge' }));
  });
});
