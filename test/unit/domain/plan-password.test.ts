import { describe, expect, it } from 'vitest';
import { collectByHand } from '../../../src/domain/by-hand.js';
import { calculatePlan } from '../../../src/domain/planning/calculate.js';
import { PROVIDERS } from '../../../src/providers/registry.js';
import type { ByHand, Link } from '../../../src/domain/state.js';
import {
  CAPABLE,
  actual,
  agent,
  leaver,
  link,
  parked,
  planInput,
  wanted,
  written,
} from '../../support/domain.js';

const capabilities = { ...CAPABLE, initialPassword: true };
const CHOOSE = { kind: 'choose-password' } as const;

function tasksOf(input: Parameters<typeof planInput>[0]) {
  const { changes } = calculatePlan(planInput({ capabilities, ...input }));
  return changes.flatMap((change) => (change.action === 'manual' ? [change.task] : []));
}

const known = (byHand: ByHand): Partial<Link> => ({
  lastWritten: written('s1', { role: 'agent' }),
  facts: { byHand, graceDays: null, roleSuspectedAt: null, invitation: { sentAt: 0, acceptedAt: null } },
});

const linked = (more: Partial<Link>) =>
  tasksOf({
    subjects: [wanted('s1', { role: 'agent' })],
    actual: actual([agent('s1', { role: 'agent' })]),
    links: [link('s1', more)],
  });

describe('the first password of a newcomer', () => {
  const nothing = collectByHand([]);
  const done = collectByHand([{ task: CHOOSE, at: 1 }]);

  it('is a task from the beginning, where the vendor demands one', () => {
    const subjects = [wanted('s1')];

    expect(tasksOf({ subjects })).toEqual([CHOOSE]);
    expect(tasksOf({ subjects, capabilities: CAPABLE })).toEqual([]);
  });

  it('stays one until a person says that it is done', () => {
    expect(linked(known(nothing))).toEqual([CHOOSE]);
    expect(linked(known(done))).toEqual([]);
  });

  it('is none for somebody whose agent was there before, who left, or of whom nothing is known', () => {
    expect(linked({ ...known(nothing), origin: 'adopted' })).toEqual([]);
    expect(linked({ lastWritten: written('s1', { role: 'agent' }) })).toEqual([]);
    const gone = parked('s1', { facts: known(nothing).facts! });
    expect(tasksOf({ subjects: [leaver('s1')], actual: actual([agent('s1')]), links: [gone] })).toEqual([]);
  });

  it('is a matter of Smartflo: elsewhere people are invited', () => {
    const demanding = Object.values(PROVIDERS).filter((one) => one.capabilities.initialPassword === true);

    expect(demanding.map(({ id }) => id)).toEqual(['smartflo']);
  });
});
