import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emailOf } from '../../support/engine.js';
import { isWanted, Oracle } from '../../support/lifecycle-oracle.js';
import {
  comeToRest,
  happen,
  happening,
  takeTurn,
  turn,
  type Happening,
  type Turn,
} from '../../support/lifecycle-story.js';
import { CI_SEED } from '../../support/property-seed.js';
import {
  deskOf,
  openLifecycleWorlds,
  type LifecycleWorld,
  type LifecycleWorlds,
} from '../../support/lifecycle-world.js';

const { CI, MODEL_SEED, MODEL_RUNS } = process.env;
const SEED = Number(MODEL_SEED ?? (CI === undefined ? Date.now() % 1_000_000 : CI_SEED));
/** A number, not a time: a slow machine tries as much as a fast one. Many more with MODEL_RUNS=1000. */
const RUNS = Number(MODEL_RUNS ?? 20);

class Step implements fc.AsyncCommand<Oracle, LifecycleWorld> {
  private readonly one: Happening | Turn;

  constructor(one: Happening | Turn) {
    this.one = one;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, world: LifecycleWorld): Promise<void> {
    return this.one.type === 'work' ? takeTurn(world, oracle, this.one) : happen(world, oracle, this.one);
  }

  toString(): string {
    return JSON.stringify(this.one);
  }
}

describe(`deprovisioning, whatever happens in whatever order (MODEL_SEED=${String(SEED)})`, () => {
  let worlds: LifecycleWorlds;

  beforeAll(async () => {
    worlds = await openLifecycleWorlds();
  });

  afterAll(() => worlds.close());

  const REST: Turn = { type: 'work', diesAt: null, isTwice: false, onDelete: null, meanwhile: null };

  /** Ada has an agent, Bea's is parked, and somebody stays. */
  async function begin(): Promise<{ model: Oracle; real: LifecycleWorld }> {
    const real = await worlds.open();
    const model = new Oracle(['Ada', 'Bea']);
    await real.addUser('Anchor');
    for (const person of model.people) person.userId = await real.addUser(person.name);
    await happen(real, model, { type: 'approve' });
    await takeTurn(real, model, REST);
    await happen(real, model, { type: 'idp', who: 1, says: 'deactivate' });
    await takeTurn(real, model, REST);
    return { model, real };
  }

  it('deletes nobody by one clock alone, and then by both', async () => {
    const { model, real } = await begin();
    await happen(real, model, { type: 'clock', which: 'ours', hours: 49 });
    await takeTurn(real, model, REST);
    await happen(real, model, { type: 'clock', which: 'ours', hours: -48 });
    await happen(real, model, { type: 'clock', which: 'database', hours: 49 });
    await takeTurn(real, model, REST);
    expect(model.deletions).toBe(0);
    await happen(real, model, { type: 'clock', which: 'ours', hours: 25 });
    await takeTurn(real, model, REST);
    expect(model.deletions).toBe(1);
  });

  it('believes no reading from before a clock was set back: who is back gets everything again', async () => {
    const { model, real } = await begin();
    await happen(real, model, { type: 'clock', which: 'both', hours: -48 });
    await happen(real, model, { type: 'idp', who: 0, says: 'delete' });
    await takeTurn(real, model, REST);
    await happen(real, model, { type: 'idp', who: 0, says: 'create' });
    await takeTurn(real, model, REST);
    await comeToRest(real, model);
    await expectEnd(real, model);
  });

  it.each(['other', 'Anchor'] as const)(
    'deletes nobody before the lines are handed over to %s',
    async (to) => {
      const { model, real } = await begin();
      await happen(real, model, { type: 'hand-over', who: 1, to });
      await happen(real, model, { type: 'clock', which: 'both', hours: 25 });
      await takeTurn(real, model, REST);
      await happen(real, model, { type: 'clock', which: 'both', hours: 1 });
      await takeTurn(real, model, REST);
      expect([model.deletions, model.handovers]).toEqual([1, 1]);
      const successor = to === 'other' ? 'Ada' : to;
      expect(real.vendor.byEmail(emailOf(successor))?.teams).toContain(deskOf('Bea'));
      await comeToRest(real, model);
      await expectEnd(real, model);
    },
  );

  it('gives everything back at once to who returned while it was unknown whether they were deleted', async () => {
    const { model, real } = await begin();
    await happen(real, model, { type: 'clock', which: 'both', hours: 25 });
    await takeTurn(real, model, { ...REST, onDelete: 'unavailable' });
    await happen(real, model, { type: 'idp', who: 1, says: 'activate' });
    await takeTurn(real, model, REST);
    expect(real.vendor.byEmail(emailOf('Bea'))?.teams).toEqual(new Set());
    await happen(real, model, { type: 'clock', which: 'both', hours: 1 });
    await takeTurn(real, model, REST);
    expect(real.vendor.byEmail(emailOf('Bea'))?.teams).toEqual(new Set(['Sales', deskOf('Bea')]));
  });

  it(
    'deletes nobody early, unapproved, held or twice, and leaves nobody inside',
    { timeout: 1_200_000 + RUNS * 60_000 },
    async () => {
      let runs = 0;
      let deletions = 0;
      let handovers = 0;
      const step = fc.oneof({ weight: 3, arbitrary: happening }, { weight: 2, arbitrary: turn });
      const steps = [step.map((one) => new Step(one))];
      await fc.assert(
        fc.asyncProperty(fc.commands(steps, { maxCommands: 25, size: 'max' }), async (commands) => {
          const { model, real } = await begin();
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await comeToRest(real, model);
          await expectEnd(real, model);
          runs += 1;
          deletions += model.deletions;
          handovers += model.handovers;
        }),
        {
          seed: SEED,
          numRuns: RUNS,
          endOnFailure: CI !== undefined,
        },
      );
      console.log(
        `model of deprovisioning: ${String(runs)} stories, ${String(deletions)} deletions, ${String(handovers)} of them after a hand-over, seed ${String(SEED)}`,
      );
      expect(runs).toBe(RUNS);
    },
  );

  async function expectEnd(world: LifecycleWorld, oracle: Oracle): Promise<void> {
    const { vendor } = world;
    for (const person of oracle.people) {
      const agents = [...vendor.agents.values()].filter(({ email }) => email === emailOf(person.name));
      const isLeft = person.date === 'never';
      const end = { name: person.name, agents: agents.map(({ teams }) => [...teams].toSorted()) };
      if (isWanted(person))
        expect(end).toEqual({ name: person.name, agents: [[deskOf(person.name), 'Sales']] });
      else if (isLeft) expect(end.agents.flat()).toEqual([]);
      else expect(end).toEqual({ name: person.name, agents: [] });
    }
    expect(vendor.byEmail(emailOf('Anchor'))?.teams).toEqual(new Set(['Sales']));
    const ended = await world.query<{ certificate: object | null }>(
      "select certificate from deletions where state = 'verified'",
    );
    for (const { certificate } of ended) expect(certificate).not.toBeNull();
    expect(ended.length).toBeGreaterThanOrEqual(oracle.deleted.size);
  }
});
