import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextLifecycle } from '../../src/domain/lifecycle-next.js';
import { ACTIVE_LIFECYCLE, type Lifecycle, type LifecycleEvent } from '../../src/domain/lifecycle.js';

// A busy machine must not turn many runs into a failure.
const guards = fc.record({
  protections: fc.subarray(['legal-hold', 'last-admin']),
  hasManifest: fc.boolean(),
  isPlanHeld: fc.boolean(),
  isInCall: fc.boolean(),
});
const clear = fc.constant({ protections: [], hasManifest: true, isPlanHeld: false, isInCall: false });
const moment = fc.integer({ min: 0, max: 100 });

/** Everything that can reach an agent, in any order: pushes, approvals, retries, vendor answers, clock jumps. */
const event = fc.oneof(
  fc.record({ type: fc.constant('park'), at: moment, graceMs: fc.integer({ min: 0, max: 30 }) }),
  fc.record({
    type: fc.constantFrom(
      'restore',
      'forget',
      'cancel',
      'release',
      'verify',
      'found-present',
      'found-gone',
      'delete-confirmed',
    ),
  }),
  fc.record({ type: fc.constant('reschedule'), deleteDueAt: moment }),
  fc.record({ type: fc.constant('clock'), now: moment }),
  fc.record({ type: fc.constant('hold'), reasons: fc.constant(['hold']) }),
  fc.record({ type: fc.constant('delete-refused'), reason: fc.constant('refused') }),
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('begin-delete'), now: moment, guards: fc.oneof(guards, clear) }),
  },
) as fc.Arbitrary<LifecycleEvent>;

const events = fc.array(event, { maxLength: 40, size: 'max' });

function run(
  list: readonly LifecycleEvent[],
  step: (before: Lifecycle, one: LifecycleEvent, after: Lifecycle) => void,
): void {
  let current = ACTIVE_LIFECYCLE;
  for (const one of list) {
    const result = nextLifecycle(current, one);
    const after = result.type === 'next' ? result.lifecycle : current;
    step(current, one, after);
    current = after;
  }
}

describe('the life of an agent, whatever happens in whatever order', () => {
  it('enters deleting only on or after its date, with every guard clear', () => {
    fc.assert(
      fc.property(events, (list) => {
        run(list, (before, one, after) => {
          if (before.state === 'deleting' || after.state !== 'deleting') return;
          expect(one).toMatchObject({
            type: 'begin-delete',
            guards: { protections: [], hasManifest: true, isPlanHeld: false, isInCall: false },
          });
          expect(before.state).toBe('due');
          expect(
            one.type === 'begin-delete' && before.deleteDueAt !== null && one.now >= before.deleteDueAt,
          ).toBe(true);
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('begins to delete once, unless the vendor refused or still shows the agent', () => {
    fc.assert(
      fc.property(events, (list) => {
        let isCalled = false;
        run(list, (before, one, after) => {
          if (before.state !== 'deleting' && after.state === 'deleting') {
            expect(isCalled).toBe(false);
            isCalled = true;
          }
          if (one.type === 'delete-refused' || one.type === 'found-present') isCalled = false;
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('has no way back to an active agent once the deletion has begun, except when the agent is still there', () => {
    fc.assert(
      fc.property(events, (list) => {
        run(list, (before, one, after) => {
          const isOver = ['deleting', 'deleted', 'verified'].includes(before.state);
          if (!isOver || ['deleting', 'deleted', 'verified'].includes(after.state)) return;
          expect(['delete-refused', 'found-present']).toContain(one.type);
          expect(after.state === 'active').toBe(before.parkedAt === null);
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('takes a repeated event as already so', () => {
    fc.assert(
      fc.property(events, event, (list, last) => {
        let current = ACTIVE_LIFECYCLE;
        run(list, (_before, _one, after) => (current = after));
        const once = nextLifecycle(current, last);
        // A second call is for the vendor to see only where the first is known to have failed.
        if (once.type === 'refused' || last.type === 'begin-delete' || last.type === 'delete-refused') return;
        const twice = nextLifecycle(once.lifecycle, last);

        expect(twice.type === 'next' ? twice.lifecycle : twice).toEqual(once.lifecycle);
      }),
      { numRuns: 2000 },
    );
  });

  it('is parked with its moment, held with reasons, and due with a date', () => {
    fc.assert(
      fc.property(events, (list) => {
        run(list, (_before, _one, after) => {
          if (after.state === 'active') expect(after).toEqual(ACTIVE_LIFECYCLE);
          expect(after.state === 'held').toBe(after.holds.length > 0);
          if (['parked', 'due', 'held', 'deleting'].includes(after.state))
            expect(after.parkedAt).not.toBeNull();
          if (['due', 'held', 'deleting'].includes(after.state)) expect(after.deleteDueAt).not.toBeNull();
        });
      }),
    );
  });
});
