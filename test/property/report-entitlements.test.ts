import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  entitlementKey,
  listEntitlements,
  type Entitlement,
  type EntitlementSet,
  NO_ENTITLEMENTS,
} from '../../src/domain/entitlement.js';
import { withEntitlement, withoutEntitlement } from '../../src/domain/entitlement-set.js';
import type { Change } from '../../src/domain/plan.js';
import { entitlementsAt } from '../../src/report/history/entitlements.js';
import type { AgentEvent, HistoryEvent } from '../../src/report/history/events.js';

const PEOPLE = ['ann', 'bob', 'cleo'];
const ACCOUNTS = ['aircall', 'smartflo'];

const entitlement: fc.Arbitrary<Entitlement> = fc.oneof(
  fc.record({ type: fc.constant('role' as const), role: fc.constantFrom('agent' as const, 'supervisor' as const, 'admin' as const) }),
  fc.constant({ type: 'owner' as const }),
  fc.record({ type: fc.constant('team' as const), team: fc.constantFrom('Sales', 'Support', ' sales ') }),
  fc.record({ type: fc.constant('number' as const), number: fc.constantFrom('+331', '+332'), kind: fc.constantFrom('assigned' as const, 'outbound' as const) }),
); // prettier-ignore
const set = fc.array(entitlement, { maxLength: 4 }).map((list) => list.reduce(withOne, NO_ENTITLEMENTS));

/** Teams compare without case; a role takes the place of another. */
function withOne(held: EntitlementSet, one: Entitlement): EntitlementSet {
  return withEntitlement(held, one);
}

const step = fc.oneof(
  fc.record({ action: fc.constant('create' as const), role: fc.constantFrom('agent' as const, 'admin' as const) }),
  fc.record({ action: fc.constant('adopt' as const), found: set }),
  fc.record({ action: fc.constant('grant' as const), entitlement }),
  fc.record({ action: fc.constant('grant' as const), entitlement }),
  fc.record({ action: fc.constant('revoke' as const), entitlement }),
  fc.record({ action: fc.constant('update' as const), after: fc.record({ role: fc.constantFrom('agent' as const, 'supervisor' as const, null) }) }),
  fc.record({ action: fc.constant('update' as const), after: fc.record({ email: fc.constantFrom('new@x.example', 'old@x.example') }) }),
  fc.record({ action: fc.constant('park' as const), held: set }),
  fc.constant({ action: 'restore' as const }),
  fc.constant({ action: 'forget' as const }),
  fc.constant({ action: 'deleted' as const }),
  fc.constant({ action: 'manual' as const }),
); // prettier-ignore
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const history = fc.array(
  fc.record({ subjectId: fc.constantFrom(...PEOPLE), accountId: fc.constantFrom(...ACCOUNTS), step, pauseMs: fc.integer({ min: 0, max: 3 }) }),
  { maxLength: 40 },
); // prettier-ignore

/** The oracle: nothing but a set and a state for each agent, written down after every step. */
function carryOut(before: EntitlementSet | null, one: Step): EntitlementSet | null {
  const held = before ?? NO_ENTITLEMENTS;
  switch (one.action) {
    case 'create':
      return { ...NO_ENTITLEMENTS, role: one.role };
    case 'adopt':
      return one.found;
    case 'grant':
      return withEntitlement(held, one.entitlement);
    case 'revoke':
      return withoutEntitlement(held, one.entitlement);
    case 'update':
      return 'role' in one.after ? { ...held, role: one.after.role } : held;
    case 'park':
      return listEntitlements(one.held).reduce(withEntitlement, held);
    case 'restore':
      return held;
    case 'forget':
    case 'deleted':
      return null;
    case 'manual':
      return before;
  }
}

function eventOf(at: number, subjectId: string, accountId: string, one: Step): AgentEvent {
  const found = one.action === 'adopt' ? { found: { ...one.found, owner: one.found.owner } } : {};
  const base = {
    key: '',
    subjectId,
    email: `${subjectId}@x.example`,
    reason: `step at ${at}`,
    because: [],
    urgent: false,
  };
  const change = one.action === 'deleted' ? null : ({ ...base, ...one, ...found } as unknown as Change);
  return {
    type: 'agent', at, subjectId, accountId, actor: 'patchbay', planId: `plan-${at}`, trigger: 'push', providerUserId: '1', change,
  }; // prettier-ignore
}

const keysOf = (held: EntitlementSet) => listEntitlements(held).map(entitlementKey).toSorted();

describe('who held what, from the audit trail', () => {
  it('is what a plain model held at every moment of any history', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const now = new Map<string, EntitlementSet>();
        const snapshots = new Map<number, ReadonlyMap<string, readonly string[]>>();
        const events: HistoryEvent[] = [];
        let at = 1_000;
        for (const { subjectId, accountId, step: one, pauseMs } of steps) {
          at += pauseMs;
          events.push(eventOf(at, subjectId, accountId, one));
          const key = `${accountId} ${subjectId}`;
          const after = carryOut(now.get(key) ?? null, one);
          if (after === null) now.delete(key);
          else now.set(key, after);
          // Of events in the same millisecond the last one counts.
          snapshots.set(at, new Map([...now].map(([agent, held]) => [agent, keysOf(held)])));
        }
        for (const [moment, expected] of snapshots) {
          const found = new Map<string, string[]>();
          for (const { accountId, subjectId, entitlement: one, since, cause } of entitlementsAt(
            events,
            moment,
          )) {
            const keys = found.get(`${accountId} ${subjectId}`) ?? [];
            found.set(`${accountId} ${subjectId}`, one === null ? keys : [...keys, entitlementKey(one)]);
            expect(since).toBeLessThanOrEqual(moment);
            expect(cause.reason).toBe(`step at ${since}`);
          }
          expect(new Map([...found].map(([agent, keys]) => [agent, keys.toSorted()]))).toEqual(expected);
        }
        expect(entitlementsAt(events, 999)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('says since when and why, and who pushed before', () => {
    const because = [{ ruleId: 'sales', because: 'group Sales EMEA' }];
    const granted = eventOf(3_000, 'ann', 'aircall', {
      action: 'grant',
      entitlement: { type: 'team', team: 'Sales' },
    });
    const events: HistoryEvent[] = [
      { type: 'directory', at: 1_000, subjectId: 'ann', actor: 'scim:Okta', action: 'user.created' },
      { type: 'directory', at: 2_000, subjectId: 'ann', actor: 'scim:Okta', action: 'group.joined' },
      { ...granted, change: { ...granted.change, because } as Change },
      { type: 'directory', at: 4_000, subjectId: 'ann', actor: 'scim:Entra', action: 'user.changed' },
      eventOf(5_000, 'ann', 'aircall', { action: 'grant', entitlement: { type: 'team', team: 'SALES' } }),
    ];
    expect(entitlementsAt(events, 9_000)).toMatchObject([
      {
        state: 'active', entitlement: { type: 'team', team: 'Sales' }, since: 3_000,
        cause: { rules: because, trigger: 'push', planId: 'plan-3000', push: { actor: 'scim:Okta', action: 'group.joined', at: 2_000 } },
      },
    ]); // prettier-ignore
  });
});
