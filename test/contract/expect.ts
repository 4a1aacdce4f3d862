import { expect } from 'vitest';
import { ACCESS_KINDS, type EntitlementSet, entitlementKey, teamKey } from '../../src/domain/entitlement.js';
import { type AppError, type ErrorKind, isAppError } from '../../src/domain/errors.js';
import type { Plan } from '../../src/domain/plan.js';
import { calculatePlan } from '../../src/domain/planning/calculate.js';
import type { ActualState, Link, SubjectState } from '../../src/domain/state.js';
import { byCodeUnits } from '../../src/domain/sort.js';
import type { Provider } from '../../src/providers/port.js';
import { entitlements, leaver, link, parked, planInput, wanted } from '../support/domain.js';
import type { ProviderHarness, VendorAgent, VendorFacts } from './harness.js';

/** Runs `action`, demands that it fails with this kind of AppError, and answers the error. */
export async function expectError(action: Promise<unknown>, kind: ErrorKind): Promise<AppError> {
  const error: unknown = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isAppError(error)) throw new Error(`expected an AppError, got ${String(error)}`, { cause: error });
  expect(error.kind).toBe(kind);
  return error;
}

/**
 * The end of every case: what the provider reads is what the vendor has, a plan from it to what the vendor has is
 * empty, and every request that arrived was paid for.
 */
export async function expectTruth(
  facts: VendorFacts,
  harness: ProviderHarness,
  provider: Provider,
): Promise<void> {
  await harness.clearFaults();
  const reading = await provider.readAll();
  const truth = harness.vendor.agents();

  expect(reading.scope).toBe('all');
  const read = reading.agents.map(({ providerUserId, email, name, teams }) => ({
    id: providerUserId,
    email,
    name,
    teams,
  }));
  expect(byId(read)).toEqual(byId(truth.map(({ id, email, name, teams }) => ({ id, email, name, teams }))));
  expect(reading.teams.map((team) => team.name).sort()).toEqual(harness.vendor.teams());
  expect(planAgain(facts, reading, truth).changes).toEqual([]);
  expect(harness.taken()).toBe(harness.requests().length);
}

/** Plans from the reading to what the vendor's own side shows, as if we had written all of it. */
function planAgain(facts: VendorFacts, reading: ActualState, truth: readonly VendorAgent[]): Plan {
  return calculatePlan(
    planInput({
      capabilities: facts.capabilities,
      limits: facts.definition.limits,
      actual: reading,
      subjects: truth.map(subjectOf),
      links: truth.map(linkOf),
      managed: {
        teams: new Set(reading.teams.map(({ name }) => teamKey(name))),
        numbers: new Set(
          reading.numbers.flatMap(({ number }) =>
            ACCESS_KINDS.filter((kind) => facts.capabilities.numberAccess[kind] === 'api').map((kind) =>
              entitlementKey({ type: 'number', number, kind }),
            ),
          ),
        ),
      },
    }),
  );
}

function subjectOf(person: VendorAgent): SubjectState {
  if (person.isSuspended === true) return leaver(person.id, 'inactive', identityOf(person));
  return wanted(person.id, holdingsOf(person), identityOf(person));
}

function linkOf(person: VendorAgent): Link {
  const known = {
    providerUserId: person.id,
    email: person.email,
    lastWritten: { ...identityOf(person), entitlements: entitlements(holdingsOf(person)) },
  };
  return person.isSuspended === true ? parked(person.id, known) : link(person.id, known);
}

function holdingsOf({ role, teams, numbers = [] }: VendorAgent): Partial<EntitlementSet> {
  return { role, teams, numbers };
}

function identityOf({ email, name }: VendorAgent) {
  const [givenName = '', ...family] = name.split(' ');
  return { email, givenName, familyName: family.join(' ') };
}

/** The injected fault was met by exactly so many requests: a fault test whose fault never fired proves nothing. */
export function expectFaults(harness: ProviderHarness, count: number): void {
  expect(harness.requests().filter((request) => request.isFaulted)).toHaveLength(count);
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => byCodeUnits(a.id, b.id));
}
