import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smartflo } from '../../src/providers/smartflo/definition.js';
import { vxt } from '../../src/providers/vxt/definition.js';
import { AIRCALL, CAPABLE, MANUAL } from '../support/domain.js';
import { INJECTIONS, compatible, kindOf, type Injected } from '../support/drift-injections.js';
import { DriftModel } from '../support/drift-model.js';

/** What vendors can do: as the model has it, and as the adapters declare it. */
const VENDORS = [AIRCALL, CAPABLE, smartflo.capabilities, vxt.capabilities];

/** Who it is done to is left to chance below. */
const ONE_OF_EACH = new Map(INJECTIONS.map((one) => [kindOf(one), one]));

const scenario = fc.record({
  capabilities: fc.constantFrom(...VENDORS),
  chosen: fc.shuffledSubarray([...INJECTIONS], { minLength: 1, maxLength: 12 }),
});

async function play(
  model: DriftModel,
  chosen: readonly (typeof INJECTIONS)[number][],
): Promise<readonly Injected[]> {
  const injected: Injected[] = [];
  const playable = compatible(chosen, model.capabilities);
  for (const { prepare } of playable) await prepare?.(model);
  model.settle();
  for (const each of playable) injected.push(await each.inject(model));
  return injected;
}

function keysOf(findings: readonly { readonly key: string; readonly class: string }[]): readonly string[] {
  return findings.map((one) => `${one.class} | ${one.key}`).toSorted();
}

describe('findings', () => {
  it.each([
    ['numbers through teams', AIRCALL],
    ['everything by API', CAPABLE],
    ['almost everything by hand', MANUAL],
    ['Smartflo', smartflo.capabilities],
    ['VXT', vxt.capabilities],
  ])('are none in an account that is as it should be (%s)', (_, capabilities) => {
    expect(new DriftModel({ capabilities }).find().findings).toEqual([]);
  });

  it.each([...ONE_OF_EACH])('tell once that %s', async (_, injection) => {
    const models = VENDORS.map((capabilities) => new DriftModel({ capabilities }));
    const able = models.filter(({ capabilities }) => injection.needs?.(capabilities) !== false);
    expect(able.length).toBeGreaterThan(0);
    for (const model of able) {
      const [injected] = await play(model, [injection]);

      expect(keysOf(model.find().findings)).toEqual(keysOf(injected?.expected ?? []));
    }
  });

  it('tell every injected drift exactly once with its class, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ capabilities, chosen }) => {
        const model = new DriftModel({ capabilities });
        const injected = await play(model, chosen);

        expect(keysOf(model.find().findings)).toEqual(keysOf(injected.flatMap(({ expected }) => expected)));
      }),
      { numRuns: 150 },
    );
  });

  it('are gone after the plan was carried out and what only people can undo was undone', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ capabilities, chosen }) => {
        const model = new DriftModel({ capabilities });
        for (const { undo } of await play(model, chosen)) await undo?.();
        model.settle();

        expect(keysOf(model.find().findings)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('name a change of the plan that puts it right exactly where the plan does', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ capabilities, chosen }) => {
        const model = new DriftModel({ capabilities });
        await play(model, chosen);
        // What the worklist tells is over once it was told: it is closed, or open again.
        const findings = model.find().findings.filter((one) => !one.class.startsWith('task-'));
        const planned = new Set(model.plan().changes.map(({ key }) => key));
        for (const { fixedBy } of findings) for (const key of fixedBy) expect(planned).toContain(key);
        model.settle();

        const left = new Set(model.find().findings.map(({ key }) => key));
        for (const finding of findings)
          expect({ key: finding.key, isLeft: left.has(finding.key) }).toEqual({
            key: finding.key,
            isLeft: finding.fixedBy.length === 0,
          });
      }),
      { numRuns: 100 },
    );
  });

  it('are the same whatever the order of what was read', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ capabilities, chosen }) => {
        const model = new DriftModel({ capabilities });
        await play(model, chosen);
        const before = model.find();
        const read = model.read();
        model.extra = {
          actual: {
            ...read,
            agents: read.agents.toReversed().map((agent) => ({ ...agent, teams: agent.teams.toReversed() })),
            teams: read.teams.toReversed(),
            numbers: read.numbers.toReversed(),
          },
          links: model.account.links.toReversed(),
        };

        expect(model.find()).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });
});
