import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/domain/capabilities.js';
import type { Grant } from '../../../src/domain/mapping.js';
import { checkRulesAgainst, unknownAccounts } from '../../../src/domain/rules/check.js';
import { AIRCALL, CAPABLE, LIMITS, MANUAL, rule, ruleSet } from '../../support/domain.js';

function check(grant: Partial<Grant>, capabilities: Capabilities = AIRCALL, owners: readonly string[] = []) {
  const rules = ruleSet([rule('r', { grant })], { owners });
  const notices = checkRulesAgainst(rules, { account: { name: 'Main' }, capabilities, limits: LIMITS });
  return notices.map(({ code, message }) => `${code}: ${message}`);
}

const NUMBER = { number: '+331', kind: 'assigned', viaTeam: null } as const;

describe('what a vendor cannot hold', () => {
  it('is nothing where it can do everything', () => {
    expect(check({ role: 'admin', teams: ['T'], numbers: [NUMBER] }, CAPABLE, ['boss'])).toEqual([]);
  });

  it('is said of owners, roles and teams that have to be made by hand', () => {
    expect(check({ role: 'admin', teams: ['T'] }, MANUAL, ['boss'])).toEqual([
      expect.stringContaining('Owners cannot be appointed'),
      expect.stringContaining('Rule "r" grants a role'),
      expect.stringContaining('names team "T", which has to exist'),
    ]);
  });

  it('is said of team names that it would refuse, a placeholder not counted', () => {
    expect(
      check({
        teams: ['🚀', 'x'.repeat(65), `${'x'.repeat(63)}{department}`],
        numbers: [{ ...NUMBER, viaTeam: '🎉' }],
      }),
    ).toEqual([
      expect.stringMatching(/^invalid-name: .*"🚀", which holds an emoji/),
      expect.stringMatching(/^invalid-name: .* is longer than 64/),
      expect.stringMatching(/^invalid-name: .*"🎉"/),
    ]);
  });

  it('is said of numbers, by what the vendor allows', () => {
    expect(check({ numbers: [NUMBER] })).toEqual([expect.stringContaining('through a team only')]);
    expect(check({ numbers: [{ ...NUMBER, viaTeam: 'T' }] })).toEqual([]);
    expect(check({ numbers: [{ ...NUMBER, kind: 'outbound' }] })).toEqual([
      expect.stringContaining('does not have'),
    ]);
    expect(check({ numbers: [NUMBER] }, MANUAL)).toEqual([expect.stringContaining('becomes a task')]);
    expect(check({ numbers: [{ ...NUMBER, viaTeam: 'T' }] }, CAPABLE)).toEqual([
      expect.stringContaining('not needed'),
    ]);
  });

  it('is said of outbound-only people in teams, where teams ring', () => {
    const trap = { teams: ['T'], numbers: [{ ...NUMBER, kind: 'outbound' } as const] };

    expect(check(trap, { ...AIRCALL, numberAccess: { ...AIRCALL.numberAccess, outbound: 'api' } })).toEqual([
      expect.stringMatching(/^outbound-trap: /),
    ]);
    expect(check(trap, CAPABLE)).toEqual([]);
  });

  it('is refused for outbound-only people in a team that a rule makes ring', () => {
    const able = { ...AIRCALL, numberAccess: { ...AIRCALL.numberAccess, outbound: 'api' } } as const;
    const outbound = { number: NUMBER.number, kind: 'outbound', viaTeam: null } as const;
    const ringing = { number: '+33100000009', kind: 'assigned', viaTeam: 'Ring' } as const;
    const rules = ruleSet([
      rule('a', { grant: { teams: ['ring'], numbers: [outbound] } }),
      rule('b', { grant: { numbers: [ringing] } }),
      rule('c', { grant: { numbers: [outbound, ringing] } }),
    ]);
    const target = { account: { name: 'Main' }, limits: LIMITS };

    const refused = checkRulesAgainst(rules, { ...target, capabilities: able });
    expect(refused.map(({ code }) => code)).toEqual(['outbound-refused', 'outbound-refused']);
    expect(refused[0]?.message).toContain('Rule "a"');
    expect(
      checkRulesAgainst(rules, { ...target, capabilities: CAPABLE }).map(({ code }) => code),
    ).not.toContain('outbound-refused');
  });

  it('is not said of rules for other accounts', () => {
    const rules = ruleSet([rule('r', { accounts: ['Other'], grant: { role: 'admin' } })]);

    expect(
      checkRulesAgainst(rules, { account: { name: 'Main' }, capabilities: MANUAL, limits: LIMITS }),
    ).toEqual([]);
  });
});

describe('account names in rules', () => {
  it('that no account has are said', () => {
    const rules = ruleSet([rule('a', { accounts: ['main ', 'Mian'] }), rule('b', {})]);

    expect(unknownAccounts(rules, ['Main'])).toMatchObject([
      { code: 'unknown-account', message: expect.stringContaining('"Mian"') },
    ]);
  });
});
