import { describe, expect, it } from 'vitest';
import type { IdpPerson, MissedPushOptions } from '../../../src/domain/findings/directory-view.js';
import { findMissedPushes, type MissedPushInput } from '../../../src/domain/findings/missed-pushes.js';
import { group, user } from '../../support/domain.js';

const OPTIONS: MissedPushOptions = { providerName: 'Okta', attributes: ['title'], isOnlySource: true };

/** The person there of directory user `id` here. */
function person(id: string, overrides: Partial<IdpPerson> = {}): IdpPerson {
  return {
    id: `idp-${id}`,
    userName: `${id}@example.com`,
    email: `${id}@example.com`,
    givenName: `Given${id}`,
    familyName: 'Family',
    isActive: true,
    status: 'ACTIVE',
    attributes: {},
    ...overrides,
  };
}

function find(
  people: readonly IdpPerson[],
  input: Partial<MissedPushInput> = {},
  groups: MissedPushInput['reading']['groups'] = null,
) {
  return findMissedPushes({
    reading: { readAt: 0, people, groups },
    users: [],
    groups: [],
    lookedUp: new Map(),
    options: OPTIONS,
    ...input,
  }).map(({ key, evidence }) => `${key} (${evidence.expected} / ${evidence.found})`);
}

describe('missed pushes', () => {
  it('are none where both sides agree', () => {
    const people = [person('a'), person('b', { isActive: false }), person('c', { isActive: false })];
    const users = [user('a'), user('b', { status: 'inactive' }), user('c', { status: 'deleted' })];

    expect(find(people, { users })).toEqual([]);
  });

  it('that matter most come first: deactivated there, active here', () => {
    const gone = person('a', { isActive: false, status: 'DEPROVISIONED', givenName: 'Other' });
    const findings = findMissedPushes({
      reading: { readAt: 0, people: [person('x'), gone], groups: null },
      users: [user('a')],
      groups: [],
      lookedUp: new Map(),
      options: OPTIONS,
    });

    expect(findings.map(({ key, severity }) => [key, severity])).toEqual([
      ['idp-deactivated:a', 'critical'],
      ['idp-missing-here:idp-x', 'warning'],
    ]);
    expect(findings[0]?.words.meaning).toContain('DEPROVISIONED');
  });

  it('include people who are inactive or deleted here and work there', () => {
    const users = [user('a', { status: 'inactive' }), user('b', { status: 'deleted' })];

    expect(find([person('a'), person('b'), person('c', { isActive: false })], { users })).toEqual([
      'idp-missing-here:idp-a (active / inactive)',
      'idp-missing-here:idp-b (active / deleted)',
    ]);
  });

  it('never take absence for a fact: who is only here is told as absent', () => {
    expect(find([], { users: [user('a'), user('b', { status: 'inactive' })] })).toEqual([
      'idp-extra-here:a (in Okta / missing)',
    ]);
    expect(find([], { users: [user('a')], options: { ...OPTIONS, isOnlySource: false } })).toEqual([]);
  });

  it('use what was looked up: a fact about somebody whom the list does not show', () => {
    const users = ['a', 'b', 'c'].map((id) => user(id, { externalId: `idp-${id}` }));
    const lookedUp = new Map<string, IdpPerson | null>([
      ['idp-a', person('a', { isActive: false, status: 'DEPROVISIONED' })],
      ['idp-b', person('b')],
      ['idp-c', null],
    ]);

    expect(find([], { users, lookedUp })).toEqual([
      'idp-deactivated:a (inactive / active)',
      'idp-extra-here:b (assigned / not assigned)',
      'idp-extra-here:c (in Okta / missing)',
    ]);
  });

  it('say nothing of people there who are not meant to be here', () => {
    const lookedUp = new Map([['idp-x', person('x')]]);

    expect(find([], { lookedUp })).toEqual([]);
    expect(find([], { lookedUp, users: [user('x', { status: 'inactive' })] })).toEqual([]);
  });

  it('compare attributes that anybody has here, without what the provider does not tell', () => {
    const users = [
      user('a', { attributes: { title: ['Boss'] } }),
      user('b', { givenName: 'New' }),
      user('c', { email: 'c@EXAMPLE.com' }),
    ];
    const people = [
      person('a', { attributes: { title: 'Chief' } }),
      person('b', { attributes: { title: 'Clerk' }, familyName: null }),
      person('c', { email: 'C@example.com', attributes: {} }),
    ];

    expect(find(people, { users })).toEqual([
      'idp-attribute:a:title (Chief / Boss)',
      'idp-attribute:b:given name (Givenb / New)',
      'idp-attribute:b:title (Clerk / )',
    ]);
    expect(find([person('b', { attributes: { title: 'Clerk' } })], { users: [user('b')] })).toEqual([]);
  });

  it('tell a mapping from many missed pushes', () => {
    const ids = Array.from({ length: 20 }, (_, number) => `p${number}`);
    const users = ids.map((id) => user(id));
    const mapped = ids.map((id) => person(id, { givenName: `X${id}` }));
    const few = ids.map((id, number) => person(id, number < 10 ? { givenName: `X${id}` } : {}));

    expect(find(mapped, { users })).toEqual([
      'idp-attribute:mapping:given name (such as Xp0 / such as Givenp0)',
    ]);
    expect(find(few, { users })).toHaveLength(10);
  });

  it('compare memberships of groups known on both sides, by id or by a name of its own', () => {
    const users = [
      user('a', { groupIds: ['g1'] }),
      user('b', { groupIds: ['g2'] }),
      user('c', { status: 'inactive', groupIds: ['g1'] }),
    ];
    const groups = [
      group('g1', 'Sales', 'idp-g1'),
      group('g2', 'Ops'),
      group('g3', 'Twice'),
      group('g4', 'Only'),
    ];
    const there = [
      { id: 'idp-g1', name: 'Renamed', memberIds: ['idp-b', 'idp-a'] },
      { id: 'idp-g2', name: ' ops ', memberIds: [] },
      { id: 'idp-g3', name: 'Twice', memberIds: [] },
      { id: 'idp-g5', name: 'Twice', memberIds: ['idp-a'] },
    ];
    const people = [person('a'), person('b'), person('c', { isActive: false })];

    expect(find(people, { users, groups }, there)).toEqual([
      'idp-membership:g1:b (a member / no member)',
      'idp-membership:g2:b (no member / a member)',
    ]);
  });

  it('are one where a whole group differs', () => {
    const ids = Array.from({ length: 21 }, (_, number) => `p${number}`);
    const there = [{ id: 'x', name: 'Sales', memberIds: ids.map((id) => `idp-${id}`) }];

    expect(
      find(
        ids.map((id) => person(id)),
        { users: ids.map((id) => user(id)), groups: [group('g', 'Sales')] },
        there,
      ),
    ).toEqual(['idp-membership:g:many (as in Okta / 21 missing, 0 too many)']);
  });
});

describe('people', () => {
  it('match by the provider’s id, then user name, then an address of their own', () => {
    const users = [
      user('a', { externalId: 'idp-z', userName: 'q@example.com' }),
      user('b', { userName: 'B@Example.com', email: null }),
      user('c', { userName: 'nick', email: 'c@example.com' }),
      user('d', { userName: 'dd', email: 'shared@example.com' }),
    ];
    const people = [
      person('z', { isActive: false, userName: 'z' }),
      person('b', { isActive: false }),
      person('c', { isActive: false, userName: null }),
      person('d1', { isActive: false, email: 'shared@example.com' }),
      person('d2', { isActive: false, email: 'shared@example.com' }),
    ];

    expect(find(people, { users })).toEqual([
      'idp-deactivated:a (inactive / active)',
      'idp-deactivated:b (inactive / active)',
      'idp-deactivated:c (inactive / active)',
      'idp-extra-here:d (in Okta / missing)',
    ]);
  });

  it('who came back under a new entry match the living one', () => {
    const users = [
      user('old', { status: 'deleted', userName: 'a@example.com', email: 'a@example.com' }),
      user('new', { userName: 'a@example.com', email: 'a@example.com', givenName: 'Givena' }),
    ];

    expect(find([person('a')], { users })).toEqual([]);
  });
});
