import { describe, expect, it } from 'vitest';
import { renderDiff } from '../../../src/app/commands/rules-diff.js';
import { diffRules, isEmptyDiff } from '../../../src/domain/rules/diff.js';
import { inGroup, rule, ruleSet } from '../../support/domain.js';

const sales = rule('sales', { grant: { teams: ['Sales'] } });

describe('the difference of two rule sets', () => {
  it('is empty for the same rules in another order', () => {
    const other = rule('other', { grant: { role: 'admin' } });

    const diff = diffRules(ruleSet([sales, other]), ruleSet([other, sales]));
    expect(isEmptyDiff(diff)).toBe(true);
    expect(renderDiff(diff)).toBe('Both say the same.');
  });

  it('is empty where only the keys of an object stand in another order', () => {
    const turned = { ...sales, grant: { numbers: [], teams: ['Sales'], role: null } };

    expect(isEmptyDiff(diffRules(ruleSet([sales]), ruleSet([turned])))).toBe(true);
  });

  it('names rules that came, went and changed, by id', () => {
    const before = ruleSet([sales, rule('old', { grant: { role: 'admin' } })]);
    const changed = rule('sales', { when: inGroup('Sellers'), grant: { teams: ['Sales', 'Field'] } });
    const after = ruleSet([changed, rule('new', { grant: { role: 'supervisor' } })]);

    const diff = diffRules(before, after);
    expect(diff.rules.map(({ id, change }) => `${change} ${id}`)).toEqual([
      'added new',
      'removed old',
      'changed sales',
    ]);
    expect(diff.rules.at(-1)).toMatchObject({ parts: ['when', 'grant'] });
    const text = renderDiff(diff);
    expect(text).toContain('~ rule "sales": when, grant');
    expect(text).toContain('- when group: Staff');
    expect(text).toContain('+ when group: Sellers');
    expect(text).toContain('+ grant teams - Field');
    expect(text).not.toContain('teams - Sales');
  });

  it('tells the default role and the owners', () => {
    const diff = diffRules(
      ruleSet([sales], { owners: ['a@example.com'] }),
      ruleSet([sales], { owners: ['b@example.com'], defaultRole: 'supervisor' }),
    );

    expect(renderDiff(diff)).toBe(
      'default role: agent -> supervisor\n+ owner b@example.com\n- owner a@example.com',
    );
  });
});
