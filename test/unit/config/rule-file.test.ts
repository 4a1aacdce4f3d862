import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeProblems, parseRuleFile, renderRuleFile } from '../../../src/config/rule-file.js';
import { ruleFileJsonSchema } from '../../../src/config/rules/json-schema.js';
import type { RuleSet } from '../../../src/domain/mapping.js';
import { arbitraryRules } from '../../support/arbitrary-rules.js';
import { inGroup, rule, ruleSet } from '../../support/domain.js';

function parsed(text: string): RuleSet {
  const result = parseRuleFile(text, 7);
  if (!result.ok) throw new Error(describeProblems(result.problems, 'rules.yaml').join('\n'));
  return result.ruleSet;
}

function problemsOf(text: string): readonly string[] {
  const result = parseRuleFile(text, 7);
  return result.ok ? [] : describeProblems(result.problems, 'rules.yaml');
}

/** A file with one rule, of which `body` is the part after its id. */
function ruleWith(body: string): string {
  return `version: 1\nrules:\n  - id: r\n${body.replaceAll(/^/gm, '    ')}\n`;
}

const GRANT = 'grant: {role: admin}';
const WHEN = 'when: {group: Sales}';

/** Says everything that a rule file can say. */
const FULL = `
version: 1
defaults: {role: supervisor}
owners: [boss@example.com]
rules:
  - id: sales
    accounts: [Aircall]
    when:
      all:
        - group: Sales
        - any: [{groupId: g1}, {groupExternalId: e1}]
        - not: {attribute: userType, equals: Intern}
        - {attribute: Country, in: [FR, DE]}
        - {attribute: title, startsWith: Head}
        - {attribute: costCenter, contains: "42"}
        - {attribute: 'urn:example:2.0:User:desk', present: true}
    grant:
      role: admin
      teams: [Sales, 'Sales {country}']
      numbers: [{number: "+33 1 76-11 (11).11", access: call_flow, viaTeam: Ring}]
    deny:
      account: true
      roles: [supervisor]
      teams: [VIP]
      numbers: [{number: "+33176111112", access: outbound}, {number: "+33176111113"}]
`;

describe('a rule file', () => {
  it('is read into a rule set', () => {
    expect(parsed(FULL)).toEqual(
      ruleSet(
        [
          rule('sales', {
            accounts: ['Aircall'],
            when: {
              type: 'all',
              conditions: [
                inGroup('Sales'),
                {
                  type: 'any',
                  conditions: [
                    { type: 'group', group: { by: 'id', id: 'g1' } },
                    { type: 'group', group: { by: 'externalId', externalId: 'e1' } },
                  ],
                },
                {
                  type: 'not',
                  condition: { type: 'attribute', path: 'usertype', test: { op: 'equals', value: 'Intern' } },
                },
                { type: 'attribute', path: 'addresses.country', test: { op: 'in', values: ['FR', 'DE'] } },
                { type: 'attribute', path: 'title', test: { op: 'startsWith', value: 'Head' } },
                { type: 'attribute', path: 'costcenter', test: { op: 'contains', value: '42' } },
                { type: 'attribute', path: 'urn:example:2.0:user:desk', test: { op: 'present' } },
              ],
            },
            grant: {
              role: 'admin',
              teams: ['Sales', 'Sales {country}'],
              numbers: [{ number: '+33176111111', kind: 'call_flow', viaTeam: 'Ring' }],
            },
            deny: {
              account: true,
              roles: ['supervisor'],
              teams: ['VIP'],
              numbers: [
                { number: '+33176111112', kind: 'outbound' },
                { number: '+33176111113', kind: null },
              ],
            },
          }),
        ],
        { version: 7, defaultRole: 'supervisor', owners: ['boss@example.com'] },
      ),
    );
  });

  it('needs no more than a version and rules', () => {
    expect(parsed('version: 1\nrules: []')).toEqual(ruleSet([], { version: 7 }));
  });

  it('is written and read back the same', () => {
    fc.assert(
      fc.property(arbitraryRules, (rules) => {
        const allowed = rules.rules
          .map((one) => ({
            ...one,
            deny: { ...one.deny, roles: one.deny.roles.filter((role) => role !== 'agent') },
            grant: {
              ...one.grant,
              numbers: one.grant.numbers.map((grant) =>
                grant.kind === 'outbound' ? { ...grant, viaTeam: null } : grant,
              ),
            },
          }))
          .filter(
            ({ grant, deny }) =>
              grant.role !== null ||
              grant.teams.length + grant.numbers.length + deny.roles.length + deny.teams.length > 0 ||
              deny.account,
          );
        const set = { ...rules, version: 7, rules: allowed };

        expect(parsed(renderRuleFile(set))).toEqual(set);
      }),
      { numRuns: 300 },
    );
  });

  it('is written and read back the same with everything that a rule can say', () => {
    const everything = parsed(readFileSync('config/rules.example.yaml', 'utf8'));
    const odd = ruleSet(
      [
        rule('odd', {
          when: { type: 'attribute', path: 'title', test: { op: 'equals', value: '007: #yes' } },
          grant: { teams: ['- dash', '"quoted"', 'null'] },
        }),
      ],
      { version: 7, owners: ['a: b'] },
    );

    for (const set of [everything, odd, parsed(FULL)]) expect(parsed(renderRuleFile(set))).toEqual(set);
  });
});

describe('the example for admins', () => {
  it('is valid, without hints', () => {
    const result = parseRuleFile(readFileSync('config/rules.example.yaml', 'utf8'), 1);

    expect(result).toMatchObject({ ok: true, hints: [] });
  });

  it('points editors to the JSON Schema, which is the one of this version', () => {
    expect(readFileSync('config/rules.example.yaml', 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\/rules\.schema\.json\n/,
    );
    expect(readFileSync('config/rules.schema.json', 'utf8'), 'run: npm run schema').toBe(
      ruleFileJsonSchema(),
    );
  });
});

describe('a broken rule file', () => {
  it('has all its problems named at once, each with line, rule and remedy', () => {
    const text = `version: 2
defalts: {role: agent}
rules:
  - id: sales
    when: {gruop: Sales}
    grant: {role: supervizor}
  - id: SALES
    when: {attribute: departmnt, equals: Sales}
    grant: {teams: ['In {contry}']}
`;

    expect(problemsOf(text)).toEqual([
      'rules.yaml:1: version: must be 1, the version of this file format.',
      'rules.yaml:2: unknown key "defalts". Did you mean defaults? Known here: version, defaults, owners, rules.',
      expect.stringMatching(/^rules.yaml:5: rule "sales": when: unknown key "gruop". Did you mean group\?/),
      'rules.yaml:6: rule "sales": grant > role: must be one of agent, supervisor, admin. Did you mean supervisor?',
      'rules.yaml:7: rule "SALES": id: the rule on line 4 is called "SALES" as well: give one of them another id.',
      'rules.yaml:8: rule "SALES": when > attribute: there is no attribute "departmnt". Did you mean department?',
      'rules.yaml:9: rule "SALES": grant > teams > item 1: the team name holds {contry}, and there is no attribute "contry". Did you mean country?',
    ]);
  });

  it.each([
    ['', /1: The file is empty. Begin with "version: 1"/],
    ['# only a comment', /1: The file is empty/],
    ['version: 1\nrules: [', /2: This is not valid YAML: /],
    ['version: 1\nversion: 1\nrules: []', /2: This is not valid YAML: Map keys must be unique/],
    [
      'version: 1\nrules: []\n---\nversion: 1',
      /3: This is not valid YAML: Source contains multiple documents/,
    ],
    ['just text', /1: must be a block of settings/],
    ['version: 1\nrules: none', /2: rules: must be a list/],
    ['version: 1', /1: rules: is missing: add it/],
    ['version: 1\nrules:\n  - just text', /3: must be a block of settings/],
    ['version: 1\nowners: &a [x]\nrules: *a', /3: \*a is an alias, which rules cannot use: write it out/],
    ['a: &a\n  b: *a', /2: \*a is an alias/],
    [ruleWith(GRANT), /3: rule "r": when: is missing: add it/],
    [ruleWith(WHEN), /3: rule "r": the rule neither grants nor denies anything/],
    [ruleWith(`${WHEN}\ngrant: {}\ndeny: {}`), /the rule neither grants nor denies anything/],
    [ruleWith(`when: {}\n${GRANT}`), /4: rule "r": when: a condition names exactly one of group, groupId/],
    [ruleWith(`when: {group: A, groupId: b}\n${GRANT}`), /a condition names exactly one of/],
    [ruleWith(`when: {attribute: title}\n${GRANT}`), /attribute goes together with exactly one of equals/],
    [ruleWith(`when: {group: A, equals: b}\n${GRANT}`), /attribute goes together with exactly one of/],
    [ruleWith(`when: {all: []}\n${GRANT}`), /must list at least one condition/],
    [
      ruleWith(`when: {attribute: costCenter, equals: 0042}\n${GRANT}`),
      /equals: is read as a number: put it in quotes/,
    ],
    [ruleWith(`when: {attribute: costCenter, equals: [a]}\n${GRANT}`), /equals: must be a text/],
    [
      ruleWith(`when: {attribute: costCenter, present: false}\n${GRANT}`),
      /present: can only be true; use not:/,
    ],
    [ruleWith(`when: {group: ' '}\n${GRANT}`), /group: must not be empty/],
    [
      ruleWith(`when: {attribute: zzzzzzzz, present: true}\n${GRANT}`),
      /there is no attribute "zzzzzzzz". Write one of username, .* full urn/,
    ],
    [
      ruleWith(`${WHEN}\ngrant: {numbers: [{number: +33176111111, access: assigned}]}`),
      /number: is read as a number: put it in quotes/,
    ],
    [
      ruleWith(`${WHEN}\ngrant: {numbers: [{number: "0176111111", access: assigned}]}`),
      /number: is not an international phone number/,
    ],
    [ruleWith(`${WHEN}\ngrant: {numbers: [{number: "+33176111111"}]}`), /access: is missing: add it/],
    [
      ruleWith(`${WHEN}\ngrant: {numbers: [{number: "+33176111111", access: outbound, viaTeam: T}]}`),
      /viaTeam: a team makes people receive calls/,
    ],
    [ruleWith(`${WHEN}\ngrant: {teams: []}`), /teams: must list at least one team/],
    [ruleWith(`${WHEN}\ngrant: {teams: Sales}`), /teams: must be a list/],
    [
      ruleWith(`${WHEN}\ndeny: {roles: [agent]}`),
      /agent is the least role; to keep people out write account: true/,
    ],
    [ruleWith(`${WHEN}\ndeny: {account: false}`), /account: can only be true/],
    [ruleWith(`${WHEN}\naccounts: []\n${GRANT}`), /accounts: must list at least one account/],
    [`version: 1\nrules:\n  - ${WHEN}\n    ${GRANT}`, /3: id: is missing: add it/],
    [`version: 1\nrules:\n  - id: "!"\n    ${WHEN}\n    ${GRANT}`, /3: rule "!": id: must be a short name/],
    [
      `version: 1\nrules:\n  - id: 5\n    ${WHEN}\n    ${GRANT}`,
      /3: id: is read as a number: put it in quotes/,
    ],
    [
      `version: 1\nrules:\n  - id: a\n    __proto__: {}\n    ${WHEN}\n    ${GRANT}`,
      /unknown key "__proto__"/,
    ],
  ])('says what is wrong: %j', (text, expected) => {
    const problems = problemsOf(text);

    expect(problems.join('\n')).toMatch(expected);
    expect(problems.every((problem) => /^rules\.yaml:\d+: /.test(problem))).toBe(true);
    expect(problems.filter((problem) => !/[.?]$|YAML/.test(problem))).toEqual([]);
  });

  it('is refused before it can do harm, being too long or nested too deep', () => {
    expect(problemsOf('#'.repeat(1_000_001))[0]).toContain('longer than 1000000 characters');
    for (const nested of [
      '- '.repeat(20_000),
      '['.repeat(20_000),
      '{a: '.repeat(5_000),
      `a:\n  ${'- '.repeat(100)}`,
    ]) {
      expect(problemsOf(`version: 1\n${nested}`).join()).toMatch(/rules\.yaml:\d: This is nested too deep/);
    }
  });

  it('never ends in anything but an answer', () => {
    const pieces = fc.constantFrom(
      'rules:',
      '- ',
      '\n',
      '  ',
      'when:',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      ':',
      '&a',
      '*a',
      '!!binary',
      '|',
      '>',
      '?',
      'id',
      '#',
      '---',
      '\t',
      '+33',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const result = parseRuleFile(parts.join(''), 1);
        expect(result.ok || result.problems.length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('hints', () => {
  const hintsOf = (text: string) => {
    const result = parseRuleFile(text, 1);
    return result.ok ? result.hints : problemsOf(text);
  };

  it('warn of outbound-only people in teams that ring', () => {
    const outbound = '{number: "+33176111111", access: outbound}';
    const viaTeam = '{number: "+33176111112", access: call_flow, viaTeam: Ring}';

    expect(hintsOf(ruleWith(`${WHEN}\ngrant: {teams: [T], numbers: [${outbound}]}`))).toMatchObject([
      { line: 3, ruleId: 'r', message: expect.stringContaining('receive calls') },
    ]);
    expect(hintsOf(ruleWith(`${WHEN}\ngrant: {numbers: [${outbound}, ${viaTeam}]}`))).toHaveLength(1);
    expect(hintsOf(ruleWith(`${WHEN}\ngrant: {numbers: [${outbound}]}`))).toEqual([]);
    expect(hintsOf(ruleWith(`${WHEN}\ngrant: {teams: [T]}`))).toEqual([]);
  });

  it('warn of rules that deny what they grant', () => {
    expect(hintsOf(ruleWith(`${WHEN}\ngrant: {teams: [Sales]}\ndeny: {teams: [SALES]}`))).toHaveLength(1);
    expect(hintsOf(ruleWith(`${WHEN}\ngrant: {role: admin}\ndeny: {roles: [admin]}`))).toHaveLength(1);
    expect(hintsOf(ruleWith(`${WHEN}\ngrant: {role: admin}\ndeny: {account: true}`))).toHaveLength(1);
    expect(
      hintsOf(
        ruleWith(
          `${WHEN}\ngrant: {numbers: [{number: "+33176111111", access: assigned}]}\ndeny: {account: true}`,
        ),
      ),
    ).toHaveLength(1);
    expect(hintsOf(ruleWith(`${WHEN}\ndeny: {account: true}`))).toEqual([]);
    expect(hintsOf(ruleWith(`${WHEN}\ngrant: {role: admin}\ndeny: {teams: [T]}`))).toEqual([]);
  });
});
