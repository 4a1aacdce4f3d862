import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../src/domain/rules/compile.js';
import { managedNames } from '../../../src/domain/rules/managed.js';
import { deriveSubjects } from '../../../src/domain/rules/subjects.js';
import { group, inGroup, rule, ruleSet, snapshot, user } from '../../support/domain.js';

const STAFF = group('g-staff', 'Staff');
const RULES = ruleSet([rule('staff', { grant: { teams: ['T'] } })]);

function subjectsOf(users: Parameters<typeof snapshot>[0], rules = RULES, groups = [STAFF]) {
  return deriveSubjects(compileRules(rules, { name: 'A' }, groups), snapshot(users, groups));
}

describe('the subjects of a snapshot', () => {
  it('are wanted where a rule grants something, and leavers by a fact otherwise', () => {
    const member = { groupIds: [STAFF.id] };
    const { subjects } = subjectsOf([
      user('wanted', member),
      user('inactive', { ...member, status: 'inactive' }),
      user('deleted', { ...member, status: 'deleted' }),
      user('unmapped'),
    ]);

    expect(subjects.map((one) => [one.subjectId, one.type === 'leaver' ? one.fact : one.type])).toEqual([
      ['wanted', 'wanted'],
      ['inactive', 'inactive'],
      ['deleted', 'deleted'],
      ['unmapped', 'unmapped'],
    ]);
  });

  it('are leavers where a rule denies them the account', () => {
    const rules = ruleSet([...RULES.rules, rule('out', { deny: { account: true } })]);

    expect(subjectsOf([user('ana', { groupIds: [STAFF.id] })], rules).subjects).toMatchObject([
      { type: 'leaver', fact: 'unmapped' },
    ]);
  });

  it('hold nobody who is not in the snapshot', () => {
    expect(subjectsOf([]).subjects).toEqual([]);
  });

  it('hold nobody of whom the rules cannot tell, with a notice saying so', () => {
    const groups = [group('g-new', 'Staff renamed')];
    const { subjects, notices } = subjectsOf([user('ana', { groupIds: ['g-new'] })], RULES, groups);

    expect(subjects).toEqual([]);
    expect(notices.map(({ code, subjectId }) => [code, subjectId])).toEqual([
      ['unknown-group', null],
      ['unknown-group', 'ana'],
    ]);
  });

  it('still count as leavers when inactive, whatever the rules cannot tell', () => {
    const groups = [group('g-new', 'Staff renamed')];

    expect(
      subjectsOf([user('ana', { groupIds: ['g-new'], status: 'inactive' })], RULES, groups).subjects,
    ).toMatchObject([{ type: 'leaver', fact: 'inactive' }]);
  });

  it('come with a notice for groups that exist twice or not at all, wherever a condition names them', () => {
    const hidden = rule('hidden', {
      when: {
        type: 'any',
        conditions: [
          { type: 'not', condition: inGroup('Gone') },
          { type: 'attribute', path: 'title', test: { op: 'present' } },
        ],
      },
      grant: { teams: ['T'] },
    });
    const byId = rule('by-id', {
      when: { type: 'group', group: { by: 'id', id: 'nope' } },
      grant: { teams: ['T'] },
    });
    const byExternalId = rule('by-ext', {
      when: { type: 'group', group: { by: 'externalId', externalId: 'nope' } },
      grant: { teams: ['T'] },
    });
    const { notices } = subjectsOf([], ruleSet([...RULES.rules, hidden, byId, byExternalId]), [
      STAFF,
      group('g2', 'staff'),
    ]);

    expect(notices.map(({ code }) => code)).toEqual([
      'ambiguous-group',
      'unknown-group',
      'unknown-group',
      'unknown-group',
    ]);
    expect(notices[0]?.message).toContain('groupId');
  });

  it('get their missing names from the display name', () => {
    const nameOf = (givenName: string, familyName: string, displayName: string) => {
      const [subject] = subjectsOf([user('x', { givenName, familyName, displayName })]).subjects;
      return [subject?.givenName, subject?.familyName];
    };

    expect(nameOf(' Ana ', 'de  Souza', 'ignored')).toEqual(['Ana', 'de Souza']);
    expect(nameOf('', '', 'Ana Maria Souza')).toEqual(['Ana Maria', 'Souza']);
    expect(nameOf('Ana', '', 'Ana Souza')).toEqual(['Ana', 'Souza']);
    expect(nameOf('', 'Souza', 'Ana Souza')).toEqual(['Ana', 'Souza']);
    expect(nameOf('', '', 'Cher')).toEqual(['Cher', '']);
    expect(nameOf('', '', '')).toEqual(['', '']);
  });
});

describe('managed names', () => {
  it('are the teams and numbers that rules of the account grant or deny by name', () => {
    const rules = ruleSet([
      rule('grant', {
        grant: {
          teams: ['Sales', 'In {country}'],
          numbers: [{ number: '+331', kind: 'assigned', viaTeam: 'Ring' }],
        },
      }),
      rule('deny', {
        deny: {
          teams: ['VIP '],
          numbers: [
            { number: '+332', kind: null },
            { number: '+333', kind: 'outbound' },
          ],
        },
      }),
      rule('elsewhere', { accounts: ['Other'], grant: { teams: ['Other'] } }),
    ]);
    const { teams, numbers } = managedNames(compileRules(rules, { name: 'A' }, []));

    expect([...teams].toSorted()).toEqual(['ring', 'sales', 'vip']);
    expect([...numbers].toSorted()).toEqual([
      'number:assigned:+331',
      'number:assigned:+332',
      'number:call_flow:+332',
      'number:outbound:+332',
      'number:outbound:+333',
    ]);
  });
});
