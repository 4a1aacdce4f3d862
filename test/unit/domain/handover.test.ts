import { describe, expect, it } from 'vitest';
import { graceDaysFrom } from '../../../src/domain/grace.js';
import { findHandover, type HandoverInput } from '../../../src/domain/handover.js';
import { parseRetentionClass, retentionClassOf, retentionWarnings } from '../../../src/domain/retention.js';
import type { ActualAgent } from '../../../src/domain/state.js';

function agent(id: string, more: Partial<ActualAgent> = {}): ActualAgent {
  return {
    providerUserId: id,
    email: `${id}@example.com`,
    name: id,
    status: 'active',
    role: null,
    owner: null,
    teams: [],
    numbers: [],
    ...more,
  };
}

const LINE = '+33100000001';
const rings = (number = LINE) => [{ number, kind: 'assigned' as const }];

function handover(others: readonly ActualAgent[], more: Partial<HandoverInput> = {}) {
  return findHandover({
    leaver: {
      providerUserId: 'ada',
      held: { role: 'agent', owner: false, teams: ['Sales'], numbers: rings() },
    },
    actual: {
      accountId: 'a',
      readAt: 0,
      scope: 'all',
      agents: [agent('ada'), ...others],
      teams: ['Sales', 'Support'].map((name) => ({ providerTeamId: name, name })),
      numbers: [],
    },
    managerEmail: null,
    leaving: new Set(),
    lineTeams: new Map(),
    ...more,
  });
}

describe('what a leaver leaves without anybody', () => {
  it('is a line on which they alone rang', () => {
    expect(handover([agent('bea', { teams: ['Sales'] })]).lines).toEqual([
      { number: LINE, why: 'only-person' },
    ]);
  });

  it('is nothing where somebody else rings, on the number itself or in its team', () => {
    expect(handover([agent('bea', { numbers: rings(), teams: ['Sales'] })]).lines).toEqual([]);
    const lineTeams = new Map([[LINE, 'Sales']]);
    expect(handover([agent('bea', { teams: ['sales'] })], { lineTeams }).lines).toEqual([]);
  });

  it('is a line all the same where the others only call out with it, or leave as well', () => {
    const outbound = agent('bea', { numbers: [{ number: LINE, kind: 'outbound' }] });
    expect(handover([outbound]).lines).toHaveLength(1);
    const leaving = new Set(['bea']);
    expect(handover([agent('bea', { numbers: rings() })], { leaving }).lines).toHaveLength(1);
  });

  it('is a line that rings a team which is empty now, and that team', () => {
    const lineTeams = new Map([['+33100000009', 'Sales']]);
    expect(handover([agent('bea')], { lineTeams })).toMatchObject({
      lines: [
        { number: LINE, why: 'only-person' },
        { number: '+33100000009', why: 'team-empty' },
      ],
      emptyTeams: ['Sales'],
    });
  });

  it('is their own default number', () => {
    const leaver = { providerUserId: 'ada', held: null };
    const actual = {
      accountId: 'a',
      readAt: 0,
      scope: 'all' as const,
      agents: [agent('ada', { defaultNumber: LINE }), agent('bea')],
      teams: [],
      numbers: [],
    };
    expect(handover([], { leaver, actual }).lines).toEqual([{ number: LINE, why: 'default-number' }]);
  });

  it('could be taken by the manager first, then people of the same team, then teams', () => {
    const others = [
      agent('zoe', { teams: ['Support'] }),
      agent('bea', { teams: ['Sales'] }),
      agent('carl', { teams: ['Sales'], status: 'suspended' }),
    ];
    expect(handover(others, { managerEmail: 'ZOE@example.com' }).successors).toEqual([
      { type: 'person', providerUserId: 'zoe', email: 'zoe@example.com', because: 'manager' },
      { type: 'person', providerUserId: 'bea', email: 'bea@example.com', because: 'teammate' },
      { type: 'team', team: 'Sales' },
      { type: 'team', team: 'Support' },
    ]);
  });

  it('says when nobody’s numbers were read', () => {
    expect(handover([agent('bea', { numbers: null })]).isPartial).toBe(true);
  });
});

describe('business days of grace', () => {
  const calendar = { timeZone: 'Europe/Paris', holidays: ['2026-12-25', '2027-01-01'] };
  const days = (from: string, count: number): number => graceDaysFrom(new Date(from), count, calendar);

  it('skip weekends and holidays, and begin on the day after', () => {
    expect(days('2026-11-27T10:00:00Z', 1)).toBe(3);
    expect(days('2026-11-23T10:00:00Z', 4)).toBe(4);
    expect(days('2026-12-24T10:00:00Z', 1)).toBe(4);
    expect(days('2026-12-21T10:00:00Z', 10)).toBe(16);
    expect(days('2026-12-21T10:00:00Z', 0)).toBe(0);
  });

  it('are those of the account’s time zone', () => {
    // Thursday evening in London is Friday already in Paris's zone of this date.
    expect(days('2026-11-26T23:30:00Z', 1)).toBe(3);
  });
});

describe('retention classes', () => {
  it('are read from one line each', () => {
    expect(parseRetentionClass('mifid 2555 +33176111111 +33176111112')).toEqual({
      name: 'mifid',
      keepDays: 2555,
      numbers: ['+33176111111', '+33176111112'],
    });
    expect(parseRetentionClass('legal forever +33176111111')?.keepDays).toBeNull();
    for (const line of ['', 'mifid', 'mifid 10', 'mifid ten +331', 'MIFID 10 +33176111111'])
      expect(parseRetentionClass(line)).toBeNull();
  });

  it('apply to the lines they name', () => {
    const settings = { keepDays: 30, classes: ['mifid 2555 +33176111111'] };
    expect(retentionClassOf(settings, '+33176111111').name).toBe('mifid');
    expect(retentionClassOf(settings, null)).toMatchObject({ name: 'standard', keepDays: 30 });
  });

  it('warn where the plan keeps less than they want and nothing is copied', () => {
    const settings = { keepDays: 300, classes: ['mifid 2555 +33176111111'] };
    const warnings = (policy: 'none' | 'audio', vendorKeepsDays: number | null) =>
      retentionWarnings(settings, { policy, vendorKeepsDays });
    expect(warnings('none', 365)).toHaveLength(1);
    expect(warnings('none', 365)[0]).toContain('mifid: 2555 days');
    expect(warnings('audio', 365)).toEqual([]);
    expect(warnings('none', null)).toEqual([]);
    expect(warnings('none', 3_650)).toEqual([]);
  });
});
