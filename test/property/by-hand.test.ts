import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  agentAfter,
  findRecorded,
  toActualAgent,
  type RecordedAgent,
} from '../../src/domain/manual-record.js';
import { linkAfter, linkFrom } from '../../src/domain/link-after.js';
import type { Change } from '../../src/domain/plan.js';
import { calculatePlan } from '../../src/domain/planning/calculate.js';
import type { Link, SubjectState } from '../../src/domain/state.js';
import { newMemberId } from '../../src/manual/confirm.js';
import { mergeList } from '../../src/manual/merge.js';
import { vxt } from '../../src/providers/vxt/definition.js';
import { operationFor } from '../../src/reconcile/applying/operation.js';
import { digestOfChange } from '../../src/reconcile/steps.js';
import { leaver, planInput, wanted } from '../support/domain.js';

const NUMBERS = ['+6491234567', '+6497654321'];
const NOW = 1_700_000_000_000;

const access = fc.record({
  number: fc.constantFrom(...NUMBERS),
  kind: fc.constantFrom('assigned' as const, 'outbound' as const, 'call_flow' as const),
});
const person = fc.record({
  role: fc.constantFrom('agent' as const, 'supervisor' as const, 'admin' as const),
  numbers: fc.uniqueArray(access, { selector: ({ number, kind }) => `${number} ${kind}`, maxLength: 4 }),
  leaves: fc.boolean(),
});

interface World {
  readonly agents: readonly RecordedAgent[];
  readonly links: readonly Link[];
}

function plan({ agents, links }: World, subjects: readonly SubjectState[]): readonly Change[] {
  const actual = {
    accountId: 'account-1',
    readAt: NOW,
    scope: 'all' as const,
    agents: agents.map(toActualAgent),
    teams: [],
    numbers: NUMBERS.map((number) => ({ providerNumberId: number, number, name: '' })),
  };
  const input = planInput({
    capabilities: vxt.capabilities,
    limits: vxt.limits,
    actual,
    subjects,
    links,
    now: NOW,
  });
  return calculatePlan(input).changes;
}

/** What follows when a person confirms that they did it: the record first, then the link. */
function confirm(world: World, change: Change): World {
  const act = operationFor(change, null, vxt.capabilities);
  if (act === null || act.type === 'create-team') return { ...world, links: after(world.links, change, '') };
  const email = act.type === 'create-agent' ? act.profile.email : act.providerUserId;
  const before = findRecorded(world.agents, email) ?? null;
  const next = agentAfter(before, act, { newId: newMemberId(email, world.agents), at: NOW });
  const others = world.agents.filter((agent) => agent !== before);
  return {
    agents: next === null ? others : [...others, next],
    links: after(world.links, change, next?.id ?? ''),
  };
}

function after(links: readonly Link[], change: Change, providerUserId: string): readonly Link[] {
  if (change.action === 'create') {
    const ids = { id: `link-${change.subjectId}`, accountId: 'account-1', providerUserId };
    return [...links, linkFrom(change, ids)];
  }
  return links.map((link) => (link.subjectId === change.subjectId ? linkAfter(link, change, NOW) : link));
}

function confirmAll(world: World, subjects: readonly SubjectState[]): World {
  return plan(world, subjects).reduce(confirm, world);
}

test('where people make the changes, a plan after everything was confirmed is empty', () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 5 }), (people) => {
      const staying = people.map((one, index) =>
        wanted(`s${index}`, {
          role: one.role,
          numbers: one.numbers.toSorted((a, b) =>
            `${a.number} ${a.kind}` < `${b.number} ${b.kind}` ? -1 : 1,
          ),
        }),
      );
      const here = confirmAll({ agents: [], links: [] }, staying);
      expect(plan(here, staying)).toEqual([]);

      const later = people.map((one, index) => (one.leaves ? leaver(`s${index}`) : staying[index]));
      const gone = confirmAll(
        here,
        later.filter((one) => one !== undefined),
      );
      expect(
        plan(
          gone,
          later.filter((one) => one !== undefined),
        ),
      ).toEqual([]);
      for (const [index, { leaves }] of people.entries()) {
        const link = gone.links.find(({ subjectId }) => subjectId === `s${index}`);
        expect(link?.state).toBe(leaves ? 'parked' : 'active');
      }
    }),
  );
});

test('an unconfirmed plan asks the same again, step by step alike: nothing is asked twice', () => {
  fc.assert(
    fc.property(fc.array(person, { minLength: 1, maxLength: 4 }), fc.nat(20), (people, confirmed) => {
      const subjects = people.map(({ role, numbers }, index) => wanted(`s${index}`, { role, numbers }));
      const first = plan({ agents: [], links: [] }, subjects);
      const asked = new Map(first.map((change) => [change.key, digestOfChange(change)]));
      const world = first.slice(0, confirmed).reduce(confirm, { agents: [], links: [] });

      const again = plan(world, subjects);

      expect(again.length).toBeLessThanOrEqual(first.length);
      for (const change of again) expect(asked.get(change.key)).toBe(digestOfChange(change));
    }),
  );
});

test('a list that does not say that it is complete takes nobody away, and no list what was confirmed after it', () => {
  const recorded = fc.record({ asOf: fc.integer({ min: 0, max: 10 }), isListed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(recorded, { maxLength: 6 }), fc.boolean(), (known, isComplete) => {
      const agents = known.map(({ asOf }, index): RecordedAgent => {
        const email = `p${index}@acme.example`;
        return { id: `member:${email}`, email, givenName: 'P', familyName: 'Q', role: 'agent', status: 'active', numbers: [], asOf, source: 'person' }; // prettier-ignore
      });
      const people = known.flatMap(({ isListed }, index) =>
        isListed
          ? [{ line: index, email: `P${index}@acme.example`, givenName: '', familyName: '', role: undefined, status: 'unknown' as const, numbers: undefined }] // prettier-ignore
          : [],
      );
      const record = { agents, numbers: [], completeAsOf: null };

      const merge = mergeList(record, { people, isComplete, exportedAt: 5 });

      const expected = agents.filter(({ asOf }, index) => isComplete && !known[index]?.isListed && asOf <= 5);
      expect(merge.removed.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      expect(merge.agents).toHaveLength(agents.length - expected.length);
    }),
  );
});
