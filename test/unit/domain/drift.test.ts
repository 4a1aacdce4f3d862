import { describe, expect, it } from 'vitest';
import { calculateDrift, type DriftInput } from '../../../src/domain/drift.js';
import { NO_ENTITLEMENTS } from '../../../src/domain/entitlement.js';
import {
  AIRCALL,
  CAPABLE,
  actual,
  agent,
  entitlements,
  link,
  parked,
  written,
} from '../../support/domain.js';

function drift(overrides: Partial<DriftInput>): readonly string[] {
  const items = calculateDrift({
    links: [],
    actual: actual([]),
    askedAgents: [],
    capabilities: CAPABLE,
    wishOf: () => undefined,
    ...overrides,
  });
  return items.map(({ code, subjectId, expected, found }) => `${subjectId} ${code}: ${expected} -> ${found}`);
}

const SHOWN = { role: 'agent' } as const;

describe('drift', () => {
  it('is nothing where the vendor shows what was last written', () => {
    const numbers = [{ number: '+331', kind: 'assigned' } as const];
    const same = { role: 'supervisor', teams: ['Sales'], numbers } as const;

    expect(
      drift({
        links: [link('s1', { lastWritten: written('s1', same) })],
        actual: actual([
          agent('s1', { ...same, teams: ['SALES'], name: ' Givens1  Family ', email: 'S1@example.com' }),
        ]),
      }),
    ).toEqual([]);
  });

  it('names every difference, sorted by person and kind', () => {
    const last = written('s1', {
      role: 'supervisor',
      teams: ['Sales'],
      numbers: [{ number: '+331', kind: 'assigned' }],
    });
    const found = agent('s1', {
      name: 'Somebody',
      email: 'x@example.com',
      role: 'admin',
      status: 'suspended',
      teams: ['Club'],
      numbers: [{ number: '+331', kind: 'outbound' }],
    });

    expect(
      drift({ links: [link('s2'), link('s1', { lastWritten: last })], actual: actual([found]) }),
    ).toEqual([
      's1 email: s1@example.com -> x@example.com',
      's1 name: Givens1 Family -> Somebody',
      's1 number-added: not held -> number +331 (outbound)',
      's1 number-removed: number +331 (assigned) -> not held',
      's1 role: supervisor -> admin',
      's1 suspended: active -> suspended',
      's1 team-added: not held -> team "Club"',
      's1 team-removed: team "Sales" -> not held',
      's2 agent-missing: s2@example.com -> no such agent',
    ]);
  });

  it('is not said of agents that were not read', () => {
    const reading = actual([], { scope: 'subjects' });

    expect(drift({ links: [link('s1')], actual: reading })).toEqual([]);
    expect(drift({ links: [link('s1')], actual: reading, askedAgents: ['a-s1'] })).toEqual([
      's1 agent-missing: s1@example.com -> no such agent',
    ]);
  });

  it('is not said of links that have ended, are being deleted, or under which nothing was written', () => {
    const links = [
      link('s1', { state: 'deleted' }),
      link('s2', { state: 'deleting' }),
      link('s3', { lastWritten: null }),
    ];

    expect(drift({ links, actual: actual([agent('s3', { name: 'Other' })]) })).toEqual([]);
  });

  it('does not count what the vendor does not show', () => {
    const links = [
      link('s1', {
        lastWritten: written('s1', { role: 'admin', numbers: [{ number: '+331', kind: 'assigned' }] }),
      }),
    ];

    expect(drift({ links, actual: actual([agent('s1', { role: null, numbers: null })]) })).toEqual([]);
  });

  it('does not count an unknown role or name as changed', () => {
    const unknown = { ...written('s1'), givenName: '', familyName: '', entitlements: NO_ENTITLEMENTS };

    expect(
      drift({
        links: [link('s1', { lastWritten: unknown })],
        actual: actual([agent('s1', { role: 'admin' })]),
      }),
    ).toEqual([]);
  });

  it('does not count numbers that come and go with teams, nor a suspension that the vendor does not know', () => {
    const links = [link('s1')];
    const found = agent('s1', { status: 'suspended', numbers: [{ number: '+331', kind: 'call_flow' }] });

    expect(drift({ links, actual: actual([found]), capabilities: AIRCALL })).toEqual([]);
  });

  it('does not count what an adopted agent held before', () => {
    const numbers = [{ number: '+331', kind: 'assigned' } as const];
    const found = { ...NO_ENTITLEMENTS, teams: ['Club'], numbers };
    const links = [link('s1', { lastWritten: { ...written('s1'), found } })];

    expect(drift({ links, actual: actual([agent('s1', { ...SHOWN, teams: ['club'], numbers })]) })).toEqual(
      [],
    );
    expect(drift({ links, actual: actual([agent('s1', SHOWN)]) })).toEqual([]);
  });

  it('does not count what is wanted anyway', () => {
    const last = written('s1', {
      role: 'agent',
      teams: ['Gone'],
      numbers: [{ number: '+331', kind: 'assigned' }],
    });
    const found = agent('s1', {
      name: 'New Name',
      email: 'new@example.com',
      role: 'admin',
      teams: ['Came'],
      numbers: [{ number: '+332', kind: 'assigned' }],
    });
    const wish = {
      email: 'New@example.com',
      givenName: 'New',
      familyName: 'Name',
      entitlements: entitlements({
        role: 'admin',
        teams: ['CAME'],
        numbers: [{ number: '+332', kind: 'assigned' }],
      }),
    };

    expect(
      drift({
        links: [link('s1', { lastWritten: last })],
        actual: actual([found]),
        wishOf: () => wish,
      }),
    ).toEqual([]);
    expect(
      drift({
        links: [link('s1', { lastWritten: last })],
        actual: actual([agent('s1', SHOWN)]),
        wishOf: () => ({ ...wish, email: null }),
      }),
    ).toEqual([]);
  });
});

describe('a parked agent', () => {
  it('that holds anything which was taken, or is awake, was reactivated by somebody', () => {
    const found = agent('s1', {
      role: 'admin',
      teams: ['Sales'],
      numbers: [{ number: '+331', kind: 'assigned' }],
    });

    expect(drift({ links: [parked('s1')], actual: actual([found]) })).toEqual([
      's1 reactivated: nothing -> active, number +331 (assigned), role admin, team "Sales"',
    ]);
    expect(
      drift({
        links: [parked('s1', { lastWritten: null })],
        actual: actual([agent('s1', { teams: ['Sales'] })]),
        capabilities: AIRCALL,
      }),
    ).toEqual(['s1 reactivated: nothing -> team "Sales"']);
  });

  it('whose access is still being taken was not', () => {
    const links = [
      parked('s1', {
        lastWritten: {
          ...written('s1', { role: 'admin', teams: ['Sales'] }),
          found: { ...NO_ENTITLEMENTS, teams: ['Club'] },
        },
      }),
    ];

    expect(
      drift({
        links,
        actual: actual([agent('s1', { role: 'admin', status: 'suspended', teams: ['Sales', 'Club'] })]),
      }),
    ).toEqual([]);
  });

  it('that holds nothing is as it should be', () => {
    expect(
      drift({
        links: [parked('s1')],
        actual: actual([agent('s1', { role: 'agent', status: 'suspended', numbers: null })]),
      }),
    ).toEqual([]);
  });
});
