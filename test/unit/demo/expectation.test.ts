import { describe, expect, it } from 'vitest';
import { GROUPS, PEOPLE } from '../../../src/demo/cast.js';
import { beginExpectation, compare, expectedHolding } from '../../../src/demo/expectation.js';

describe('the cast', () => {
  it('is sixty different people and eight groups in three dialects', () => {
    expect(new Set(PEOPLE.map((person) => person.email)).size).toBe(60);
    expect(GROUPS).toHaveLength(8);
    expect(new Set(PEOPLE.map((person) => person.dialect))).toEqual(
      new Set(['okta-aiw', 'okta-oin', 'entra']),
    );
    for (const { email } of PEOPLE) expect(email).toMatch(/^[a-z]+\.[a-z]+@demo\.example$/);
  });
});

describe('compare', () => {
  const holdingsOf = (expectation: ReturnType<typeof beginExpectation>) =>
    PEOPLE.map((person) => expectedHolding(expectation, person));

  it('finds nothing when the vendor shows what is expected', () => {
    const expectation = beginExpectation();
    expect(compare(expectation, [{ system: 'aircall', holdings: holdingsOf(expectation) }])).toEqual([]);
  });

  it('finds a missing agent, a doubled agent, a wrong role, a team too many and a leaver who kept a team', () => {
    const expectation = beginExpectation();
    const holdings = holdingsOf(expectation);
    const [first, second, third, fourth, leaver] = holdings;
    const wrong = [
      second!, second!, { ...third!, role: 'admin' }, { ...fourth!, teams: [...fourth!.teams, 'Support FR'] }, leaver!,
      ...holdings.slice(5),
    ]; // prettier-ignore
    expectation.left.add(PEOPLE[4]!.key);
    const views = [{ system: 'aircall', holdings: wrong }];
    const emails = compare(expectation, views).map((mismatch) => mismatch.email);
    expect(emails).toEqual([first, second, third, fourth, leaver].map((holding) => holding?.email));
  });

  it('wants every system to show everybody, and a leaver suspended where there is a suspend', () => {
    const expectation = beginExpectation();
    expectation.left.add(PEOPLE[0]!.key);
    const holdings = holdingsOf(expectation);
    const without = holdings.map(({ isSuspended: _isSuspended, ...rest }) => rest);
    const active = holdings.map((holding) => ({ ...holding, isSuspended: false }));

    expect(compare(expectation, [{ system: 'aircall', holdings: without }])).toEqual([]);
    expect(compare(expectation, [{ system: 'smartflo', holdings }])).toEqual([]);
    expect(compare(expectation, [{ system: 'smartflo', holdings: active }])).toMatchObject([
      { system: 'smartflo', email: PEOPLE[0]!.email },
    ]);
    expect(compare(expectation, [{ system: 'smartflo', holdings: [] }])).toHaveLength(60);
  });
});
