import { beforeEach, describe, expect, it } from 'vitest';
import { compareFindings, type Finding } from '../../../src/domain/findings/finding.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import { findAccountDrift } from '../../../src/domain/findings/account.js';
import {
  AIRCALL,
  CAPABLE,
  DAY_MS,
  NOW,
  actual,
  agent,
  derived,
  entitlements,
  leaver,
  link,
  planInput,
  wanted,
  written,
} from '../../support/domain.js';
import { CAST, NUMBER } from '../../support/drift-injections.js';
import { DriftModel } from '../../support/drift-model.js';
import type { PlanInput } from '../../../src/domain/planning/input.js';

function model(): DriftModel {
  return new DriftModel({ capabilities: AIRCALL });
}

function keys(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ key }) => key);
}

/** Findings of one reading, without the model. */
function find(overrides: Partial<PlanInput>): readonly Finding[] {
  const input = planInput(overrides);
  return findAccountDrift({
    plan: calculatePlan(input),
    actual: input.actual,
    links: input.links,
    states: new Map(input.subjects.map((one) => [one.subjectId, one])),
    capabilities: input.capabilities,
    invitations: { validDays: 15, sentAt: new Map() },
    lastUse: null,
    tasks: [],
    baseline: null,
    now: NOW,
  }).findings;
}

describe('an invitation', () => {
  it('counts as expired 15 days after our own create where the vendor cannot tell, and no call was seen', () => {
    const company = model();
    const [ann, bob, cem] = ['ann', 'bob', 'cem'].map(company.agentOf) as [string, string, string];
    const sentAt = new Map([
      [ann, NOW - 15 * DAY_MS],
      [bob, NOW - 15 * DAY_MS + 1],
      [cem, NOW - 40 * DAY_MS],
    ]);
    company.extra = { invitations: { validDays: 15, sentAt }, lastUse: new Map([[cem, NOW - DAY_MS]]) };

    expect(company.find().findings).toMatchObject([
      { key: `invitation-expired:${ann}`, severity: 'info', about: 'ann@example.com' },
    ]);
  });

  it('never expires where the vendor knows no such end', () => {
    const company = model();
    const sentAt = new Map([[company.agentOf('ann'), NOW - 400 * DAY_MS]]);
    company.extra = { invitations: { validDays: null, sentAt }, lastUse: new Map() };

    expect(keys(company.find().findings)).not.toContain(`invitation-expired:${company.agentOf('ann')}`);
  });

  it('is judged by the vendor where it shows who is pending', () => {
    const capabilities = { ...CAPABLE, invitationStateReadable: true };
    const subjects = [wanted('s1'), wanted('s2')];
    const input = planInput({
      capabilities,
      subjects,
      actual: actual([agent('s1', { status: 'pending', role: 'agent' }), agent('s2', { role: 'agent' })]),
      links: [link('s1'), link('s2')],
    });
    const old = NOW - 16 * DAY_MS;
    const { findings } = findAccountDrift({
      plan: calculatePlan(input),
      actual: input.actual,
      links: input.links,
      states: new Map(subjects.map((one) => [one.subjectId, one])),
      capabilities,
      invitations: {
        validDays: 15,
        sentAt: new Map([
          ['a-s1', old],
          ['a-s2', old],
        ]),
      },
      lastUse: new Map(),
      tasks: [],
      baseline: null,
      now: NOW,
    });

    expect(keys(findings.filter((one) => one.class === 'invitation-expired'))).toEqual([
      'invitation-expired:a-s1',
    ]);
  });
});

describe('an agent without a number', () => {
  let company: DriftModel;

  beforeEach(async () => {
    company = model();
    await company.vendor.setRingTo(NUMBER.quiet, { teams: ['All'], agents: [] });
  });

  it('is told where the rules grant none', () => {
    expect(company.find().findings).toMatchObject([
      { key: `agent-without-number:${company.agentOf(CAST.quiet)}`, severity: 'info' },
    ]);
  });

  it('is nothing to tell while a task to give one is open', () => {
    const subjectId = company.subjectOf(CAST.quiet);
    const task = { key: 'k', title: 'Give a number', subjectId, state: 'open', closedBy: null } as const;
    company.extra = { tasks: [task] };

    expect(keys(company.find().findings)).toEqual(['task-done:k']);
  });

  it('is told all the same while somebody has yet to choose a password', () => {
    const subjectId = company.subjectOf(CAST.quiet);
    const key = `manual:${subjectId}:password`;
    const task = { key, title: 'Tell', subjectId, state: 'open', closedBy: null } as const;
    company.extra = { tasks: [task] };

    expect(keys(company.find().findings)).toContain(`agent-without-number:${company.agentOf(CAST.quiet)}`);
  });

  it('is nothing to tell of numbers that were not read', () => {
    expect(
      find({
        subjects: [wanted('s1')],
        actual: actual([agent('s1', { numbers: null })]),
        links: [link('s1')],
      }),
    ).toEqual([]);
  });
});

describe('somebody whom no number reaches because of something else', () => {
  const kind = 'call_flow' as const;
  const access = [{ number: '+331', kind }];
  const subject = (id: string) =>
    wanted(
      id,
      {},
      { derived: derived({ numbers: access }, { viaTeam: { 'number:call_flow:+331': 'Desk' } }) },
    );
  const inDesk = (id: string) => link(id, { lastWritten: written(id, { teams: ['Desk'] }) });

  it('is told by the membership they lost', () => {
    const findings = find({
      subjects: [subject('s1'), subject('s2')],
      actual: actual([agent('s1', { teams: ['Desk'], numbers: access }), agent('s2')], {
        teams: ['Desk'],
        numbers: ['+331'],
      }),
      links: [inDesk('s1'), inDesk('s2')],
    });

    expect(keys(findings)).toEqual(['team-removed:s2:desk']);
  });

  it('is told by the number that does not ring their team', () => {
    const findings = find({
      subjects: [subject('s1'), subject('s2')],
      actual: actual([agent('s1', { teams: ['Desk'] }), agent('s2', { teams: ['Desk'] })], {
        teams: ['Desk'],
        numbers: ['+331'],
      }),
      links: [inDesk('s1'), inDesk('s2')],
    });

    expect(keys(findings)).toEqual(['dangling-ring-target:number:+331:desk']);
  });
});

describe('two teams given by hand', () => {
  it('are put right by a plan only where rules manage the team', () => {
    const findings = find({
      subjects: [wanted('s1')],
      actual: actual([agent('s1', { teams: ['Ruled', 'Wild'], numbers: null })], {
        teams: ['Ruled', 'Wild'],
      }),
      links: [link('s1')],
      managed: { teams: new Set(['ruled']), numbers: new Set() },
    });

    expect(findings.map(({ key, fixedBy }) => [key, fixedBy])).toEqual([
      ['team-added:s1:ruled', ['revoke:s1:team:ruled']],
      ['team-added:s1:wild', []],
    ]);
  });
});

describe('tasks', () => {
  const key = 'manual:s1:make-owner';
  const owner = {
    subjects: [wanted('s1', { owner: true })],
    actual: actual([agent('s1', { numbers: null })]),
    links: [link('s1', { lastWritten: written('s1') })],
  };
  const taskFindings = (task: {
    key: string;
    state: 'open' | 'done';
    closedBy: 'person' | 'reconciliation' | null;
  }) => {
    const input = planInput(owner);
    return findAccountDrift({
      plan: calculatePlan(input),
      actual: input.actual,
      links: input.links,
      states: new Map(input.subjects.map((one) => [one.subjectId, one])),
      capabilities: AIRCALL,
      invitations: { validDays: 15, sentAt: new Map() },
      lastUse: null,
      tasks: [{ ...task, title: 'Make s1 an owner', subjectId: 's1' }],
      baseline: null,
      now: NOW,
    }).findings.map((one) => one.key);
  };

  it('that somebody closed and that are still wanted are undone', () => {
    expect(taskFindings({ key, state: 'done', closedBy: 'person' })).toEqual([`task-undone:${key}`]);
    expect(taskFindings({ key, state: 'done', closedBy: 'reconciliation' })).toEqual([]);
  });

  it('that are open and not wanted any more are done', () => {
    expect(taskFindings({ key: 'manual:s1:other', state: 'open', closedBy: null })).toEqual([
      'task-done:manual:s1:other',
    ]);
    expect(taskFindings({ key, state: 'open', closedBy: null })).toEqual([]);
  });
});

describe('a parked agent', () => {
  it('that made a call after it was parked is active again', () => {
    const company = model();
    const lea = company.agentOf('lea');
    company.extra = { lastUse: new Map([[lea, NOW + 1]]) };
    expect(company.find().findings).toMatchObject([{ key: 'parked-active:s-lea', severity: 'critical' }]);

    company.extra = { lastUse: new Map([[lea, NOW]]) };
    expect(company.find().findings).toEqual([]);
  });

  it('is told once, however many ways it came back', async () => {
    const company = model();
    const lea = company.agentOf('lea');
    company.extra = { lastUse: new Map([[lea, NOW + 1]]) };
    await company.vendor.setMember('Sales', lea, true);
    await company.vendor.setRingTo('+33100000003', {
      teams: [],
      agents: [company.agentOf('kay'), lea],
    });

    expect(keys(company.find().findings)).toEqual(['parked-active:s-lea']);
  });
});

describe('an unmanaged agent', () => {
  it('of somebody who has left is critical, of a person the directory knows can be adopted', () => {
    const findings = find({
      subjects: [leaver('gone'), wanted('known')],
      actual: actual([agent('gone'), agent('known'), agent('other')]),
    });

    expect(findings.map(({ severity, about, fixedBy }) => [severity, about, fixedBy])).toEqual([
      ['critical', 'gone@example.com', []],
      ['warning', 'known@example.com', ['adopt:known:a-known']],
      ['warning', 'other@example.com', []],
    ]);
  });

  it('with a name that two managed people share is nobody’s double', () => {
    const same = { name: 'Kim Lee', role: null } as const;
    const findings = find({
      subjects: [wanted('s1'), wanted('s2')],
      actual: actual([agent('s1', same), agent('s2', same), agent('s3', same)]),
      links: [link('s1'), link('s2')],
    });

    expect(findings.filter((one) => one.providerUserId === 'a-s3')).toMatchObject([
      { class: 'unmanaged-agent' },
    ]);
  });

  it('under a second address of a leaver is critical', () => {
    const findings = find({
      subjects: [leaver('s1')],
      actual: actual([agent('s1'), agent('s9', { email: 's1+x@example.com' })]),
      links: [link('s1', { state: 'parked', parkedAt: NOW, heldAtPark: entitlements() })],
    });

    expect(findings).toMatchObject([{ class: 'duplicate-person', severity: 'critical', subjectId: 's1' }]);
  });
});

describe('people without an agent', () => {
  it('are told with what is in the way', () => {
    const findings = find({
      subjects: [
        wanted('s1'),
        wanted('s2', {}, { email: null }),
        wanted('s3', {}, { email: 'shared@example.com' }),
        wanted('s4', {}, { email: 'shared@example.com' }),
        wanted('s5', {}, { email: 's6@example.com' }),
        wanted('s6', {}, { email: 'new@example.com' }),
      ],
      actual: actual([agent('s6', { numbers: null })]),
      links: [link('s6')],
      capabilities: { ...AIRCALL, writeEmail: false },
    });

    expect(keys(findings)).toEqual([
      'duplicate-person:directory:s3',
      'duplicate-person:directory:s4',
      'duplicate-person:directory:s5',
      'not-provisioned:s2',
      'not-provisioned:s1',
    ]);
    const [waiting, stuck] = ['s1', 's2'].map((id) => findings.find(({ subjectId }) => subjectId === id));
    expect(waiting).toMatchObject({ severity: 'info', words: { title: 's1@example.com has no agent yet' } });
    expect(stuck).toMatchObject({
      severity: 'warning',
      words: {
        title: expect.stringContaining('gets none'),
        advice: expect.stringContaining('e-mail address'),
      },
    });
  });
});

describe('owners', () => {
  it('are counted from the first reading on, and none at all is told at once', () => {
    const owned = (owners: number) =>
      actual(
        ['s1', 's2'].map((id, position) =>
          agent(id, { role: 'agent', owner: position < owners, numbers: null }),
        ),
      );
    const at = (owners: number, ownerCount: number | null) => {
      const input = planInput({
        capabilities: CAPABLE,
        subjects: [wanted('s1'), wanted('s2')],
        actual: owned(owners),
        links: [link('s1'), link('s2')],
      });
      const result = findAccountDrift({
        plan: calculatePlan(input),
        actual: input.actual,
        links: input.links,
        states: new Map(),
        capabilities: CAPABLE,
        invitations: { validDays: 15, sentAt: new Map() },
        lastUse: null,
        tasks: [],
        baseline: ownerCount === null ? null : { ringing: [], ownerCount },
        now: NOW,
      });
      return [result.findings.map((one) => one.evidence.found), result.baseline.ownerCount];
    };

    expect(at(1, null)).toEqual([[], 1]);
    expect(at(1, 1)).toEqual([[], 1]);
    expect(at(2, 1)).toEqual([['s1@example.com, s2@example.com'], 1]);
    expect(at(0, null)).toEqual([['nobody'], 0]);
  });
});

describe('a number that rang somebody once', () => {
  it('stays known until the number is gone', async () => {
    const company = model();
    await company.vendor.setRingTo('+33100000003', { teams: [], agents: [] });
    const { findings, baseline } = company.find();
    expect(keys(findings)).toEqual(['dangling-ring-target:number:+33100000003']);
    company.baseline = baseline;
    expect(keys(company.find().findings)).toEqual(['dangling-ring-target:number:+33100000003']);

    const read = company.read();
    company.extra = {
      actual: { ...read, numbers: read.numbers.filter(({ number }) => number !== '+33100000003') },
    };
    const { direct: _gone, extra: _never, ...others } = NUMBER;
    expect(company.find().baseline.ringing).toEqual(Object.values(others).toSorted());
  });
});

describe('the role of an adopted agent', () => {
  it('is compared with the one it was found with', () => {
    const adopted = link('s1', {
      origin: 'adopted',
      lastWritten: { ...written('s1', { role: null }), found: entitlements({ role: 'agent' }) },
    });
    const findings = find({
      capabilities: CAPABLE,
      subjects: [wanted('s1', { role: 'agent' })],
      actual: actual([agent('s1', { role: 'admin', numbers: null })]),
      links: [adopted],
    });

    expect(findings).toMatchObject([{ key: 'role:s1', severity: 'critical', fixedBy: ['update:s1:role'] }]);
  });
});

describe('findings', () => {
  it('come gravest first', async () => {
    const company = model();
    await company.vendor.rename(company.agentOf('ann'), 'X', 'Y');
    await company.vendor.setMember('Sales', company.agentOf('lea'), true);
    await company.vendor.deleteAgent(company.agentOf('bob'));
    const { findings } = company.find();

    expect(findings.map(({ severity }) => severity)).toEqual(['critical', 'warning', 'info']);
    expect(findings.toReversed().toSorted(compareFindings)).toEqual(findings);
  });
});
