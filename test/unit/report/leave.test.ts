import { describe, expect, it } from 'vitest';
import type { FindingClass } from '../../../src/domain/findings/finding.js';
import { leaveFindings } from '../../../src/domain/findings/leave.js';
import {
  allowedPolicies,
  standardPolicy,
  type FindingDecision,
  type FindingPolicy,
  type FindingRule,
} from '../../../src/domain/findings/policy.js';
import { FINDING_CLASSES } from '../../../src/domain/findings/finding.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import type { PlanInput } from '../../../src/domain/planning/input.js';
import {
  AIRCALL,
  CAPABLE,
  NOW,
  actual,
  agent,
  entitlements,
  leaver,
  link,
  planInput,
  wanted,
  wordsOf,
  written,
} from '../../support/domain.js';

function rule(
  policies: Partial<Record<FindingClass, FindingPolicy>>,
  decisions: Readonly<Record<string, FindingDecision>> = {},
): FindingRule {
  return {
    policyOf: (kind) => policies[kind] ?? standardPolicy(kind),
    decisionOf: ({ key, found }) => decisions[`${key} = ${found}`] ?? null,
  };
}

function left(overrides: Partial<PlanInput>, byRule: FindingRule): readonly string[] {
  return wordsOf(leaveFindings(calculatePlan(planInput(overrides)), byRule));
}

const changedByHand: Partial<PlanInput> = {
  capabilities: CAPABLE,
  subjects: [wanted('s1', { role: 'agent', teams: ['Sales'] })],
  actual: actual([agent('s1', { role: 'admin', name: 'Somebody', teams: ['Ops'], numbers: null })], {
    teams: ['Sales', 'Ops'],
  }),
  links: [link('s1', { lastWritten: written('s1', { teams: ['Sales'] }) })],
  managed: { teams: new Set(['sales', 'ops']), numbers: new Set() },
};

describe('what findings leave of a plan', () => {
  it('is all of it where nobody chose anything', () => {
    const plan = calculatePlan(planInput(changedByHand));

    expect(leaveFindings(plan, rule({}))).toEqual(plan);
    expect(wordsOf(plan)).toHaveLength(3);
  });

  it.each(['report', 'ask', 'adopt'] as const)('is nothing that undoes a class of policy %s', (policy) => {
    expect(left(changedByHand, rule({ 'team-removed': policy, 'team-added': policy }))).toEqual([
      'update s1 {"givenName":"Givens1","familyName":"Family","role":"agent"}',
    ]);
  });

  it('is the rest of an update when one of its fields is left alone', () => {
    const plan = calculatePlan(planInput(changedByHand));
    const updates = leaveFindings(plan, rule({ name: 'ask' })).changes.filter(
      ({ action }) => action === 'update',
    );

    expect(updates).toMatchObject([
      { key: 'update:s1:role', before: { role: 'admin' }, after: { role: 'agent' } },
    ]);
    expect(left(changedByHand, rule({ name: 'ask', role: 'report' }))).toEqual([
      'revoke s1 team:ops',
      'grant s1 team:sales',
    ]);
  });

  it('follows a person’s decision rather than the policy', () => {
    const rules = rule(
      { 'team-added': 'ask', 'team-removed': 'fix', name: 'fix', role: 'fix' },
      {
        'team-added:s1:ops = team "Ops"': 'fix',
        'team-removed:s1:sales = not held': 'accept',
        'name:s1 = Somebody': 'accept',
        'role:s1 = supervisor': 'accept',
      },
    );

    expect(left(changedByHand, rules)).toEqual(['revoke s1 team:ops', 'update s1 {"role":"agent"}']);
  });

  it('never is a removal that a leaver needs', () => {
    const back: Partial<PlanInput> = {
      capabilities: CAPABLE,
      subjects: [leaver('s1')],
      actual: actual([agent('s1', { role: 'admin', teams: ['Sales'], status: 'active' })], {
        teams: ['Sales'],
      }),
      links: [link('s1', { state: 'parked', parkedAt: NOW, heldAtPark: entitlements() })],
    };
    const all = left(back, rule({}));
    const none = Object.fromEntries(FINDING_CLASSES.map((kind) => [kind, 'report' as const]));

    expect(all.length).toBeGreaterThan(1);
    expect(left(back, rule(none, { 'parked-active:s1 = active, role admin': 'accept' }))).toEqual(all);
  });

  it('takes over an agent only where adoption is the policy', () => {
    const found: Partial<PlanInput> = {
      capabilities: AIRCALL,
      subjects: [wanted('s1', { teams: ['Sales'] })],
      actual: actual([agent('s1', { numbers: null })], { teams: ['Sales'] }),
    };

    expect(left(found, rule({}))).toEqual(['adopt s1', 'grant s1 team:sales']);
    expect(left(found, rule({ 'unmanaged-agent': 'ask' }))).toEqual([]);
    expect(
      left(found, rule({ 'unmanaged-agent': 'ask' }, { 'unmanaged-agent:a-s1 = Givens1 Family': 'fix' })),
    ).toEqual(['adopt s1', 'grant s1 team:sales']);
  });

  it('leaves somebody whose agent was deleted without one, if that is to be asked about', () => {
    const deleted: Partial<PlanInput> = {
      subjects: [wanted('s1', { teams: ['Sales'] })],
      actual: actual([], { teams: ['Sales'] }),
      links: [link('s1')],
    };

    expect(left(deleted, rule({}))).toEqual(['forget s1', 'create s1', 'grant s1 team:sales']);
    expect(left(deleted, rule({ 'missing-agent': 'ask' }))).toEqual([]);
  });

  it('neither makes a team that is gone nor puts anybody into it', () => {
    const gone: Partial<PlanInput> = {
      subjects: [wanted('s1', { teams: ['Sales'] }), wanted('s2', { teams: ['Sales'] })],
      actual: actual([agent('s1', { numbers: null }), agent('s2', { numbers: null })]),
      links: [link('s1', { lastWritten: written('s1', { teams: ['Sales'] }) }), link('s2')],
    };

    expect(left(gone, rule({}))).toEqual(['create-team Sales', 'grant s1 team:sales', 'grant s2 team:sales']);
    expect(left(gone, rule({ 'team-missing': 'ask' }))).toEqual([]);
  });
});

describe('policies', () => {
  it('allow what is standard, and never let a leaver in for want of a decision', () => {
    for (const kind of FINDING_CLASSES) expect(allowedPolicies(kind)).toContain(standardPolicy(kind));
    expect(allowedPolicies('parked-active')).toEqual(['fix']);
  });
});
