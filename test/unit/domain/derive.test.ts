import { describe, expect, it } from 'vitest';
import type { DirectoryGroup, DirectoryUser } from '../../../src/domain/directory.js';
import type { Condition, DerivedEntitlements, RuleSet } from '../../../src/domain/mapping.js';
import { compileRules } from '../../../src/domain/rules/compile.js';
import { type Derivation, deriveEntitlements } from '../../../src/domain/rules/derive.js';
import { group, inGroup, rule, ruleSet, user } from '../../support/domain.js';

const STAFF = group('g-staff', 'Staff', 'ext-staff');
const LEADS = group('g-leads', 'Leads');
const ana = user('ana', { groupIds: [STAFF.id] });

function derive(
  rules: RuleSet,
  person: DirectoryUser = ana,
  groups: readonly DirectoryGroup[] = [STAFF, LEADS],
): Derivation {
  return deriveEntitlements(compileRules(rules, { name: 'Aircall' }, groups), person);
}

function granted(
  rules: RuleSet,
  person: DirectoryUser = ana,
  groups?: readonly DirectoryGroup[],
): DerivedEntitlements {
  const derivation = derive(rules, person, groups);
  if (derivation.type !== 'granted') throw new Error(`${derivation.type} instead of granted`);
  return derivation.derived;
}

function teamsOf(condition: Condition, person: DirectoryUser = ana): readonly string[] | string {
  const derivation = derive(ruleSet([rule('r', { when: condition, grant: { teams: ['T'] } })]), person);
  return derivation.type === 'granted' ? derivation.derived.entitlements.teams : derivation.type;
}

describe('which rules apply', () => {
  it('finds groups by name without regard to case and blanks, by id and by external id', () => {
    expect(teamsOf(inGroup(' sTAFF '))).toEqual(['T']);
    expect(teamsOf({ type: 'group', group: { by: 'id', id: 'g-staff' } })).toEqual(['T']);
    expect(teamsOf({ type: 'group', group: { by: 'externalId', externalId: 'ext-staff' } })).toEqual(['T']);
    expect(teamsOf(inGroup('Leads'))).toBe('none');
  });

  it.each([
    [{ op: 'equals', value: ' sales' }, ['T']],
    [{ op: 'equals', value: 'sale' }, 'none'],
    [{ op: 'in', values: ['HR', 'SALES'] }, ['T']],
    [{ op: 'in', values: ['HR'] }, 'none'],
    [{ op: 'startsWith', value: 'SA' }, ['T']],
    [{ op: 'startsWith', value: 'ales' }, 'none'],
    [{ op: 'contains', value: 'ALE' }, ['T']],
    [{ op: 'contains', value: 'x' }, 'none'],
    [{ op: 'present' }, ['T']],
  ] as const)('tests an attribute by %j', (test, expected) => {
    const person = user('ana', { attributes: { department: ['Field', 'Sales '] } });

    expect(teamsOf({ type: 'attribute', path: 'department', test }, person)).toEqual(expected);
  });

  it('knows user name, display name, external id and e-mail as attributes, and counts an empty value as none', () => {
    const person = user('ana', { externalId: 'E1', displayName: 'Ana B', attributes: { title: [' '] } });
    const isPresent = (path: string) => teamsOf({ type: 'attribute', path, test: { op: 'present' } }, person);

    expect(['username', 'displayname', 'externalid', 'emails.value'].map(isPresent)).toEqual([
      ['T'],
      ['T'],
      ['T'],
      ['T'],
    ]);
    expect(['title', 'department', 'constructor'].map(isPresent)).toEqual(['none', 'none', 'none']);
    const bare = user('bare', { email: null });
    expect(teamsOf({ type: 'attribute', path: 'externalid', test: { op: 'present' } }, bare)).toBe('none');
    expect(teamsOf({ type: 'attribute', path: 'emails.value', test: { op: 'present' } }, bare)).toBe('none');
  });

  it('joins conditions by all, any and not', () => {
    const staff = inGroup('Staff');
    const leads = inGroup('Leads');

    expect(teamsOf({ type: 'all', conditions: [staff, leads] })).toBe('none');
    expect(teamsOf({ type: 'all', conditions: [staff, { type: 'not', condition: leads }] })).toEqual(['T']);
    expect(teamsOf({ type: 'any', conditions: [leads, staff] })).toEqual(['T']);
    expect(teamsOf({ type: 'any', conditions: [leads] })).toBe('none');
    expect(teamsOf({ type: 'any', conditions: [leads, { type: 'not', condition: staff }] })).toBe('none');
    expect(teamsOf({ type: 'not', condition: staff })).toBe('none');
    expect(teamsOf({ type: 'any', conditions: [] })).toBe('none');
    expect(teamsOf({ type: 'all', conditions: [] })).toEqual(['T']);
  });

  it('heeds only rules that speak of the account, whose name compares without case', () => {
    const rules = ruleSet([
      rule('here', { accounts: ['AIRCALL '], grant: { teams: ['Here'] } }),
      rule('there', { accounts: ['Other'], grant: { teams: ['There'] } }),
    ]);

    expect(granted(rules).entitlements.teams).toEqual(['Here']);
  });

  it('says which rule matched by what', () => {
    const rules = ruleSet([
      rule('one', { grant: { teams: ['A'] } }),
      rule('two', {
        when: { type: 'all', conditions: [inGroup('Staff'), { type: 'not', condition: inGroup('Leads') }] },
        grant: { teams: ['a'], role: 'supervisor' },
      }),
    ]);

    expect(granted(rules).reasons).toEqual([
      {
        entitlement: { type: 'role', role: 'supervisor' },
        reasons: [{ ruleId: 'two', because: 'group "Staff" and not group "Leads"' }],
      },
      {
        entitlement: { type: 'team', team: 'A' },
        reasons: [
          { ruleId: 'one', because: 'group "Staff"' },
          { ruleId: 'two', because: 'group "Staff" and not group "Leads"' },
        ],
      },
    ]);
  });
});

describe('what matching rules add up to', () => {
  it('takes the highest role, and adds up teams and numbers without doubles', () => {
    const number = { number: '+331', kind: 'assigned', viaTeam: null } as const;
    const rules = ruleSet([
      rule('1', { grant: { role: 'supervisor', teams: ['B', 'A'], numbers: [number] } }),
      rule('2', {
        grant: { role: 'admin', teams: ['a', 'C'], numbers: [{ ...number, kind: 'outbound' }, number] },
      }),
      rule('3', { grant: { role: 'agent' } }),
    ]);

    expect(granted(rules).entitlements).toEqual({
      role: 'admin',
      owner: false,
      teams: ['A', 'B', 'C'],
      numbers: [
        { number: '+331', kind: 'assigned' },
        { number: '+331', kind: 'outbound' },
      ],
    });
  });

  it('gives the default role to people to whom a rule grants something but no role', () => {
    const derived = granted(ruleSet([rule('r', { grant: { teams: ['T'] } })], { defaultRole: 'supervisor' }));

    expect(derived).toMatchObject({ entitlements: { role: 'supervisor' }, roleIsDefault: true });
    expect(derived.reasons[0]).toMatchObject({ reasons: [{ ruleId: 'defaults' }] });
  });

  it('grants no agent by a rule that only denies', () => {
    expect(derive(ruleSet([rule('r', { deny: { teams: ['T'] } })]))).toEqual({ type: 'none' });
  });

  it('gives the owner overlay only to people on the list, by user name or e-mail, and only along with a grant', () => {
    const rules = ruleSet([rule('r', { grant: { teams: ['T'] } })], { owners: ['ANA@example.com', 'boss'] });

    expect(granted(rules).entitlements.owner).toBe(true);
    expect(granted(rules).reasons.at(1)).toMatchObject({ reasons: [{ ruleId: 'owners' }] });
    expect(
      granted(rules, user('x', { userName: 'Boss', email: null, groupIds: [STAFF.id] })).entitlements.owner,
    ).toBe(true);
    expect(granted(rules, user('bob', { groupIds: [STAFF.id] })).entitlements.owner).toBe(false);
    expect(derive(rules, user('ana'))).toEqual({ type: 'none' });
  });
});

describe('denials', () => {
  const grantAll = rule('grant', {
    grant: {
      role: 'admin',
      teams: ['A', 'B'],
      numbers: [
        { number: '+331', kind: 'assigned', viaTeam: 'A' },
        { number: '+331', kind: 'outbound', viaTeam: null },
        { number: '+332', kind: 'assigned', viaTeam: 'B' },
      ],
    },
  });

  it('win over grants of teams and numbers, of one kind or of all', () => {
    const one = granted(
      ruleSet([
        grantAll,
        rule('deny', { deny: { teams: ['a '], numbers: [{ number: '+331', kind: 'outbound' }] } }),
      ]),
    );
    const all = granted(
      ruleSet([grantAll, rule('deny', { deny: { numbers: [{ number: '+331', kind: null }] } })]),
    );

    expect(one.entitlements.teams).toEqual(['B']);
    expect(one.entitlements.numbers).toEqual([
      { number: '+331', kind: 'assigned' },
      { number: '+332', kind: 'assigned' },
    ]);
    expect(one.viaTeam).toEqual({ 'number:assigned:+332': 'B' });
    expect(all.entitlements.numbers).toEqual([{ number: '+332', kind: 'assigned' }]);
  });

  it('of a role leave the next lower one that is granted, or the default', () => {
    const supervisor = rule('s', { grant: { role: 'supervisor' } });
    const denyAdmin = rule('deny', { deny: { roles: ['admin'] } });

    expect(granted(ruleSet([grantAll, supervisor, denyAdmin])).entitlements.role).toBe('supervisor');
    expect(granted(ruleSet([grantAll, denyAdmin])).entitlements.role).toBe('agent');
  });

  it('never raise anybody, not even to a default above what was granted', () => {
    const agentOnly = rule('a', { grant: { role: 'agent' } });
    const denyAgent = rule('deny', { deny: { roles: ['agent'] } });

    expect(derive(ruleSet([agentOnly, denyAgent], { defaultRole: 'admin' }))).toMatchObject({
      type: 'denied',
    });
    expect(
      granted(
        ruleSet([grantAll, rule('d', { deny: { roles: ['admin', 'agent'] } })], { defaultRole: 'admin' }),
      ).entitlements.role,
    ).toBe('supervisor');
  });

  it('of the account keep the person out, whatever else is granted', () => {
    const derivation = derive(ruleSet([grantAll, rule('out', { deny: { account: true } })]));

    expect(derivation).toEqual({ type: 'denied', because: { ruleId: 'out', because: 'group "Staff"' } });
  });

  it('of every role amount to a denial of the account', () => {
    const derivation = derive(
      ruleSet([grantAll, rule('no', { deny: { roles: ['agent', 'supervisor', 'admin'] } })]),
    );

    expect(derivation.type).toBe('denied');
  });
});

describe('team templates', () => {
  const rules = ruleSet([rule('r', { grant: { teams: ['Sales {Country} {department}', 'All'] } })]);
  const inStaff = (attributes: DirectoryUser['attributes']) =>
    user('ana', { groupIds: [STAFF.id], attributes });

  it('take the person’s values, one team for each of several', () => {
    const person = inStaff({ 'addresses.country': ['FR'], department: ['EU  West', 'EU East'] });

    expect(granted(rules, person).entitlements.teams).toEqual([
      'All',
      'Sales FR EU East',
      'Sales FR EU West',
    ]);
  });

  it('yield no team and a notice where the person lacks a value', () => {
    const derivation = derive(rules, inStaff({ department: ['EU'] }));

    expect(derivation).toMatchObject({
      type: 'granted',
      derived: { entitlements: { teams: ['All'] } },
      notices: [{ code: 'missing-attribute', subjectId: 'ana' }],
    });
    expect(JSON.stringify(derivation)).toContain('Country');
  });

  it('work for the team through which a number rings, and in denials', () => {
    const number = { number: '+331', kind: 'call_flow', viaTeam: 'Ring {department}' } as const;
    const person = inStaff({ department: ['EU'] });
    const derived = granted(
      ruleSet([
        rule('r', {
          grant: { numbers: [number], teams: ['Team EU'] },
          deny: { teams: ['Team {department}'] },
        }),
      ]),
      person,
    );

    expect(derived.viaTeam).toEqual({ 'number:call_flow:+331': 'Ring EU' });
    expect(derived.entitlements.teams).toEqual([]);
    expect(granted(ruleSet([rule('r', { grant: { numbers: [number] } })])).viaTeam).toEqual({});
  });
});

describe('groups that cannot be resolved', () => {
  const renamed = group('g-sales', 'Sales EMEA');
  const inRenamed = user('ana', { groupIds: [renamed.id] });
  const salesRule = rule('sales', {
    when: inGroup('Sales'),
    grant: {
      role: 'supervisor',
      teams: ['Sales'],
      numbers: [{ number: '+331', kind: 'call_flow', viaTeam: 'Ring' }],
    },
  });

  it('leave it open whether people in a group that no rule names are concerned', () => {
    expect(derive(ruleSet([salesRule]), inRenamed, [renamed])).toMatchObject({
      type: 'uncertain',
      because: { ruleId: 'sales' },
    });
  });

  it('concern nobody whose groups are all named by rules', () => {
    const rules = ruleSet([salesRule, rule('staff', { deny: { roles: ['admin'] } })]);

    expect(derive(rules, ana, [STAFF, renamed])).toEqual({ type: 'none' });
    expect(derive(rules, user('bob'), [STAFF, renamed])).toEqual({ type: 'none' });
  });

  it('put what they would grant aside: neither granted nor to be taken', () => {
    const both = user('ana', { groupIds: [renamed.id, STAFF.id] });
    const derived = granted(ruleSet([salesRule, rule('staff', { grant: { teams: ['All'] } })]), both, [
      STAFF,
      renamed,
    ]);

    expect(derived.entitlements).toMatchObject({ role: 'agent', teams: ['All'], numbers: [] });
    expect(derived.uncertain).toEqual({
      role: 'supervisor',
      owner: false,
      teams: ['Ring', 'Sales'],
      numbers: [{ number: '+331', kind: 'call_flow' }],
    });
  });

  it('put what they would deny aside as well', () => {
    const both = user('ana', { groupIds: [renamed.id, STAFF.id] });
    const rules = ruleSet([
      rule('staff', { grant: { role: 'admin', teams: ['All', 'Sales'] } }),
      rule('not-sales', { when: inGroup('Sales'), deny: { teams: ['Sales'], roles: ['admin'] } }),
    ]);
    const derived = granted(rules, both, [STAFF, renamed]);

    expect(derived.entitlements).toMatchObject({ role: 'agent', teams: ['All'] });
    expect(derived.uncertain).toMatchObject({ role: 'admin', teams: ['Sales'] });
  });

  it('let nothing be decided about somebody who might be denied the account or every role', () => {
    const both = user('ana', { groupIds: [renamed.id, STAFF.id] });
    const staff = rule('staff', { grant: { teams: ['All'] } });
    const outs = [{ account: true }, { roles: ['agent', 'supervisor', 'admin'] as const }];

    for (const deny of outs) {
      const rules = ruleSet([staff, rule('out', { when: inGroup('Sales'), deny })]);
      expect(derive(rules, both, [STAFF, renamed]).type).toBe('uncertain');
      expect(derive(rules, ana, [STAFF, renamed]).type).toBe('granted');
    }
  });

  it('stay open through all, any and not', () => {
    const unknown = inGroup('Sales');
    const both = user('ana', { groupIds: [renamed.id, STAFF.id] });
    const truthOf = (when: Condition) =>
      derive(ruleSet([rule('r', { when, grant: { teams: ['T'] } })]), both, [STAFF, renamed]).type;

    expect(truthOf({ type: 'not', condition: unknown })).toBe('uncertain');
    expect(truthOf({ type: 'all', conditions: [inGroup('Staff'), unknown] })).toBe('uncertain');
    expect(
      truthOf({ type: 'all', conditions: [{ type: 'not', condition: inGroup('Staff') }, unknown] }),
    ).toBe('none');
    expect(truthOf({ type: 'any', conditions: [unknown, inGroup('Staff')] })).toBe('granted');
    expect(
      truthOf({ type: 'any', conditions: [unknown, { type: 'not', condition: inGroup('Staff') }] }),
    ).toBe('uncertain');
  });

  it('of one name are settled where the person is in all or none of them', () => {
    const twins = [group('g1', 'Sales'), group('g2', 'SALES')];
    const typeFor = (...groupIds: string[]) =>
      derive(ruleSet([salesRule]), user('ana', { groupIds }), twins).type;

    expect(typeFor()).toBe('none');
    expect(typeFor('g1')).toBe('uncertain');
    expect(typeFor('g1', 'g2')).toBe('granted');
  });
});
