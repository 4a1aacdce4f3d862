import { describe, expect, it } from 'vitest';
import { nextLifecycle, linkStateOf } from '../../../src/domain/lifecycle-next.js';
import {
  ACTIVE_LIFECYCLE,
  type DeletionGuards,
  type Lifecycle,
  type LifecycleEvent,
  type LifecycleState,
} from '../../../src/domain/lifecycle.js';

const GRACE = 1000;
const DUE_AT = 5000 + GRACE;
const CLEAR: DeletionGuards = { protections: [], hasManifest: true, isPlanHeld: false, isInCall: false };

const IN: Readonly<Record<LifecycleState, Lifecycle>> = {
  active: ACTIVE_LIFECYCLE,
  parked: { state: 'parked', parkedAt: 5000, deleteDueAt: DUE_AT, holds: [] },
  due: { state: 'due', parkedAt: 5000, deleteDueAt: DUE_AT, holds: [] },
  held: { state: 'held', parkedAt: 5000, deleteDueAt: DUE_AT, holds: ['why'] },
  deleting: { state: 'deleting', parkedAt: 5000, deleteDueAt: DUE_AT, holds: [] },
  deleted: { state: 'deleted', parkedAt: 5000, deleteDueAt: DUE_AT, holds: [] },
  verified: { state: 'verified', parkedAt: 5000, deleteDueAt: DUE_AT, holds: [] },
  forgotten: { ...ACTIVE_LIFECYCLE, state: 'forgotten' },
};

const EVENTS: Readonly<Record<LifecycleEvent['type'], LifecycleEvent>> = {
  park: { type: 'park', at: 7000, graceMs: GRACE },
  restore: { type: 'restore' },
  forget: { type: 'forget' },
  cancel: { type: 'cancel' },
  reschedule: { type: 'reschedule', deleteDueAt: 9000 },
  clock: { type: 'clock', now: DUE_AT },
  hold: { type: 'hold', reasons: ['new'] },
  release: { type: 'release' },
  'begin-delete': { type: 'begin-delete', now: DUE_AT, guards: CLEAR },
  'delete-confirmed': { type: 'delete-confirmed' },
  'delete-refused': { type: 'delete-refused', reason: 'vendor said no' },
  'found-present': { type: 'found-present' },
  'found-gone': { type: 'found-gone' },
  verify: { type: 'verify' },
};

function outcome(from: Lifecycle, event: LifecycleEvent): string {
  const result = nextLifecycle(from, event);
  return result.type === 'next' ? result.lifecycle.state : result.refusal;
}

/** Columns: active, parked, due, held, deleting, deleted, verified, forgotten. */
const TABLE: readonly [LifecycleEvent['type'], ...string[]][] = [
  ['park', 'parked', 'parked', 'due', 'held', 'too-late', 'too-late', 'too-late', 'impossible'],
  ['restore', 'active', 'active', 'active', 'active', 'too-late', 'too-late', 'too-late', 'impossible'],
  [
    'forget',
    'forgotten',
    'forgotten',
    'forgotten',
    'forgotten',
    'too-late',
    'too-late',
    'too-late',
    'forgotten',
  ],
  ['cancel', 'impossible', 'parked', 'parked', 'parked', 'too-late', 'too-late', 'too-late', 'impossible'],
  [
    'reschedule',
    'impossible',
    'parked',
    'parked',
    'parked',
    'too-late',
    'too-late',
    'too-late',
    'impossible',
  ],
  ['clock', 'active', 'due', 'due', 'held', 'deleting', 'deleted', 'verified', 'forgotten'],
  [
    'hold',
    'impossible',
    'impossible',
    'held',
    'held',
    'impossible',
    'impossible',
    'impossible',
    'impossible',
  ],
  [
    'release',
    'impossible',
    'impossible',
    'due',
    'due',
    'impossible',
    'impossible',
    'impossible',
    'impossible',
  ],
  [
    'begin-delete',
    'impossible',
    'too-early',
    'deleting',
    'impossible',
    'impossible',
    'impossible',
    'impossible',
    'impossible',
  ],
  [
    'delete-confirmed',
    'impossible',
    'impossible',
    'impossible',
    'impossible',
    'deleted',
    'deleted',
    'impossible',
    'impossible',
  ],
  [
    'delete-refused',
    'impossible',
    'impossible',
    'impossible',
    'impossible',
    'held',
    'impossible',
    'impossible',
    'impossible',
  ],
  ['found-present', 'active', 'parked', 'due', 'held', 'due', 'held', 'verified', 'forgotten'],
  ['found-gone', 'deleted', 'deleted', 'deleted', 'deleted', 'deleted', 'deleted', 'verified', 'forgotten'],
  [
    'verify',
    'impossible',
    'impossible',
    'impossible',
    'impossible',
    'impossible',
    'verified',
    'verified',
    'impossible',
  ],
];

describe('every event in every state', () => {
  it.each(TABLE)('%s', (type, ...expected) => {
    expect(Object.values(IN).map((from) => outcome(from, EVENTS[type as LifecycleEvent['type']]))).toEqual(
      expected,
    );
  });
});

describe('the permanent deletion', () => {
  const begin = (overrides: {
    now?: number;
    guards?: Partial<DeletionGuards>;
    deleteDueAt?: number | null;
  }) =>
    outcome(
      { ...IN.due, deleteDueAt: overrides.deleteDueAt === undefined ? DUE_AT : overrides.deleteDueAt },
      { type: 'begin-delete', now: overrides.now ?? DUE_AT, guards: { ...CLEAR, ...overrides.guards } },
    );

  it('begins on its date and not a millisecond before, even where the clock was set back since', () => {
    expect(begin({ now: DUE_AT })).toBe('deleting');
    expect(begin({ now: DUE_AT - 1 })).toBe('too-early');
    expect(begin({ deleteDueAt: null })).toBe('too-early');
  });

  it('never begins while a guard stands', () => {
    expect(begin({ guards: { protections: ['legal-hold'] } })).toBe('protected');
    expect(begin({ guards: { isPlanHeld: true } })).toBe('plan-held');
    expect(begin({ guards: { hasManifest: false } })).toBe('no-manifest');
    expect(begin({ guards: { isInCall: true } })).toBe('in-call');
  });

  it('becomes due on its date, not before, and never without one', () => {
    const at = (now: number, deleteDueAt: number | null = DUE_AT) =>
      outcome({ ...IN.parked, deleteDueAt }, { type: 'clock', now });

    expect([at(DUE_AT - 1), at(DUE_AT), at(DUE_AT + 1)]).toEqual(['parked', 'due', 'due']);
    expect(at(Number.MAX_SAFE_INTEGER, null)).toBe('parked');
  });

  it('says why it waits, and no longer once it does not', () => {
    const holdsAfter = (from: Lifecycle, event: LifecycleEvent) => {
      const result = nextLifecycle(from, event);
      return result.type === 'next' ? result.lifecycle.holds : [];
    };

    expect(holdsAfter(IN.due, EVENTS.hold)).toEqual(['new']);
    expect(holdsAfter(IN.held, EVENTS.release)).toEqual([]);
    expect(holdsAfter(IN.held, EVENTS.cancel)).toEqual([]);
    expect(holdsAfter(IN.deleting, EVENTS['delete-refused'])).toEqual(['vendor said no']);
    expect(holdsAfter(IN.deleted, EVENTS['found-present'])).toHaveLength(1);
  });

  it('keeps the first date on a second park, takes a new one, or none when cancelled', () => {
    const dueAfter = (event: LifecycleEvent) => {
      const result = nextLifecycle(IN.parked, event);
      return result.type === 'next' ? result.lifecycle.deleteDueAt : undefined;
    };

    expect([EVENTS.park, EVENTS.reschedule, EVENTS.cancel].map(dueAfter)).toEqual([DUE_AT, 9000, null]);
  });
});

describe('an agent that was gone and is there again', () => {
  const back = (from: Partial<Lifecycle>) => outcome({ ...IN.deleted, ...from }, EVENTS['found-present']);

  it('is as it was before, where nobody had asked for its deletion', () => {
    expect(back({ parkedAt: null, deleteDueAt: null })).toBe('active');
    expect(back({ deleteDueAt: null })).toBe('parked');
    expect(back({})).toBe('held');
  });
});

describe('the state of the link', () => {
  it('follows that of the deletion', () => {
    expect(Object.values(IN).map(({ state }) => linkStateOf(state))).toEqual([
      'active',
      'parked',
      'parked',
      'parked',
      'deleting',
      'deleted',
      'deleted',
      'forgotten',
    ]);
  });
});
