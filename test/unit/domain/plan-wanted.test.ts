import { describe, expect, it } from 'vitest';
import { NO_ENTITLEMENTS } from '../../../src/domain/entitlement.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import type { PlanInput } from '../../../src/domain/planning/input.js';
import {
  AIRCALL,
  CAPABLE,
  LIMITS,
  MANUAL,
  NOW,
  actual,
  agent,
  codesOf,
  derived,
  leaver,
  link,
  only,
  parked,
  planInput,
  wanted,
  wordsOf,
  written,
} from '../../support/domain.js';

function plan(overrides: Partial<PlanInput>) {
  return calculatePlan(planInput(overrides));
}

describe('a wanted person without a link', () => {
  it('gets an agent, the teams it needs, and the grants', () => {
    const result = plan({ subjects: [wanted('s1', { role: 'supervisor', teams: ['Sales'] })] });

    expect(wordsOf(result)).toEqual(['create-team Sales', 'create s1', 'grant s1 team:sales']);
    expect(only(result, 'create')).toMatchObject({
      email: 's1@example.com',
      role: 'supervisor',
      givenName: 'Givens1',
    });
    expect(only(result, 'grant').providerUserId).toBeNull();
  });

  it('adopts the one free agent with exactly their address, without regard to case', () => {
    const result = plan({
      subjects: [wanted('s1', { teams: ['Sales'], role: 'agent' }, { email: 'Ana@Example.com' })],
      actual: actual([agent('s1', { email: 'aNA@example.com' })], { teams: ['Sales'] }),
    });

    expect(wordsOf(result)).toEqual(['adopt s1', 'update s1 {"role":"agent"}', 'grant s1 team:sales']);
    expect(only(result, 'adopt')).toMatchObject({ providerUserId: 'a-s1', inherited: null });
  });

  it('is told apart by notice where adoption is switched off', () => {
    const result = plan({ subjects: [wanted('s1')], actual: actual([agent('s1')]), allowAdoption: false });

    expect(wordsOf(result)).toEqual([]);
    expect(codesOf(result)).toEqual(['adoption-off']);
  });

  it('gets nothing without an e-mail address, with a notice', () => {
    const result = plan({ subjects: [wanted('s1', {}, { email: null })] });

    expect(wordsOf(result)).toEqual([]);
    expect(codesOf(result)).toEqual(['no-email']);
  });

  it('gets nothing while another person has the same address, nor does that one', () => {
    const result = plan({
      subjects: [wanted('s1'), wanted('s2', {}, { email: 'S1@example.com' })],
      actual: actual([agent('s1')]),
    });

    expect(wordsOf(result)).toEqual([]);
    expect(codesOf(result)).toEqual(['duplicate-email', 'duplicate-email', 'unmanaged-agent']);
  });

  it('gets nothing while two agents have the address', () => {
    const twins = [agent('s1'), agent('s1', { providerUserId: 'a-other' })];
    const result = plan({ subjects: [wanted('s1')], actual: actual(twins) });

    expect(wordsOf(result)).toEqual([]);
    expect(codesOf(result)).toContain('ambiguous-match');
  });

  it('never takes an agent that is linked to somebody else', () => {
    const result = plan({
      subjects: [wanted('s1', {}, { email: 's2@example.com' })],
      actual: actual([agent('s2')]),
      links: [link('s2')],
    });

    expect(wordsOf(result)).toEqual([]);
    expect(codesOf(result)).toEqual(['duplicate-email']);
  });

  it('may take an agent whose link has ended', () => {
    const result = plan({
      subjects: [wanted('s1')],
      actual: actual([agent('s1')]),
      links: [link('old', { providerUserId: 'a-s1', state: 'deleted' })],
    });

    expect(wordsOf(result)).toEqual(['adopt s1']);
  });

  it.each([
    ['the given name is missing', { givenName: '' }],
    ['the family name is missing', { familyName: '' }],
    ['longer than 64', { familyName: 'x'.repeat(60) }],
    ['emoji', { givenName: 'Ana 🎉' }],
    ['emoji', { givenName: 'Ana 🇫🇷' }],
  ])('becomes a task where the vendor would refuse the name: %s', (problem, names) => {
    const result = plan({ subjects: [wanted('s1', { teams: ['Sales'] }, names)] });

    expect(wordsOf(result)).toEqual(['manual s1 fix-data']);
    expect(JSON.stringify(only(result, 'manual').task)).toContain(problem);
  });

  it('may have an emoji in the name where the vendor takes it', () => {
    const result = plan({
      subjects: [wanted('s1', {}, { givenName: 'Ana 🎉' })],
      limits: { ...LIMITS, emojiInNames: true },
    });

    expect(wordsOf(result)).toEqual(['create s1']);
  });

  it('keeps an unknown role on adoption unless a rule names one', () => {
    const result = plan({ subjects: [wanted('s1')], actual: actual([agent('s1')]) });

    expect(wordsOf(result)).toEqual(['adopt s1']);
    expect(codesOf(result)).toEqual(['unreadable-role']);
  });

  it('is woken on adoption where the agent is suspended', () => {
    const result = plan({
      subjects: [wanted('s1')],
      actual: actual([agent('s1', { status: 'suspended', role: 'agent' })]),
      capabilities: CAPABLE,
    });

    expect(wordsOf(result)).toEqual(['adopt s1', 'restore s1']);
  });
});

describe('a person who was deleted from the directory and comes back', () => {
  const comeback = wanted('new', { teams: ['Sales'] }, { email: 'old@example.com' });
  const state = { actual: actual([agent('old')], { teams: ['Sales'] }), links: [parked('old')] };

  it('takes over the agent that their old entry still has', () => {
    const result = plan({ ...state, subjects: [leaver('old', 'deleted'), comeback] });

    expect(wordsOf(result)).toEqual([
      'forget old',
      'adopt new',
      'update new {"givenName":"Givennew","familyName":"Family"}',
      'grant new team:sales',
    ]);
    expect(only(result, 'forget').cause).toBe('taken-over');
    expect(only(result, 'adopt').inherited).toEqual(state.links[0]?.lastWritten);
  });

  it('does so before the old entry is even parked, and then without parking', () => {
    const result = plan({ ...state, links: [link('old')], subjects: [leaver('old', 'deleted'), comeback] });

    expect(wordsOf(result).slice(0, 2)).toEqual(['forget old', 'adopt new']);
  });

  it.each([
    ['the old entry is only inactive', { subjects: [leaver('old', 'inactive'), comeback] }],
    ['the old entry is not in the snapshot', { subjects: [comeback] }],
    ['adoption is off', { subjects: [leaver('old', 'deleted'), comeback], allowAdoption: false }],
    [
      'the agent is being deleted',
      { subjects: [leaver('old', 'deleted'), comeback], links: [parked('old', { state: 'deleting' })] },
    ],
    [
      'two people have the address',
      { subjects: [leaver('old', 'deleted'), comeback, { ...comeback, subjectId: 'third' }] },
    ],
    [
      'two agents have the address',
      {
        subjects: [leaver('old', 'deleted'), comeback],
        actual: actual([agent('old'), agent('old', { providerUserId: 'x' })]),
      },
    ],
  ] as const)('does not where %s', (_, overrides) => {
    const result = plan({ ...state, ...overrides });

    expect(wordsOf(result).filter((word) => /adopt|forget|create/.test(word))).toEqual([]);
  });
});

describe('a person with an agent of their own', () => {
  it('never takes over that of a deleted one, who is parked as any leaver is', () => {
    const result = plan({
      subjects: [leaver('old', 'deleted'), wanted('s1', {}, { email: 'old@example.com' })],
      actual: actual([agent('old'), agent('s1')]),
      links: [link('old'), link('s1')],
    });

    expect(wordsOf(result)).toEqual(['park old', 'update old {"role":"agent"}']);
    expect(codesOf(result)).toEqual(['duplicate-email']);
  });
});

describe('a linked person', () => {
  const rules = { teams: ['Sales'], role: 'agent' } as const;

  it('who is as wanted needs nothing', () => {
    const result = plan({
      subjects: [wanted('s1', rules)],
      actual: actual([agent('s1', { teams: ['sales '] })], { teams: ['sales '] }),
      links: [link('s1', { lastWritten: written('s1', rules) })],
    });

    expect(result.changes).toEqual([]);
    expect(result.notices).toEqual([]);
  });

  it('gets one update that names only what differs, the name compared as the vendor shows it', () => {
    const result = plan({
      subjects: [wanted('s1', { role: 'admin' }, { givenName: 'Ana  Maria', email: 'new@example.com' })],
      actual: actual([agent('s1')]),
      links: [link('s1')],
    });

    expect(only(result, 'update')).toMatchObject({
      before: { givenName: 'Givens1', familyName: 'Family', email: 's1@example.com', role: 'agent' },
      after: { givenName: 'Ana  Maria', familyName: 'Family', email: 'new@example.com', role: 'admin' },
    });
  });

  it('keeps a name that differs in its parts only', () => {
    const result = plan({
      subjects: [wanted('s1', {}, { givenName: 'Givens1 Family', familyName: '' })],
      actual: actual([agent('s1', { name: ' Givens1  Family' })]),
      links: [link('s1')],
    });

    expect(result.changes).toEqual([]);
  });

  it('shows the vendor’s name whole where somebody else wrote it', () => {
    const result = plan({
      subjects: [wanted('s1')],
      actual: actual([agent('s1', { name: 'Somebody Else' })]),
      links: [link('s1'), link('s2', { lastWritten: null })],
    });

    expect(only(result, 'update').before).toEqual({ givenName: 'Somebody Else', familyName: '' });
  });

  it('keeps a name that the vendor would refuse to change, with a notice', () => {
    const result = plan({
      subjects: [wanted('s1', {}, { givenName: '🎉' })],
      actual: actual([agent('s1')]),
      links: [link('s1')],
    });

    expect(result.changes).toEqual([]);
    expect(codesOf(result)).toEqual(['invalid-name']);
  });

  it('keeps the address where the directory has none, another agent has it, or another person shares it', () => {
    const base = { actual: actual([agent('s1'), agent('s2')]), links: [link('s1'), link('s2')] };
    const none = plan({ ...base, subjects: [wanted('s1', {}, { email: null })] });
    const taken = plan({ ...base, subjects: [wanted('s1', {}, { email: 's2@example.com' })] });
    const shared = plan({
      ...base,
      subjects: ['s1', 's2'].map((id) => wanted(id, {}, { email: 'same@example.com' })),
    });

    expect([none, taken, shared].flatMap(wordsOf)).toEqual([]);
    expect([none, taken, shared].map(codesOf)).toEqual([
      ['no-email'],
      ['duplicate-email'],
      ['duplicate-email', 'duplicate-email'],
    ]);
  });

  it('gets an address that is free only after this plan by the next one', () => {
    const subjects = [
      wanted('s1', {}, { email: 's2@example.com' }),
      wanted('s2', {}, { email: 'fresh@example.com' }),
    ];
    const links = [link('s1'), link('s2')];
    const first = plan({ subjects, links, actual: actual([agent('s1'), agent('s2')]) });
    const second = plan({
      subjects,
      links,
      actual: actual([agent('s1'), agent('s2', { email: 'fresh@example.com' })]),
    });

    expect(wordsOf(first)).toEqual(['update s2 {"email":"fresh@example.com"}']);
    expect(wordsOf(second)).toEqual(['update s1 {"email":"s2@example.com"}']);
  });

  it('compares an unreadable role with what was last written, never with a blank', () => {
    const roleChange = (role: 'agent' | 'admin', last: 'agent' | 'admin') =>
      wordsOf(
        plan({
          subjects: [wanted('s1', { role })],
          actual: actual([agent('s1')]),
          links: [link('s1', { lastWritten: written('s1', { role: last }) })],
        }),
      );

    expect(roleChange('admin', 'admin')).toEqual([]);
    expect(roleChange('admin', 'agent')).toEqual(['update s1 {"role":"admin"}']);
    expect(roleChange('agent', 'admin')).toEqual(['update s1 {"role":"agent"}']);
  });

  it('believes a role that the vendor shows over what was written', () => {
    const result = plan({
      subjects: [wanted('s1', { role: 'admin' })],
      actual: actual([agent('s1', { role: 'admin' })]),
      links: [link('s1')],
      capabilities: CAPABLE,
    });

    expect(result.changes).toEqual([]);
  });

  it('keeps an unknown role, without saying so every time, until a rule names one', () => {
    const base = {
      actual: actual([agent('s1')]),
      links: [link('s1', { lastWritten: { ...written('s1'), entitlements: NO_ENTITLEMENTS } })],
    };

    expect(plan({ ...base, subjects: [wanted('s1')] })).toMatchObject({ changes: [], notices: [] });
    expect(wordsOf(plan({ ...base, subjects: [wanted('s1', { role: 'agent' })] }))).toEqual([
      'update s1 {"role":"agent"}',
    ]);
  });

  it('loses teams that we granted or that rules manage, and no other', () => {
    const result = plan({
      subjects: [wanted('s1')],
      actual: actual([agent('s1', { teams: ['Ours', 'Managed', 'Theirs'] })]),
      links: [link('s1', { lastWritten: written('s1', { teams: ['ours'] }) })],
      managed: { teams: new Set(['managed']), numbers: new Set() },
    });

    expect(wordsOf(result)).toEqual(['revoke s1 team:managed', 'revoke s1 team:ours']);
  });

  it('keeps managed teams given by hand where the account says so, or while the rules are in doubt', () => {
    const base = {
      actual: actual([agent('s1', { teams: ['Managed'] })]),
      links: [link('s1', { lastWritten: written('s1', { teams: ['Managed'] }) })],
      managed: { teams: new Set(['managed']), numbers: new Set<string>() },
    };
    const uncertain = { ...NO_ENTITLEMENTS, teams: ['MANAGED'] };
    const inDoubt = plan({ ...base, subjects: [wanted('s1', {}, { derived: derived({}, { uncertain }) })] });
    const byHand = plan({ ...base, links: [link('s1')], revokeManaged: false, subjects: [wanted('s1')] });

    expect(wordsOf(inDoubt)).toEqual([]);
    expect(wordsOf(byHand)).toEqual([]);
  });

  it('counts a team as managed when a template yields it for somebody, or by the account’s prefix', () => {
    const base = {
      actual: actual([agent('s1', { teams: ['Sales FR', 'IT-Desk'] }), agent('s2')]),
      links: [link('s1'), link('s2')],
    };
    const other = wanted('s2', { teams: ['Sales FR'] });

    expect(wordsOf(plan({ ...base, subjects: [wanted('s1'), other] }))).toContain('revoke s1 team:sales fr');
    expect(wordsOf(plan({ ...base, subjects: [wanted('s1')], teamPrefix: 'it-' }))).toEqual([
      'revoke s1 team:it-desk',
    ]);
  });

  it('keeps a higher role while the rules are in doubt', () => {
    const uncertain = { ...NO_ENTITLEMENTS, role: 'admin' } as const;
    const holder = (role: 'agent' | 'supervisor') =>
      wanted('s1', {}, { derived: derived({ role }, { uncertain }) });
    const base = { actual: actual([agent('s1')]) };
    const wrote = (role: 'agent' | 'supervisor' | null) => [
      link('s1', { lastWritten: { ...written('s1'), entitlements: { ...NO_ENTITLEMENTS, role } } }),
    ];

    expect(wordsOf(plan({ ...base, links: wrote('supervisor'), subjects: [holder('agent')] }))).toEqual([]);
    expect(wordsOf(plan({ ...base, links: wrote(null), subjects: [holder('agent')] }))).toEqual([]);
    expect(wordsOf(plan({ ...base, links: wrote('agent'), subjects: [holder('supervisor')] }))).toEqual([
      'update s1 {"role":"supervisor"}',
    ]);
  });

  it('is woken where the vendor shows them suspended', () => {
    const result = plan({
      subjects: [wanted('s1')],
      actual: actual([agent('s1', { status: 'suspended', role: 'agent' })]),
      links: [link('s1')],
      capabilities: CAPABLE,
    });

    expect(wordsOf(result)).toEqual(['restore s1']);
  });

  it('is left alone where links contradict each other', () => {
    const two = plan({
      subjects: [wanted('s1', { teams: ['Sales'] })],
      actual: actual([agent('s1')]),
      links: [link('s1'), link('s1', { id: 'other', providerUserId: 'a-2' })],
    });
    const shared = plan({
      subjects: [wanted('s1', { teams: ['Sales'] }), leaver('s2')],
      actual: actual([agent('s1')]),
      links: [link('s1'), link('s2', { providerUserId: 'a-s1' })],
    });

    expect([two, shared].flatMap(wordsOf)).toEqual([]);
    expect(codesOf(two)).toEqual(['ambiguous-match']);
    expect(codesOf(shared)).toEqual(['ambiguous-match', 'ambiguous-match']);
  });
});

describe('a linked person whose agent is gone at the vendor', () => {
  const gone = { subjects: [wanted('s1', { teams: ['Sales'] })], links: [link('s1')] };

  it('is forgotten and created anew, with a notice', () => {
    const result = plan({ ...gone, actual: actual([], { teams: ['Sales'] }) });

    expect(wordsOf(result)).toEqual(['forget s1', 'create s1', 'grant s1 team:sales']);
    expect(only(result, 'forget').cause).toBe('missing-at-vendor');
    expect(codesOf(result)).toEqual(['missing-agent']);
  });

  it('is matched to a new agent that somebody made with their address', () => {
    const result = plan({
      ...gone,
      actual: actual([agent('s1', { providerUserId: 'a-new' })], { teams: ['Sales'] }),
    });

    expect(wordsOf(result)).toEqual(['forget s1', 'adopt s1', 'grant s1 team:sales']);
  });

  it('counts as gone in a partial reading only where it was asked for', () => {
    const reading = actual([], { scope: 'subjects' });
    const asked = plan({ ...gone, actual: reading, askedAgents: ['a-s1'] });
    const notAsked = plan({ ...gone, actual: reading });

    expect(wordsOf(asked)[0]).toBe('forget s1');
    expect(wordsOf(notAsked)).toEqual([]);
    expect(codesOf(notAsked)).toEqual(['not-read']);
  });

  it('is created anew after a deletion that was under way, and only after it', () => {
    const deleting = [parked('s1', { state: 'deleting' })];
    const before = plan({ subjects: [wanted('s1')], links: deleting, actual: actual([agent('s1')]) });
    const unproved = plan({ subjects: [wanted('s1')], links: deleting, actual: actual([]) });
    const deleted = [parked('s1', { state: 'deleted' })];
    const after = plan({ subjects: [wanted('s1')], links: deleted, actual: actual([]) });

    for (const result of [before, unproved]) {
      expect(wordsOf(result)).toEqual([]);
      expect(codesOf(result)).toEqual(['deletion-running']);
    }
    expect(wordsOf(after)).toEqual(['create s1']);
    expect(codesOf(after)).toEqual([]);
  });
});

describe('a parked person who is wanted again', () => {
  it('is restored with what the rules grant now', () => {
    const result = plan({
      subjects: [wanted('s1', { role: 'supervisor', teams: ['Sales', 'New'] })],
      actual: actual([agent('s1')], { teams: ['Sales', 'New', 'Club'] }),
      links: [
        parked('s1', { heldAtPark: { ...NO_ENTITLEMENTS, role: 'supervisor', teams: ['Club', 'Sales'] } }),
      ],
    });

    expect(wordsOf(result)).toEqual([
      'restore s1',
      'update s1 {"role":"supervisor"}',
      'grant s1 team:new',
      'grant s1 team:sales',
    ]);
    expect(codesOf(result)).toEqual(['not-restored']);
    expect(result.notices[0]?.message).toContain('"Club"');
  });

  it('is not said to have lost what they hold again', () => {
    const result = plan({
      subjects: [wanted('s1')],
      actual: actual([agent('s1', { teams: ['Club'] })]),
      links: [
        parked('s1', { heldAtPark: { ...NO_ENTITLEMENTS, teams: ['Club'] } }),
        parked('s2', { heldAtPark: null }),
      ],
    });

    expect(wordsOf(result)).toEqual(['restore s1']);
    expect(codesOf(result)).toEqual([]);
  });

  it('is restored even on the day of the deletion', () => {
    const result = plan({
      subjects: [wanted('s1')],
      actual: actual([agent('s1')]),
      links: [parked('s1', { deleteDueAt: NOW - 1 })],
    });

    expect(wordsOf(result)).toEqual(['restore s1']);
  });
});

describe('teams that do not exist', () => {
  it('are created once, in one spelling, whoever needs them', () => {
    const subjects = [wanted('s2', { teams: ['sales'] }), wanted('s1', { teams: ['Sales'] })];
    const result = plan({ subjects });

    expect(wordsOf(result)).toEqual([
      'create-team Sales',
      'create s1',
      'grant s1 team:sales',
      'create s2',
      'grant s2 team:sales',
    ]);
    expect(only(result, 'create-team').subjectId).toBe('s1');
    expect(result.changes.flatMap((one) => (one.action === 'grant' ? [one.entitlement] : []))).toEqual([
      { type: 'team', team: 'Sales' },
      { type: 'team', team: 'Sales' },
    ]);
  });

  it('are granted in the spelling that the vendor has', () => {
    const result = plan({
      subjects: [wanted('s1', { teams: ['SALES'] })],
      actual: actual([], { teams: ['Sales', 'sales '] }),
    });

    expect(only(result, 'grant').entitlement).toEqual({ type: 'team', team: 'Sales' });
  });

  it.each([['x'.repeat(65)], ['Growth 🚀'], [' ']])(
    'are neither created nor granted where the vendor refuses the name: %j',
    (team) => {
      const result = plan({ subjects: [wanted('s1', { teams: [team] }), wanted('s2', { teams: [team] })] });

      expect(wordsOf(result)).toEqual(['create s1', 'create s2']);
      expect(codesOf(result)).toEqual(['invalid-name']);
    },
  );

  it('become one task where the vendor’s API cannot create them', () => {
    const result = plan({
      subjects: [wanted('s2', { teams: ['Sales'] }), wanted('s1', { teams: ['Sales'] })],
      capabilities: MANUAL,
    });

    expect(wordsOf(result)).toEqual(['create s1', 'create s2', 'manual s1 create-team']);
  });
});

describe('what the vendor has no API for', () => {
  it('becomes tasks: role, owner, e-mail', () => {
    const result = plan({
      subjects: [wanted('s1', { role: 'admin', owner: true }, { email: 'new@example.com' })],
      actual: actual([agent('s1')]),
      links: [link('s1')],
      capabilities: MANUAL,
    });

    expect(wordsOf(result)).toEqual([
      'manual s1 change-email',
      'manual s1 change-role',
      'manual s1 make-owner',
    ]);
  });

  it('makes and removes owners by API where there is one, and removes only owners that we made', () => {
    const owners = (owner: boolean, wroteOwner: boolean, isOwner: boolean | null) =>
      wordsOf(
        plan({
          subjects: [wanted('s1', { owner, role: 'agent' })],
          actual: actual([agent('s1', { owner: isOwner, role: 'agent' })]),
          links: [link('s1', { lastWritten: written('s1', { owner: wroteOwner }) })],
          capabilities: CAPABLE,
        }),
      );

    expect(owners(true, false, false)).toEqual(['grant s1 owner']);
    expect(owners(true, true, null)).toEqual([]);
    expect(owners(false, true, true)).toEqual(['revoke s1 owner']);
    expect(owners(false, false, true)).toEqual([]);
  });

  it('asks for the removal of an owner that we made', () => {
    const result = plan({
      subjects: [wanted('s1', { role: 'agent' })],
      actual: actual([agent('s1')]),
      links: [link('s1', { lastWritten: written('s1', { owner: true }) })],
      capabilities: AIRCALL,
    });

    expect(wordsOf(result)).toEqual(['manual s1 remove-owner']);
  });

  it('makes an owner of somebody who is only being created', () => {
    expect(wordsOf(plan({ subjects: [wanted('s1', { owner: true })], capabilities: CAPABLE }))).toEqual([
      'create s1',
      'grant s1 owner',
    ]);
  });
});
