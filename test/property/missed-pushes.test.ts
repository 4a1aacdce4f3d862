import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectoryUser } from '../../src/domain/directory.js';
import type { IdpPerson } from '../../src/domain/findings/directory-view.js';
import { findMissedPushes, type MissedPushInput } from '../../src/domain/findings/missed-pushes.js';
import { group, user } from '../support/domain.js';

const PEOPLE = 40;
const GROUPS = ['sales', 'support', 'night'] as const;
/** More than a few differences of one kind would be told as one: a mapping, or a group that was never pushed. */
const HAPPENINGS_MAX = 9;

/** One person on both sides. */
interface Side {
  there: IdpPerson;
  here: DirectoryUser;
  /** Whether the provider's list shows them, and what a look at them alone says. */
  isListed: boolean;
  isKnownThere: boolean;
  memberOf: Set<string>;
}

function inStep(number: number): Side {
  const id = `p${number}`;
  const memberOf = new Set([`g-${GROUPS[number % GROUPS.length]}`]);
  return {
    there: {
      id: `idp-${id}`,
      userName: `${id}@example.com`,
      email: `${id}@example.com`,
      givenName: `Given${id}`,
      familyName: 'Family',
      isActive: true,
      status: 'ACTIVE',
      attributes: { title: 'Clerk' },
    },
    here: user(id, {
      externalId: `idp-${id}`,
      attributes: { title: ['Clerk'] },
      groupIds: [...memberOf],
    }),
    isListed: true,
    isKnownThere: true,
    memberOf,
  };
}

/** What can happen at the identity provider without a push, and what is to be found of it. */
const HAPPENINGS: Readonly<Record<string, (side: Side) => readonly string[]>> = {
  'is deactivated': (side) => {
    side.there = { ...side.there, isActive: false, status: 'DEPROVISIONED' };
    return [`idp-deactivated:${side.here.id}`];
  },
  'is deactivated and taken off the list': (side) => {
    side.there = { ...side.there, isActive: false, status: 'SUSPENDED' };
    side.isListed = false;
    return [`idp-deactivated:${side.here.id}`];
  },
  'is no longer assigned': (side) => {
    side.isListed = false;
    return [`idp-extra-here:${side.here.id}`];
  },
  'is not known any more': (side) => {
    side.isListed = false;
    side.isKnownThere = false;
    return [`idp-extra-here:${side.here.id}`];
  },
  'was never pushed': (side) => {
    side.here = { ...side.here, status: 'deleted', userName: '', email: null, externalId: null };
    return [`idp-missing-here:${side.there.id}`];
  },
  'is back, and inactive here': (side) => {
    side.here = { ...side.here, status: 'inactive' };
    return [`idp-missing-here:${side.there.id}`];
  },
  'is renamed': (side) => {
    side.there = { ...side.there, familyName: 'Married' };
    return [`idp-attribute:${side.here.id}:family name`];
  },
  'gets another title': (side) => {
    side.there = { ...side.there, attributes: { title: 'Boss' } };
    return [`idp-attribute:${side.here.id}:title`];
  },
  'joins a group': (side) => {
    const joined = GROUPS.map((name) => `g-${name}`).find((id) => !side.memberOf.has(id)) ?? '';
    side.memberOf.add(joined);
    return [`idp-membership:${joined}:${side.here.id}`];
  },
  'leaves a group': (side) => {
    const [left = ''] = side.memberOf;
    side.memberOf.delete(left);
    return [`idp-membership:${left}:${side.here.id}`];
  },
};

const scenario = fc.uniqueArray(
  fc.record({
    person: fc.nat(PEOPLE - 1),
    what: fc.constantFrom(...Object.keys(HAPPENINGS)),
  }),
  { maxLength: HAPPENINGS_MAX, selector: ({ person }) => person },
);

function find(sides: readonly Side[], order: 'as-read' | 'reversed' = 'as-read'): readonly string[] {
  const inOrder = order === 'as-read' ? sides : sides.toReversed();
  const input: MissedPushInput = {
    reading: {
      readAt: 0,
      people: inOrder.filter(({ isListed }) => isListed).map(({ there }) => there),
      groups: GROUPS.map((name) => ({
        id: `idp-g-${name}`,
        name,
        memberIds: inOrder.filter(({ memberOf }) => memberOf.has(`g-${name}`)).map(({ there }) => there.id),
      })),
    },
    users: inOrder.map(({ here }) => here),
    groups: GROUPS.map((name) => group(`g-${name}`, name, `idp-g-${name}`)),
    lookedUp: new Map(
      inOrder
        .filter(({ isListed }) => !isListed)
        .map(({ there, isKnownThere }) => [there.id, isKnownThere ? there : null]),
    ),
    options: { providerName: 'Okta', attributes: ['title'], isOnlySource: true },
  };
  return findMissedPushes(input).map(({ key }) => key);
}

function play(happenings: readonly { readonly person: number; readonly what: string }[]) {
  const sides = Array.from({ length: PEOPLE }, (_, number) => inStep(number));
  const expected = happenings.flatMap(({ person, what }) => HAPPENINGS[what]?.(sides[person]!) ?? []);
  return { sides, expected };
}

/** The pushes that were missing, at last; and whoever is not provisioned any more is deactivated here by hand. */
function pushed({ there, here, isListed, memberOf, ...side }: Side): Side {
  const status = there.isActive && isListed ? 'active' : 'inactive';
  return {
    ...side,
    there,
    isListed,
    memberOf,
    here: {
      ...here,
      status,
      externalId: there.id,
      userName: there.userName ?? '',
      email: there.email,
      givenName: there.givenName ?? '',
      familyName: there.familyName ?? '',
      attributes: { title: [there.attributes['title'] ?? ''] },
      groupIds: [...memberOf],
    },
  };
}

describe('missed pushes', () => {
  it.each(Object.keys(HAPPENINGS))('are told once of somebody who %s', (what) => {
    const { sides, expected } = play([{ person: 7, what }]);
    expect(expected).toHaveLength(1);
    expect(find(sides)).toEqual(expected);
  });

  it('are each told once with their class, nothing else is, and none once the pushes came', () => {
    fc.assert(
      fc.property(scenario, (happenings) => {
        const { sides, expected } = play(happenings);
        expect(find(sides).toSorted()).toEqual(expected.toSorted());
        expect(find(sides, 'reversed')).toEqual(find(sides));
        expect(find(sides.map(pushed))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
