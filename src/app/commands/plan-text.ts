import type { Change, Plan } from '../../domain/plan.js';
import type { Verdict } from '../../domain/safety.js';
import type { Entitlement } from '../../domain/entitlement.js';
import { unreachable } from '../../domain/errors.js';

/** A plan as people read it: one line a change with a sign, its reason below, then totals, notices and the verdict. */
export function renderPlan(accountName: string, plan: Plan, verdict: Verdict): string {
  const parts = [
    plan.changes.length === 0
      ? `Account "${accountName}" is as it should be: nothing to change.`
      : renderChanges(plan),
    ...section(
      'Changed at the vendor since Patchbay last wrote',
      plan.drift.map((item) => `! ${item.code}: expected ${item.expected}, found ${item.found}`),
    ),
    ...section(
      'Worth knowing',
      plan.notices.map((notice) => `* ${notice.message}`),
    ),
    renderVerdict(plan, verdict),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function renderChanges(plan: Plan): string {
  const bySubject = Map.groupBy(plan.changes, (change) => change.email);
  const blocks = [...bySubject].map(([email, changes]) => {
    const lines = changes.map(
      (change) => `  ${sign(change)} ${describeChange(change)}\n      ${change.reason}`,
    );
    return [email === '' ? 'account' : email, ...lines].join('\n');
  });
  return blocks.join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [[`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n')];
}

function renderVerdict({ changes }: Plan, verdict: Verdict): string {
  const count = (...actions: Change['action'][]) =>
    changes.filter((change) => actions.includes(change.action)).length;
  const totals =
    `Plan: ${count('create', 'create-team')} to create, ${count('adopt')} to adopt, ` +
    `${count('update', 'grant', 'restore')} to change, ${count('revoke', 'park', 'forget')} to take away, ` +
    `${count('delete')} to delete for good, ${count('manual')} by hand.`;
  if (changes.length === 0) return '';
  if (verdict.type === 'allowed') return totals;
  return [
    totals,
    'HELD, nothing is applied until somebody approves:',
    ...verdict.holds.map((hold) => `  - ${hold.message}`),
  ].join('\n');
}

function sign(change: Change): string {
  switch (change.action) {
    case 'create':
    case 'create-team':
    case 'grant':
    case 'restore':
      return '+';
    case 'adopt':
    case 'update':
      return '~';
    case 'revoke':
    case 'park':
    case 'forget':
      return '-';
    case 'delete':
      return 'X';
    case 'manual':
      return '?';
    default:
      return unreachable(change);
  }
}

function describeChange(change: Change): string {
  switch (change.action) {
    case 'create':
      return `create agent ${change.givenName} ${change.familyName} as ${change.role}`;
    case 'create-team':
      return `create team "${change.team}"`;
    case 'adopt':
      return `adopt existing agent ${change.providerUserId}`;
    case 'update':
      return `update ${Object.entries(change.after)
        .map(([field, value]) => `${field} to ${String(value)}`)
        .join(', ')}`;
    case 'grant':
      return `grant ${describeEntitlement(change.entitlement)}`;
    case 'revoke':
      return `revoke ${describeEntitlement(change.entitlement)}`;
    case 'park':
      return 'park: take away everything at once, delete for good after the grace period';
    case 'restore':
      return 'restore: back within the grace period, the deletion is cancelled';
    case 'delete':
      return `DELETE agent ${change.providerUserId} for good`;
    case 'forget':
      return `forget agent ${change.providerUserId}: it is gone at the vendor`;
    case 'manual':
      return `by hand: ${change.task.kind}`;
    default:
      return unreachable(change);
  }
}

function describeEntitlement(entitlement: Entitlement): string {
  switch (entitlement.type) {
    case 'role':
      return `role ${entitlement.role}`;
    case 'owner':
      return 'owner';
    case 'team':
      return `team "${entitlement.team}"`;
    case 'number':
      return `number ${entitlement.number} (${entitlement.kind})`;
    default:
      return unreachable(entitlement);
  }
}
