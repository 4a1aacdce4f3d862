import { describe, expect, it } from 'vitest';
import type { PersonInAccount, PersonRecord } from '../../../src/administration/people.js';
import { deriveStandings } from '../../../src/administration/standing.js';
import { NOTHING_BY_HAND } from '../../../src/domain/by-hand.js';
import type { DirectoryUser } from '../../../src/domain/directory.js';
import { NO_ENTITLEMENTS, type EntitlementSet } from '../../../src/domain/entitlement.js';
import type { RuleSet } from '../../../src/domain/mapping.js';

import type { ActualAgent, Link } from '../../../src/domain/state.js';
import { capabilitiesOf } from '../../../src/providers/registry.js';

const SALES = { id: 'g1', displayName: 'Sales', externalId: null };
const NOW = new Date('2026-03-02T09:00:00Z');

const user = (change: Partial<DirectoryUser> = {}): DirectoryUser => ({
  id: 'u1', userName: 'ada', externalId: null, status: 'active', email: 'ada@x.example', givenName: 'Ada',
  familyName: 'Love', displayName: 'Ada Love', attributes: {}, groupIds: ['g1'], ...change,
}); // prettier-ignore

const rules: RuleSet = {
  version: 1,
  defaultRole: 'agent',
  owners: [],
  rules: [
    {
      id: 'sales',
      accounts: [],
      when: { type: 'group', group: { by: 'name', name: 'Sales' } },
      grant: {
        role: null,
        teams: ['Sales'],
        numbers: [{ number: '+33', kind: 'assigned', viaTeam: 'Sales' }],
      },
      deny: { roles: [], teams: [], numbers: [], account: false },
    },
  ],
};

const agent = (change: Partial<ActualAgent> = {}): ActualAgent => ({
  providerUserId: '7', email: 'ada@x.example', name: 'Ada', status: 'active', role: null, owner: null, teams: [], numbers: [], ...change,
}); // prettier-ignore

const link = (change: Partial<Link> = {}): Link => ({
  id: 'l', accountId: 'a', subjectId: 'u1', providerUserId: '7', email: 'ada@x.example', origin: 'created', state: 'active',
  lastWritten: null, heldAtPark: null, parkedAt: null, deleteDueAt: null, ...change,
}); // prettier-ignore

function standingOf(
  inAccount: Partial<PersonInAccount>,
  person: Partial<DirectoryUser> = {},
  ruleSet: RuleSet | null = rules,
) {
  const account = {
    accountId: 'a',
    account: 'aircall',
    provider: 'aircall',
    config: {},
    link: null,
    readAt: NOW,
    agent: null,
    isOutdated: false,
    mark: null,
    checklist: null,
    takeovers: [],
    ...inAccount,
  };
  const record: PersonRecord = {
    user: user(person), createdAt: NOW, lastModified: NOW, deletedAt: null, groups: [SALES], accounts: [account],
  }; // prettier-ignore
  const [standing] = deriveStandings(record, ruleSet, [SALES], capabilitiesOf);
  const rows = standing?.rows.map(({ entitlement, isWanted, held, reasons, isThroughTeams }) => ({
    what: entitlement.type === 'number' ? entitlement.number : entitlement.type === 'team' ? entitlement.team : entitlement.type,
    isWanted, held, rule: reasons[0]?.ruleId ?? null, isThroughTeams,
  })); // prettier-ignore
  return { decision: standing?.decision, rows, notices: standing?.notices };
}

const written = (entitlements: Partial<EntitlementSet>) => ({
  email: '', givenName: '', familyName: '', entitlements: { ...NO_ENTITLEMENTS, ...entitlements },
}); // prettier-ignore

describe('what a person should hold beside what they hold', () => {
  it('names the rule behind every wish, and what is not held yet', () => {
    expect(standingOf({ link: link(), agent: agent({ teams: ['sales'] }) })).toMatchObject({
      decision: { type: 'wanted', isDefaultRole: true },
      rows: [
        { what: 'role', isWanted: true, held: 'unknown' },
        { what: 'Sales', isWanted: true, held: 'yes', rule: 'sales' },
        { what: '+33', isWanted: true, held: 'no', rule: 'sales' },
      ],
    });
  });

  it('shows what is held although no rule wants it', () => {
    const { rows } = standingOf({ link: link(), agent: agent({ teams: ['Sales', 'Boss'], role: 'admin' }) });
    expect(rows).toContainEqual({
      what: 'Boss',
      isWanted: false,
      held: 'yes',
      rule: null,
      isThroughTeams: false,
    });
    expect(rows?.filter(({ what }) => what === 'role').map(({ isWanted, held }) => [isWanted, held])).toEqual(
      [
        [true, 'no'],
        [false, 'yes'],
      ],
    );
  });

  it('believes the last write where the vendor shows nothing, and only then', () => {
    const unreadable = {
      link: link({ lastWritten: written({ role: 'agent' }) }),
      agent: agent({ numbers: null }),
    };
    expect(standingOf(unreadable).rows).toMatchObject([
      { held: 'written' },
      { held: 'no' },
      { held: 'unknown' },
    ]);
    const readable = {
      link: link({ lastWritten: written({ role: 'agent' }) }),
      agent: agent({ role: 'supervisor' }),
    };
    expect(standingOf(readable).rows?.[0]).toMatchObject({ isWanted: true, held: 'no' });
  });

  it('does not believe the last write of a parked person', () => {
    const parked = link({ state: 'parked', lastWritten: written({ role: 'agent', teams: ['Sales'] }) });
    expect(standingOf({ link: parked }).rows?.map(({ held }) => held)).not.toContain('written');
  });

  it('without an agent and a link nothing is held', () => {
    expect(standingOf({}).rows?.map(({ held }) => held)).toEqual(['no', 'no', 'no']);
  });

  it('says why somebody is on the way out', () => {
    expect(standingOf({}, { status: 'inactive' })).toMatchObject({
      decision: { type: 'leaver', fact: 'inactive' },
      rows: [],
    });
    expect(standingOf({}, { groupIds: [] })).toMatchObject({
      decision: { type: 'leaver', fact: 'unmapped' },
    });
  });

  it('says that it cannot be told when a group is missing', () => {
    const unclear = {
      ...rules,
      rules: rules.rules.map((rule) => ({
        ...rule,
        when: { type: 'group', group: { by: 'name', name: 'Gone' } } as const,
      })),
    };
    const found = standingOf({}, {}, unclear);
    expect(found.decision).toEqual({ type: 'unclear' });
    expect(found.notices?.[0]).toContain('sales');
  });

  it('without rules only what is held is shown', () => {
    expect(standingOf({ link: link(), agent: agent({ teams: ['Sales'] }) }, {}, null)).toMatchObject({
      decision: null,
      rows: [{ what: 'Sales', isWanted: false, held: 'yes' }],
    });
  });

  const granting = (grant: Partial<RuleSet['rules'][number]['grant']>): RuleSet => ({
    ...rules,
    rules: rules.rules.map((rule) => ({ ...rule, grant: { role: null, teams: [], numbers: [], ...grant } })),
  });

  it('never waits for what the vendor has nothing of', () => {
    const { rows, notices } = standingOf(
      { provider: 'vxt', link: link(), agent: agent({ role: 'agent' }) },
      {},
      granting({ role: 'supervisor', teams: ['Sales'] }),
    );
    expect(rows).toMatchObject([
      { what: 'role', isWanted: true, held: 'yes', rule: 'sales' },
      { what: 'Sales', isWanted: true, held: 'impossible', rule: 'sales' },
    ]);
    expect(notices?.[0]).toContain('supervisor');
  });

  it('by the settings of the account', () => {
    const vxt = {
      provider: 'vxt',
      config: { supervisorPermissions: ['Manage User'] },
      agent: agent({ role: 'agent' }),
    };
    const { rows, notices } = standingOf(vxt, {}, granting({ role: 'supervisor' }));
    expect(rows?.[0]).toMatchObject({ what: 'role', isWanted: true, held: 'no' });
    expect(notices).toEqual([]);
  });

  it('says of access without a rule whether it comes with teams there', () => {
    const numbers = [
      { number: '+44', kind: 'call_flow' },
      { number: '+44', kind: 'outbound' },
    ] as const;
    const { rows } = standingOf(
      { provider: 'smartflo', link: link(), agent: agent({ numbers }) },
      {},
      granting({}),
    );
    const extra = rows?.filter(({ isWanted, what }) => !isWanted && what === '+44');
    expect(extra?.map(({ held, isThroughTeams }) => [held, isThroughTeams])).toEqual([
      ['yes', true],
      ['yes', false],
    ]);
  });

  it('names the team that is only the way to a number, with the rule that grants the number', () => {
    const grant = { numbers: [{ number: '+33', kind: 'assigned', viaTeam: 'Line' }] as const };
    const { rows } = standingOf({ link: link(), agent: agent({ teams: ['Line'] }) }, {}, granting(grant));
    expect(rows).toContainEqual({
      what: 'Line',
      isWanted: true,
      held: 'yes',
      rule: 'sales',
      isThroughTeams: false,
    });
  });

  it('believes what a person did by hand, where no reading shows it', () => {
    const access = { number: '+33', kind: 'outbound' } as const;
    const facts = { graceDays: null, roleSuspectedAt: null, invitation: null };
    const heldBy = (byHand: Partial<typeof NOTHING_BY_HAND>, provider = 'aircall') =>
      standingOf(
        {
          provider,
          link: link({ facts: { ...facts, byHand: { ...NOTHING_BY_HAND, ...byHand } } }),
          agent: agent(),
        },
        {},
        granting({ numbers: [{ ...access, viaTeam: null }] }),
      ).rows?.find(({ what }) => what === '+33')?.held;
    expect(heldBy({})).toBe('unknown');
    expect(heldBy({ given: [access] })).toBe('said');
    expect(heldBy({ taken: [access] })).toBe('no');
    expect(heldBy({ given: [access] }, 'smartflo'), 'a reading counts more').toBe('no');
  });

  it('takes a reading from before the last write for no more than it is', () => {
    const moved = {
      link: link({ lastWritten: written({ teams: ['Sales'] }) }),
      agent: agent({ teams: ['Old'], role: 'agent' }),
    };
    const heldBy = (rows: ReturnType<typeof standingOf>['rows']) =>
      rows?.map(({ what, held }) => [what, held]);
    expect(heldBy(standingOf({ ...moved, isOutdated: true }).rows)).toEqual([
      ['role', 'yes'],
      ['Sales', 'unread'],
      ['+33', 'no'],
    ]);
    expect(heldBy(standingOf(moved).rows)).toContainEqual(['Old', 'yes']);
    const parked = { link: link({ state: 'parked' }), agent: agent({ teams: ['Sales'] }) };
    const left = { status: 'inactive' } as const;
    expect(standingOf({ ...parked, isOutdated: true }, left).rows).toEqual([]);
    expect(heldBy(standingOf(parked, left).rows)).toEqual([['Sales', 'yes']]);
  });
});
