import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/domain/capabilities.js';
import { NO_ENTITLEMENTS } from '../../../src/domain/entitlement.js';
import { findHandover, findUnanswered, type HandoverInput } from '../../../src/domain/handover.js';
import { compileRules } from '../../../src/domain/rules/compile.js';
import { deriveEntitlements } from '../../../src/domain/rules/derive.js';
import { eachOnce, takeoverWrites, type Takeover } from '../../../src/domain/takeover.js';
import { group, inGroup, rule, ruleSet, user } from '../../support/domain.js';

const LINE = '+33100000001';
const VIA_TEAM = { assigned: 'via-team', outbound: 'manual', call_flow: 'manual' } as const;
const BY_API = { assigned: 'api', outbound: 'api', call_flow: 'via-team' } as const;
const NONE = NO_ENTITLEMENTS;

function writes(
  numberAccess: Capabilities['numberAccess'],
  {
    kind = 'assigned',
    team,
    teams = true,
  }: { kind?: 'assigned' | 'call_flow'; team?: string; teams?: boolean } = {},
) {
  return takeoverWrites({
    handover: { lines: [{ number: LINE, why: 'only-person' }], emptyTeams: [] },
    held: {
      ...NONE,
      numbers: [
        { number: LINE, kind },
        { number: LINE, kind: 'outbound' },
      ],
    },
    capabilities: { teams, numberAccess },
    lineTeams: new Map(team === undefined ? [] : [[LINE, team]]),
  });
}

describe('what a successor is given', () => {
  it.each([
    [
      'the line, by a write of its own',
      writes(BY_API),
      [{ type: 'number', number: LINE, kind: 'assigned' }],
      [],
    ],
    [
      'the team that the line rings',
      writes(VIA_TEAM, { team: 'Desk' }),
      [{ type: 'team', team: 'Desk' }],
      [],
    ],
    ['nothing by plan where no write is known', writes(VIA_TEAM), [], [[LINE, 'assigned']]],
    ['nothing by plan of a call flow', writes(BY_API, { kind: 'call_flow' }), [], [[LINE, 'call_flow']]],
    [
      'no team where there are none',
      writes(VIA_TEAM, { team: 'Desk', teams: false }),
      [],
      [[LINE, 'assigned']],
    ],
  ])('is %s', (_, found, grants, byHand) => {
    expect(found.grants).toEqual(grants);
    expect([...found.byHand]).toEqual(byHand);
  });

  it('is every team that is left empty, and nothing of what the leaver only called out with', () => {
    const found = takeoverWrites({
      handover: { lines: [], emptyTeams: ['Desk'] },
      held: { ...NONE, numbers: [{ number: LINE, kind: 'outbound' }] },
      capabilities: { teams: true, numberAccess: BY_API },
      lineTeams: new Map(),
    });
    expect(found).toEqual({ grants: [{ type: 'team', team: 'Desk' }], byHand: new Map() });
  });

  it('is each thing once, however it is spelt', () => {
    expect(
      eachOnce([
        { type: 'team', team: 'Desk' },
        { type: 'team', team: 'desk' },
      ]),
    ).toHaveLength(1);
  });
});

describe('what somebody took over', () => {
  const SALES = group('g-sales', 'Sales');
  const sales = { when: inGroup('Sales'), grant: { teams: ['Sales'] } };
  const takeover = (entitlement: Takeover['entitlement']): Takeover => ({
    entitlement,
    from: 'ada@x',
    by: 'boss',
  });
  const both = [
    takeover({ type: 'team', team: 'Desk' }),
    takeover({ type: 'number', number: LINE, kind: 'assigned' }),
  ];
  const derive = (rules: Parameters<typeof ruleSet>[0], groups: readonly string[]) =>
    deriveEntitlements(
      compileRules(ruleSet(rules), { name: 'A' }, [SALES]),
      user('s0', { groupIds: groups }),
      both,
    );

  it('adds to what the rules grant, with its own reason', () => {
    const granted = derive([rule('sales', sales)], ['g-sales']);
    expect(granted).toMatchObject({
      derived: {
        entitlements: { teams: ['Desk', 'Sales'], numbers: [{ number: LINE, kind: 'assigned' }] },
        reasons: expect.arrayContaining([
          {
            entitlement: { type: 'team', team: 'Desk' },
            reasons: [{ ruleId: 'hand-over', because: 'hand-over from ada@x, as boss decided' }],
          },
        ]) as unknown,
      },
    });
  });

  it('makes nobody wanted whom no rule wants', () => {
    expect(derive([rule('sales', sales)], [])).toEqual({ type: 'none' });
  });

  it('gives way to a denial', () => {
    const denying = rule('sales', { ...sales, deny: { teams: ['desk'] } });
    expect(derive([denying], ['g-sales'])).toMatchObject({ derived: { entitlements: { teams: ['Sales'] } } });
  });
});

describe('lines of somebody who is gone', () => {
  const agent = (id: string, teams: readonly string[], numbers: readonly string[] = []) => ({
    providerUserId: id,
    email: `${id}@example.com`,
    name: id,
    status: 'active' as const,
    role: null,
    owner: null,
    teams,
    numbers: numbers.map((number) => ({ number, kind: 'assigned' as const })),
  });
  const input = (agents: readonly ReturnType<typeof agent>[], readAt = 1): HandoverInput => ({
    leaver: { providerUserId: 'ada', held: { ...NONE, teams: ['Desk'] } },
    actual: { accountId: 'a', readAt, scope: 'all', agents, teams: [], numbers: [] },
    managerEmail: null,
    leaving: new Set(),
    lineTeams: new Map([[LINE, 'Desk']]),
  });

  it('are left until somebody answers, in the team or on the number itself', () => {
    const before = findHandover(input([agent('ada', ['Desk']), agent('bea', [])]));
    expect(before).toMatchObject({
      lines: [{ number: LINE, why: 'team-empty' }],
      emptyTeams: ['Desk'],
      readAt: 1,
    });
    expect(findUnanswered(before, input([agent('bea', [])], 2))).toEqual({ ...before, readAt: 2 });
    expect(findUnanswered(before, input([agent('bea', ['Desk'])]))).toMatchObject({
      lines: [],
      emptyTeams: [],
    });
    expect(findUnanswered(before, input([agent('bea', [], [LINE])]))).toMatchObject({ lines: [] });
  });

  it('are none where the number rings somebody besides the team that is empty now', () => {
    expect(findHandover(input([agent('ada', ['Desk']), agent('bea', [], [LINE])])).lines).toEqual([]);
  });
});
