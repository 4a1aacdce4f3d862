import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { ContractSubject, ProviderHarness } from '../harness.js';

const TEAM = 'Sales';

function teamsOf(harness: ProviderHarness, providerUserId: string): readonly string[] {
  return harness.vendor.agents().find(({ id }) => id === providerUserId)?.teams ?? [];
}

function grantOf(providerUserId: string, team = TEAM) {
  return { type: 'grant', providerUserId, entitlement: { type: 'team', team } } as const;
}

function revokeOf(providerUserId: string, team = TEAM) {
  return { type: 'revoke', providerUserId, entitlement: { type: 'team', team } } as const;
}

async function withMember(subject: ContractSubject) {
  const harness = await subject.start();
  const [providerUserId = ''] = await harness.vendor.addAgents(1);
  await harness.vendor.addTeams([TEAM]);
  return { harness, provider: harness.open(), providerUserId };
}

/** Teams and who is in them. */
export function teamCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { describe, test } = casesOf(subject);
  describe.runIf(facts.capabilities.createTeam)('creating a team', () => {
    test('creates it once, whatever the case', async () => {
      await using harness = await subject.start();
      const provider = harness.open();

      const first = await provider.write({ type: 'create-team', team: TEAM });
      const again = await provider.write({ type: 'create-team', team: TEAM });
      const shouted = await provider.write({ type: 'create-team', team: 'SALES' });

      expect(first.result).toBe('applied');
      expect(again).toEqual({ result: 'already', providerId: first.providerId });
      expect(shouted).toEqual(again);
      expect(harness.vendor.teams().filter((name) => /^sales$/i.test(name))).toEqual([TEAM]);
      await expectTruth(facts, harness, provider);
    });

    test('is "already" after a create whose answer was lost', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      await harness.inject({ on: 'create-team', nth: 1, type: 'lost-response' });

      await expectError(provider.write({ type: 'create-team', team: TEAM }), 'unavailable');
      const repeated = await provider.write({ type: 'create-team', team: TEAM });

      expectFaults(harness, 1);
      expect(repeated.result).toBe('already');
      expect(harness.vendor.teams().filter((name) => name === TEAM)).toHaveLength(1);
      await expectTruth(facts, harness, provider);
    });

    test('keeps a name of the longest length and refuses a longer one', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const longest = 'é'.repeat(facts.definition.limits.teamNameMaxChars);

      await provider.write({ type: 'create-team', team: longest });
      await expectError(provider.write({ type: 'create-team', team: `${longest}x` }), 'invalid');

      expect(harness.vendor.teams()).toContain(longest);
      expect(harness.vendor.teams()).not.toContain(`${longest}x`);
      await expectTruth(facts, harness, provider);
    });

    test('a new team can be given at once', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await provider.readAll();
      const before = harness.requests().length;

      await provider.write({ type: 'create-team', team: TEAM });
      await provider.write(grantOf(providerUserId));

      expect(harness.requests().length - before).toBe(facts.costs.ofNewTeam);
      expect(teamsOf(harness, providerUserId)).toEqual([TEAM]);
      await expectTruth(facts, harness, provider);
    });
  });

  describe.runIf(facts.capabilities.createTeam)('membership', () => {
    test('is given and taken once; repeats are "already"', async () => {
      const { harness, provider, providerUserId } = await withMember(subject);
      await using _ = harness;

      const given = await provider.write(grantOf(providerUserId));
      const givenAgain = await provider.write(grantOf(providerUserId));
      expect(teamsOf(harness, providerUserId)).toEqual([TEAM]);
      const taken = await provider.write(revokeOf(providerUserId));
      const takenAgain = await provider.write(revokeOf(providerUserId));

      expect([given, givenAgain, taken, takenAgain].map(({ result }) => result)).toEqual([
        'applied',
        'already',
        'applied',
        'already',
      ]);
      expect(teamsOf(harness, providerUserId)).toEqual([]);
      await expectTruth(facts, harness, provider);
    });

    test('settles after a lost answer, in both directions', async () => {
      const { harness, provider, providerUserId } = await withMember(subject);
      await using _ = harness;
      await harness.inject(
        { on: 'grant-team', nth: 1, type: 'lost-response' },
        { on: 'revoke-team', nth: 1, type: 'lost-response' },
      );

      await expectError(provider.write(grantOf(providerUserId)), 'unavailable');
      expect((await provider.write(grantOf(providerUserId))).result).toBe('already');
      expect(teamsOf(harness, providerUserId)).toEqual([TEAM]);
      await expectError(provider.write(revokeOf(providerUserId)), 'unavailable');
      expect((await provider.write(revokeOf(providerUserId))).result).toBe('already');

      expectFaults(harness, 2);
      expect(teamsOf(harness, providerUserId)).toEqual([]);
      await expectTruth(facts, harness, provider);
    });

    test('leaves other members and other teams alone', async () => {
      const { harness, provider, providerUserId } = await withMember(subject);
      await using _ = harness;
      await harness.vendor.addTeams(['Other']);
      const owner = harness.vendor.ownerId();
      for (const id of [owner, providerUserId]) {
        await harness.vendor.addMember(id, TEAM);
        await harness.vendor.addMember(id, 'Other');
      }

      await provider.write(revokeOf(providerUserId));

      expect(teamsOf(harness, providerUserId)).toEqual(['Other']);
      expect(teamsOf(harness, owner)).toEqual(['Other', TEAM]);
      await expectTruth(facts, harness, provider);
    });

    test('a refusal that is not "already so" stands, with its reason', async () => {
      const { harness, provider, providerUserId } = await withMember(subject);
      await using _ = harness;
      const answer = facts.refusalSaying('Unprocessable Entity', 'This user may not join');
      await harness.inject({ on: 'grant-team', type: 'error', ...answer });

      const error = await expectError(provider.write(grantOf(providerUserId)), 'invalid');

      expectFaults(harness, 1);
      expect(error.message).toContain('This user may not join');
      expect(teamsOf(harness, providerUserId)).toEqual([]);
      await expectTruth(facts, harness, provider);
    });

    test('of a team that is gone cannot be given and is taken already', async () => {
      const { harness, provider, providerUserId } = await withMember(subject);
      await using _ = harness;
      await provider.write(grantOf(providerUserId));
      await harness.vendor.removeTeam(TEAM);

      expect((await provider.write(revokeOf(providerUserId))).result).toBe('already');
      await expectError(provider.write(grantOf(providerUserId)), 'notFound');

      await expectTruth(facts, harness, provider);
    });

    test('of a person who is gone cannot be given and is taken already', async () => {
      const { harness, provider, providerUserId } = await withMember(subject);
      await using _ = harness;
      await provider.write({ type: 'delete-agent', providerUserId });

      await expectError(provider.write(grantOf(providerUserId)), 'notFound');
      expect((await provider.write(revokeOf(providerUserId))).result).toBe('already');

      await expectTruth(facts, harness, provider);
    });

    test('follows a team that was deleted and made again under the same name', async () => {
      const { harness, provider, providerUserId } = await withMember(subject);
      await using _ = harness;
      await provider.write(grantOf(providerUserId));
      await harness.vendor.removeTeam(TEAM);
      await harness.vendor.addTeams([TEAM]);

      const outcome = await provider.write(grantOf(providerUserId));

      expect(outcome.result).toBe('applied');
      expect(teamsOf(harness, providerUserId)).toEqual([TEAM]);
      await expectTruth(facts, harness, provider);
    });
  });
}
