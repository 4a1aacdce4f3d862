import type { ManualTask } from '../domain/plan.js';

/**
 * What a person may have to do in a vendor's dashboard because there is no API for it. Number access differs by kind;
 * `grant-number:via-team` makes a number ring a whole team, once for everybody in it.
 */
export const DASHBOARD_JOBS = [
  'grant-number:assigned',
  'grant-number:outbound',
  'grant-number:call_flow',
  'grant-number:via-team',
  'revoke-number:assigned',
  'revoke-number:outbound',
  'revoke-number:call_flow',
  'change-email',
  'change-role',
  'create-team',
  'delete-agent',
  'make-owner',
  'remove-owner',
  'give-any-number',
  'choose-password',
  'remind-invitation',
  'resend-invitation',
] as const;
export type DashboardJob = (typeof DASHBOARD_JOBS)[number];

/** A page of the vendor's dashboard. The page of one agent or number falls back to the list where no id is known. */
export type DashboardPlace =
  | { readonly page: 'agents' | 'numbers' | 'teams' | 'sign-in' }
  | { readonly page: 'agent'; readonly providerUserId: string }
  | { readonly page: 'number'; readonly providerNumberId: string };

/**
 * How one job is done. Steps are whole sentences that name the dashboard's own pages and buttons; `{email}`,
 * `{number}`, `{team}`, `{role}`, `{from}`, `{to}` and `{date}` stand for what the task is about.
 */
export interface DashboardInstructions {
  /** Where the steps begin: the task links there. */
  readonly page: DashboardPlace['page'];
  readonly steps: readonly string[];
}

/** A vendor's instructions as data. What is missing here gets general words. */
export type DashboardGuide = Readonly<
  Partial<Record<DashboardJob | `change-setting:${string}`, DashboardInstructions>>
>;

/** The job that a task asks for; null where nothing is to be done at the vendor. */
export function dashboardJobOf(task: ManualTask): keyof DashboardGuide | null {
  switch (task.kind) {
    case 'grant-number':
      if (task.viaTeam !== null) return 'grant-number:via-team';
      return task.entitlement.type === 'number' ? `grant-number:${task.entitlement.kind}` : null;
    case 'revoke-number':
      return task.entitlement.type === 'number' ? `revoke-number:${task.entitlement.kind}` : null;
    case 'fix-data':
      return null;
    case 'no-number':
      return 'give-any-number';
    case 'change-setting':
      return `change-setting:${task.setting}`;
    case 'change-email':
    case 'change-role':
    case 'create-team':
    case 'delete-agent':
    case 'make-owner':
    case 'remove-owner':
    case 'choose-password':
    case 'remind-invitation':
    case 'resend-invitation':
      return task.kind;
  }
}

/** The steps with what they are about filled in. A placeholder without a value stays as it is. */
export function fillSteps(
  steps: readonly string[],
  values: Readonly<Record<string, string>>,
): readonly string[] {
  return steps.map((step) =>
    step.replace(/\{(\w+)\}/gu, (whole, name: string) =>
      Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
    ),
  );
}
