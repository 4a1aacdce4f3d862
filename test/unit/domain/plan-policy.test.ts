import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/domain/plan.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import { planDigestInput } from '../../../src/domain/planning/digest.js';
import { splitUrgent } from '../../../src/domain/planning/parts.js';
import { applicableChanges } from '../../../src/domain/planning/policy.js';
import { removalKind } from '../../../src/domain/planning/removal.js';
import {
  CAPABLE,
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

/** A bit of everything: a leaver, one due, one restored, a mover, a renamed one, joiners, one gone, one adopted. */
const EVERYTHING = planInput({
  capabilities: { ...CAPABLE, numberAccess: { ...CAPABLE.numberAccess, call_flow: 'manual' } },
  subjects: [
    wanted('z-joiner', { teams: ['New'] }),
    wanted('a-joiner', { numbers: [{ number: '+331', kind: 'call_flow' }] }),
    wanted('mover', { teams: ['B'] }, { givenName: 'Renamed' }),
    wanted('back'),
    wanted('known'),
    wanted('gone'),
    leaver('left'),
    leaver('due'),
    leaver('also-left'),
  ],
  actual: actual(
    [
      agent('mover', { role: 'admin', teams: ['A'] }),
      agent('back', { role: 'agent' }),
      agent('known', { role: 'agent' }),
      agent('left', { role: 'admin', teams: ['A', 'B'], numbers: [{ number: '+331', kind: 'call_flow' }] }),
      agent('also-left', { role: 'agent' }),
      agent('due', { role: 'agent', status: 'suspended' }),
    ],
    { teams: ['A', 'B'], numbers: ['+331'] },
  ),
  links: [
    link('mover', { lastWritten: written('mover', { teams: ['A'] }) }),
    parked('back'),
    link('gone'),
    link('left'),
    link('also-left'),
    parked('due', { deleteDueAt: NOW }),
  ],
});

describe('the order of a plan', () => {
  it('is leavers, forgotten, adopted, restored, changed, deleted, then what is new, then tasks', () => {
    expect(wordsOf(calculatePlan(EVERYTHING))).toEqual([
      'park also-left',
      'park left',
      'revoke left team:a',
      'revoke left team:b',
      'update left {"role":"agent"}',
      'manual left revoke-number',
      'forget gone',
      'adopt known',
      'restore back',
      'revoke mover team:a',
      'update mover {"givenName":"Renamed","familyName":"Family","role":"agent"}',
      'delete due',
      'create-team New',
      'create a-joiner',
      'create gone',
      'create z-joiner',
      'grant z-joiner team:new',
      'grant mover team:b',
      'manual a-joiner grant-number',
    ]);
  });

  it('puts the park at the end where people do the work: it is their look whether anything is left', () => {
    const byHand = { ...EVERYTHING, capabilities: { ...CAPABLE, writes: 'manual' } } as const;

    expect(wordsOf(calculatePlan(byHand)).slice(0, 6)).toEqual([
      'park also-left',
      'revoke left number:call_flow:+331',
      'revoke left team:a',
      'revoke left team:b',
      'update left {"role":"agent"}',
      'park left',
    ]);
  });

  it('gives every change a key of its own', () => {
    const keys = calculatePlan(EVERYTHING).changes.map(({ key }) => key);

    expect(new Set(keys).size).toBe(keys.length);
  });

  it('can be split into the leavers’ part and the rest', () => {
    const plan = calculatePlan(EVERYTHING);
    const { urgent, rest } = splitUrgent(plan);

    expect(wordsOf(urgent)).toEqual(wordsOf(plan).slice(0, 6));
    expect(wordsOf(rest)).toEqual(wordsOf(plan).slice(6));
    expect(rest).toMatchObject({ notices: plan.notices, drift: plan.drift });
    expect(urgent).toMatchObject({ notices: [], drift: [] });
  });
});

describe('the policy of an account', () => {
  it('sync applies everything', () => {
    const plan = calculatePlan(EVERYTHING);

    expect(applicableChanges(plan)).toBe(plan.changes);
  });

  it('report-only shows everything and applies nothing', () => {
    const plan = calculatePlan({ ...EVERYTHING, policy: 'report-only' });

    expect(wordsOf(plan)).toEqual(wordsOf(calculatePlan(EVERYTHING)));
    expect(applicableChanges(plan)).toEqual([]);
  });

  it('upsert-only adds and changes, and says of each person what it does not take', () => {
    const plan = calculatePlan({ ...EVERYTHING, policy: 'upsert-only' });
    const suppressed = plan.notices.filter(({ code }) => code === 'suppressed-by-policy');

    expect(wordsOf(plan)).toEqual([
      'forget gone',
      'adopt known',
      'restore back',
      'update mover {"givenName":"Renamed","familyName":"Family"}',
      'create-team New',
      'create a-joiner',
      'create gone',
      'create z-joiner',
      'grant z-joiner team:new',
      'grant mover team:b',
      'manual a-joiner grant-number',
    ]);
    expect(applicableChanges(plan)).toBe(plan.changes);
    expect(only(plan, 'update').key).toBe('update:mover:familyName+givenName');
    expect(suppressed.map(({ subjectId }) => subjectId)).toEqual(['also-left', 'due', 'left', 'mover']);
    expect(suppressed[2]?.message).toContain('1 × demote, 1 × park, 2 × revoke, 1 × task');
  });

  it('upsert-only leaves out the tasks of taking, too', () => {
    const plan = calculatePlan(
      planInput({
        policy: 'upsert-only',
        capabilities: MANUAL,
        subjects: [leaver('s1'), leaver('s2')],
        actual: actual([agent('s1', { role: 'admin', owner: true }), agent('s2', { role: 'agent' })]),
        links: [link('s1'), parked('s2', { deleteDueAt: NOW })],
      }),
    );

    expect(wordsOf(plan)).toEqual([]);
    expect(codesOf(plan)).toEqual(['suppressed-by-policy', 'suppressed-by-policy']);
  });
});

describe('what counts as taking', () => {
  const update = (before: object, after: object): Change => ({
    ...only(calculatePlan({ ...EVERYTHING, policy: 'upsert-only' }), 'update'),
    before,
    after,
  });

  it.each([
    [{ role: 'admin' }, { role: 'agent' }, 'demote'],
    [{ role: 'admin' }, { role: 'supervisor' }, 'demote'],
    [{ role: null }, { role: 'agent' }, 'demote'],
    [{}, { role: 'agent' }, 'demote'],
    [{ role: null }, { role: 'supervisor' }, null],
    [{ role: 'agent' }, { role: 'admin' }, null],
    [{ role: 'agent' }, { role: 'agent' }, null],
    [{ role: 'agent' }, { role: null }, null],
    [{ givenName: 'A' }, { givenName: 'B' }, null],
  ] as const)('from %j to %j is %s', (before, after, expected) => {
    expect(removalKind(update(before, after))).toBe(expected);
  });
});

describe('the digest input', () => {
  it('is one text whatever the order of keys and changes, and differs when any change does', () => {
    const plan = calculatePlan(EVERYTHING);
    const turned = {
      ...plan,
      changes: plan.changes.toReversed().map((change) => keysTurned(change) as Change),
    };
    const text = JSON.stringify(planDigestInput(plan));

    expect(JSON.stringify(planDigestInput(turned))).toBe(text);
    expect(JSON.stringify(planDigestInput({ ...plan, accountId: 'other' }))).not.toBe(text);
    expect(
      JSON.stringify(planDigestInput({ ...plan, inputs: { ...plan.inputs, policy: 'upsert-only' } })),
    ).not.toBe(text);
    const longer = { ...EVERYTHING, graceMs: 1 };
    expect(JSON.stringify(planDigestInput(calculatePlan(longer)))).not.toBe(text);
  });

  it('holds neither wording nor moments', () => {
    const text = JSON.stringify(planDigestInput(calculatePlan(EVERYTHING)));

    for (const word of ['reason', 'because', 'readAt', 'trigger', 'directoryVersion'])
      expect(text).not.toContain(word);
  });
});

function keysTurned(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, keysTurned(inner)]),
  );
}
