import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../../src/domain/plan.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import type { PlanInput } from '../../../src/domain/planning/input.js';
import type { Protection } from '../../../src/domain/protection.js';
import {
  DEFAULT_SAFETY,
  unapprovedHolds,
  type HoldCode,
  type SafetySettings,
  type Verdict,
} from '../../../src/domain/safety.js';
import { assessPlan } from '../../../src/domain/safeguards/assess.js';
import { type AppliedStep, flapStep } from '../../../src/domain/safeguards/flapping.js';
import type { SafetyInput } from '../../../src/domain/safeguards/input.js';
import type { SubjectState } from '../../../src/domain/state.js';
import {
  AIRCALL,
  CAPABLE,
  DAY_MS,
  NOW,
  actual,
  agent,
  leaver,
  link,
  parked,
  planInput,
  wanted,
  written,
} from '../../support/domain.js';

const RELAXED: SafetySettings = {
  removalFloor: 1000,
  removalShareMax: 1,
  removalCeiling: null,
  directoryShrinkShareMax: 1,
  seatCeiling: null,
  removalsPerHourMax: 1000,
  flapsPerDayMax: 1000,
};

function ids(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, position) => `${prefix}${position}`);
}

/** The plan of these subjects, each with a linked agent who is in the team "Old". */
function planOf(subjects: readonly SubjectState[], overrides: Partial<PlanInput> = {}): Plan {
  return calculatePlan(
    planInput({
      subjects,
      actual: actual(
        subjects.map(({ subjectId }) => agent(subjectId, { teams: ['Old'] })),
        { teams: ['Old', 'New'] },
      ),
      links: subjects.map(({ subjectId }) =>
        link(subjectId, { lastWritten: written(subjectId, { teams: ['Old'] }) }),
      ),
      ...overrides,
    }),
  );
}

function leaving(count: number): Plan {
  return planOf(ids('left', count).map((id) => leaver(id)));
}

function assess(...judged: Parameters<typeof verdictOn>): readonly HoldCode[] {
  return codesOf(verdictOn(...judged));
}

function codesOf(verdict: Verdict): readonly HoldCode[] {
  return verdict.type === 'allowed' ? [] : verdict.holds.map(({ code }) => code);
}

function verdictOn(
  plan: Plan,
  settings: Partial<SafetySettings>,
  around: Partial<SafetyInput> = {},
): Verdict {
  return assessPlan({
    plan,
    settings: { ...RELAXED, ...settings },
    activeLinks: 100,
    previous: { activeUsers: 100 },
    current: { activeUsers: 100, desiredCount: 100 },
    appliedRuleSetVersion: 1,
    recentRemovals: 0,
    protections: [],
    knownAdmins: [],
    agentCount: 100,
    waitingCreates: 0,
    recentHistory: [],
    now: NOW,
    ...around,
  });
}

describe('the share rule', () => {
  const settings = { removalFloor: 3, removalShareMax: 0.1 };

  it.each([
    [3, 20, []],
    [4, 39, ['removal-share']],
    [4, 40, []],
    [4, 41, []],
    [5, 49, ['removal-share']],
    [10, 100, []],
    [11, 100, ['removal-share']],
  ])('with %i leavers of %i', (leavers, activeLinks, expected) => {
    expect(assess(leaving(leavers), settings, { activeLinks })).toEqual(expected);
  });

  it('is exact where the share has no exact binary form', () => {
    expect(assess(leaving(29), { removalFloor: 3, removalShareMax: 0.29 })).toEqual([]);
    expect(assess(leaving(30), { removalFloor: 3, removalShareMax: 0.29 })).toEqual(['removal-share']);
  });

  it('never holds a single leaver, even with nothing allowed', () => {
    const nothing = { removalFloor: 0, removalShareMax: 0 };

    expect(assess(leaving(1), nothing, { activeLinks: 1 })).toEqual([]);
    expect(assess(leaving(2), nothing)).toEqual(['removal-share']);
  });

  it('counts people, not calls', () => {
    expect(leaving(3).changes.length).toBeGreaterThan(6);
    expect(assess(leaving(3), { removalFloor: 3, removalShareMax: 0 })).toEqual([]);
  });

  it('counts people who lose a team or a role and gain nothing, but not movers', () => {
    const losers = planOf(ids('s', 4).map((id) => wanted(id)));
    const movers = planOf(ids('s', 4).map((id) => wanted(id, { teams: ['New'] })));
    const demoted = planOf(
      ids('s', 4).map((id) => wanted(id, { role: 'agent', teams: ['Old'] })),
      {
        links: ids('s', 4).map((id) =>
          link(id, { lastWritten: written(id, { role: 'admin', teams: ['Old'] }) }),
        ),
      },
    );
    const promoted = planOf(ids('s', 4).map((id) => wanted(id, { role: 'admin' })));

    expect(assess(losers, settings, { activeLinks: 10 })).toEqual(['removal-share']);
    expect(assess(movers, settings, { activeLinks: 10 })).toEqual([]);
    expect(assess(demoted, settings, { activeLinks: 10 })).toEqual(['removal-share']);
    expect(assess(promoted, settings, { activeLinks: 10 })).toEqual([]);
  });

  it('counts agents that are gone at the vendor: an empty answer must not create everybody anew', () => {
    const plan = planOf(
      ids('s', 20).map((id) => wanted(id)),
      { actual: actual([]) },
    );

    expect(assess(plan, settings)).toEqual(['removal-share']);
  });

  it('does not count an agent that is taken over, nor tasks for people', () => {
    const subjects = ids('old', 4).flatMap((id) => [
      leaver(id, 'deleted'),
      wanted(`new-${id}`, { teams: ['Old'] }, { email: `${id}@example.com` }),
    ]);
    const plan = planOf(subjects, {
      actual: actual(
        ids('old', 4).map((id) => agent(id, { teams: ['Old'] })),
        { teams: ['Old'] },
      ),
      links: ids('old', 4).map((id) => link(id)),
    });

    expect(plan.changes.filter(({ action }) => action === 'forget')).toHaveLength(4);
    expect(assess(plan, settings, { activeLinks: 4 })).toEqual([]);
  });
});

describe('the ceiling', () => {
  it.each([
    [4, []],
    [5, []],
    [6, ['removal-ceiling']],
  ])('of 5 with %i leavers', (leavers, expected) => {
    expect(assess(leaving(leavers), { removalCeiling: 5 })).toEqual(expected);
  });
});

describe('an empty desired state', () => {
  const empty = { current: { activeUsers: 0, desiredCount: 0 } };

  it('holds removals while agents are linked', () => {
    expect(assess(leaving(1), {}, { ...empty, activeLinks: 2 })).toEqual(['empty-desired']);
  });

  it('lets the last person of an account leave', () => {
    expect(assess(leaving(1), {}, { ...empty, activeLinks: 1 })).toEqual([]);
  });

  it('holds nothing where somebody is wanted, or where nothing is removed', () => {
    expect(assess(leaving(2), {}, { current: { activeUsers: 1, desiredCount: 1 } })).toEqual([]);
    expect(assess(planOf([]), {}, empty)).toEqual([]);
  });
});

describe('a shrinking directory', () => {
  const settings = { directoryShrinkShareMax: 0.3 };

  it.each([
    [71, []],
    [70, []],
    [69, ['directory-shrank']],
  ])('from 100 to %i people', (activeUsers, expected) => {
    expect(assess(leaving(2), settings, { current: { activeUsers, desiredCount: 50 } })).toEqual(expected);
  });

  it('holds neither a single leaver, nor a plan that removes nobody, nor the first plan', () => {
    const shrunk = { current: { activeUsers: 1, desiredCount: 1 } };

    expect(assess(leaving(1), settings, shrunk)).toEqual([]);
    expect(assess(planOf([]), settings, shrunk)).toEqual([]);
    expect(assess(leaving(2), settings, { ...shrunk, previous: null })).toEqual([]);
  });
});

describe('protected people', () => {
  const protect = (overrides: Partial<Protection>): Partial<SafetyInput> => ({
    protections: [
      { providerUserId: 'a-left0', subjectId: null, reason: 'break-glass', until: null, ...overrides },
    ],
  });

  it('hold the plan that would park them, by either id', () => {
    expect(assess(leaving(1), {}, protect({}))).toEqual(['protected-agent']);
    expect(assess(leaving(1), {}, protect({ providerUserId: null, subjectId: 'left0' }))).toEqual([
      'protected-agent',
    ]);
    expect(assess(leaving(1), {}, protect({ providerUserId: 'other' }))).toEqual([]);
  });

  it('hold the plan that would lower their role or take the owner overlay, but not one that changes teams', () => {
    const protections: Partial<SafetyInput> = {
      protections: [{ providerUserId: null, subjectId: 's0', reason: 'credential-user', until: null }],
    };
    const admin = {
      links: [link('s0', { lastWritten: written('s0', { role: 'admin', owner: true, teams: ['Old'] }) })],
    };
    const lowered = planOf([wanted('s0', { role: 'agent', owner: true })], admin);
    const disowned = planOf([wanted('s0', { role: 'admin' })], {
      ...admin,
      capabilities: { ...AIRCALL, writeOwner: true },
    });
    const moved = planOf([wanted('s0', { role: 'admin', owner: true, teams: ['New'] })], admin);

    expect([lowered, disowned, moved].map((plan) => assess(plan, {}, protections))).toEqual([
      ['protected-agent'],
      ['protected-agent'],
      [],
    ]);
  });

  it('do not hold it any more once the protection has ended', () => {
    expect(assess(leaving(1), {}, protect({ until: NOW + 1 }))).toEqual(['protected-agent']);
    expect(assess(leaving(1), {}, protect({ until: NOW }))).toEqual([]);
  });

  it('under legal hold lose access at once, but are not deleted', () => {
    const hold = protect({ reason: 'legal-hold' });
    const deletion = planOf([leaver('left0')], { links: [parked('left0', { deleteDueAt: NOW })] });

    expect(assess(leaving(1), {}, hold)).toEqual([]);
    expect(deletion.changes.some(({ action }) => action === 'delete')).toBe(true);
    expect(assess(deletion, {}, hold)).toEqual(['protected-agent']);
  });
});

describe('the last administrators', () => {
  it('hold the plan when all of them would go at once', () => {
    const around = { knownAdmins: ['a-left0', 'a-left1'] };

    expect(assess(leaving(1), {}, around)).toEqual([]);
    expect(assess(leaving(2), {}, around)).toEqual(['protected-agent']);
  });

  it('may go where somebody else becomes one', () => {
    const plan = planOf([leaver('left0'), wanted('s1', { role: 'admin', teams: ['Old'] })]);

    expect(assess(plan, {}, { knownAdmins: ['a-left0'] })).toEqual([]);
  });
});

describe('changed rules', () => {
  const losing = planOf([wanted('s0')]);
  const unmapped = planOf([leaver('s0', 'unmapped')]);
  const demoted = planOf([wanted('s0', { role: 'agent', teams: ['Old'] })], {
    links: [link('s0', { lastWritten: written('s0', { role: 'admin', teams: ['Old'] }) })],
  });

  it('hold whatever they take from people', () => {
    for (const plan of [losing, unmapped, demoted]) {
      expect(assess(plan, {}, { appliedRuleSetVersion: 0 })).toEqual(['rules-changed']);
      expect(assess(plan, {}, { appliedRuleSetVersion: null })).toEqual(['rules-changed']);
      expect(assess(plan, {}, { appliedRuleSetVersion: 1 })).toEqual([]);
    }
  });

  it('never hold a leaver whom the directory named', () => {
    const again = planOf([leaver('s0')], { links: [parked('s0')] });

    expect(assess(leaving(3), {}, { appliedRuleSetVersion: 0 })).toEqual([]);
    expect(assess(again, {}, { appliedRuleSetVersion: 0 })).toEqual([]);
  });

  it('hold nothing that only adds', () => {
    expect(
      assess(planOf([wanted('s0', { teams: ['Old', 'New'] })]), {}, { appliedRuleSetVersion: 0 }),
    ).toEqual([]);
  });
});

describe('the seat ceiling', () => {
  const joining = calculatePlan(planInput({ subjects: [wanted('s0'), wanted('s1')] }));

  it.each([
    [97, []],
    [98, []],
    [99, ['seat-ceiling']],
  ])('of 100 with 2 joiners on top of %i agents, there or on their way', (taken, expected) => {
    expect(assess(joining, { seatCeiling: 100 }, { agentCount: taken })).toEqual(expected);
    const half = { agentCount: taken - 50, waitingCreates: 50 };
    expect(assess(joining, { seatCeiling: 100 }, half)).toEqual(expected);
  });

  it('holds nothing that creates nobody, however full the account is', () => {
    expect(assess(leaving(1), { seatCeiling: 1 }, { agentCount: 100 })).toEqual([]);
  });
});

describe('the removal budget of an hour', () => {
  it.each([
    [17, []],
    [18, []],
    [19, ['removal-budget']],
  ])('of 20 with 2 leavers after %i others', (recentRemovals, expected) => {
    expect(assess(leaving(2), { removalsPerHourMax: 20 }, { recentRemovals })).toEqual(expected);
  });

  it('counts deletions as well as parks, and nothing else', () => {
    const deletion = planOf([leaver('s0')], { links: [parked('s0', { deleteDueAt: NOW })] });

    expect(assess(deletion, { removalsPerHourMax: 0 })).toEqual(['removal-budget']);
    expect(assess(planOf([wanted('s0')]), { removalsPerHourMax: 0 }, { recentRemovals: 9 })).toEqual([]);
  });
});

describe('flapping', () => {
  const granting = planOf([wanted('s0', { teams: ['Old', 'New'] })]);
  const step = (direction: 'add' | 'remove', at: number): AppliedStep => ({
    thing: 'team:new:s0',
    direction,
    at,
  });
  const cycles = (count: number, from = NOW - DAY_MS + 1): AppliedStep[] =>
    ids('', count).flatMap((_, position) => [
      step('add', from + 2 * position),
      step('remove', from + 2 * position + 1),
    ]);

  it.each([
    [2, []],
    [3, ['flapping']],
    [4, ['flapping']],
  ])('holds what was given and taken 3 times a day: here %i times', (count, expected) => {
    expect(assess(granting, { flapsPerDayMax: 3 }, { recentHistory: cycles(count).toReversed() })).toEqual(
      expected,
    );
  });

  it('forgets what is a day old', () => {
    expect(assess(granting, { flapsPerDayMax: 1 }, { recentHistory: cycles(1, NOW - DAY_MS - 1) })).toEqual(
      [],
    );
  });

  it('never holds a removal', () => {
    const history = leaving(1).changes.flatMap((change): AppliedStep[] => {
      const flap = flapStep(change);
      return flap === null
        ? []
        : [
            { ...flap, direction: 'add', at: NOW - 3 },
            { ...flap, at: NOW - 2 },
            { ...flap, direction: 'add', at: NOW - 1 },
          ];
    });

    expect(history).not.toEqual([]);
    expect(assess(leaving(1), { flapsPerDayMax: 1 }, { recentHistory: history })).toEqual([]);
  });

  it('knows what each change does and undoes', () => {
    const plan = calculatePlan(
      planInput({
        capabilities: CAPABLE,
        subjects: [
          wanted('new'),
          leaver('due'),
          leaver('left'),
          wanted('back'),
          wanted('s0', { role: 'agent', teams: ['New'] }),
          wanted('s1', { role: 'admin' }),
          wanted('s2', {}, { givenName: 'New' }),
          wanted('s3'),
        ],
        actual: actual([
          agent('due', { role: 'agent', status: 'suspended' }),
          agent('left', { role: 'agent' }),
          agent('back', { role: 'agent' }),
          agent('s0', { role: 'admin', teams: ['Old'] }),
          agent('s1', { role: 'agent' }),
          agent('s2', { role: 'agent' }),
          agent('s3', { role: 'agent' }),
        ]),
        links: [
          parked('due', { deleteDueAt: NOW }),
          link('left'),
          parked('back'),
          link('s0', { lastWritten: written('s0', { teams: ['Old'] }) }),
          link('s1'),
          link('s2'),
        ],
      }),
    );

    expect(plan.changes.map((change: Change) => [change.key, flapStep(change)])).toEqual([
      ['park:left:access', { thing: 'access:left', direction: 'remove' }],
      ['adopt:s3:a-s3', null],
      ['restore:back:access', { thing: 'access:back', direction: 'add' }],
      ['revoke:s0:team:old', { thing: 'team:old:s0', direction: 'remove' }],
      ['update:s0:role', { thing: 'role:s0', direction: 'remove' }],
      ['update:s1:role', { thing: 'role:s1', direction: 'add' }],
      ['update:s2:familyName+givenName', null],
      ['delete:due:l-due', { thing: 'agent:due', direction: 'remove' }],
      ['create-team:s0:new', null],
      ['create:new:agent', { thing: 'agent:new', direction: 'add' }],
      ['grant:s0:team:new', { thing: 'team:new:s0', direction: 'add' }],
    ]);
  });
});

describe('a verdict', () => {
  it('names every reason at once, with what was found, the limit and a remedy', () => {
    const verdict = assessPlan({
      plan: planOf([...ids('left', 60).map((id) => leaver(id, 'unmapped')), wanted('s0')]),
      settings: { ...DEFAULT_SAFETY, seatCeiling: 1 },
      activeLinks: 61,
      previous: { activeUsers: 100 },
      current: { activeUsers: 1, desiredCount: 0 },
      appliedRuleSetVersion: 7,
      recentRemovals: 1,
      protections: [{ providerUserId: null, subjectId: 'left1', reason: 'break-glass', until: null }],
      knownAdmins: [],
      agentCount: 61,
      waitingCreates: 0,
      recentHistory: [],
      now: NOW,
    });

    expect(verdict).toMatchObject({ type: 'held' });
    const holds = verdict.type === 'held' ? verdict.holds : [];
    expect(holds.map(({ code }) => code)).toEqual([
      'removal-share',
      'removal-ceiling',
      'empty-desired',
      'directory-shrank',
      'protected-agent',
      'rules-changed',
      'removal-budget',
    ]);
    expect(holds[0]?.message).toContain('61 of 61');
    expect(holds[0]?.message).toContain('10 %');
    expect(holds[4]?.message).toContain('left1@example.com (break-glass)');
    expect(holds[5]?.message).toContain('version 7 to 1');
  });

  it('names at most five people who flap, and counts the rest', () => {
    const subjects = ids('s', 7).map((id) => wanted(id, { teams: ['Old', 'New'] }));
    const history = subjects.flatMap(({ subjectId }): AppliedStep[] => [
      { thing: `team:new:${subjectId}`, direction: 'add', at: NOW - 2 },
      { thing: `team:new:${subjectId}`, direction: 'remove', at: NOW - 1 },
    ]);
    const verdict = assessPlan({
      plan: planOf(subjects),
      settings: { ...RELAXED, flapsPerDayMax: 1 },
      activeLinks: 7,
      previous: null,
      current: { activeUsers: 7, desiredCount: 7 },
      appliedRuleSetVersion: 1,
      recentRemovals: 0,
      protections: [],
      knownAdmins: [],
      agentCount: 7,
      waitingCreates: 0,
      recentHistory: history,
      now: NOW,
    });

    expect(verdict.type === 'held' && verdict.holds[0]?.message).toContain('and 2 more');
  });

  it('is allowed for an empty plan', () => {
    expect(assess(planOf([]), DEFAULT_SAFETY)).toEqual([]);
  });
});

describe('an approval', () => {
  const mixed = planOf([
    ...ids('left', 4).map((id) => leaver(id, 'unmapped')),
    wanted('s0', { teams: ['New'] }),
  ]);
  const joining = calculatePlan(planInput({ subjects: [wanted('s0'), wanted('s1')] }));
  const protect = (...people: readonly string[]): Partial<SafetyInput> => ({
    protections: people.map((subjectId) => ({
      providerUserId: null, subjectId, reason: 'break-glass' as const, until: null,
    })), // prettier-ignore
  });
  const flapped = ({ changes }: Plan, people: readonly string[]): Partial<SafetyInput> => ({
    recentHistory: changes.flatMap((change): AppliedStep[] => {
      const flap = flapStep(change);
      if (flap?.direction !== 'add' || !people.includes(change.subjectId)) return [];
      return [
        { ...flap, at: NOW - 2 },
        { ...flap, direction: 'remove', at: NOW - 1 },
      ];
    }),
  });

  type World = readonly [Partial<SafetySettings>, Partial<SafetyInput>?];
  const nothing: World = [{}];
  it.each<readonly [string, Plan, World, World, readonly HoldCode[]]>([
    ['the share of removals', mixed, nothing, [{ removalFloor: 3, removalShareMax: 0.01 }], ['removal-share']],
    ['the number of removals', mixed, nothing, [{ removalCeiling: 3 }], ['removal-ceiling']],
    ['rules that want nobody', mixed, nothing, [{}, { current: { activeUsers: 100, desiredCount: 0 } }], ['empty-desired']],
    ['a shrunken directory', mixed, nothing, [{ directoryShrinkShareMax: 0.3 }, { current: { activeUsers: 50, desiredCount: 50 } }], ['directory-shrank']],
    ['other rules', mixed, nothing, [{}, { appliedRuleSetVersion: 7 }], ['rules-changed']],
    ['the hour’s budget', mixed, nothing, [{ removalsPerHourMax: 5 }, { recentRemovals: 2 }], ['removal-budget']],
    ['somebody protected', mixed, nothing, [{}, protect('left0')], ['protected-agent']],
    ['somebody else protected', mixed, [{}, protect('left0')], [{}, protect('left0', 'left1')], ['protected-agent']],
    ['the last administrators', mixed, [{}, protect('left0')], [{}, { ...protect('left0'), knownAdmins: ['a-left1'] }], ['protected-agent']],
    ['seats', joining, nothing, [{ seatCeiling: 101 }], ['seat-ceiling']],
    ['more seats', joining, [{ seatCeiling: 101 }], [{ seatCeiling: 101 }, { agentCount: 101 }], ['seat-ceiling']],
    ['somebody who flaps', mixed, nothing, [{ flapsPerDayMax: 1 }, flapped(mixed, ['s0'])], ['flapping']],
    ['somebody else who flaps', joining, [{ flapsPerDayMax: 1 }, flapped(joining, ['s0'])], [{ flapsPerDayMax: 1 }, flapped(joining, ['s0', 's1'])], ['flapping']],
    ['a second reason', mixed, [{ removalCeiling: 3 }], [{ removalCeiling: 3 }, protect('left0')], ['protected-agent']],
  ])('does not cover %s that came up since', (_what, plan, before, after, expected) => {
    const approved = verdictOn(plan, ...before);
    const now = verdictOn(plan, ...after);
    expect(unapprovedHolds(approved, now).map(({ code }) => code)).toEqual(expected);
    expect(unapprovedHolds(now, now)).toEqual([]);
    expect(unapprovedHolds(now, approved)).toEqual([]);
  }); // prettier-ignore
});
