import { describe, expect, it } from 'vitest';
import { assessImpact, type ImpactAccount } from '../../../src/domain/impact.js';
import { NO_ENTITLEMENTS } from '../../../src/domain/entitlement.js';
import type { Change, Plan } from '../../../src/domain/plan.js';

const base = { key: 'k', reason: '', because: [], urgent: false };
const person = (name: string) => ({ ...base, subjectId: name, email: `${name}@x.example` });

function planOf(changes: readonly Change[]): Plan {
  const inputs = { directoryVersion: 1, ruleSetVersion: 2, actualReadAt: 0, policy: 'sync' as const };
  return { accountId: 'a', trigger: 'rules', scope: 'all', inputs, changes, drift: [], notices: [] };
}

const ACCOUNT: ImpactAccount = {
  requestsPerMinute: 14,
  seatPrice: null,
  capabilities: { suspend: false, writes: 'api' },
};

const team = { type: 'team', team: 'Sales' } as const;
const changes: readonly Change[] = [
  { ...person(''), email: '', action: 'create-team', team: 'Sales' },
  { ...person('ada'), action: 'create', givenName: 'Ada', familyName: 'A', role: 'agent' },
  { ...person('ada'), action: 'grant', providerUserId: null, entitlement: team },
  { ...person('bo'), action: 'revoke', providerUserId: '2', entitlement: team },
  {
    ...person('cy'),
    action: 'update',
    providerUserId: '3',
    before: { role: 'admin' },
    after: { role: 'agent' },
  },
  {
    ...person('dee'),
    action: 'update',
    providerUserId: '4',
    before: { role: 'agent' },
    after: { role: 'admin' },
  },
];

describe('the impact of a plan', () => {
  it('names who gains and who loses, each once, a demotion being a loss', () => {
    const impact = assessImpact(planOf(changes), { ...ACCOUNT, requestsPerMinute: 60 });
    expect(impact.gaining).toEqual(['ada@x.example', 'dee@x.example']);
    expect(impact.losing).toEqual(['bo@x.example', 'cy@x.example']);
  });

  it('does not count a loss that comes anyway', () => {
    const others = new Set(['revoke:bo']);
    const [, , , revoke] = changes;
    const named = changes.map((change) => (change === revoke ? { ...change, key: 'revoke:bo' } : change));
    const impact = assessImpact(planOf(named), { ...ACCOUNT, requestsPerMinute: 60 }, others);
    expect(impact.losing).toEqual(['cy@x.example']);
  });

  it('counts requests, minutes at the pace of the account, seats and their cost', () => {
    const seatPrice = { amountPerMonth: 40, currency: 'EUR' };
    const impact = assessImpact(planOf(changes), { ...ACCOUNT, seatPrice });
    expect(impact).toMatchObject({
      calls: 7,
      minutes: 0.5,
      newSeats: 1,
      newCostPerMonth: seatPrice,
      byHand: 0,
    });
    expect(assessImpact(planOf([]), { ...ACCOUNT, seatPrice }).newCostPerMonth?.amountPerMonth).toBe(0);
  });

  it('says what would be done, kind by kind', () => {
    expect(assessImpact(planOf(changes), ACCOUNT).byAction).toEqual([
      { action: 'create-team', count: 1 },
      { action: 'create', count: 1 },
      { action: 'grant', count: 1 },
      { action: 'revoke', count: 1 },
      { action: 'update', count: 2 },
    ]);
  });

  it('counts a request for a real suspension, and none where people do everything', () => {
    const park: Change = {
      ...person('eve'), action: 'park', providerUserId: '5', held: NO_ENTITLEMENTS, fact: 'inactive', graceMs: 0,
    }; // prettier-ignore
    const withIt = (capabilities: ImpactAccount['capabilities']) =>
      assessImpact(planOf([...changes, park]), { ...ACCOUNT, capabilities });
    expect(withIt({ suspend: false, writes: 'api' })).toMatchObject({ calls: 7, byHand: 0 });
    expect(withIt({ suspend: true, writes: 'api' })).toMatchObject({ calls: 8, byHand: 0 });
    expect(withIt({ suspend: false, writes: 'manual' })).toMatchObject({ calls: 0, minutes: 0, byHand: 7 });
  });
});
