import { expect } from 'vitest';
import type { AppError, ErrorKind } from '../../src/domain/errors.js';
import { isAppError } from '../../src/domain/errors.js';
import type { Provider } from '../../src/providers/port.js';
import type { ProviderHarness } from './harness.js';

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
 * The end of every case: what the provider reads is what the vendor has, so a plan from it to what the vendor has is
 * empty; and every request that arrived was paid for.
 */
export async function expectTruth(harness: ProviderHarness, provider: Provider): Promise<void> {
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
  expect(harness.taken()).toBe(harness.requests().length);
}

/** The injected fault was met by exactly so many requests: a fault test whose fault never fired proves nothing. */
export function expectFaults(harness: ProviderHarness, count: number): void {
  expect(harness.requests().filter((request) => request.isFaulted)).toHaveLength(count);
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => Number(a.id) - Number(b.id));
}
