import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ENTITLEMENTS, teamKey } from '../../src/domain/entitlement.js';
import type { Change, Plan } from '../../src/domain/plan.js';
import { calculatePlan } from '../../src/domain/planning/calculate.js';
import { planDigestInput } from '../../src/domain/planning/digest.js';
import type { PlanInput } from '../../src/domain/planning/input.js';
import { applicableChanges } from '../../src/domain/planning/policy.js';
import { removalKind } from '../../src/domain/planning/removal.js';
import type { SubjectState } from '../../src/domain/state.js';
import { wantedTeams } from '../../src/domain/planning/wish.js';
import { arbitraryRules } from '../support/arbitrary-rules.js';
import { AIRCALL, CAPABLE, wordsOf } from '../support/domain.js';
import { type Happening, ModelTenant, arbitraryStory } from '../support/model-tenant.js';

// A busy machine must not turn many runs into a failure.
const arbitraryOptions = fc.record({
  ruleSet: arbitraryRules,
  capabilities: fc.constantFrom(AIRCALL, CAPABLE),
});

type Story = readonly (readonly Happening[])[];

/** Lets everything happen, batch by batch. `step` gets the plan and carries it out, or does not. */
function play(tenant: ModelTenant, story: Story, step: (plan: Plan) => void): void {
  for (const batch of story) {
    for (const happening of batch) tenant.happen(happening);
    step(tenant.plan());
  }
}

/** A moment in which a lot has happened and has not been reconciled yet. */
function unsettled(tenant: ModelTenant, story: Story): PlanInput {
  play(tenant, story.slice(0, -1), (plan) => tenant.apply(plan));
  for (const happening of story.at(-1) ?? []) tenant.happen(happening);
  return tenant.input();
}

function settle(tenant: ModelTenant, plan: Plan): void {
  tenant.apply(plan);
  // An address that another agent had is free only now: that takes one more round each.
  for (let rounds = 0; rounds < 2 && hasTakenAddress(plan); rounds += 1) tenant.apply(tenant.plan());
}

function hasTakenAddress({ notices }: Plan): boolean {
  return notices.some(({ code }) => code === 'duplicate-email');
}

function isInDoubt(subject: SubjectState): boolean {
  return subject.type === 'wanted' && subject.derived.uncertain !== NO_ENTITLEMENTS;
}

function liveLinks(tenant: ModelTenant) {
  return tenant.account.links.filter(({ state }) => state !== 'deleted');
}

describe('a plan', () => {
  it('leaves nothing to do once it is carried out', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        play(tenant, story, (plan) => {
          settle(tenant, plan);

          const left = tenant.plan().changes.filter(({ action }) => action !== 'manual');
          expect(wordsOf({ changes: left })).toEqual([]);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('gives wanted people all that rules grant, and nothing that rules manage and do not grant', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        play(tenant, story, (plan) => {
          settle(tenant, plan);

          const { subjects, links, capabilities, managed } = tenant.input();
          const linkOf = new Map(
            links.filter(({ state }) => state === 'active').map((link) => [link.subjectId, link]),
          );
          for (const subject of subjects) {
            const link = linkOf.get(subject.subjectId);
            if (subject.type !== 'wanted' || link === undefined) continue;
            const agent = tenant.account.agents.get(link.providerUserId);
            const held = new Set(agent?.holds.teams.map(teamKey));
            const wished = new Set(wantedTeams(subject.derived, capabilities).keys());
            const inDoubt = new Set(subject.derived.uncertain.teams.map(teamKey));
            expect([...wished].filter((key) => !held.has(key))).toEqual([]);
            expect(
              [...held].filter((key) => managed.teams.has(key) && !wished.has(key) && !inDoubt.has(key)),
            ).toEqual([]);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it('takes from a leaver everything that the vendor lets be taken, at once', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        play(tenant, story, (plan) => {
          tenant.apply(plan);

          const leavers = new Set(
            tenant.input().subjects.flatMap((one) => (one.type === 'leaver' ? [one.subjectId] : [])),
          );
          for (const { subjectId, providerUserId } of liveLinks(tenant)) {
            if (!leavers.has(subjectId)) continue;
            const { holds, status } = tenant.account.agents.get(providerUserId)!;
            expect(holds.teams).toEqual([]);
            if (tenant.account.capabilities.readRole) expect(holds.role).toBe('agent');
            if (tenant.account.capabilities.suspend)
              expect({ status, numbers: holds.numbers }).toEqual({ status: 'suspended', numbers: [] });
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it('never touches an agent that is not linked, except to adopt it', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        play(tenant, story, (plan) => {
          const linked = new Set(liveLinks(tenant).map(({ providerUserId }) => providerUserId));
          const adopted = new Set(
            plan.changes.flatMap((one) => (one.action === 'adopt' ? [one.providerUserId] : [])),
          );
          const strangers = [...tenant.account.agents.values()].filter(
            ({ id }) => !linked.has(id) && !adopted.has(id),
          );
          const before = structuredClone(strangers);
          tenant.apply(plan);

          expect(before.map(({ id }) => tenant.account.agents.get(id))).toEqual(before);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('deletes only parked leavers whose time has come, never a protected one, and each at most once', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        play(tenant, story, (plan) => {
          const { subjects, links, protections, now } = tenant.input();
          const protectedIds = new Set(protections.map(({ subjectId }) => subjectId));
          for (const change of plan.changes) {
            if (change.action !== 'delete') continue;
            const link = links.find(({ id }) => id === change.linkId);
            expect(link).toMatchObject({ state: 'parked', providerUserId: change.providerUserId });
            expect(link?.deleteDueAt).toBeLessThanOrEqual(now);
            expect(subjects.find(({ subjectId }) => subjectId === change.subjectId)?.type).toBe('leaver');
            expect(protectedIds).not.toContain(change.subjectId);
          }
          tenant.apply(plan);
        });
        expect(tenant.account.deletions).toEqual([...new Set(tenant.account.deletions)]);
      }),
      { numRuns: 300 },
    );
  });

  it('removes nobody for being absent from a partial snapshot', () => {
    fc.assert(
      fc.property(
        arbitraryOptions,
        arbitraryStory,
        fc.infiniteStream(fc.boolean()),
        (options, story, coins) => {
          const tenant = new ModelTenant(options);
          unsettled(tenant, story);
          const named = tenant.users.filter(() => coins.next().value === true);
          const plan = calculatePlan(tenant.input([...named]));

          const ids = new Set(named.map(({ id }) => id));
          expect(plan.changes.filter(({ subjectId }) => !ids.has(subjectId))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is the same whatever the order of its inputs', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, fc.infiniteStream(fc.nat()), (options, story, dice) => {
        const tenant = new ModelTenant(options);
        const input = unsettled(tenant, story);

        expect(calculatePlan(shuffled(input, dice))).toEqual(calculatePlan(input));
      }),
      { numRuns: 300 },
    );
  });

  it('has a digest of what it does, not of when or why it was made', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        const input = unsettled(tenant, story);
        const plan = calculatePlan(input);
        const later = calculatePlan({
          ...input,
          directoryVersion: 99,
          trigger: 'push',
          actual: { ...input.actual, readAt: 99 },
        });
        const reworded = plan.changes.map((change): Change => ({
          ...change,
          reason: 'other words',
          because: [],
        }));
        const digest = JSON.stringify(planDigestInput(plan));

        expect(JSON.stringify(planDigestInput(later))).toBe(digest);
        expect(JSON.stringify(planDigestInput({ ...plan, changes: reworded.toReversed() }))).toBe(digest);
        for (const omitted of plan.changes) {
          const changes = plan.changes.filter((change) => change !== omitted);
          expect(JSON.stringify(planDigestInput({ ...plan, changes }))).not.toBe(digest);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('takes nothing from anybody under the policy upsert-only, and does nothing under report-only', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        const input = unsettled(tenant, story);
        const plan = calculatePlan({ ...input, policy: 'upsert-only' });
        const report = calculatePlan({ ...input, policy: 'report-only' });

        expect(plan.changes.map(removalKind).filter((kind) => kind !== null && kind !== 'lose')).toEqual([]);
        expect(applicableChanges(report)).toEqual([]);
        expect(report.changes).toEqual(calculatePlan(input).changes);
      }),
      { numRuns: 300 },
    );
  });

  it('puts every urgent removal ahead of everything else', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        const { changes } = calculatePlan(unsettled(tenant, story));
        const firstOrdinary = changes.findIndex(({ urgent }) => !urgent);

        expect(changes.findLastIndex(({ urgent }) => urgent)).toBeLessThan(
          firstOrdinary === -1 ? changes.length : firstOrdinary,
        );
      }),
    );
  });

  it('reports as drift what somebody changed, and after it is carried out only what it does not manage', () => {
    fc.assert(
      fc.property(arbitraryOptions, arbitraryStory, (options, story) => {
        const tenant = new ModelTenant(options);
        play(tenant, story, (plan) => {
          settle(tenant, plan);

          const { managed, subjects } = tenant.input();
          const clear = new Set(subjects.filter((one) => !isInDoubt(one)).map(({ subjectId }) => subjectId));
          const isManaged = (found: string) =>
            managed.teams.has(found.slice('team "'.length, -1).toLowerCase());
          const left = tenant
            .plan()
            .drift.filter(({ code, found }) => code !== 'team-added' || isManaged(found))
            .filter(({ subjectId }) => clear.has(subjectId));
          expect(left).toEqual([]);
        });
      }),
      { numRuns: 300 },
    );
  });
});

function shuffled(input: PlanInput, dice: Iterator<number>): PlanInput {
  const mix = <Item>(items: readonly Item[]): Item[] =>
    items
      .map((item) => ({ item, roll: dice.next().value as number }))
      .toSorted((a, b) => a.roll - b.roll)
      .map(({ item }) => item);
  return {
    ...input,
    subjects: mix(input.subjects),
    links: mix(input.links),
    notices: mix(input.notices),
    protections: mix(input.protections),
    actual: {
      ...input.actual,
      agents: mix(input.actual.agents).map((agent) => ({ ...agent, teams: mix(agent.teams) })),
      teams: mix(input.actual.teams),
      numbers: mix(input.actual.numbers),
    },
  };
}
