import { describe, expect, it } from 'vitest';
import { NO_ENTITLEMENTS } from '../../../src/domain/entitlement.js';
import { linkAfter } from '../../../src/domain/link-after.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import type { PlanInput } from '../../../src/domain/planning/input.js';
import type { ProtectionReason } from '../../../src/domain/protection.js';
import {
  AIRCALL,
  CAPABLE,
  DAY_MS,
  MANUAL,
  NOW,
  actual,
  agent,
  codesOf,
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

const LEAST_WRITTEN = { lastWritten: written('s1', { role: 'agent' }) };

describe('a leaver with an agent of ours', () => {
  it.each(['inactive', 'deleted', 'unmapped'] as const)(
    'is parked with everything taken, being %s',
    (fact) => {
      const result = plan({
        subjects: [leaver('s1', fact)],
        actual: actual([agent('s1', { teams: ['Unmanaged', 'Sales'] })]),
        links: [link('s1', { lastWritten: written('s1', { role: 'admin', teams: ['Sales'] }) })],
      });

      expect(wordsOf(result)).toEqual([
        'park s1',
        'revoke s1 team:sales',
        'revoke s1 team:unmanaged',
        'update s1 {"role":"agent"}',
      ]);
      expect(result.changes.every(({ urgent }) => urgent)).toBe(true);
      expect(only(result, 'park')).toMatchObject({
        fact,
        graceMs: 30 * DAY_MS,
        held: { role: 'admin', owner: false, teams: ['Sales', 'Unmanaged'], numbers: [] },
      });
    },
  );

  it('is made unavailable in the write that takes the role, once, and available again when restored', () => {
    const capabilities = { ...AIRCALL, writeAvailability: true };
    const here = actual([agent('s1')]);
    const first = plan({ capabilities, subjects: [leaver('s1')], actual: here, links: [link('s1')] });
    const update = only(first, 'update');
    const lastWritten = { ...written('s1', { role: 'agent' }), availability: 'unavailable' as const };
    const links = [parked('s1', { lastWritten })];
    const second = plan({ capabilities, subjects: [leaver('s1')], actual: here, links });
    const back = plan({ capabilities, subjects: [wanted('s1', { role: 'agent' })], actual: here, links });

    expect(update).toMatchObject({ urgent: true, after: { role: 'agent', availability: 'unavailable' } });
    expect(linkAfter(parked('s1'), update, NOW).lastWritten).toMatchObject({ availability: 'unavailable' });
    expect(wordsOf(second)).toEqual([]);
    expect(only(back, 'update').after).toEqual({ availability: 'available' });
    const careful = plan({
      capabilities,
      policy: 'upsert-only',
      subjects: [leaver('s1')],
      actual: here,
      links: [link('s1')],
    });
    expect(wordsOf(careful)).toEqual([]);
  });

  it('loses numbers and the owner overlay by API where there is one', () => {
    const number = { number: '+331', kind: 'outbound' } as const;
    const result = plan({
      subjects: [leaver('s1')],
      actual: actual([
        agent('s1', { role: 'agent', owner: true, numbers: [{ number: '+332', kind: 'assigned' }, number] }),
      ]),
      links: [link('s1')],
      capabilities: CAPABLE,
    });

    expect(wordsOf(result)).toEqual([
      'park s1',
      'revoke s1 number:assigned:+332',
      'revoke s1 number:outbound:+331',
      'revoke s1 owner',
    ]);
    expect(only(result, 'park').held).toMatchObject({
      owner: true,
      numbers: [{ number: '+332', kind: 'assigned' }, number],
    });
  });

  it('loses numbers that we wrote where numbers were not read', () => {
    const numbers = [{ number: '+331', kind: 'assigned' } as const];
    const result = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1', { role: 'agent', numbers: null })]),
      links: [link('s1', { lastWritten: written('s1', { numbers }) })],
      capabilities: CAPABLE,
    });

    expect(wordsOf(result)).toEqual(['park s1', 'revoke s1 number:assigned:+331']);
  });

  it('leaves tasks for what has no API', () => {
    const result = plan({
      subjects: [leaver('s1')],
      actual: actual([
        agent('s1', {
          role: 'admin',
          owner: true,
          teams: ['T'],
          numbers: [{ number: '+331', kind: 'assigned' }],
        }),
      ]),
      links: [link('s1')],
      capabilities: MANUAL,
    });

    expect(wordsOf(result)).toEqual([
      'park s1',
      'revoke s1 team:t',
      'manual s1 change-role',
      'manual s1 remove-owner',
      'manual s1 revoke-number',
    ]);
  });

  it('makes no task for an unknown role that cannot be written anyway', () => {
    const result = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1')]),
      links: [link('s1', { lastWritten: null })],
      capabilities: MANUAL,
    });

    expect(wordsOf(result)).toEqual(['park s1']);
  });

  it('whose number came through a team leaves a task only once the team is gone and the number still reaches them', () => {
    const reached = { numbers: [{ number: '+331', kind: 'call_flow' } as const] };
    const before = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1', { ...reached, teams: ['Ring'] })]),
      links: [link('s1')],
    });
    const after = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1', reached)]),
      links: [parked('s1')],
    });

    expect(wordsOf(before)).toEqual(['park s1', 'revoke s1 team:ring', 'update s1 {"role":"agent"}']);
    expect(wordsOf(after)).toEqual(['manual s1 revoke-number']);
  });

  it('is given the least role even where we wrote no other, because somebody may have raised it unseen', () => {
    const first = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1')]),
      links: [link('s1', LEAST_WRITTEN)],
    });
    const later = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1')]),
      links: [parked('s1', LEAST_WRITTEN)],
    });
    const shown = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1', { role: 'agent' })]),
      links: [link('s1')],
      capabilities: { ...AIRCALL, readRole: true },
    });

    expect(wordsOf(first)).toEqual(['park s1', 'update s1 {"role":"agent"}']);
    expect(wordsOf(later)).toEqual([]);
    expect(wordsOf(shown)).toEqual(['park s1']);
  });

  it('gets the least role later where writing it failed when parked', () => {
    const unwritten = parked('s1', { lastWritten: { ...written('s1'), entitlements: NO_ENTITLEMENTS } });

    expect(
      wordsOf(plan({ subjects: [leaver('s1')], actual: actual([agent('s1')]), links: [unwritten] })),
    ).toEqual(['update s1 {"role":"agent"}']);
  });

  it('is stripped again when somebody gives them something back, and reported', () => {
    const result = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1', { teams: ['Sales'] })]),
      links: [parked('s1', LEAST_WRITTEN)],
    });

    expect(wordsOf(result)).toEqual(['revoke s1 team:sales']);
    expect(result.changes[0]?.urgent).toBe(true);
    expect(result.drift).toMatchObject([{ code: 'reactivated', found: 'team "Sales"' }]);
  });

  it('is suspended again where the vendor can and somebody lifted it, keeping what was held at first', () => {
    const heldAtPark = { ...NO_ENTITLEMENTS, teams: ['Sales'] };
    const revived = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1', { role: 'agent' })]),
      links: [parked('s1', { heldAtPark })],
      capabilities: CAPABLE,
    });
    const asleep = plan({
      subjects: [leaver('s1')],
      actual: actual([agent('s1', { role: 'agent', status: 'suspended' })]),
      links: [parked('s1')],
      capabilities: CAPABLE,
    });

    expect(only(revived, 'park').held).toBe(heldAtPark);
    expect(wordsOf(asleep)).toEqual([]);
  });

  it('is forgotten where the agent is gone, and left alone where it was not read', () => {
    const subjects = [leaver('s1')];
    const gone = [link('s1'), parked('s1')].map((one) => wordsOf(plan({ subjects, links: [one] })));
    const unread = plan({ subjects, links: [link('s1')], actual: actual([], { scope: 'subjects' }) });

    expect(gone).toEqual([['forget s1'], ['forget s1']]);
    expect(wordsOf(unread)).toEqual([]);
    expect(codesOf(unread)).toEqual(['not-read']);
  });

  it.each([
    ['still there', [agent('s1', { teams: ['T'] })]],
    ['gone', []],
  ])('is left to the deletion that is under way, the agent %s', (_, agents) => {
    const result = plan({
      subjects: [leaver('s1')],
      actual: actual(agents),
      links: [parked('s1', { state: 'deleting' })],
    });

    expect(wordsOf(result)).toEqual([]);
  });
});

describe('a leaver without an agent of ours', () => {
  it('is none of our business', () => {
    expect(plan({ subjects: [leaver('s1')] })).toMatchObject({ changes: [], notices: [] });
    expect(plan({ subjects: [leaver('s1')], links: [parked('s1', { state: 'deleted' })] })).toMatchObject({
      changes: [],
      notices: [],
    });
  });

  it('is named where an agent of theirs is still there, unmanaged', () => {
    const result = plan({
      subjects: [leaver('s2'), leaver('s1'), leaver('s0', 'inactive', { email: 's1@example.com' })],
      actual: actual([agent('s1'), agent('x')]),
    });

    expect(wordsOf(result)).toEqual([]);
    expect(result.notices).toMatchObject([
      { code: 'unmanaged-agent', subjectId: null, providerUserId: 'a-x' },
      { code: 'unmanaged-agent', subjectId: 's0', providerUserId: 'a-s1' },
    ]);
    expect(result.notices[1]?.message).toContain('has left');
  });
});

describe('nobody is removed for being absent', () => {
  it.each(['all', 'subjects'] as const)('from a snapshot of scope %s', (scope) => {
    const result = plan({
      scope,
      subjects: [],
      actual: actual([agent('s1', { teams: ['T'] }), agent('s2')]),
      links: [link('s1'), parked('s2', { deleteDueAt: NOW - 1 })],
    });

    expect(result.changes).toEqual([]);
  });
});

describe('the permanent deletion', () => {
  const due = {
    subjects: [leaver('s1')],
    actual: actual([agent('s1')]),
    links: [parked('s1', { ...LEAST_WRITTEN, deleteDueAt: NOW })],
  };

  it('comes when the grace period is over, and not a millisecond before', () => {
    const early = plan({ ...due, now: NOW - 1 });

    expect(wordsOf(plan(due))).toEqual(['delete s1']);
    expect(only(plan(due), 'delete')).toMatchObject({
      linkId: 'l-s1',
      providerUserId: 'a-s1',
      urgent: false,
    });
    expect(wordsOf(early)).toEqual([]);
  });

  it('never comes for an agent that is only being parked, nor without a date', () => {
    const active = plan({ ...due, links: [link('s1', { ...LEAST_WRITTEN, deleteDueAt: NOW - 1 })] });
    const undated = plan({ ...due, links: [parked('s1', { ...LEAST_WRITTEN, deleteDueAt: null })] });

    expect(wordsOf(active)).not.toContain('delete s1');
    expect(wordsOf(undated)).toEqual([]);
  });

  it.each([
    'vendor-owner',
    'last-admin',
    'credential-user',
    'break-glass',
    'legal-hold',
  ] satisfies ProtectionReason[])('never comes for somebody protected as %s, by either id', (reason) => {
    const byAgent = { providerUserId: 'a-s1', subjectId: null, reason, until: null };
    const bySubject = { providerUserId: null, subjectId: 's1', reason, until: NOW + 1 };

    for (const protection of [byAgent, bySubject]) {
      const result = plan({ ...due, protections: [protection] });
      expect(wordsOf(result)).toEqual([]);
      expect(codesOf(result)).toEqual(['protected']);
      expect(result.notices[0]?.message).toContain(reason);
    }
  });

  it('comes once the protection has ended', () => {
    const ended = { providerUserId: 'a-s1', subjectId: null, reason: 'legal-hold', until: NOW } as const;

    expect(wordsOf(plan({ ...due, protections: [ended] }))).toEqual(['delete s1']);
  });

  it('never comes for an owner, even where nobody listed them', () => {
    const result = plan({ ...due, actual: actual([agent('s1', { owner: true })]) });

    expect(wordsOf(result)).toEqual(['manual s1 remove-owner']);
    expect(codesOf(result)).toEqual(['protected']);
  });

  it('is a task where the vendor has no API for it', () => {
    expect(wordsOf(plan({ ...due, capabilities: MANUAL }))).toEqual(['manual s1 delete-agent']);
  });
});
