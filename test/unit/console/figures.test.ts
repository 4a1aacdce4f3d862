import { describe, expect, it } from 'vitest';
import type { AccountStatus } from '../../../src/administration/accounts.js';
import type { Overview } from '../../../src/administration/overview.js';
import { listFigures } from '../../../src/console/home/figures.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const ACCOUNT: AccountStatus = {
  id: 'a',
  name: 'aircall',
  provider: 'aircall',
  policy: 'sync',
  pausedReason: null,
  pausedAt: null,
  firstPlanDone: true,
  reconciledAt: ago(120),
  reconcileAskedAt: null,
  restUntil: null,
  agents: { active: 25, parked: 3 },
  seatCeiling: 40,
  seatPrice: { amountPerMonth: 30, currency: 'EUR' },
  queue: { waiting: 0, urgent: 0, oldestAt: null, held: 6, failing: 0 },
  heldPlans: 1,
};
const OVERVIEW: Overview = {
  people: 28,
  lastPushAt: ago(5),
  scimTokens: [{ name: 'Okta', expiresAt: null }],
  rules: null,
  ssoConnections: 1,
  lostDomains: [],
  isAuditBroken: false,
  accounts: [ACCOUNT],
  heldPlans: [],
  leavers: { held: 0, next: [] },
  tasks: { open: 9, urgent: 2, overdue: 0, next: [] },
};

function figures(change: Partial<Overview>, daysLeft: readonly number[] = []) {
  const certificates = daysLeft.map((days) => ({ connection: 'okta', daysLeft: days, hasSuccessor: false }));
  const listed = listFigures({ overview: { ...OVERVIEW, ...change }, certificates, now: NOW });
  return Object.fromEntries(listed.map(({ name, value, note }) => [name, `${value} / ${note}`]));
}

describe('figures of the first page', () => {
  it('say everything that the first page promises', () => {
    expect(figures({})).toEqual({
      'Last push': '5 min ago / 1 SCIM token',
      'On the way': '0 / nothing waits',
      'Last reconciliation': '2 h ago / 1 phone system',
      'Held plans': '1 / 6 people wait',
      Parked: '3 / no deletion is due',
      Worklist: '9 / 2 urgent',
      Seats: '28 of 40 / 840 EUR a month',
      Certificates: 'Good / 1 SSO connection',
    });
  });

  it('count the oldest reconciliation, and tell of accounts that never had one', () => {
    const other = { ...ACCOUNT, reconciledAt: ago(600) };
    expect(figures({ accounts: [ACCOUNT, other] })['Last reconciliation']).toBe('10 h ago / 2 phone systems');
    const never = { ...ACCOUNT, reconciledAt: null };
    expect(figures({ accounts: [ACCOUNT, never] })['Last reconciliation']).toBe('None yet / 1 of 2 never');
  });

  it('add costs within a currency only, and no ceiling where one account has none', () => {
    const dollars = {
      ...ACCOUNT,
      seatCeiling: null,
      seatPrice: { amountPerMonth: 10, currency: 'USD' },
    };
    expect(figures({ accounts: [ACCOUNT, ACCOUNT, dollars] })['Seats']).toBe(
      '84 / 1,680 EUR and 280 USD a month',
    );
    expect(figures({ accounts: [{ ...ACCOUNT, seatPrice: null }] })['Seats']).toBe(
      '28 of 40 / no price is set',
    );
  });

  it('tell the certificate that runs out first', () => {
    expect(figures({}, [20, 3])['Certificates']).toBe('3 days left / okta');
    expect(figures({}, [-1])['Certificates']).toBe('Run out / okta');
    expect(figures({ ssoConnections: 0 })['Certificates']).toBe('None / no single sign-on yet');
  });
});
