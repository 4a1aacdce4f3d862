import { describe, expect, test } from 'vitest';
import { expandOperations } from '../../../src/scim/patch/edits.js';
import { foldMemberEdits } from '../../../src/scim/patch/members.js';
import { readOperations } from '../../../src/scim/patch/operations.js';

const A = '00000000-0000-7000-8000-00000000000a';
const B = '00000000-0000-7000-8000-00000000000b';
const C = '00000000-0000-7000-8000-00000000000c';

function fold(...operations: readonly unknown[]) {
  const edits = expandOperations('Group', readOperations({ Operations: operations }, 100));
  return foldMemberEdits(
    edits.filter(({ path }) => path.attribute?.name === 'members'),
    10,
  );
}

const delta = (add: readonly string[], remove: readonly string[]) => ({ type: 'delta', add, remove });
const replace = (members: readonly string[]) => ({ type: 'replace', members });
const refusal = (scimType: string) => expect.objectContaining({ kind: 'invalid', scimType });

describe('adding', () => {
  test.each([
    ['Entra', { op: 'Add', path: 'members', value: [{ $ref: null, value: A }] }],
    ['Okta', { op: 'add', path: 'members', value: [{ value: A, display: 'ada@example.test' }] }],
    ['plain text', { op: 'add', path: 'members', value: A }],
    ['a list of plain texts', { op: 'add', path: 'members', value: [A, A] }],
    ['one object', { op: 'add', path: 'MEMBERS', value: { value: A } }],
    ['no path', { op: 'add', value: { members: [{ value: A }] } }],
    ['a list inside the value', { op: 'add', path: 'members', value: { members: [{ value: A }] } }],
    ['a reference', { op: 'add', path: 'members', value: [{ $ref: `https://x.test/scim/v2/Users/${A}` }] }],
  ])('%s', (_name, operation) => {
    expect(fold(operation)).toEqual(delta([A], []));
  });
});

describe('removing', () => {
  test.each([
    ['Okta and Entra with the flag', { op: 'remove', path: `members[value eq "${A}"]` }],
    ['no blank before the value', { op: 'remove', path: `members[value eq"${A}"]` }],
    ['Entra, default', { op: 'Remove', path: 'members', value: [{ $ref: null, value: A }] }],
    ['plain text', { op: 'remove', path: 'members', value: [A] }],
  ])('%s', (_name, operation) => {
    expect(fold(operation)).toEqual(delta([], [A]));
  });

  test('several by one filter', () => {
    expect(fold({ op: 'remove', path: `members[value eq "${A}" or value eq "${B}"]` })).toEqual(
      delta([], [A, B]),
    );
  });

  test('everybody, when nobody is named', () => {
    expect(fold({ op: 'remove', path: 'members' })).toEqual(replace([]));
  });

  test('nobody, when the list of names is empty', () => {
    expect(fold({ op: 'remove', path: 'members', value: [] })).toEqual(delta([], []));
  });

  test('nobody, when the name is no id', () => {
    expect(fold({ op: 'remove', path: 'members[value eq "x"]' })).toEqual(delta([], []));
  });
});

describe('replacing', () => {
  test.each([
    ['with a path', { op: 'replace', path: 'members', value: [{ value: A }, { value: B }] }],
    [
      'without a path',
      { op: 'replace', value: { id: C, displayName: 'X', members: [{ value: A }, { value: B }] } },
    ],
  ])('%s', (_name, operation) => {
    expect(fold(operation)).toEqual(replace([A, B]));
  });

  test.each([[[]], [null]])('by %j empties', (value) => {
    expect(fold({ op: 'replace', path: 'members', value })).toEqual(replace([]));
    expect(fold({ op: 'replace', value: { members: value } })).toEqual(replace([]));
  });

  test('that does not speak of members leaves them', () => {
    expect(fold({ op: 'replace', value: { id: C, displayName: 'X' } })).toBeNull();
  });
});

describe('in order', () => {
  test('the last word about somebody counts', () => {
    const add = { op: 'add', path: 'members', value: [A] };
    const remove = { op: 'remove', path: `members[value eq "${A}"]` };
    expect(fold(add, remove)).toEqual(delta([], [A]));
    expect(fold(remove, add)).toEqual(delta([A], []));
  });

  test('what follows a replace changes the new list', () => {
    const operations = [
      { op: 'add', path: 'members', value: [C] },
      { op: 'replace', path: 'members', value: [A] },
      { op: 'add', path: 'members', value: [B] },
      { op: 'remove', path: 'members', value: [A] },
    ];
    expect(fold(...operations)).toEqual(replace([B]));
  });
});

describe('refusals', () => {
  test.each([
    ['an id that cannot be one', { op: 'add', path: 'members', value: ['x'] }, 'invalidValue'],
    [
      'a group as a member',
      { op: 'add', path: 'members', value: [{ value: A, type: 'Group' }] },
      'invalidValue',
    ],
    ['a member without a value', { op: 'add', path: 'members', value: [{ display: 'x' }] }, 'invalidValue'],
    [
      'a change of a member',
      { op: 'replace', path: `members[value eq "${A}"].type`, value: 'User' },
      'mutability',
    ],
    [
      'a selection by anything but the value',
      { op: 'remove', path: 'members[type eq "User"]' },
      'invalidFilter',
    ],
  ])('%s', (_name, operation, scimType) => {
    expect(() => fold(operation)).toThrow(refusal(scimType));
  });

  test('names the members that cannot be', () => {
    expect(() => fold({ op: 'add', path: 'members', value: ['nobody-1'] })).toThrow(/nobody-1/);
  });

  test('more members than one request may name', () => {
    const value = Array.from(
      { length: 11 },
      (_, index) => `00000000-0000-7000-8000-0000000000${String(10 + index)}`,
    );
    expect(() => fold({ op: 'add', path: 'members', value })).toThrow(
      expect.objectContaining({ kind: 'tooLarge' }),
    );
  });
});
