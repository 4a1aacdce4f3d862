import { describe, expect, it } from 'vitest';
import type { AccountStatus } from '../../../src/administration/accounts.js';
import { listMatters } from '../../../src/administration/attention.js';
import type { Overview } from '../../../src/administration/overview.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const ACCOUNT: AccountStatus = {
  id: 'a', name: 'aircall', provider: 'aircall', policy: 'sync', pausedReason: null, pausedAt: null, firstPlanDone: true,
  reconciledAt: ago(60), reconcileAskedAt: null, restUntil: null, agents: { active: 10, parked: 0 }, seatCeiling: null, seatPrice: null,
  queue: { waiting: 0, urgent: 0, oldestAt: null, held: 0, failing: 0 }, heldPlans: 0,
}; // prettier-ignore

const WELL: Overview = {
  people: 10,
  lastPushAt: ago(5),
  scimTokens: [{ name: 'Okta', expiresAt: null }],
  rules: { version: 1, createdAt: ago(100), createdBy: 'x' },
  ssoConnections: 0,
  lostDomains: [],
  isAuditBroken: false,
  accounts: [ACCOUNT],
  heldPlans: [],
  leavers: { held: 0, next: [] },
  tasks: { open: 3, urgent: 0, overdue: 0, next: [] },
};

const matters = (change: Partial<Overview>) => listMatters({ ...WELL, ...change }, [], NOW);
const withAccount = (change: Partial<AccountStatus>) => matters({ accounts: [{ ...ACCOUNT, ...change }] });
const queue = (change: Partial<AccountStatus['queue']>) =>
  withAccount({ queue: { ...ACCOUNT.queue, ...change } });

describe('what needs a person', () => {
  it('is nothing while everything is all right, open tasks without haste included', () => {
    expect(matters({})).toEqual([]);
  });

  it('is a paused account, as trouble, and nothing else about it', () => {
    expect(withAccount({ pausedReason: 'Credential refused.', reconciledAt: null })).toMatchObject([
      { severity: 'trouble', title: 'aircall is paused', place: { page: 'account', name: 'aircall' } },
    ]);
  });

  it.each([
    { minutes: 15, severities: [] },
    { minutes: 16, severities: ['warning'] },
    { minutes: 120, severities: ['warning'] },
    { minutes: 121, severities: ['trouble'] },
  ])('a queue of $minutes minutes is $severities', ({ minutes, severities }) => {
    expect(queue({ waiting: 2, oldestAt: ago(minutes) }).map(({ severity }) => severity)).toEqual(severities);
  });

  it('is somebody who could not be provisioned', () => {
    expect(queue({ failing: 1 })).toMatchObject([{ title: '1 person could not be provisioned in aircall' }]);
  });

  it.each([
    { minutes: 26 * 60, count: 0 },
    { minutes: 26 * 60 + 1, count: 1 },
  ])('a reconciliation $minutes minutes old: $count', ({ minutes, count }) => {
    expect(withAccount({ reconciledAt: ago(minutes) })).toHaveLength(count);
  });

  it('is an audit trail that is not as it was written, as trouble', () => {
    expect(matters({ isAuditBroken: true })).toMatchObject([
      { severity: 'trouble', place: { page: 'audit' } },
    ]);
  });

  it('is each held plan that is shown, and how many there are beyond', () => {
    const plan = {
      id: 'p', accountId: 'a', account: 'aircall', trigger: 'push', scope: 'subjects', state: 'held', changeCount: 3, removalCount: 3,
      createdAt: NOW, decidedBy: null, decidedAt: null, finishedAt: null, holds: [{ code: 'removal-share', message: 'Too many.' }],
    } as const; // prettier-ignore
    const found = matters({ heldPlans: [plan], accounts: [{ ...ACCOUNT, heldPlans: 4 }] });
    expect(found.map(({ title }) => title)).toEqual([
      'A plan for aircall waits for approval',
      '3 more plans wait for approval',
    ]);
    expect(found[0]).toMatchObject({ detail: 'Too many.', place: { page: 'plan', id: 'p' } });
  });

  it('is an urgent or overdue task, and a deletion that a guard stopped', () => {
    expect(matters({ tasks: { open: 3, urgent: 1, overdue: 2, next: [] } })).toMatchObject([
      { title: '3 tasks on the worklist, 1 urgent, 2 overdue' },
    ]);
    expect(matters({ leavers: { held: 1, next: [] } })).toMatchObject([{ place: { page: 'leavers' } }]);
  });

  it('is a token near its end, and graver one that has expired', () => {
    const token = (days: number) =>
      matters({ scimTokens: [{ name: 'Okta', expiresAt: ago(-days * 1_440) }] });
    expect(token(15)).toEqual([]);
    expect(token(14)).toMatchObject([{ severity: 'warning' }]);
    expect(token(-1)).toMatchObject([{ severity: 'trouble', title: 'SCIM token “Okta” has expired' }]);
  });

  it('is a certificate without a successor, and not one that has one', () => {
    const certificate = { connection: 'okta', daysLeft: 7, hasSuccessor: false };
    expect(listMatters(WELL, [certificate], NOW)).toMatchObject([{ severity: 'trouble' }]);
    expect(listMatters(WELL, [{ ...certificate, daysLeft: 30 }], NOW)).toMatchObject([
      { severity: 'warning' },
    ]);
    expect(listMatters(WELL, [{ ...certificate, hasSuccessor: true }], NOW)).toEqual([]);
  });

  it('is each proven domain whose record is gone', () => {
    expect(matters({ lostDomains: ['acme.example'] })).toMatchObject([
      {
        severity: 'warning',
        title: 'The DNS record that proves acme.example is gone',
        place: { page: 'domains' },
      },
    ]);
  });

  it('of an empty tenant is the set-up, step by step', () => {
    const empty = matters({ accounts: [], scimTokens: [], rules: null, lastPushAt: null });
    expect(empty.map(({ severity, place }) => [severity, place.page])).toEqual([
      ['todo', 'accounts'],
      ['todo', 'scim'],
      ['todo', 'rules'],
    ]);
    expect(matters({ lastPushAt: null })).toMatchObject([{ title: 'Wait for the first push' }]);
  });

  it('begins with the gravest', () => {
    const found = matters({
      rules: null,
      tasks: { open: 1, urgent: 1, overdue: 0, next: [] },
      accounts: [{ ...ACCOUNT, pausedReason: 'x' }],
    });
    expect(found.map(({ severity }) => severity)).toEqual(['trouble', 'warning', 'todo']);
  });
});
