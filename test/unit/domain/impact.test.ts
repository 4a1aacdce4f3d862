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
const keyless: readonly Change[] = [
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
const changes = keyless.map((change, at) => ({ ...change, key: `${change.action}:${String(at)}` }));

describe('the impact of a plan', () => {
  it('names who gains and who loses, each once, a demotion being a loss', () => {
    const impact = assessImpact(planOf(changes), { ...ACCOUNT, requestsPerMinute: 60 });
    expect(impact.gaining).toEqual(['ada@x.example', 'dee@x.example']);
    expect(impact.losing).toEqual(['bo@x.example', 'cy@x.example']);
  });

  it('counts nothing that comes anyway, and says it apart', () => {
    const [, create, , revoke] = changes;
    const seatPrice = { amountPerMonth: 40, currency: 'EUR' };
    const whole = assessImpact(planOf(changes), { ...ACCOUNT, seatPrice });
    expect(whole.pending).toEqual({ changes: 0, people: 0, newSeats: 0, calls: 0 });
    const before = planOf([create!, { ...revoke!, reason: 'in other words' }]);
    expect(assessImpact(planOf(changes), { ...ACCOUNT, seatPrice }, before)).toMatchObject({
      gaining: ['ada@x.example', 'dee@x.example'],
      losing: ['cy@x.example'],
      newSeats: 0,
      newCostPerMonth: { amountPerMonth: 0 },
      calls: 4,
      pending: { changes: 2, people: 2, newSeats: 1, calls: 3 },
      spared: [],
    });
    const same = assessImpact(planOf(changes), { ...ACCOUNT, seatPrice }, planOf(changes));
    expect(same).toMatchObject({ gaining: [], losing: [], byAction: [], calls: 0, minutes: 0, byHand: 0 });
    expect(same.pending).toEqual({ changes: 6, people: 4, newSeats: 1, calls: 7 });
  });

  it('names those for whom something was to come and would not any more', () => {
    const fewer = changes.filter(({ subjectId }) => subjectId !== 'ada');
    const impact = assessImpact(planOf(fewer), ACCOUNT, planOf(changes));
    expect(impact).toMatchObject({ spared: ['ada@x.example'], gaining: [], losing: [], newSeats: 0 });
  });

  it('tells apart what of an update comes anyway', () => {
    const update = (after: object): Change => ({
      ...person('cy'), key: `update:cy:${Object.keys(after).join('+')}`, action: 'update', providerUserId: '3', before: { role: 'admin', givenName: 'Cy' }, after,
    }); // prettier-ignore
    const before = planOf([update({ givenName: 'Cyrus', role: 'supervisor' })]);
    const renamed = assessImpact(planOf([update({ givenName: 'Cyrus' })]), ACCOUNT, before);
    expect(renamed).toMatchObject({
      byAction: [],
      spared: ['cy@x.example'],
      pending: { changes: 1, calls: 1 },
    });
    const lowered = assessImpact(planOf([update({ givenName: 'Cyrus', role: 'agent' })]), ACCOUNT, before);
    expect(lowered).toMatchObject({ losing: ['cy@x.example'], gaining: [], spared: [] });
    expect(lowered.byAction).toEqual([{ action: 'update', count: 1 }]);
  });

  it('counts nobody’s leaving again for another time of grace', () => {
    const park = (graceMs: number): Change => ({
      ...person('eve'), key: 'park:eve', action: 'park', providerUserId: '5', held: NO_ENTITLEMENTS, fact: 'inactive', graceMs,
    }); // prettier-ignore
    expect(assessImpact(planOf([park(0)]), ACCOUNT, planOf([park(9)])).losing).toEqual([]);
    expect(assessImpact(planOf([park(0)]), ACCOUNT).losing).toEqual(['eve@x.example']);
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
