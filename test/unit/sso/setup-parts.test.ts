import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeProblems, parseRuleFile } from '../../../src/config/rule-file.js';
import type { Condition, RuleSet } from '../../../src/domain/mapping.js';
import { CONSOLE_ROLES } from '../../../src/sso/console-role.js';
import {
  otherRules,
  ROLES_DOWNWARDS,
  toRoleGroups,
  toRoleRules,
} from '../../../src/sso/setup/role-groups.js';
import {
  assertPlainTeams,
  writeStarterRules,
  type GroupChoice,
} from '../../../src/sso/setup/starter-rules.js';

function read(choices: readonly GroupChoice[]): RuleSet {
  const result = parseRuleFile(writeStarterRules(choices) ?? '', 1);
  if (!result.ok) throw new Error(describeProblems(result.problems, 'starter.yaml').join('\n'));
  return result.ruleSet;
}

function nameIn(when: Condition): string | null {
  return when.type === 'group' && when.group.by === 'name' ? when.group.name : null;
}

function isPlain(team: string): boolean {
  try {
    assertPlainTeams([{ group: 'Sales', role: 'agent', team }]);
    return true;
  } catch {
    return false;
  }
}

describe('rules from the groups that arrived', () => {
  it.each([
    ['Sales', true],
    ['Sales }{ EMEA', true],
    ['{', true],
    ['Sales {EMEA}', false],
    ['{country}', false],
    ['{}', false],
    ['{a {b} c}', false],
  ])('take a team called %j as it is: %s', (team, isTaken) => {
    expect(isPlain(team)).toBe(isTaken);
  });

  it('give each group its role and team, and leave out those that give nothing', () => {
    const { rules } = read([
      { group: 'Sales EMEA', role: 'supervisor', team: 'Sales' },
      { group: 'Guests', role: null, team: null },
      { group: 'IT', role: 'agent', team: null },
    ]);

    expect(rules.map(({ id }) => id)).toEqual(['Sales EMEA', 'IT']);
    expect(rules[0]).toMatchObject({
      when: { type: 'group', group: { by: 'name', name: 'Sales EMEA' } },
      grant: { role: 'supervisor', teams: ['Sales'] },
    });
    expect(rules[1]?.grant.role).toBe('agent');
  });

  it('are none where no group gives anything', () => {
    expect(writeStarterRules([])).toBeNull();
    expect(writeStarterRules([{ group: 'Guests', role: null, team: null }])).toBeNull();
  });

  it('tell groups apart whose names differ in signs or case only, and whose names are nothing but signs', () => {
    const groups = ['R&D', 'R+D', 'r d', '***', '🙂', 'x'.repeat(300), `${'x'.repeat(300)}y`];
    const { rules } = read(groups.map((group) => ({ group, role: 'agent', team: null })));

    expect(new Set(rules.map(({ id }) => id.toLowerCase())).size).toBe(groups.length);
    expect(rules.map(({ when }) => nameIn(when))).toEqual(groups);
  });

  it('are a rule file that can be read, whatever groups and teams are called', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((text) => text.trim() === text);
    const hostile = fc.constantFrom(
      '"',
      "'",
      ': x',
      '#',
      '- a',
      '{x: y}',
      '\\',
      '!!js',
      '&a',
      '*a',
      'null',
      '1',
      '%',
    );
    const named = fc.oneof(name, hostile);
    const choice = fc.record({
      group: named,
      role: fc.constantFrom('agent' as const, 'supervisor' as const, 'admin' as const),
      team: fc.option(named.filter(isPlain), { nil: null }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(choice, { minLength: 1, maxLength: 8, selector: ({ group }) => group }),
        (choices) => {
          expect(
            read(choices).rules.map(({ when, grant }) => ({
              group: nameIn(when),
              role: grant.role,
              team: grant.teams[0] ?? null,
            })),
          ).toEqual(choices);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('console roles as lists of groups', () => {
  const groups = {
    owner: ['IT Admins', 'boss@acme.test'],
    admin: [],
    operator: ['Service Desk'],
    viewer: ['All'],
  };

  it('become rules, the highest role first, addresses by e-mail', () => {
    expect(toRoleRules(groups)).toEqual([
      { attribute: 'groups', value: 'IT Admins', role: 'owner' },
      { attribute: 'email', value: 'boss@acme.test', role: 'owner' },
      { attribute: 'groups', value: 'Service Desk', role: 'operator' },
      { attribute: 'groups', value: 'All', role: 'viewer' },
    ]);
    expect(ROLES_DOWNWARDS).toEqual(CONSOLE_ROLES.toReversed());
  });

  it('come back from rules as they went in, and rules about anything else are kept apart', () => {
    const others = [
      { attribute: 'department', value: 'IT', role: 'admin' as const },
      { attribute: 'groups', value: 'team@acme.test', role: 'viewer' as const },
      { attribute: 'email', value: 'no address', role: 'viewer' as const },
    ];
    const rules = [...toRoleRules(groups), ...others];

    expect(toRoleGroups(rules)).toEqual(groups);
    expect(otherRules(rules)).toEqual(others);
  });
});
