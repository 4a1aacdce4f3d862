import type { PlanState } from '../../administration/plans.js';
import type { Entitlement } from '../../domain/entitlement.js';
import type { AccountPolicy, ChangeAction, PlanTrigger } from '../../domain/plan.js';
import type { LeaverFact } from '../../domain/state.js';
import type { Tone } from './badge.js';

/** Words and colours for the states that the console shows. One place, so that a state reads the same everywhere. */
export interface Wording {
  readonly label: string;
  readonly tone: Tone;
}

export const PLAN_STATE_WORDS: Readonly<Record<PlanState, Wording>> = {
  reported: { label: 'Reported only', tone: 'info' },
  held: { label: 'Waits for approval', tone: 'warn' },
  approved: { label: 'Approved', tone: 'info' },
  applying: { label: 'Being applied', tone: 'info' },
  awaiting: { label: 'Waits for people', tone: 'warn' },
  applied: { label: 'Applied', tone: 'good' },
  failed: { label: 'Not finished', tone: 'bad' },
  rejected: { label: 'Rejected', tone: 'plain' },
  superseded: { label: 'Replaced by a newer plan', tone: 'plain' },
};

export const POLICY_WORDS: Readonly<Record<AccountPolicy, Wording & { readonly meaning: string }>> = {
  'report-only': {
    label: 'Report only',
    tone: 'info',
    meaning: 'Plans are made and shown. Nothing is changed in the phone system.',
  },
  'upsert-only': {
    label: 'Add and change',
    tone: 'warn',
    meaning: 'People are created and changed. Nobody is parked or deleted, and nothing is taken away.',
  },
  sync: {
    label: 'Full sync',
    tone: 'good',
    meaning:
      'Everything the rules say is carried out: leavers are parked at once and deleted after the grace period.',
  },
};

export const ACTION_WORDS: Readonly<Record<ChangeAction, Wording & { readonly many: string }>> = {
  'create-team': { label: 'Create team', many: 'teams to create', tone: 'info' },
  create: { label: 'Create', many: 'people to create', tone: 'info' },
  adopt: { label: 'Adopt', many: 'agents to adopt', tone: 'info' },
  update: { label: 'Change', many: 'people to change', tone: 'info' },
  grant: { label: 'Give', many: 'things to give', tone: 'good' },
  revoke: { label: 'Take', many: 'things to take', tone: 'warn' },
  park: { label: 'Park', many: 'people to park', tone: 'bad' },
  restore: { label: 'Restore', many: 'people to restore', tone: 'good' },
  delete: { label: 'Delete for good', many: 'people to delete for good', tone: 'bad' },
  forget: { label: 'Stop managing', many: 'people to stop managing', tone: 'warn' },
  manual: { label: 'Task for a person', many: 'tasks for a person', tone: 'warn' },
};

export const CHANGE_STATE_WORDS: Readonly<Record<string, Wording>> = {
  planned: { label: 'Planned', tone: 'plain' },
  applying: { label: 'Being applied', tone: 'info' },
  awaiting: { label: 'Waits for a person', tone: 'warn' },
  applied: { label: 'Done', tone: 'good' },
  already: { label: 'Was so already', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  stale: { label: 'Outdated', tone: 'plain' },
  abandoned: { label: 'Not carried out', tone: 'plain' },
};

const TRIGGERS: Readonly<Record<PlanTrigger, string>> = {
  push: 'a push of the identity provider',
  schedule: 'the schedule',
  rules: 'a change of the rules',
  manual: 'a request by hand',
  webhook: 'a hint of the vendor',
  'deletion-due': 'the end of a grace period',
};

export function triggerWords(trigger: string): string {
  return Object.hasOwn(TRIGGERS, trigger) ? TRIGGERS[trigger as PlanTrigger] : trigger;
}

export const LEAVER_WORDS: Readonly<Record<LeaverFact, string>> = {
  inactive: 'deactivated in the identity provider',
  deleted: 'deleted in the identity provider',
  unmapped: 'in no group that gives access here',
};

/** One thing that can be held, for people. */
export function entitlementWords(entitlement: Entitlement): string {
  switch (entitlement.type) {
    case 'role':
      return `Role ${entitlement.role}`;
    case 'owner':
      return 'Owner of the company';
    case 'team':
      return `Team ${entitlement.team}`;
    case 'number':
      return `Number ${entitlement.number} (${accessWords(entitlement.kind)})`;
  }
}

function accessWords(kind: 'assigned' | 'outbound' | 'call_flow'): string {
  if (kind === 'assigned') return 'rings, records, voicemail';
  return kind === 'outbound' ? 'outbound only' : 'rings in a call flow';
}
