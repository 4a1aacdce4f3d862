import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../../src/domain/capabilities.js';
import { type AccessKind, NO_ENTITLEMENTS } from '../../../src/domain/entitlement.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import type { PlanInput } from '../../../src/domain/planning/input.js';
import {
  AIRCALL,
  CAPABLE,
  MANUAL,
  actual,
  agent,
  codesOf,
  derived,
  leaver,
  link,
  only,
  planInput,
  wanted,
  wordsOf,
  written,
} from '../../support/domain.js';

const NUMBER = '+33100000001';
const ASSIGNED = { number: NUMBER, kind: 'assigned' } as const;
const NO_NUMBERS: Capabilities = {
  ...AIRCALL,
  numberAccess: { assigned: 'none', outbound: 'none', call_flow: 'none' },
};

function plan(overrides: Partial<PlanInput>) {
  return calculatePlan(planInput(overrides));
}

function withNumber(kind: AccessKind = 'assigned', viaTeam: string | null = null) {
  const more = viaTeam === null ? {} : { viaTeam: { [`number:${kind}:${NUMBER}`]: viaTeam } };
  return wanted('s1', {}, { derived: derived({ numbers: [{ number: NUMBER, kind }] }, more) });
}

function account(parts: Partial<Parameters<typeof agent>[1]>) {
  return {
    actual: actual([agent('s1', parts)], { teams: ['Ring'], numbers: [NUMBER] }),
    links: [link('s1')],
  };
}

describe('numbers that the vendor assigns by API', () => {
  const capabilities = CAPABLE;

  it('are granted where missing, also to somebody who is just being created', () => {
    const fresh = plan({ subjects: [withNumber()], actual: actual([], { numbers: [NUMBER] }), capabilities });
    const linked = plan({ ...account({ role: 'agent' }), subjects: [withNumber()], capabilities });

    expect(wordsOf(fresh)).toEqual(['create s1', `grant s1 number:assigned:${NUMBER}`]);
    expect(wordsOf(linked)).toEqual([`grant s1 number:assigned:${NUMBER}`]);
  });

  it('tell the kinds of access apart', () => {
    const held = account({ role: 'agent', numbers: [{ number: NUMBER, kind: 'outbound' }] });

    expect(wordsOf(plan({ ...held, subjects: [withNumber()], capabilities }))).toEqual([
      `grant s1 number:assigned:${NUMBER}`,
    ]);
  });

  it('are compared with what was last written where they were not read', () => {
    const unread = account({ role: 'agent', numbers: null });
    const wrote = { ...unread, links: [link('s1', { lastWritten: written('s1', { numbers: [ASSIGNED] }) })] };

    expect(wordsOf(plan({ ...unread, subjects: [withNumber()], capabilities }))).toEqual([
      `grant s1 number:assigned:${NUMBER}`,
    ]);
    expect(wordsOf(plan({ ...wrote, subjects: [withNumber()], capabilities }))).toEqual([]);
    expect(wordsOf(plan({ ...wrote, subjects: [wanted('s1')], capabilities }))).toEqual([
      `revoke s1 number:assigned:${NUMBER}`,
    ]);
  });

  it('are revoked where ours or managed, and not otherwise', () => {
    const held = account({ role: 'agent', numbers: [ASSIGNED] });
    const managed = { teams: new Set<string>(), numbers: new Set([`number:assigned:${NUMBER}`]) };
    const subjects = [wanted('s1')];

    expect(wordsOf(plan({ ...held, subjects, capabilities }))).toEqual([]);
    expect(wordsOf(plan({ ...held, subjects, capabilities, managed }))).toEqual([
      `revoke s1 number:assigned:${NUMBER}`,
    ]);
    expect(wordsOf(plan({ ...held, subjects, capabilities, managed, revokeManaged: false }))).toEqual([]);
    const ours = { ...held, links: [link('s1', { lastWritten: written('s1', { numbers: [ASSIGNED] }) })] };
    expect(wordsOf(plan({ ...ours, subjects, capabilities }))).toEqual([
      `revoke s1 number:assigned:${NUMBER}`,
    ]);
  });

  it('are kept while the rules are in doubt', () => {
    const held = account({ role: 'agent', numbers: [ASSIGNED] });
    const ours = { ...held, links: [link('s1', { lastWritten: written('s1', { numbers: [ASSIGNED] }) })] };
    const uncertain = { ...NO_ENTITLEMENTS, numbers: [ASSIGNED] };

    expect(
      wordsOf(
        plan({
          ...ours,
          subjects: [wanted('s1', {}, { derived: derived({}, { uncertain }) })],
          capabilities,
        }),
      ),
    ).toEqual([]);
  });

  it('that the account does not have are said once and granted to nobody', () => {
    const people = [withNumber(), { ...withNumber(), subjectId: 's2', email: 's2@example.com' }];
    const result = plan({ subjects: people, capabilities });

    expect(wordsOf(result)).toEqual(['create s1', 'create s2']);
    expect(codesOf(result)).toEqual(['unknown-number']);
  });
});

describe('numbers that the vendor gives through teams', () => {
  it('are granted by the team', () => {
    const result = plan({ ...account({}), subjects: [withNumber('assigned', 'Ring')] });

    expect(wordsOf(result)).toEqual(['grant s1 team:ring']);
    expect(only(result, 'grant').reason).toContain('the rules');
  });

  it('become a task once the person is in the team and the number still does not reach them', () => {
    const member = plan({ ...account({ teams: ['ring'] }), subjects: [withNumber('assigned', 'Ring')] });

    expect(wordsOf(member)).toEqual(['manual s1 grant-number']);
    expect(only(member, 'manual').task).toMatchObject({ viaTeam: 'Ring' });
  });

  it('make no task where numbers were not read, nor where the number reaches them', () => {
    const unread = plan({
      ...account({ teams: ['ring'], numbers: null }),
      subjects: [withNumber('assigned', 'Ring')],
    });
    const reached = plan({
      ...account({ teams: ['Ring'], numbers: [ASSIGNED] }),
      subjects: [withNumber('assigned', 'Ring')],
    });

    expect([unread, reached].flatMap(wordsOf)).toEqual([]);
  });

  it('keep the team wanted although the number reaches the person already', () => {
    const result = plan({
      ...account({ teams: ['Ring'], numbers: [ASSIGNED] }),
      links: [link('s1', { lastWritten: written('s1', { teams: ['Ring'] }) })],
      subjects: [withNumber('assigned', 'Ring')],
      managed: { teams: new Set(['ring']), numbers: new Set() },
    });

    expect(result.changes).toEqual([]);
    expect(result.drift).toEqual([]);
  });

  it('become a task where the rule names no team', () => {
    expect(wordsOf(plan({ ...account({}), subjects: [withNumber()] }))).toEqual(['manual s1 grant-number']);
  });

  it('are taken with the team, without a call or task of their own', () => {
    const result = plan({
      ...account({ teams: ['Ring'], numbers: [ASSIGNED] }),
      links: [link('s1', { lastWritten: written('s1', { teams: ['Ring'], numbers: [ASSIGNED] }) })],
      subjects: [wanted('s1')],
    });

    expect(wordsOf(result)).toEqual(['revoke s1 team:ring']);
  });

  it('come with a warning for people who should only call out', () => {
    const trap = wanted('s1', { teams: ['Ring'], numbers: [{ number: NUMBER, kind: 'outbound' }] });
    const alone = withNumber('outbound');

    expect(codesOf(plan({ ...account({}), subjects: [trap] }))).toEqual(['capability', 'outbound-trap']);
    expect(codesOf(plan({ ...account({}), subjects: [alone] }))).toEqual(['capability']);
    expect(codesOf(plan({ ...account({ role: 'agent' }), subjects: [trap], capabilities: CAPABLE }))).toEqual(
      [],
    );
  });

  it('are not given for calling out only to people in a team that rings', () => {
    const capabilities = {
      ...AIRCALL,
      numberAccess: { ...AIRCALL.numberAccess, outbound: 'manual' },
    } as const;
    const trap = wanted('s1', { teams: ['Ring'], numbers: [{ number: NUMBER, kind: 'outbound' }] });
    const managed = { teams: new Set<string>(), numbers: new Set<string>(), ringing: new Set(['ring']) };
    const here = { ...account({ teams: ['Ring'] }), subjects: [trap], capabilities };

    const refused = plan({ ...here, managed });
    expect(wordsOf(refused)).toEqual([]);
    expect(codesOf(refused)).toEqual(['outbound-refused']);
    expect(wordsOf(plan(here))).toEqual(['manual s1 grant-number']);
  });
});

describe('numbers that are given by hand', () => {
  it('become tasks to give and to take', () => {
    const give = plan({ ...account({ role: 'agent' }), subjects: [withNumber()], capabilities: MANUAL });
    const take = plan({
      ...account({ role: 'agent', numbers: [ASSIGNED] }),
      subjects: [wanted('s1')],
      links: [link('s1', { lastWritten: written('s1', { numbers: [ASSIGNED] }) })],
      capabilities: MANUAL,
    });

    expect(wordsOf(give)).toEqual(['manual s1 grant-number']);
    expect(wordsOf(take)).toEqual(['manual s1 revoke-number']);
  });

  it('become tasks for leavers, whoever gave them', () => {
    const result = plan({
      ...account({ role: 'agent', numbers: [ASSIGNED] }),
      subjects: [leaver('s1')],
      capabilities: MANUAL,
    });

    expect(wordsOf(result)).toEqual(['park s1', 'manual s1 revoke-number']);
  });
});

describe('numbers that the vendor cannot give', () => {
  it('are a notice, once', () => {
    const result = plan({ ...account({}), subjects: [withNumber()], capabilities: NO_NUMBERS });

    expect(wordsOf(result)).toEqual([]);
    expect(codesOf(result)).toEqual(['capability']);
  });

  it('are not taken from people who have them all the same', () => {
    const result = plan({
      ...account({ numbers: [ASSIGNED] }),
      subjects: [wanted('s1')],
      managed: { teams: new Set(), numbers: new Set([`number:assigned:${NUMBER}`]) },
      capabilities: NO_NUMBERS,
    });

    expect(wordsOf(result)).toEqual([]);
  });
});
