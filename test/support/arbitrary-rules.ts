import fc from 'fast-check';
import { ACCESS_KINDS, ROLES } from '../../src/domain/entitlement.js';
import type { Condition, MappingRule, RuleSet } from '../../src/domain/mapping.js';
import { rule, ruleSet } from './domain.js';

export const GROUP_NAMES = ['G0', 'G1', 'G2', 'G3'] as const;
export const TEAMS = ['T0', 'T1', 't1', 'T2', 'T {department}'] as const;
export const NUMBERS = ['+33100000001', '+33100000002'] as const;
export const DEPARTMENTS = ['Sales', 'Support'] as const;

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...GROUP_NAMES, ...GROUP_NAMES, 'Missing').map((name) => groupNamed(name)),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...DEPARTMENTS)
      .map((value): Condition => ({ type: 'attribute', path: 'department', test: { op: 'equals', value } })),
  },
);

const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 6, arbitrary: leaf },
  {
    weight: 1,
    arbitrary: fc
      .array(leaf, { minLength: 1, maxLength: 3 })
      .map((conditions): Condition => ({ type: 'all', conditions })),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(leaf, { minLength: 1, maxLength: 3 })
      .map((conditions): Condition => ({ type: 'any', conditions })),
  },
  { weight: 1, arbitrary: leaf.map((inner): Condition => ({ type: 'not', condition: inner })) },
);

const numberGrant = fc.record({
  number: fc.constantFrom(...NUMBERS),
  kind: fc.constantFrom(...ACCESS_KINDS),
  viaTeam: fc.constantFrom(null, 'T0', 'Ring'),
});

const ruleParts = fc.record({
  when: condition,
  grant: fc.record({
    role: fc.constantFrom(null, null, ...ROLES),
    teams: fc.uniqueArray(fc.constantFrom(...TEAMS), { maxLength: 3 }),
    numbers: fc.array(numberGrant, { maxLength: 1 }),
  }),
  deny: fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.record({ teams: fc.uniqueArray(fc.constantFrom(...TEAMS), { maxLength: 2 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ roles: fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 2 }) }),
    },
    { weight: 1, arbitrary: fc.record({ account: fc.boolean() }) },
  ),
});

/** Small rule sets over few groups, so that rules meet, contradict each other and name a group nobody has. */
export const arbitraryRules: fc.Arbitrary<RuleSet> = fc
  .record({
    defaultRole: fc.constantFrom(...ROLES),
    parts: fc.array(ruleParts, { minLength: 1, maxLength: 5 }),
  })
  .map(({ defaultRole, parts }) =>
    ruleSet(
      parts.map((part, position): MappingRule => rule(`r${position}`, part)),
      { defaultRole },
    ),
  );

function groupNamed(name: string): Condition {
  return { type: 'group', group: { by: 'name', name } };
}
