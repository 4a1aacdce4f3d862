import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import type { RuleSet } from '../../../src/domain/mapping.js';
import type { Notice } from '../../../src/domain/plan.js';
import { FIRST_LIST_NEEDED } from '../../../src/providers/manual.js';
import type { ImpactOnAccount } from '../../../src/domain/impact.js';
import { describeUnknown, heldBecause, makeRuleChanges } from '../../../src/rules/changes.js';
import { makeRules, type RuleSetVersion, type RulesSource } from '../../../src/rules/rules.js';

const TENANT = 'tenant';
const saved = (version: number, defaultRole: RuleSet['defaultRole']): RuleSetVersion => ({
  version,
  ruleSet: { version, defaultRole, rules: [], owners: [] },
  source: defaultRole,
  createdBy: 'ada',
  createdAt: new Date(0),
  note: null,
});

interface Setting {
  readonly losing?: readonly string[];
  readonly unreachable?: boolean;
  readonly notices?: readonly Notice[];
}

/** Version 1 says agent, version 2, in force, says supervisor; the text is the name of the default role. */
function setUp({ losing = [], unreachable = false, notices = [] }: Setting = {}) {
  const versions = [saved(1, 'agent'), saved(2, 'supervisor')];
  const asked: RuleSet[] = [];
  const rules = makeRules({
    store: {
      list: () => Promise.resolve(versions.toReversed()),
      find: (_, version) => Promise.resolve(versions.find((one) => one.version === version) ?? null),
      current: () => Promise.resolve(versions.at(-1) ?? null),
      append(_, after, next, audit) {
        if (after !== versions.length) throw new AppError('stale', 'Another version was saved meanwhile.');
        const { actor: createdBy, at: createdAt } = audit;
        versions.push({ version: after + 1, createdBy, createdAt, ...next });
        return Promise.resolve(versions.at(-1) as RuleSetVersion);
      },
    },
    parse: (text) => ({ version: 0, defaultRole: text as RuleSet['defaultRole'], rules: [], owners: [] }),
    check: () => Promise.resolve(notices),
    now: () => new Date(0),
  });
  const changes = makeRuleChanges({
    rules,
    impactOf(_, ruleSet) {
      asked.push(ruleSet);
      const error = new AppError('unavailable', 'Smartflo does not answer.');
      const known = { type: 'known', accountName: 'aircall', impact: { losing } };
      const unknown = { type: 'unknown', accountName: 'smartflo', error };
      return Promise.resolve((unreachable ? [known, unknown] : [known]) as unknown as ImpactOnAccount[]);
    },
  });
  const save = (source: RulesSource, losses: 'hold' | 'tell' | 'skip' = 'hold') =>
    changes.save({ tenantId: TENANT, source, actor: 'grace', note: null, losses });
  return { changes, rules, versions, asked, save };
}

const TRAP: Notice = {
  code: 'outbound-refused',
  subjectId: null,
  providerUserId: null,
  message: 'Rule sales gives the number for calls out only.',
};

describe.each<[string, RulesSource]>([
  ['a rule file', { text: 'agent' }],
  ['an older version', { version: 1 }],
])('saving %s', (_, source) => {
  it('is refused where a phone system would trap somebody by it', async () => {
    const { save, versions } = setUp({ notices: [TRAP] });
    for (const losses of ['hold', 'tell', 'skip'] as const) {
      await expect(save(source, losses)).rejects.toThrow(/nothing was saved:\n {2}Rule sales gives/);
    }
    expect(versions).toHaveLength(2);
  });

  it('is held where somebody would lose something, and names them', async () => {
    const { save, versions } = setUp({ losing: ['nils@acme.example'] });
    const result = await save(source);
    expect(result.type).toBe('held');
    if (result.type === 'held') {
      expect(heldBecause(result.impact)).toContain('1 person would lose something (nils@acme.example)');
    }
    expect(versions).toHaveLength(2);
  });

  it('is held where one phone system cannot be asked, and says what is known of the others', async () => {
    for (const losing of [[], ['nils@acme.example']]) {
      const { save, versions } = setUp({ unreachable: true, losing });
      const result = await save(source);
      expect(result).toMatchObject({ type: 'held', impact: [{ impact: { losing } }, { type: 'unknown' }] });
      const words = result.type === 'held' ? heldBecause(result.impact) : '';
      expect(words).toContain(
        'what would change in smartflo cannot be told now: Smartflo does not answer. Look again in a few minutes.',
      );
      expect(words.includes('nils@acme.example')).toBe(losing.length > 0);
      expect(versions).toHaveLength(2);
    }
  });

  it('goes through where nobody loses anything, and where it is meant', async () => {
    for (const [losing, losses, isAsked] of [
      [[], 'hold', 1],
      [['nils@acme.example'], 'tell', 1],
      [['nils@acme.example'], 'skip', 0],
    ] as const) {
      const { save, versions, asked } = setUp({ losing });
      expect(await save(source, losses)).toMatchObject({ type: 'saved', isNew: true, saved: { version: 3 } });
      expect(asked).toHaveLength(isAsked);
      expect(versions.at(-1)).toMatchObject({
        createdBy: 'grace',
        source: 'agent',
        note: 'version' in source ? 'back to version 1' : null,
      });
    }
  });

  it('that says the same as the version in force saves nothing and asks nobody', async () => {
    const { save, versions, asked } = setUp({ losing: ['nils@acme.example'] });
    await save(source, 'skip');
    expect(await save(source)).toMatchObject({ type: 'saved', isNew: false, impact: null });
    expect([versions.length, asked.length]).toEqual([3, 0]);
  });

  it('is refused when another version was saved while its impact was looked at', async () => {
    const { rules, versions } = setUp();
    const proposal = await rules.propose(TENANT, source);
    versions.push(saved(3, 'admin'));
    const late = rules.accept(proposal, { actor: 'grace', note: null });
    await expect(late).rejects.toMatchObject({ kind: 'stale' });
  });

  it('asks for no credential where there is none to give', () => {
    const about = (message: string) =>
      describeUnknown({ type: 'unknown', accountName: 'vxt', error: new AppError('credential', message) });
    expect(about('Rejected.')).toBe('Rejected. Give vxt a credential that works, then look again.');
    expect(about(FIRST_LIST_NEEDED)).toBe(FIRST_LIST_NEEDED);
  });
});
