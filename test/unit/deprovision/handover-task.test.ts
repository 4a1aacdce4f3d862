import { describe, expect, it } from 'vitest';
import type { Successorship } from '../../../src/deprovision/handover-ports.js';
import { handoverTask } from '../../../src/deprovision/handover-task.js';
import type { AccessKind } from '../../../src/domain/entitlement.js';
import { AIRCALL_GUIDE } from '../../../src/providers/aircall/dashboard.js';
import type { DashboardGuide } from '../../../src/providers/dashboard.js';
import { SMARTFLO_GUIDE } from '../../../src/providers/smartflo/dashboard.js';
import type { DeletionTurn } from '../../../src/reconcile/ports.js';

const LINE = '+33100000001';
const BEA: Successorship = { type: 'person', providerUserId: '7', email: 'bea@acme.example', by: 'boss' };
const SUPPORT: Successorship = { type: 'team', team: 'Support', by: 'boss' };

function stepsFor(
  chosen: Successorship | null,
  dashboard: DashboardGuide,
  byHand: ReadonlyMap<string, AccessKind> | null = null,
): string {
  const vendor = { displayName: 'Phones', dashboard, dashboardLink: () => 'https://phones.example/numbers' };
  const task = handoverTask(
    { vendor } as unknown as DeletionTurn,
    { id: 'd1', email: 'ada@acme.example' } as Parameters<typeof handoverTask>[1],
    {
      chosen,
      byHand,
      handover: {
        lines: [{ number: LINE, why: 'only-person' }],
        emptyTeams: [],
        isPartial: false,
        readAt: 0,
        successors: [{ type: 'person', providerUserId: '7', email: 'bea@acme.example', because: 'manager' }],
      },
    },
  );
  expect(task.title).toBe(`Nobody answers ${LINE} since ada@acme.example left`);
  return task.steps.join('\n');
}

describe('the task about lines that nobody answers', () => {
  it('says who would fit and how to choose, while nobody is chosen', () => {
    const steps = stepsFor(null, AIRCALL_GUIDE);
    expect(steps).toContain('These would fit: bea@acme.example.');
    expect(steps).toContain('patchbay leavers handover d1 --to');
  });

  it.each([
    ['a person at Aircall', BEA, AIRCALL_GUIDE, 'choose User and pick bea@acme.example'],
    ['a team at Aircall', SUPPORT, AIRCALL_GUIDE, 'choose Team and pick "Support"'],
    ['a team at Smartflo', SUPPORT, SMARTFLO_GUIDE, 'Set Destination to Department and pick "Support"'],
    ['a person elsewhere', BEA, {}, `Let it ring bea@acme.example`],
  ])('names pages and buttons for %s', (_, chosen, guide, words) => {
    const steps = stepsFor(chosen, guide, new Map([[LINE, 'assigned']]));
    expect(steps).toContain(words);
    expect(steps).toContain(LINE);
    expect(steps).not.toMatch(/\{\w+\}/u);
  });

  it('asks for nothing that is given by plan', () => {
    const steps = stepsFor(BEA, SMARTFLO_GUIDE, new Map());
    expect(steps).toContain(`Patchbay gives them ${LINE} by plan`);
    expect(steps).not.toContain('Set Destination');
  });
});
