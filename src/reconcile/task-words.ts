import { entitlementKey, type Entitlement } from '../domain/entitlement.js';
import { unreachable } from '../domain/errors.js';
import type { ManualTask } from '../domain/plan.js';

export interface TaskWords {
  readonly vendorName: string;
  readonly email: string;
}

/** What the task asks for, in one line. */
export function titleOf(task: ManualTask, { vendorName, email }: TaskWords): string {
  switch (task.kind) {
    case 'grant-number':
      return `Give ${email} ${describeAccess(task.entitlement)} in ${vendorName}`;
    case 'revoke-number':
      return `Take ${describeAccess(task.entitlement)} from ${email} in ${vendorName}`;
    case 'change-email':
      return `Change the e-mail of ${task.from} to ${task.to} in ${vendorName}`;
    case 'change-role':
      return `Make ${email} ${article(task.role)} ${task.role} in ${vendorName}`;
    case 'create-team':
      return `Create the team "${task.team}" in ${vendorName}`;
    case 'delete-agent':
      return `Delete ${email} in ${vendorName}`;
    case 'make-owner':
      return `Make ${email} an owner in ${vendorName}`;
    case 'remove-owner':
      return `Take ownership of the company from ${email} in ${vendorName}`;
    case 'change-setting':
      return `Set ${task.label} of ${email} to "${task.value}" in ${vendorName}`;
    case 'fix-data':
      return `Correct the data of ${email}`;
    case 'no-number':
      return `${email} is on no number in ${vendorName} and cannot call`;
    case 'choose-password':
      return `Tell ${email} how to choose a password for ${vendorName}`;
    case 'remind-invitation':
      return `Remind ${email}: the invitation to ${vendorName} ends on ${task.expiresOn}`;
    case 'resend-invitation':
      return `Send ${email} the invitation to ${vendorName} again`;
    default:
      return unreachable(task);
  }
}

/** Steps for vendors that declare none for this job. */
export function generalSteps(task: ManualTask, words: TaskWords): readonly string[] {
  switch (task.kind) {
    case 'grant-number':
      return grantSteps(task, words);
    case 'revoke-number':
      return [
        `Open ${describeAccess(task.entitlement)} in the ${words.vendorName} dashboard.`,
        `Remove ${words.email} wherever the number lists people or teams they are in.`,
        'Save.',
      ];
    case 'change-setting':
      return [
        `Open ${words.email} in the ${words.vendorName} dashboard and click Edit.`,
        `Set ${task.label} to "${task.value}" and save.`,
        'Mark this task as done: Patchbay cannot see it.',
      ];
    case 'fix-data':
      return [task.problem, 'Correct it in the directory.'];
    case 'no-number':
      return [
        `Look in the ${words.vendorName} dashboard whether ${words.email} is on a number or in a team that rings.`,
        'If not, grant one by a mapping rule, or take them out of the mapped groups: their seat is paid for.',
      ];
    case 'choose-password':
      return [
        `Tell ${words.email} to choose a password by "Forgot password" on the sign-in page of ${words.vendorName}.`,
        'Then mark this task as done: Patchbay cannot see it.',
      ];
    case 'remind-invitation':
      return [
        `Ask ${words.email} to accept the invitation before ${task.expiresOn}. It may lie in spam.`,
        'If they are in already, choose "not needed" here.',
      ];
    case 'resend-invitation':
      return [
        `Send the invitation again in the ${words.vendorName} dashboard and mark this as done.`,
        'If they are in already, choose "not needed" here.',
      ];
    case 'change-email':
    case 'change-role':
    case 'create-team':
    case 'delete-agent':
    case 'make-owner':
    case 'remove-owner':
      return [
        `Open the ${words.vendorName} dashboard as an owner or administrator.`,
        `${titleOf(task, words)}.`,
        'Nothing else: Patchbay closes this task when it sees the change.',
      ];
    default:
      return unreachable(task);
  }
}

function grantSteps(
  task: Extract<ManualTask, { kind: 'grant-number' }>,
  { vendorName, email }: TaskWords,
): readonly string[] {
  const open = `Open ${describeAccess(task.entitlement)} in the ${vendorName} dashboard.`;
  const add =
    task.viaTeam === null
      ? `Add ${email} to the people it rings or is shown to.`
      : `Add the team "${task.viaTeam}" to the people it rings, once for the whole team. ${email} is in it, or will be.`;
  return [open, add, 'Save. Patchbay closes this task when it sees the access.'];
}

function describeAccess(entitlement: Entitlement): string {
  if (entitlement.type !== 'number') return entitlementKey(entitlement);
  switch (entitlement.kind) {
    case 'assigned':
      return `number ${entitlement.number}`;
    case 'outbound':
      return `number ${entitlement.number} for outbound calls only`;
    case 'call_flow':
      return `the call flow of number ${entitlement.number}`;
  }
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}
