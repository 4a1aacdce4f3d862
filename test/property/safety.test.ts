import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { teamKey } from '../../src/domain/entitlement.js';
import type { Change } from '../../src/domain/plan.js';
import { calculatePlan } from '../../src/domain/planning/calculate.js';
import { splitUrgent } from '../../src/domain/planning/parts.js';
import { isDemotion } from '../../src/domain/planning/removal.js';
import { wantedTeams } from '../../src/domain/planning/wish.js';
import type { Protection } from '../../src/domain/protection.js';
import { DEFAULT_SAFETY } from '../../src/domain/safety.js';
import { assessPlan } from '../../src/domain/safeguards/assess.js';
import { arbitraryRules } from '../support/arbitrary-rules.js';
import { AIRCALL, CAPABLE, NOW, agent, actual, leaver, link, planInput, written } from '../support/domain.js';
import { ModelTenant, arbitraryStory } from '../support/model-tenant.js';

// A busy machine must not turn many runs into a failure.
const arbitraryOptions = fc.record({
  ruleSet: arbitraryRules,
  capabilities: fc.constantFrom(AIRCALL, CAPABLE),
});

function losesAccess(change: Change): boolean {
  return (
    change.action === 'park' ||
    change.action === 'delete' ||
    (change.action === 'update' && isDemotion(change))
  );
}

describe('safety', () => {
  it('never lets a protected person lose access without approval', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        for (const batch of story) {
          for (const happening of batch) tenant.happen(happening);
          const { protections, now, ...input } = tenant.input();
          const plan = calculatePlan({ ...input, protections, now });
          const verdict = assessPlan({
            plan,
            settings: DEFAULT_SAFETY,
            activeLinks: 1000,
            previous: null,
            current: { activeUsers: 1000, desiredCount: 1000 },
            appliedRuleSetVersion: 1,
            recentRemovals: 0,
            protections,
            knownAdmins: [],
            agentCount: 1,
            waitingCreates: 0,
            recentHistory: [],
            now,
          });
          const protectedIds = new Set(protections.map(({ subjectId }) => subjectId));
          const isTouched = plan.changes.some(
            (change) => losesAccess(change) && protectedIds.has(change.subjectId),
          );

          expect(
            verdict.type === 'held' && verdict.holds.some(({ code }) => code === 'protected-agent'),
          ).toBe(isTouched);
          tenant.apply(plan);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never holds the removal of a single leaver by a share rule, whatever the settings and the size', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        share,
        share,
        fc.nat(5),
        fc.integer({ min: 1, max: 500 }),
        (removalShareMax, directoryShrinkShareMax, removalFloor, size) => {
          const plan = calculatePlan(
            planInput({
              subjects: [leaver('s1')],
              actual: actual([agent('s1', { teams: ['A', 'B'] })]),
              links: [link('s1', { lastWritten: written('s1', { role: 'admin', teams: ['A'] }) })],
            }),
          );
          const verdict = assessPlan({
            plan,
            settings: { ...DEFAULT_SAFETY, removalShareMax, directoryShrinkShareMax, removalFloor },
            activeLinks: size,
            previous: { activeUsers: size },
            current: { activeUsers: size - 1, desiredCount: size - 1 },
            appliedRuleSetVersion: null,
            recentRemovals: 0,
            protections: [] satisfies Protection[],
            knownAdmins: [],
            agentCount: size,
            waitingCreates: 0,
            recentHistory: [],
            now: NOW,
          });

          expect(verdict).toEqual({ type: 'allowed' });
        },
      ),
    );
  });
});

describe('the parts of a plan', () => {
  it('carried out one after the other do what the whole does', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const whole = new ModelTenant(options);
        const parts = new ModelTenant(options);
        for (const batch of story) {
          for (const happening of batch) {
            whole.happen(happening);
            parts.happen(happening);
          }
          whole.apply(whole.plan());
          const { urgent, rest } = splitUrgent(parts.plan());
          parts.apply(urgent);
          parts.apply(rest);

          expect(parts.account.agents).toEqual(whole.account.agents);
          expect(parts.account.links).toEqual(whole.account.links);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a park and its restore', () => {
  it('give back what was held and is still granted, and nothing else', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        for (const batch of story) {
          for (const happening of batch) tenant.happen(happening);
          tenant.apply(tenant.plan());
        }
        // Round trips settle what earlier plans could not do at once.
        for (let round = 0; round < 3; round += 1) tenant.apply(tenant.plan());
        const before = structuredClone(tenant.account.agents);
        const everybody = tenant.users;
        tenant.users = everybody.map((user) =>
          user.status === 'active' ? { ...user, status: 'inactive' as const } : user,
        );
        tenant.apply(tenant.plan());
        tenant.users = everybody;
        tenant.apply(tenant.plan());

        const { subjects, capabilities } = tenant.input();
        for (const subject of subjects) {
          const mine = tenant.account.links.find(
            ({ subjectId, state }) => subjectId === subject.subjectId && state === 'active',
          );
          if (subject.type !== 'wanted' || mine === undefined) continue;
          const wished = new Set(wantedTeams(subject.derived, capabilities).keys());
          const held = before.get(mine.providerUserId)?.holds;
          const expected = held?.teams.map(teamKey).filter((key) => wished.has(key)) ?? [];
          const now = tenant.account.agents.get(mine.providerUserId)?.holds;

          expect(now?.teams.map(teamKey).toSorted()).toEqual(expected.toSorted());
          expect(now?.role).toBe(subject.derived.entitlements.role);
        }
      }),
      { numRuns: 200 },
    );
  });
});
