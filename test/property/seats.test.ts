import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FindingClass } from '../../src/domain/findings/finding.js';
import { findSeats, type AgentUse, type SeatInput } from '../../src/domain/findings/seats.js';
import type { Link } from '../../src/domain/state.js';
import { agent, link, NOW } from '../support/domain.js';

const DAY_MS = 86_400_000;
const UNUSED_AFTER_DAYS = 60;
const ago = (days: number): number => NOW - days * DAY_MS;

/** Looked at all the way back. */
function use(lastCallDaysAgo: number | null, searchedDays = UNUSED_AFTER_DAYS): AgentUse {
  const lastCallAt = lastCallDaysAgo === null ? null : ago(lastCallDaysAgo);
  return { lastCallAt, searchedFrom: ago(searchedDays), searchedTo: NOW };
}

function seats(input: Partial<SeatInput>) {
  const found = findSeats({
    agents: [],
    links: [],
    use: new Map(),
    createdAt: new Map(),
    invitationStateReadable: false,
    unusedAfterDays: UNUSED_AFTER_DAYS,
    contracted: null,
    now: NOW,
    ...input,
  });
  return { ...found, keys: found.findings.map(({ key }) => key) };
}

describe('a seat without use', () => {
  const unused = (known: AgentUse | null, createdDaysAgo: number | null = null) =>
    seats({
      agents: [agent('ann')],
      links: [link('ann')],
      use: new Map(known === null ? [] : [['a-ann', known]]),
      createdAt: new Map(createdDaysAgo === null ? [] : [['a-ann', ago(createdDaysAgo)]]),
    });

  it.each([
    ['no call at all', use(null), null, true],
    ['a call before the days', use(61), null, true],
    ['a call on the last of the days', use(60), null, false],
    ['a call yesterday', use(1), null, false],
    ['no call in half of the days, the rest not looked at', use(null, 30), null, false],
    ['no call, as far back as the vendor lists them, which is a few hours less', use(null, 59.5), null, true],
    ['no call, but created within the days', use(null), 59, false],
    ['no call, created before the days', use(null), 61, true],
    ['never looked at', null, null, false],
  ])('%s', (_, known, created, isUnused) => {
    expect(unused(known, created).keys).toEqual(isUnused ? ['unused-seat:a-ann'] : []);
  });

  it('is not counted before everybody was looked at', () => {
    const both = { agents: [agent('ann'), agent('bob')], links: [link('ann'), link('bob')] };
    expect(seats({ ...both, use: new Map([['a-ann', use(null)]]) })).toMatchObject({
      keys: ['unused-seat:a-ann'],
      counts: { unused: null },
    });
    const all = new Map([['a-ann', use(null)], ['a-bob', use(3)]]); // prettier-ignore
    expect(seats({ ...both, use: all }).counts.unused).toBe(1);
    expect(seats({ ...both, use: null })).toMatchObject({
      keys: [],
      counts: { unused: null, neverAccepted: null, noCallSinceInvited: null },
    });
  });
});

describe('people who never accepted', () => {
  it('are counted as the vendor says, where it says so', () => {
    const agents = [agent('ann', { status: 'pending' }), agent('bob')];
    expect(seats({ agents, invitationStateReadable: true, use: null }).counts).toMatchObject({
      neverAccepted: 1,
      noCallSinceInvited: null,
    });
  });

  it('are else not known: those whom we created are told as without a call since, and no more', () => {
    const people = ['ann', 'bob', 'cem', 'dag'];
    const known = new Map([
      ['a-ann', use(null)],
      ['a-bob', use(2)],
      // Not looked at as far back as they exist.
      ['a-cem', use(null, 5)],
      ['a-dag', use(null)],
    ]);
    const { counts } = seats({
      agents: people.map((person) => agent(person)),
      links: people.map((person) => link(person)),
      use: known,
      createdAt: new Map(['ann', 'bob', 'cem'].map((person) => [`a-${person}`, ago(20)])),
    });
    expect(counts).toMatchObject({ neverAccepted: null, noCallSinceInvited: 1 });
  });
});

it('more seats than the contract has are one finding, and just as many are none', () => {
  const agents = ['ann', 'bob', 'cem'].map((person) => agent(person));
  expect(seats({ agents, contracted: 3 }).keys).toEqual([]);
  const [over] = seats({ agents, contracted: 1 }).findings;
  expect(over).toMatchObject({
    key: 'seats-over-plan:account',
    evidence: { expected: 'at most 1', found: '3' },
    words: { title: '2 seats more than the plan has' },
  });
  expect(seats({ agents, contracted: 2 }).findings[0]?.words.title).toBe('One seat more than the plan has');
});

const LINK_STATES = ['active', 'parked', 'deleting', 'deleted', null] as const;
const person = fc.record({
  state: fc.constantFrom(...LINK_STATES),
  lastCallDaysAgo: fc.option(fc.integer({ min: 0, max: 120 })),
  isLookedAt: fc.boolean(),
});

/** What a model without any cleverness says of one agent. */
function expectedClass({
  state,
  lastCallDaysAgo,
  isLookedAt,
}: typeof person extends fc.Arbitrary<infer One> ? One : never): FindingClass | null {
  if (state === 'parked' || state === 'deleting') return 'parked-seat';
  if (!isLookedAt) return null;
  return lastCallDaysAgo === null || lastCallDaysAgo > UNUSED_AFTER_DAYS ? 'unused-seat' : null;
}

it('every agent is in at most one finding, with the right class, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 30 }), fc.option(fc.nat(30)), (people, contracted) => {
      const agents = people.map((_, index) => agent(`p${index}`));
      const links = people.flatMap(({ state }, index): readonly Link[] =>
        state === null ? [] : [link(`p${index}`, { state, parkedAt: state === 'active' ? null : NOW })],
      );
      const known = new Map(
        people.flatMap(({ isLookedAt, lastCallDaysAgo }, index) =>
          isLookedAt ? [[`a-p${index}`, use(lastCallDaysAgo)] as const] : [],
        ),
      );
      const found = seats({ agents, links, use: known, contracted });
      const expected = people.flatMap((one, index) => {
        const kind = expectedClass(one);
        return kind === null ? [] : [`${kind}:a-p${index}`];
      });
      const over = contracted !== null && people.length > contracted ? ['seats-over-plan:account'] : [];
      expect(found.keys.toSorted()).toEqual([...expected, ...over].toSorted());
      expect(found.counts).toMatchObject({
        held: people.length,
        parked: expected.filter((key) => key.startsWith('parked')).length,
        unmanaged: people.filter(({ state }) => state === null || state === 'deleted').length,
      });
      const again = seats({ agents: agents.toReversed(), links: links.toReversed(), use: known, contracted });
      expect(again.findings).toEqual(found.findings);
    }),
    { numRuns: 200 },
  );
});
