import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectoryUser } from '../../src/domain/directory.js';
import {
  type EntitlementSet,
  ROLES,
  type Role,
  entitlementKey,
  teamKey,
} from '../../src/domain/entitlement.js';
import type { Condition, MappingRule, RuleSet } from '../../src/domain/mapping.js';
import { compileRules } from '../../src/domain/rules/compile.js';
import { deriveEntitlements } from '../../src/domain/rules/derive.js';
import { DEPARTMENTS, GROUP_NAMES, arbitraryRules } from '../support/arbitrary-rules.js';
import { group, user } from '../support/domain.js';

// A busy machine must not turn many runs into a failure.
const GROUPS = [...GROUP_NAMES, 'Missing'].map((name) => group(`id-${name}`, name));

const arbitraryUser = fc
  .record({
    groupIds: fc.subarray(GROUPS.map(({ id }) => id)),
    department: fc.subarray([...DEPARTMENTS]),
  })
  .map(({ groupIds, department }) => user('u', { groupIds, attributes: { department } }));

describe('deriving entitlements', () => {
  it('agrees with asking every rule in turn', () => {
    fc.assert(
      fc.property(arbitraryRules, arbitraryUser, (rules, person) => {
        const derivation = deriveEntitlements(compileRules(rules, { name: 'A' }, GROUPS), person);
        const expected = interpret(rules, person);

        expect(derivation.type === 'granted' ? shown(derivation.derived.entitlements) : null).toEqual(
          expected,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('does not depend on the order of rules, groups and memberships', () => {
    fc.assert(
      fc.property(arbitraryRules, arbitraryUser, (rules, person) => {
        const forwards = deriveEntitlements(compileRules(rules, { name: 'A' }, GROUPS), person);
        const backwards = deriveEntitlements(
          compileRules({ ...rules, rules: rules.rules.toReversed() }, { name: 'A' }, GROUPS.toReversed()),
          { ...person, groupIds: person.groupIds.toReversed() },
        );

        expect(keysOf(backwards)).toEqual(keysOf(forwards));
      }),
    );
  });
});

function keysOf(derivation: ReturnType<typeof deriveEntitlements>): unknown {
  if (derivation.type !== 'granted') return derivation.type;
  const { role, owner, teams, numbers } = derivation.derived.entitlements;
  return { role, owner, teams: teams.map(teamKey), numbers };
}

function shown({ role, teams, numbers }: EntitlementSet): unknown {
  const keys = numbers.map((access) => entitlementKey({ type: 'number', ...access }));
  return { role, teams: teams.map(teamKey), numbers: keys };
}

interface Interpreted {
  readonly role: Role;
  readonly teams: readonly string[];
  readonly numbers: readonly string[];
}

/** The plain meaning of the rules: every rule asked, everything added up, denials taken away. null: no agent. */
function interpret({ rules, defaultRole }: RuleSet, person: DirectoryUser): Interpreted | null {
  const applying = rules.filter(({ when }) => holds(when, person));
  if (applying.some(({ deny }) => deny.account)) return null;
  if (!applying.some(({ grant }) => grant.role !== null || grant.teams.length + grant.numbers.length > 0))
    return null;
  const role = interpretRole(applying, defaultRole);
  if (role === null) return null;
  const teams = new Set(applying.flatMap(({ grant }) => grant.teams.flatMap((team) => named(team, person))));
  for (const { deny } of applying)
    for (const team of deny.teams) for (const name of named(team, person)) teams.delete(name);
  const numbers = new Set(
    applying.flatMap(({ grant }) => grant.numbers.map(({ number, kind }) => `number:${kind}:${number}`)),
  );
  return { role, teams: [...teams].toSorted(), numbers: [...numbers].toSorted() };
}

function interpretRole(applying: readonly MappingRule[], defaultRole: Role): Role | null {
  const denied = new Set(applying.flatMap(({ deny }) => deny.roles));
  const granted = applying.flatMap(({ grant }) => (grant.role === null ? [] : [grant.role]));
  const power = (role: Role) => ROLES.indexOf(role);
  const open = ROLES.filter((role) => !denied.has(role));
  const best = open.findLast((role) => granted.includes(role));
  const limit = Math.min(power(defaultRole), granted.length === 0 ? 2 : Math.max(...granted.map(power)));
  return best ?? open.findLast((role) => power(role) <= limit) ?? null;
}

function named(team: string, { attributes }: DirectoryUser): readonly string[] {
  if (!team.includes('{department}')) return [teamKey(team)];
  return (attributes['department'] ?? []).map((value) => teamKey(team.replace('{department}', value)));
}

function holds(condition: Condition, person: DirectoryUser): boolean {
  switch (condition.type) {
    case 'group':
      return condition.group.by === 'name' && person.groupIds.includes(`id-${condition.group.name}`);
    case 'attribute':
      return (
        condition.test.op === 'equals' &&
        (person.attributes[condition.path] ?? []).includes(condition.test.value)
      );
    case 'all':
      return condition.conditions.every((part) => holds(part, person));
    case 'any':
      return condition.conditions.some((part) => holds(part, person));
    case 'not':
      return !holds(condition.condition, person);
  }
}
