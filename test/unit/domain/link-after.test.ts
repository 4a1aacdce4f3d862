import { describe, expect, it } from 'vitest';
import { withEntitlement, withoutEntitlement } from '../../../src/domain/entitlement-set.js';
import { type Entitlement, NO_ENTITLEMENTS } from '../../../src/domain/entitlement.js';
import { linkAfter, linkFrom } from '../../../src/domain/link-after.js';
import type { Change, ChangeAction } from '../../../src/domain/plan.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import {
  CAPABLE,
  DAY_MS,
  NOW,
  actual,
  agent,
  leaver,
  link,
  only,
  parked,
  planInput,
  wanted,
  written,
} from '../../support/domain.js';

const IDS = { id: 'l1', accountId: 'acc', providerUserId: 'v1' };

function changeOf<Action extends ChangeAction>(
  action: Action,
  fields: Partial<Extract<Change, { action: Action }>> = {},
): Change {
  const plan = calculatePlan(
    planInput({
      capabilities: CAPABLE,
      subjects: [
        wanted('new'),
        leaver('due'),
        leaver('left'),
        wanted('back'),
        wanted('s0', { teams: ['New'], role: 'agent' }),
        wanted('known'),
        wanted('task', { numbers: [] }, { familyName: '' }),
        leaver('gone'),
      ],
      actual: actual([
        agent('due', { role: 'agent', status: 'suspended' }),
        agent('left', { role: 'agent' }),
        agent('back', { role: 'agent' }),
        agent('s0', { role: 'admin', teams: ['Old'] }),
        agent('known', { role: 'agent' }),
      ]),
      links: [
        parked('due', { deleteDueAt: NOW }),
        link('left'),
        parked('back'),
        link('s0', { lastWritten: written('s0', { teams: ['Old'] }) }),
        link('gone'),
      ],
    }),
  );
  return { ...only(plan, action), ...fields };
}

describe('a new link', () => {
  it('of a created agent holds what the creation wrote', () => {
    const change = changeOf('create') as Extract<Change, { action: 'create' }>;

    expect(linkFrom(change, IDS)).toEqual({
      ...IDS,
      subjectId: 'new',
      email: 'new@example.com',
      origin: 'created',
      state: 'active',
      lastWritten: {
        email: 'new@example.com',
        givenName: 'Givennew',
        familyName: 'Family',
        entitlements: { ...NO_ENTITLEMENTS, role: 'agent' },
      },
      heldAtPark: null,
      parkedAt: null,
      deleteDueAt: null,
    });
  });

  it('of an adopted agent holds nothing as written by us, and what was found apart', () => {
    const found = agent('known', {
      name: 'Old Name',
      role: 'admin',
      owner: true,
      teams: ['Club'],
      numbers: null,
    });
    const change = { ...changeOf('adopt'), found } as Extract<Change, { action: 'adopt' }>;

    expect(linkFrom(change, IDS)).toMatchObject({
      origin: 'adopted',
      lastWritten: {
        email: 'known@example.com',
        givenName: 'Old Name',
        familyName: '',
        entitlements: NO_ENTITLEMENTS,
        found: { role: 'admin', owner: true, teams: ['Club'], numbers: [] },
      },
    });
  });

  it('of an agent taken over keeps what was written under the old link', () => {
    const inherited = written('old', { role: 'supervisor', teams: ['Sales'] });
    const change = { ...changeOf('adopt'), inherited, found: agent('known', { owner: null }) } as Extract<
      Change,
      { action: 'adopt' }
    >;

    expect(linkFrom(change, IDS).lastWritten).toMatchObject({ ...inherited, found: { owner: false } });
  });
});

describe('a link after a change', () => {
  const before = link('s0', {
    lastWritten: {
      ...written('s0', { teams: ['Old'] }),
      found: { ...NO_ENTITLEMENTS, teams: ['OLD', 'Club'] },
    },
  });

  it('remembers what was written: profile, role, grants and revocations', () => {
    const update = changeOf('update', {
      after: { email: 'x@example.com', givenName: 'A', familyName: 'B', role: 'admin' },
    });
    const after = [update, changeOf('grant'), changeOf('revoke')].reduce(
      (one, change) => linkAfter(one, change, NOW),
      before,
    );

    expect(after).toMatchObject({
      email: 'x@example.com',
      lastWritten: {
        email: 'x@example.com',
        givenName: 'A',
        familyName: 'B',
        entitlements: { role: 'admin', teams: ['New'] },
        found: { teams: ['Club'] },
      },
    });
  });

  it('changes only what an update names', () => {
    const after = linkAfter(before, changeOf('update', { after: { role: 'supervisor' } }), NOW);

    expect(after).toMatchObject({
      email: 's0@example.com',
      lastWritten: { givenName: 'Givens0', entitlements: { role: 'supervisor', teams: ['Old'] } },
    });
  });

  it('starts from nothing where nothing had been written', () => {
    const after = linkAfter(link('s0', { lastWritten: null }), changeOf('grant'), NOW);

    expect(after.lastWritten).toEqual({
      email: 's0@example.com',
      givenName: '',
      familyName: '',
      entitlements: { ...NO_ENTITLEMENTS, teams: ['New'] },
    });
  });

  it('is parked with a date, what was held, and a role that counts as unknown', () => {
    const held = { ...NO_ENTITLEMENTS, teams: ['Club'] };
    const after = linkAfter(before, changeOf('park', { held, graceMs: 3 * DAY_MS }), NOW);

    expect(after).toMatchObject({
      state: 'parked',
      heldAtPark: held,
      parkedAt: NOW,
      deleteDueAt: NOW + 3 * DAY_MS,
    });
    expect(after.lastWritten).toMatchObject({ entitlements: { role: null, teams: ['Old'] }, found: held });
  });

  it('keeps the first park’s moment, date and holdings when parked again', () => {
    const first = parked('s0');

    expect(linkAfter(first, changeOf('park'), NOW + DAY_MS)).toBe(first);
  });

  it('is active again after a restore, without a date', () => {
    expect(linkAfter(parked('s0'), changeOf('restore'), NOW)).toMatchObject({
      state: 'active',
      heldAtPark: null,
      parkedAt: null,
      deleteDueAt: null,
    });
  });

  it('ends with a deletion or when forgotten, and keeps its history', () => {
    expect(linkAfter(parked('s0'), changeOf('delete'), NOW)).toEqual({ ...parked('s0'), state: 'deleted' });
    expect(linkAfter(before, changeOf('forget'), NOW)).toEqual({ ...before, state: 'deleted' });
  });

  it('stays as it is after what concerns no link', () => {
    for (const action of ['create', 'adopt', 'manual', 'create-team'] as const)
      expect(linkAfter(before, changeOf(action), NOW)).toBe(before);
  });
});

describe('a set of entitlements', () => {
  const set = {
    role: 'agent',
    owner: false,
    teams: ['B'],
    numbers: [{ number: '+332', kind: 'assigned' }],
  } as const;
  const things: readonly Entitlement[] = [
    { type: 'role', role: 'admin' },
    { type: 'owner' },
    { type: 'team', team: 'A' },
    { type: 'number', number: '+331', kind: 'outbound' },
    { type: 'number', number: '+332', kind: 'outbound' },
  ];

  it('takes in each kind of thing, sorted', () => {
    expect(things.reduce(withEntitlement, set)).toEqual({
      role: 'admin',
      owner: true,
      teams: ['A', 'B'],
      numbers: [
        { number: '+331', kind: 'outbound' },
        { number: '+332', kind: 'assigned' },
        { number: '+332', kind: 'outbound' },
      ],
    });
  });

  it('holds nothing twice, and loses each kind of thing again', () => {
    expect(withEntitlement(set, { type: 'team', team: 'b ' }).teams).toEqual(['b ']);
    expect(withEntitlement(set, { type: 'number', number: '+332', kind: 'assigned' })).toEqual(set);
    expect(things.reduce(withoutEntitlement, things.reduce(withEntitlement, set))).toEqual({
      ...set,
      role: null,
    });
    expect(withoutEntitlement(set, { type: 'role', role: 'admin' })).toEqual(set);
  });
});
