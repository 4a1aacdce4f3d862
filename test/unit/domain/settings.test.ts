import { describe, expect, test } from 'vitest';
import { collectByHand } from '../../../src/domain/by-hand.js';
import { linkAfter } from '../../../src/domain/link-after.js';
import type { Capabilities } from '../../../src/domain/capabilities.js';
import { leaveFindings } from '../../../src/domain/findings/leave.js';
import type { Change, Plan } from '../../../src/domain/plan.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import { checkRulesAgainst } from '../../../src/domain/rules/check.js';
import { compileRules } from '../../../src/domain/rules/compile.js';
import { deriveSubjects } from '../../../src/domain/rules/subjects.js';
import { settingProblem, settingValue, type SettingDeclaration } from '../../../src/domain/settings.js';
import type { ActualAgent, ByHand } from '../../../src/domain/state.js';
import { smartflo } from '../../../src/providers/smartflo/definition.js';
import { group, inGroup, link, planInput, rule, ruleSet, snapshot, user } from '../../support/domain.js';

const DECLARED: readonly SettingDeclaration[] = [
  { name: 'designation', label: 'Designation', write: 'api', value: { type: 'text' } },
  { name: 'number', label: 'Number', write: 'api', value: { type: 'phone' } },
  { name: 'timeGroup', label: 'Time Group', write: 'create', value: { type: 'id' } },
  { name: 'twoFactor', label: 'Two Factor', write: 'manual', value: { type: 'flag' } },
];
const capabilities: Capabilities = {
  ...smartflo.capabilities,
  initialPassword: false,
  settings: DECLARED,
};

function derive(...rules: Parameters<typeof ruleSet>[0]) {
  const compiled = compileRules(ruleSet(rules), { name: 'acc' }, [group('g-sales', 'Sales')]);
  const person = user('ann', { groupIds: ['g-sales'], attributes: { title: ['Lead'] } });
  return deriveSubjects(compiled, snapshot([person])).subjects;
}

const sets = (settings: Readonly<Record<string, string>>, id = 'sales') =>
  rule(id, { when: inGroup('Sales'), grant: { teams: [], settings } });

const changesFor = (...about: Parameters<typeof planFor>): readonly Change[] => planFor(...about).changes;

function planFor(
  settings: Readonly<Record<string, string>>,
  agent: Partial<ActualAgent> | null,
  lastSettings?: Readonly<Record<string, string>>,
  byHand?: ByHand,
): Plan {
  const subjects = derive(sets(settings));
  const [subject] = subjects;
  if (subject?.type !== 'wanted') throw new Error('the person is not wanted');
  const email = subject.email ?? '';
  const { givenName, familyName } = subject;
  const entitlements = { role: 'agent', owner: false, teams: [], numbers: [] } as const;
  const lastWritten = {
    email,
    givenName,
    familyName,
    entitlements,
    ...(lastSettings && { settings: lastSettings }),
  };
  const present: ActualAgent = {
    providerUserId: 'v1',
    email,
    name: `${givenName} ${familyName}`,
    status: 'active',
    role: 'agent',
    owner: null,
    teams: [],
    numbers: [],
    ...agent,
  };
  const input = planInput({ capabilities, subjects });
  return calculatePlan({
    ...input,
    actual: { ...input.actual, agents: agent === null ? [] : [present] },
    links:
      agent === null
        ? []
        : [
            link(subject.subjectId, {
              providerUserId: 'v1',
              email,
              lastWritten,
              ...(byHand && { facts: { byHand, invitation: null, graceDays: null, roleSuspectedAt: null } }),
            }),
          ],
  });
}

describe('a setting that somebody changed at the vendor', () => {
  const wanted = { designation: 'Lead', number: '9876543210' };

  test('is drift, told by what was written and what is shown', () => {
    const { drift } = planFor(wanted, { settings: { designation: 'Boss', number: '+919876543210' } }, wanted);

    expect(drift).toMatchObject([
      { code: 'setting', expected: 'Lead', found: 'Boss', setting: { name: 'designation' } },
    ]);
  });

  test('is none where rules want it by now, where it is not shown, and where we never wrote it', () => {
    const shown = { settings: { designation: 'Boss' } };

    expect(planFor({ designation: 'Boss' }, shown, wanted).drift).toEqual([]);
    expect(planFor(wanted, {}, wanted).drift).toEqual([]);
    expect(planFor(wanted, shown).drift).toEqual([]);
  });

  test('stays as it is where it is only to be reported, and what else is written stays', () => {
    const plan = planFor({ ...wanted, number: '9000000000' }, { settings: { designation: 'Boss' } }, wanted);
    const left = leaveFindings(plan, { policyOf: () => 'report', decisionOf: () => null });

    expect(plan.changes).toMatchObject([
      { after: { settings: { designation: 'Lead', number: '9000000000' } } },
    ]);
    expect(left.changes.map((change) => (change.action === 'update' ? change.after : null))).toEqual([
      { settings: { number: '9000000000' } },
    ]);
  });
});

describe('settings of rules', () => {
  test('a person gets the first rule that sets one, with their own attributes filled in', () => {
    const [subject] = derive(
      sets({ designation: '{title}' }),
      sets({ designation: 'Other', number: '9876543210' }, 'second'),
    );

    expect(subject).toMatchObject({
      type: 'wanted',
      derived: { settings: { designation: 'Lead', number: '9876543210' } },
    });
  });

  test('a new agent is made with them; what only people can set is a task', () => {
    const changes = changesFor({ designation: 'Lead', timeGroup: '7', twoFactor: 'true' }, null);

    expect(changes).toMatchObject([
      { action: 'create', settings: { designation: 'Lead', timeGroup: '7' } },
      { action: 'manual', task: { kind: 'change-setting', setting: 'twoFactor', value: 'true' } },
    ]);
  });

  test('of an agent that is there only what differs is written, and what no update takes is a task', () => {
    const shown = { designation: 'Old', number: '+919876543210', timeGroup: '1' };

    const changes = changesFor(
      { designation: 'Lead', number: '9876543210', timeGroup: '7' },
      { settings: shown },
    );

    expect(changes).toMatchObject([
      {
        action: 'update',
        before: { settings: { designation: 'Old' } },
        after: { settings: { designation: 'Lead' } },
      },
      { action: 'manual', task: { setting: 'timeGroup', value: '7' } },
    ]);
  });

  test('what a reading does not show is compared with what was written last', () => {
    expect(changesFor({ designation: 'Lead' }, {}, { designation: 'Lead' })).toEqual([]);
    expect(changesFor({ designation: 'Lead' }, {}, { designation: 'Old' })).toMatchObject([
      { after: { settings: { designation: 'Lead' } } },
    ]);
  });

  test('what a person said to have set is not asked for again, until another value is wanted', () => {
    const byHand = collectByHand([
      { task: { kind: 'change-setting', setting: 'twoFactor', label: 'Two Factor', value: 'false' }, at: 1 },
      { task: { kind: 'change-setting', setting: 'twoFactor', label: 'Two Factor', value: 'true' }, at: 2 },
    ]);

    expect(changesFor({ twoFactor: 'true' }, {}, {}, byHand)).toEqual([]);
    expect(changesFor({ twoFactor: 'false' }, {}, {}, byHand)).toMatchObject([
      { action: 'manual', task: { setting: 'twoFactor', value: 'false' } },
    ]);
  });

  test('what was written is remembered beside what was written before', () => {
    const [change] = changesFor({ designation: 'Lead' }, {}, { number: '9876543210' });
    const before = link('s', {
      lastWritten: {
        email: 'a@example.com',
        givenName: 'A',
        familyName: 'B',
        entitlements: { role: 'agent', owner: false, teams: [], numbers: [] },
        settings: { number: '9876543210' },
      },
    });

    expect(linkAfter(before, change!, 1).lastWritten?.settings).toEqual({
      number: '9876543210',
      designation: 'Lead',
    });
  });

  test('a value that does not fit changes nothing', () => {
    expect(changesFor({ timeGroup: 'Nights' }, {})).toEqual([]);
  });

  test('a rule says when it is saved what cannot be set, or only by hand', () => {
    const target = { account: { name: 'acc' }, capabilities, limits: smartflo.limits };
    const rules = [sets({ telex: 'x', timeGroup: 'Nights', twoFactor: 'true', designation: '{title}' })];

    const said = checkRulesAgainst(ruleSet(rules), target).map(({ code, message }) => [code, message]);

    expect(said).toEqual([
      ['capability', expect.stringContaining('sets "telex", which this vendor does not have')],
      ['invalid-setting', expect.stringContaining('timeGroup to "Nights", which must be')],
      ['capability', expect.stringContaining('sets twoFactor, which is a task')],
    ]);
  });

  test.each([
    [{ type: 'flag' }, 'TRUE', 'true'],
    [{ type: 'phone' }, '+91 98765 43210', '9876543210'],
    [{ type: 'list' }, ' B ,A,, B', 'A, B'],
    [{ type: 'text' }, ' two  words ', 'two words'],
  ] as const)('%j makes one spelling of "%s"', (value, text, spelling) => {
    expect(settingValue(text, value)).toBe(spelling);
    expect(settingProblem(text, value)).toBeNull();
  });

  test.each([
    [{ type: 'flag' }, 'yes'],
    [{ type: 'phone' }, '12345'],
    [{ type: 'id' }, 'x7'],
    [{ type: 'choice', choices: ['all', 'own'] }, 'some'],
  ] as const)('%j refuses "%s"', (value, text) => {
    expect(settingProblem(text, value)).toMatch(/^must be/);
  });
});
