import type { Change } from '../plan.js';
import { isDemotion } from '../planning/removal.js';
import { indexProtections } from '../protection.js';
import type { Hold } from '../safety.js';
import type { SafetyInput } from './input.js';

/** Held when somebody protected would lose access: park, deletion, a lower role, the owner overlay. */
export function protectedHold({ plan, protections, now }: SafetyInput): Hold | null {
  const index = indexProtections(protections, now);
  const found = new Map<string, readonly string[]>();
  for (const change of plan.changes) {
    const providerUserId = losesAccess(change);
    if (providerUserId === null) continue;
    const ids = { providerUserId, subjectId: change.subjectId };
    const reasons = change.action === 'delete' ? index.fromDeletion(ids) : index.fromRemoval(ids);
    if (reasons.length > 0) found.set(change.email, reasons);
  }
  if (found.size === 0) return null;
  const people = [...found].map(([email, reasons]) => `${email} (${reasons.join(', ')})`);
  return {
    code: 'protected-agent',
    message: `Protected people would lose access: ${people.join('; ')}. Approve the plan only if that is meant.`,
    about: [...found].flatMap(([email, reasons]) => reasons.map((reason) => `${email}: ${reason}`)),
  };
}

/** Held when nobody would be left who can administer the account. */
export function lastAdminHold({ plan, knownAdmins }: SafetyInput): Hold | null {
  if (knownAdmins.length === 0) return null;
  const losing = new Set(plan.changes.map(losesAccess));
  if (!knownAdmins.every((id) => losing.has(id))) return null;
  if (plan.changes.some((change) => change.action === 'update' && change.after.role === 'admin')) return null;
  return {
    code: 'protected-agent',
    message: `All ${knownAdmins.length} known administrators of the account would lose access. Make somebody else an administrator first.`,
    about: knownAdmins.map((id) => `administrator ${id}`),
  };
}

/** The agent who would lose access by the change, or null. */
function losesAccess(change: Change): string | null {
  switch (change.action) {
    case 'park':
    case 'delete':
      return change.providerUserId;
    case 'update':
      return isDemotion(change) ? change.providerUserId : null;
    case 'revoke':
      return change.entitlement.type === 'owner' ? change.providerUserId : null;
    case 'create':
    case 'adopt':
    case 'grant':
    case 'restore':
    case 'forget':
    case 'manual':
    case 'create-team':
      return null;
  }
}
