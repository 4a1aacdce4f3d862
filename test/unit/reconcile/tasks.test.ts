import { describe, expect, it } from 'vitest';
import type { ManualChange, ManualTask } from '../../../src/domain/plan.js';
import { aircall } from '../../../src/providers/aircall/definition.js';
import { taskOf, type TaskVendor } from '../../../src/reconcile/tasks.js';

const config = aircall.configSchema.parse({});
const vendor: TaskVendor = {
  displayName: 'Aircall',
  dashboard: aircall.dashboard,
  dashboardLink: (place) => aircall.dashboardLink(config, place),
};
const NUMBER = { type: 'number', number: '+33176111111', kind: 'outbound' } as const;

function change(task: ManualTask, providerUserId: string | null = '7'): ManualChange {
  return {
    key: 'manual:s1:task',
    subjectId: 's1',
    email: 'ada@example.com',
    reason: 'by rule',
    because: [],
    urgent: false,
    action: 'manual',
    providerUserId,
    task,
  };
}

describe('a task for a person', () => {
  it('leads to the page where the work begins, and names what to do there', () => {
    const wish = { kind: 'grant-number', entitlement: NUMBER, viaTeam: null } as const;
    const task = taskOf(change({ ...wish, providerNumberId: '1234' }), 'id', vendor);

    expect(task.link).toBe('https://dashboard.aircall.io/numbers/1234');
    expect(task.steps[0]).toContain('+33176111111');
    expect(task.steps.join(' ')).toContain('Call and data access and add ada@example.com');
    expect(task.steps.join(' ')).not.toMatch(/[{}]/);
    expect(task).toMatchObject({ kind: 'grant-number', dueInDays: 7, isUrgent: false });
  });

  it('leads to the list where no id is known', () => {
    const wish = { kind: 'grant-number', entitlement: NUMBER, viaTeam: 'Sales' } as const;

    expect(taskOf(change(wish), 'id', vendor).link).toBe('https://dashboard.aircall.io/numbers');
    expect(taskOf(change({ kind: 'make-owner' }, null), 'id', vendor).link).toMatch(/\/users$/);
    expect(taskOf(change({ kind: 'make-owner' }), 'id', vendor).link).toMatch(/\/users\/7$/);
  });

  it('has general steps where the vendor declares none', () => {
    const wish = { kind: 'change-role', role: 'admin' } as const;
    const task = taskOf(change(wish), 'id', { ...vendor, dashboard: {} });

    expect(task.steps.length).toBeGreaterThan(1);
    expect(task.steps.join(' ')).toContain('Make ada@example.com an admin in Aircall');
  });
});
