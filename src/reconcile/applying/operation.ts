import { AppError } from '../../domain/errors.js';
import type { Capabilities } from '../../domain/capabilities.js';
import type { AgentFields, Change } from '../../domain/plan.js';
import type { ProviderWrite } from '../../providers/port.js';

/**
 * The vendor call that carries out a change; null where nothing is written there. `providerUserId` is the agent's,
 * for changes that follow the create of the same person.
 * Throws AppError `bug` for a deletion: that has a procedure of its own, with guards and a manifest.
 */
export function operationFor(
  change: Change,
  providerUserId: string | null,
  { suspend, writes }: Capabilities,
): ProviderWrite | null {
  switch (change.action) {
    case 'create':
      return {
        type: 'create-agent',
        profile: { email: change.email, givenName: change.givenName, familyName: change.familyName },
        role: change.role,
        ...(change.settings && { settings: change.settings }),
      };
    case 'update':
      return {
        type: 'update-agent',
        providerUserId: change.providerUserId,
        fields: writtenFields(change.after),
      };
    case 'grant':
    case 'revoke':
      return {
        type: change.action,
        providerUserId: known(change.providerUserId ?? providerUserId ?? unconfirmed(change, writes)),
        entitlement: change.entitlement,
      };
    case 'create-team':
      return { type: 'create-team', team: change.team };
    case 'park':
      // By hand there is more to it than a mark of ours: until somebody says that the person is shut out, they are not.
      return suspend || writes === 'manual'
        ? { type: 'suspend-agent', providerUserId: change.providerUserId }
        : null;
    case 'restore':
      return suspend ? { type: 'resume-agent', providerUserId: change.providerUserId } : null;
    case 'adopt':
    case 'forget':
    case 'manual':
      return null;
    case 'delete':
      throw new AppError('bug', 'A permanent deletion was about to be carried out like any other change.');
  }
}

/** Until a person confirms the invitation there is no id, and the address stands for the agent. */
function unconfirmed({ email }: Change, writes: Capabilities['writes']): string | null {
  return writes === 'manual' ? email : null;
}

function writtenFields({ role, ...profile }: AgentFields) {
  return role === undefined || role === null ? profile : { ...profile, role };
}

function known(providerUserId: string | null): string {
  if (providerUserId !== null) return providerUserId;
  throw new AppError('stale', 'The person has no agent yet, so nothing can be granted to it.');
}
