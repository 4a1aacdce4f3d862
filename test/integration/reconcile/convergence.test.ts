import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError, type ErrorKind } from '../../../src/domain/errors.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';
import { holdingsOf } from '../../support/memory-provider.js';

const GROUPS = ['Sales', 'Support', 'Leads'] as const;
const PEOPLE = 6;
const TEAMS: Readonly<Record<string, readonly string[]>> = {
  Sales: ['Sales', 'All'],
  Support: ['Support', 'All'],
  Leads: ['Leads'],
};

type Step =
  | { readonly type: 'join' | 'leave'; readonly person: number; readonly group: (typeof GROUPS)[number] }
  | { readonly type: 'deactivate' | 'activate' | 'vanish'; readonly person: number }
  | { readonly type: 'drain' | 'reconcile' }
  | { readonly type: 'pass'; readonly minutes: number };

const person = fc.nat({ max: PEOPLE - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('join' as const), person, group: fc.constantFrom(...GROUPS) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('leave' as const), person, group: fc.constantFrom(...GROUPS) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('deactivate' as const, 'activate' as const), person }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('vanish' as const), person }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom('drain' as const, 'reconcile' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 30 }) }),
  },
);

const FAULTS: readonly ErrorKind[] = ['unavailable', 'rateLimited', 'contract'];

interface Person {
  readonly id: string;
  readonly name: string;
  isActive: boolean;
  readonly groups: Set<string>;
}

describe('whatever the directory and the vendor do', () => {
  let engine: EngineFixture;
  let run = 0;
  let fired = 0;

  beforeAll(async () => {
    // No rule of safety is under test here, so none may hold anything.
    const safety = {
      removalFloor: 1_000,
      removalCeiling: null,
      directoryShrinkShareMax: 1,
      removalsPerHourMax: 10_000,
      flapsPerDayMax: 1_000,
    };
    engine = await openEngine({ settings: { safety } });
    await engine.saveRules(GROUPS.map((group) => groupRule(group, { teams: TEAMS[group] ?? [] })));
    await engine.addUser('Anchor', ['Sales']);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterAll(() => engine.close());

  async function take(people: readonly Person[], one: Step): Promise<void> {
    if ('person' in one) return takeFor(people[one.person]!, one);
    if (one.type === 'pass') return engine.directory.clock.advance(one.minutes * 60_000);
    if (one.type === 'reconcile') await engine.requestReconcile();
    await engine.drain(engine.account, { sliceMs: 60_000 });
  }

  async function takeFor(person: Person, one: Extract<Step, { person: number }>): Promise<void> {
    if (one.type === 'join') {
      person.groups.add(one.group);
      await engine.join(one.group, person.id);
    } else if (one.type === 'leave') {
      person.groups.delete(one.group);
      await engine.leave(one.group, person.id);
    } else if (one.type === 'vanish') {
      // Somebody deletes the agent at the vendor.
      const agent = engine.vendor.byEmail(emailOf(person.name));
      if (agent !== undefined) engine.vendor.agents.delete(agent.providerUserId);
    } else {
      person.isActive = one.type === 'activate';
      await engine.setActive(person.id, person.isActive);
    }
  }

  async function comeToRest(): Promise<void> {
    engine.vendor.fault = () => null;
    for (let round = 0; round < 6; round += 1) {
      engine.directory.clock.advance(60 * 60_000);
      await engine.requestReconcile();
      await engine.settle(50);
    }
  }

  function expectDesired({ name, isActive, groups }: Person): void {
    const agent = engine.vendor.byEmail(emailOf(name));
    const wanted = isActive
      ? [...new Set([...groups].flatMap((group) => TEAMS[group] ?? []))].toSorted()
      : [];
    if (agent === undefined) expect({ name, wanted }).toEqual({ name, wanted: [] });
    else expect({ name, ...holdingsOf(agent) }).toEqual({ name, role: 'agent', teams: wanted });
  }

  it('the account becomes what the rules say, with no agent made twice and nobody else touched', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 25 }),
        fc.infiniteStream(fc.nat({ max: 99 })),
        async (steps, dice) => {
          run += 1;
          const people: Person[] = [];
          for (let index = 0; index < PEOPLE; index += 1) {
            const name = `R${run}P${index}`;
            people.push({ id: await engine.addUser(name), name, isActive: true, groups: new Set() });
          }
          const stranger = engine.vendor.addAgent({
            email: `stranger${run}@example.com`,
            teams: new Set(['Sales']),
          });
          engine.vendor.fault = () => {
            const roll = dice.next().value ?? 0;
            if (roll >= 15) return null;
            fired += 1;
            const kind = FAULTS[roll % FAULTS.length]!;
            const retryAt = engine.directory.clock.now();
            return {
              error: new AppError(kind, 'simulated', { retryAt }),
              hasEffect: kind === 'unavailable' && roll % 2 === 0,
            };
          };
          for (const one of steps) await take(people, one);
          await comeToRest();

          people.forEach(expectDesired);
          expect(stranger.teams).toEqual(new Set(['Sales']));
          const emails = [...engine.vendor.agents.values()].map(({ email }) => email);
          expect(new Set(emails).size).toBe(emails.length);
          expect(await engine.query('select * from dirty_subjects')).toEqual([]);
        },
      ),
      { numRuns: Number(process.env['CONVERGENCE_RUNS'] ?? 10), endOnFailure: true },
    );
    // The faults were real.
    expect(fired).toBeGreaterThan(0);
  });
});
