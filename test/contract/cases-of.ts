import { describe, expect, test } from 'vitest';
import type { ContractSubject } from './harness.js';

type Run<Row> = (row: Row) => void | Promise<void>;
/** Vitest's own registration, as far as the suite uses it. */
type Original = (title: string, run: () => void | Promise<void>) => unknown;

interface Register {
  (title: string, run: () => void | Promise<void>): void;
  each<Row>(rows: readonly Row[]): (title: string, run: Run<Row>) => void;
}

/** How cases are written: as with Vitest, except that what is of no concern to the vendor is not there at all. */
export interface Cases {
  readonly test: Register & { runIf(isOffered: boolean): Register };
  readonly describe: Register & { runIf(isOffered: boolean): Register };
}

const titlesOf = new WeakMap<ContractSubject, Set<string>>();

/**
 * The suite's cases for one vendor. A case that the vendor's facts declare inapplicable is left out; so is one that
 * `runIf` leaves out, since a case that is skipped would look like one that nobody got round to.
 */
export function casesOf(subject: ContractSubject): Cases {
  const titles = titlesOf.get(subject) ?? new Set<string>();
  titlesOf.set(subject, titles);
  const isApplicable = (title: string): boolean => {
    titles.add(title);
    return !Object.hasOwn(subject.facts.inapplicable, title);
  };
  return {
    test: register(test, isApplicable),
    describe: register(describe as typeof describe & Pick<typeof test, 'each'>, () => true),
  };
}

/** Every declaration names a case that there is: one that was renamed would come back unseen. */
export function inapplicableCases(subject: ContractSubject): void {
  test('leaves out only cases that there are, each for a reason', () => {
    const declared = Object.entries(subject.facts.inapplicable);
    expect(declared.filter(([title]) => titlesOf.get(subject)?.has(title) !== true)).toEqual([]);
    expect(declared.filter(([, why]) => why.length < 20)).toEqual([]);
  });
}

function register(
  original: Original & Pick<typeof test, 'each'>,
  isApplicable: (title: string) => boolean,
): Cases['test'] {
  const make = (isOffered: boolean): Register =>
    Object.assign(
      (title: string, run: () => void | Promise<void>): void => {
        if (isApplicable(title) && isOffered) original(title, run);
      },
      {
        each:
          <Row>(rows: readonly Row[]) =>
          (title: string, run: Run<Row>): void => {
            if (isApplicable(title) && isOffered && rows.length > 0) original.each(rows)(title, run);
          },
      },
    );
  return Object.assign(make(true), { runIf: make });
}
