import type { Capabilities } from '../../domain/capabilities.js';
import type { AgentFields, Change } from '../../domain/plan.js';
import { formatSpan } from '../kit/format.js';
import { entitlementWords } from './words.js';

/**
 * What a change does, in a few words; the person and the account stand beside it. What comes with it differs from
 * vendor to vendor: null says nothing of that.
 */
export function changeWords(change: Change, capabilities: Capabilities | null): string {
  switch (change.action) {
    case 'create-team':
      return `Create the team ${change.team}`;
    case 'create':
      return `Create ${change.givenName} ${change.familyName} as ${change.role}${newcomerWords(capabilities)}`;
    case 'adopt':
      return `Take over the existing agent ${change.found.name}; nothing is written`;
    case 'update':
      return `Change ${fieldsWords(change.before, change.after)}`;
    case 'grant':
      return `Give ${lowerFirst(entitlementWords(change.entitlement))}`;
    case 'revoke':
      return `Take ${lowerFirst(entitlementWords(change.entitlement))}`;
    case 'park':
      return `Park: ${parkWords(capabilities)}, delete in ${graceWords(change.graceMs)}`;
    case 'restore':
      return 'Restore: cancel the deletion and give back what the rules still grant';
    case 'delete':
      return capabilities?.writes === 'manual'
        ? 'Delete for good: a person does it at the vendor'
        : 'Delete for good at the vendor';
    case 'forget':
      return change.cause === 'taken-over'
        ? 'Hand over to the person’s new entry'
        : 'Stop managing: gone at the vendor';
    case 'manual':
      return `A person has to do it: ${manualWords(change.task)}`;
  }
}

/** How a new agent gets in. */
function newcomerWords(capabilities: Capabilities | null): string {
  if (capabilities === null) return '';
  if (capabilities.writes === 'manual') return '; a person invites them';
  return capabilities.initialPassword === true
    ? '; nobody is invited, a task says how they choose a password'
    : '; the vendor sends an invitation';
}

function parkWords(capabilities: Capabilities | null): string {
  if (capabilities?.writes === 'manual') return 'a person takes everything, by an urgent checklist';
  return capabilities?.suspend === true ? 'suspend and take everything now' : 'take everything now';
}

function graceWords(ms: number): string {
  return ms === 0 ? 'a moment' : formatSpan(ms);
}

function fieldsWords(before: AgentFields, after: AgentFields): string {
  const names = ['givenName', 'familyName', 'email', 'role', 'availability'] as const;
  const words = {
    givenName: 'first name',
    familyName: 'last name',
    email: 'e-mail',
    role: 'role',
    availability: 'availability',
  } as const;
  const fields = names
    .filter((name) => after[name] !== undefined)
    .map((name) => `${words[name]} from ${quoted(before[name])} to ${quoted(after[name])}`);
  const settings = Object.entries(after.settings ?? {}).map(
    ([name, value]) => `${name} from ${quoted(before.settings?.[name])} to ${quoted(value)}`,
  );
  return [...fields, ...settings].join(', ');
}

function quoted(value: string | null | undefined): string {
  return value === null || value === undefined ? 'unknown' : `“${value}”`;
}

function manualWords(task: Extract<Change, { action: 'manual' }>['task']): string {
  switch (task.kind) {
    case 'grant-number':
      return `give ${lowerFirst(entitlementWords(task.entitlement))}${task.viaTeam === null ? '' : ` by way of team ${task.viaTeam}`}`;
    case 'revoke-number':
      return `take ${lowerFirst(entitlementWords(task.entitlement))}`;
    case 'change-email':
      return `change the e-mail from ${task.from} to ${task.to}`;
    case 'change-role':
      return `make the role ${task.role}`;
    case 'create-team':
      return `create the team ${task.team}`;
    case 'delete-agent':
      return 'delete the agent';
    case 'make-owner':
      return 'make the person an owner';
    case 'remove-owner':
      return 'take ownership away';
    case 'no-number':
      return 'on no number, so nobody can call them';
    case 'choose-password':
      return 'tell them how to choose a password; nobody knows the first one';
    case 'remind-invitation':
      return `remind them of the invitation, which ends on ${task.expiresOn}`;
    case 'resend-invitation':
      return `send the invitation of ${task.sentOn} again`;
    case 'change-setting':
      return `set ${task.label} to “${task.value}”`;
    case 'fix-data':
      return task.problem;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
