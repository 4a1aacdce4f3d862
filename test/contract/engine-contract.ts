import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenVendor } from '../../src/reconcile/ports.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../support/engine.js';
import type { ContractSubject, ProviderHarness, VendorAgent } from './harness.js';

/** Rests and retries end by themselves; the test's clock goes there at once. */
const LATER_MS = 60 * 60_000;

/**
 * The engine over a vendor's sandbox: what one failing call means for the account. Every case ends with the vendor as
 * the directory wants it and a plan of the whole account that changes nothing.
 */
export function describeEngineContract({ facts, start }: ContractSubject): void {
  const { createTeam } = facts.capabilities;
  const teams = createTeam ? ['Sales'] : [];

  describe(`the engine over ${facts.definition.id}:`, () => {
    let harness: ProviderHarness;
    let engine: EngineFixture;

    beforeEach(async () => {
      harness = await start();
      engine = await openEngine({
        overrides: () => ({ vendors: { open: () => Promise.resolve(openVendor(facts, harness)) } }),
      });
      await engine.saveRules([groupRule('Sales', { teams })]);
    });

    afterEach(async () => {
      await engine.close();
      await harness[Symbol.asyncDispose]();
    });

    function agentOf(name: string): VendorAgent | undefined {
      const [agent, ...others] = harness.vendor.agents().filter(({ email }) => email === emailOf(name));
      expect(others).toEqual([]);
      return agent;
    }

    /** Plans everybody anew until nothing is left, and demands that the last plan is empty. */
    async function expectAtRest(): Promise<void> {
      await harness.clearFaults();
      for (let round = 0; round < 2; round += 1) {
        engine.directory.clock.advance(LATER_MS);
        await engine.requestReconcile();
        expect(await engine.settle()).toEqual({ type: 'idle' });
      }
      const [last] = await engine.query<{ changes: string }>(
        `select count(c.id) as changes from plans p left join changes c on c.plan_id = p.id
          where p.id = (select id from plans order by created_at desc, id desc limit 1) group by p.id`,
      );
      expect(Number(last?.changes)).toBe(0);
      expect(await engine.query('select subject_id from dirty_subjects')).toEqual([]);
    }

    it('a joiner gets an agent and what rules grant, a leaver loses it', async () => {
      const ada = await engine.addUser('Ada', ['Sales']);
      await engine.settle();
      expect(agentOf('Ada')).toMatchObject({ name: 'Ada Tester', teams });

      await engine.setActive(ada, false);
      await engine.settle();

      expect(agentOf('Ada')?.teams).toEqual([]);
      if (facts.capabilities.suspend) expect(agentOf('Ada')?.isSuspended).toBe(true);
      await expectAtRest();
    });

    it('a create whose answer is lost makes one person', async () => {
      await harness.inject({ on: 'create-agent', nth: 1, type: 'lost-response' });
      await engine.addUser('Ada', ['Sales']);

      await engine.settle();

      expect(harness.requests().filter(({ isFaulted }) => isFaulted)).toHaveLength(1);
      await expectAtRest();
      expect(agentOf('Ada')).toMatchObject({ name: 'Ada Tester', teams });
    });

    it('told to slow down, it waits and then goes on', async () => {
      const [limit] = facts.rateLimits;
      await harness.inject({
        on: 'create-agent',
        nth: 1,
        type: 'error',
        status: 429,
        headers: limit?.headers ?? {},
        body: limit?.body,
      });
      await engine.addUser('Ada', ['Sales']);

      expect((await engine.settle()).type).toBe('wait');

      expect(agentOf('Ada')).toBeUndefined();
      await expectAtRest();
      expect(agentOf('Ada')).toMatchObject({ name: 'Ada Tester', teams });
    });

    it('a revoked credential pauses the account with one notice, and nothing is asked until it is resumed', async () => {
      await engine.addUser('Ada', ['Sales']);
      await engine.addUser('Bea', ['Sales']);
      await harness.vendor.revokeCredential();

      expect((await engine.settle()).type).toBe('paused');
      const asked = harness.requests().length;
      for (let round = 0; round < 5; round += 1) {
        engine.directory.clock.advance(LATER_MS);
        await engine.requestReconcile();
        expect((await engine.settle()).type).toBe('paused');
      }

      expect(asked).toBe(1);
      expect(harness.requests()).toHaveLength(asked);
      expect(await engine.query("select id from audit_events where action = 'account.paused'")).toHaveLength(
        1,
      );
      await harness.vendor.renewCredential();
      await engine.query("update accounts set state = 'active', paused_reason = null");
      await expectAtRest();
      expect(agentOf('Ada')).toMatchObject({ name: 'Ada Tester', teams });
    });

    it('five changes of one person before it is their turn cost the requests of one', async () => {
      const ada = await engine.addUser('Ada', ['Sales']);
      await engine.settle();
      const cost = async (names: readonly string[]): Promise<number> => {
        engine.directory.clock.advance(LATER_MS);
        const before = harness.requests().length;
        for (const name of names) await engine.setName(ada, name);
        await engine.settle();
        return harness.requests().length - before;
      };

      const ofOne = await cost(['Eve']);
      const ofFive = await cost(['Fay', 'Gwen', 'Hal', 'Ines', 'Joy']);

      expect(agentOf('Ada')?.name).toBe('Joy Tester');
      expect(ofOne).toBeGreaterThan(0);
      expect(ofFive).toBe(ofOne);
      await expectAtRest();
    });
  });
}

function openVendor(
  { definition, capabilities }: ContractSubject['facts'],
  harness: ProviderHarness,
): OpenVendor {
  const config = definition.configSchema.parse({});
  return {
    displayName: definition.displayName,
    provider: harness.open(),
    capabilities,
    limits: definition.limits,
    protections: [],
    dashboard: definition.dashboard,
    dashboardLink: (place) => definition.dashboardLink(config, place),
  };
}
