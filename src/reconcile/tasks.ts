import type { Change, ManualChange, ManualTask } from '../domain/plan.js';
import { dashboardJobOf, type DashboardPlace, fillSteps } from '../providers/dashboard.js';
import type { WorklistTask } from './effects.js';
import type { OpenVendor } from './ports.js';
import { generalSteps, titleOf } from './task-words.js';

/** What a vendor says of its dashboard. */
export type TaskVendor = Pick<OpenVendor, 'displayName' | 'dashboard' | 'dashboardLink'>;

/** The worklist task for a change that the vendor has no API for. */
export function taskOf(change: ManualChange, id: string, vendor: TaskVendor): WorklistTask {
  const { task, subjectId, key, urgent, email } = change;
  const words = { vendorName: vendor.displayName, email };
  const job = dashboardJobOf(task);
  const instructions = job === null ? undefined : vendor.dashboard[job];
  const place = placeOf(instructions?.page ?? 'agent', change);
  return {
    id,
    subjectId,
    key,
    kind: task.kind,
    task,
    title: titleOf(task, words),
    steps:
      instructions === undefined
        ? generalSteps(task, words)
        : fillSteps(instructions.steps, valuesOf(task, email)),
    link: vendor.dashboardLink(place),
    isUrgent: urgent,
    dueInDays: dueInDays(change),
  };
}

/** The task for a change that the vendor refused: somebody has to correct the data it was made from. */
export function refusalTask(
  change: Change,
  problem: string,
  about: { readonly id: string; readonly providerUserId: string | null; readonly vendor: TaskVendor },
): WorklistTask {
  const { displayName } = about.vendor;
  return {
    id: about.id,
    subjectId: change.subjectId,
    key: `refused:${change.key}`,
    kind: 'fix-data',
    task: null,
    title: `${displayName} refused a change for ${change.email}`,
    steps: [
      `What was wanted: ${change.reason}`,
      `What ${displayName} said: ${problem}`,
      change.urgent
        ? `This person has left, and keeps it until somebody takes it. Take it in the ${displayName} dashboard, or put right what ${displayName} says; Patchbay tries again every hour.`
        : 'Correct the person in the directory or the rule. Patchbay tries again as soon as the person changes, and at the next scheduled reconciliation.',
    ],
    link: about.vendor.dashboardLink(agentPlace(about.providerUserId)),
    isUrgent: change.urgent,
    dueInDays: dueInDays(change),
  };
}

/** A leaver is still inside until an urgent task is done; the rest keeps somebody from working. */
function dueInDays(change: Change): number {
  if (change.urgent) return 1;
  return change.action === 'manual' && ENTRY_KINDS.has(change.task.kind) ? 3 : 7;
}

/** Without these somebody does not get in at all. */
const ENTRY_KINDS: ReadonlySet<ManualTask['kind']> = new Set([
  'remind-invitation',
  'resend-invitation',
  'choose-password',
]);

function placeOf(page: DashboardPlace['page'], { task, providerUserId }: ManualChange): DashboardPlace {
  switch (page) {
    case 'agents':
    case 'numbers':
    case 'teams':
    case 'sign-in':
      return { page };
    case 'agent':
      return agentPlace(providerUserId);
    case 'number': {
      const providerNumberId = 'providerNumberId' in task ? task.providerNumberId : undefined;
      return providerNumberId === undefined ? { page: 'numbers' } : { page, providerNumberId };
    }
  }
}

function agentPlace(providerUserId: string | null): DashboardPlace {
  return providerUserId === null ? { page: 'agents' } : { page: 'agent', providerUserId };
}

function valuesOf(task: ManualTask, email: string): Readonly<Record<string, string>> {
  switch (task.kind) {
    case 'grant-number':
    case 'revoke-number': {
      const { entitlement } = task;
      const number = entitlement.type === 'number' ? { number: entitlement.number } : {};
      const team = task.kind === 'grant-number' && task.viaTeam !== null ? { team: task.viaTeam } : {};
      return { email, ...number, ...team };
    }
    case 'change-email':
      return { email, from: task.from, to: task.to };
    case 'change-role':
      return { email, role: task.role };
    case 'create-team':
      return { email, team: task.team };
    case 'change-setting':
      return { email, setting: task.label, value: task.value };
    case 'delete-agent':
    case 'make-owner':
    case 'remove-owner':
    case 'fix-data':
    case 'no-number':
    case 'choose-password':
      return { email };
    case 'remind-invitation':
      return { email, date: task.expiresOn };
    case 'resend-invitation':
      return { email, date: task.sentOn };
  }
}
