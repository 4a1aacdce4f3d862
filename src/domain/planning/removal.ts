import { ROLES, type Role, higherRole } from '../entitlement.js';
import type { Change, ManualTask, UpdateChange } from '../plan.js';

const [LEAST_ROLE] = ROLES;

/** The ways in which a change takes something from somebody. `lose`: the linked agent is gone at the vendor. */
export type RemovalKind = 'park' | 'delete' | 'revoke' | 'demote' | 'lose' | 'task';

/** How the change takes something away, or null when it does not. `task`: a person is asked to take it. */
export function removalKind(change: Change): RemovalKind | null {
  switch (change.action) {
    case 'park':
    case 'delete':
    case 'revoke':
      return change.action;
    case 'update':
      return isDemotion(change) || change.after.availability === 'unavailable' ? 'demote' : null;
    case 'forget':
      return change.cause === 'missing-at-vendor' ? 'lose' : null;
    case 'manual':
      return change.urgent || isRemovalTask(change.task) ? 'task' : null;
    case 'create':
    case 'adopt':
    case 'grant':
    case 'restore':
    case 'create-team':
      return null;
  }
}

/** Whether the update lowers the role. The least role over an unknown one counts: it can only take. */
export function isDemotion({ before, after }: UpdateChange): boolean {
  if (after.role === undefined || after.role === null) return false;
  const from: Role | null = before.role ?? null;
  if (from === null) return after.role === LEAST_ROLE;
  return from !== after.role && higherRole(from, after.role) === from;
}

function isRemovalTask({ kind }: ManualTask): boolean {
  return kind === 'revoke-number' || kind === 'remove-owner' || kind === 'delete-agent';
}
