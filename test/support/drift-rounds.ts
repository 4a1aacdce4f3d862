import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/domain/capabilities.js';
import { kindsOf, type DriftCompany } from './drift-company.js';
import type { Injection } from './drift-injections.js';

export interface DriftRounds {
  /** What this vendor can be tested with at all. */
  readonly injections: readonly Injection[];
  readonly capabilities: Capabilities;
  readonly rounds: readonly (readonly Injection[])[];
  /** Opened before the tests run. */
  readonly company: () => DriftCompany;
  /** What puts it right, for the test's name. */
  readonly goneAfter: string;
}

/** Rounds of drift at one vendor, made by its own side: each found once with its class, nothing else, then gone. */
export function describeDriftRounds(
  title: string,
  { injections, capabilities, rounds, company, goneAfter }: DriftRounds,
): void {
  describe(title, () => {
    it('is of every kind that this vendor shows', () => {
      const able = injections.filter(({ needs }) => needs?.(capabilities) !== false);

      expect(kindsOf(rounds.flat())).toEqual(kindsOf(able));
    });

    it.each(rounds.map((round) => [round.length, round] as const))(
      `is found exactly once each, all %i of it, and is gone after ${goneAfter}`,
      async (_, round) => {
        const { before, found, expected, left } = await company().play(round);

        expect(before).toEqual([]);
        expect(found).toEqual(expected);
        expect(left).toEqual([]);
      },
    );
  });
}
