import type { Entitlement, EntitlementSet, Role } from './entitlement.js';
import type { Reason } from './mapping.js';
import type { AgentSettings } from './settings.js';
import type { ActualAgent, Availability, LastWritten, LeaverFact } from './state.js';

/** Chosen per account, never defaulted: a new account starts in `report-only`. */
export type AccountPolicy = 'report-only' | 'upsert-only' | 'sync';

export interface ChangeBase {
  /** Position-independent identity within the plan: `<action>:<subject>:<what>`. */
  readonly key: string;
  readonly subjectId: string;
  readonly email: string;
  /** One sentence for a person. */
  readonly reason: string;
  readonly because: readonly Reason[];
  /** Leavers' removals: ahead of every queued grant of the account (invariant 6). */
  readonly urgent: boolean;
}

/** A new agent at the vendor. May send an invitation and cost a seat. */
export interface CreateChange extends ChangeBase {
  readonly action: 'create';
  readonly givenName: string;
  readonly familyName: string;
  readonly role: Role;
  /** What the rules set beyond role, teams and numbers. */
  readonly settings?: AgentSettings;
}

/** Take ownership of an existing agent with the same verified e-mail. Writes nothing at the vendor. */
export interface AdoptChange extends ChangeBase {
  readonly action: 'adopt';
  readonly providerUserId: string;
  /** The agent as it was found: the yardstick for drift until we write. */
  readonly found: ActualAgent;
  /** What was written under the link of the deleted directory entry that this one takes over from. */
  readonly inherited: LastWritten | null;
}

/** Name, e-mail, role or owner of a linked agent. Only the named fields are written. */
export interface UpdateChange extends ChangeBase {
  readonly action: 'update';
  readonly providerUserId: string;
  readonly before: AgentFields;
  readonly after: AgentFields;
}

export interface AgentFields {
  readonly givenName?: string;
  readonly familyName?: string;
  readonly email?: string;
  readonly role?: Role | null;
  readonly availability?: Availability;
  readonly settings?: AgentSettings;
}

export interface GrantChange extends ChangeBase {
  readonly action: 'grant';
  /** null until the plan's own `create` of the same subject has been applied. */
  readonly providerUserId: string | null;
  readonly entitlement: Entitlement;
}

export interface RevokeChange extends ChangeBase {
  readonly action: 'revoke';
  readonly providerUserId: string;
  readonly entitlement: Entitlement;
}

/**
 * Marks the link parked, remembers what was held and schedules the permanent deletion; where the vendor has a
 * real suspend it is called. The single removals follow as urgent `revoke` and `update` changes.
 */
export interface ParkChange extends ChangeBase {
  readonly action: 'park';
  readonly providerUserId: string;
  readonly held: EntitlementSet;
  readonly fact: LeaverFact;
  /** Milliseconds from the moment of parking to the permanent deletion. */
  readonly graceMs: number;
}

/** Takes a parked link back to active and cancels the deletion. The single grants follow. */
export interface RestoreChange extends ChangeBase {
  readonly action: 'restore';
  readonly providerUserId: string;
}

/** Permanent deletion of a parked agent whose grace period is over. */
export interface DeleteChange extends ChangeBase {
  readonly action: 'delete';
  readonly providerUserId: string;
  readonly linkId: string;
}

/**
 * Stop managing without touching the vendor: the linked agent is gone there, or a new directory entry of the same
 * e-mail takes the agent over from a deleted one.
 */
export interface ForgetChange extends ChangeBase {
  readonly action: 'forget';
  readonly cause: 'missing-at-vendor' | 'taken-over';
  readonly providerUserId: string;
  readonly linkId: string;
}

/** A worklist task: the vendor has no API for it. */
export interface ManualChange extends ChangeBase {
  readonly action: 'manual';
  readonly providerUserId: string | null;
  readonly task: ManualTask;
}

export type ManualTask =
  | (NumberTask & { readonly kind: 'grant-number'; readonly viaTeam: string | null })
  | (NumberTask & { readonly kind: 'revoke-number' })
  | { readonly kind: 'change-email'; readonly from: string; readonly to: string }
  | { readonly kind: 'change-role'; readonly role: Role }
  | {
      readonly kind: 'change-setting';
      readonly setting: string;
      readonly label: string;
      readonly value: string;
    }
  | { readonly kind: 'create-team'; readonly team: string }
  | { readonly kind: 'delete-agent' }
  | { readonly kind: 'make-owner' }
  | { readonly kind: 'remove-owner' }
  | { readonly kind: 'fix-data'; readonly problem: string }
  /** Nobody reaches the person and they cannot call out. */
  | { readonly kind: 'no-number' }
  /** Somebody new has a password that nobody knows. */
  | { readonly kind: 'choose-password' }
  /** Dates as YYYY-MM-DD. */
  | { readonly kind: 'remind-invitation'; readonly expiresOn: string }
  | { readonly kind: 'resend-invitation'; readonly sentOn: string };

interface NumberTask {
  readonly entitlement: Entitlement;
  /** For a link to the number's page at the vendor; absent where the account has no such number. */
  readonly providerNumberId?: string;
}

/** A team that desired state names and the account lacks. Comes before the grants that need it. */
export interface CreateTeamChange extends ChangeBase {
  readonly action: 'create-team';
  readonly team: string;
}

export type Change =
  | CreateTeamChange
  | CreateChange
  | AdoptChange
  | UpdateChange
  | GrantChange
  | RevokeChange
  | ParkChange
  | RestoreChange
  | DeleteChange
  | ForgetChange
  | ManualChange;

export type ChangeAction = Change['action'];

/** Something to say that asks for no change: an unmanaged agent, a person without e-mail, a wish that cannot be held. */
export interface Notice {
  readonly code:
    | 'unmanaged-agent'
    | 'unknown-group'
    | 'ambiguous-group'
    | 'missing-attribute'
    | 'adoption-off'
    | 'not-read'
    | 'not-restored'
    | 'protected'
    | 'deletion-running'
    | 'unknown-account'
    | 'outbound-trap'
    | 'outbound-refused'
    | 'no-email'
    | 'duplicate-email'
    | 'ambiguous-match'
    | 'invalid-name'
    | 'invalid-setting'
    | 'unknown-number'
    | 'missing-agent'
    | 'unreadable-role'
    | 'capability'
    | 'suppressed-by-policy';
  readonly subjectId: string | null;
  readonly providerUserId: string | null;
  readonly message: string;
}

/** One way in which the vendor differs from what we last applied: somebody changed it there. */
export interface DriftItem {
  readonly code:
    | 'agent-missing'
    | 'name'
    | 'email'
    | 'role'
    | 'team-added'
    | 'team-removed'
    | 'number-added'
    | 'number-removed'
    | 'setting'
    | 'suspended'
    | 'reactivated';
  readonly subjectId: string;
  readonly providerUserId: string;
  readonly expected: string;
  readonly found: string;
  /** The team or number that appeared or went. */
  readonly entitlement?: Entitlement;
  /** The setting that is another one. */
  readonly setting?: { readonly name: string; readonly label: string };
}

export type PlanTrigger = 'push' | 'schedule' | 'rules' | 'manual' | 'webhook' | 'deletion-due';

/** Versions of everything the plan was derived from. An approval outlives them while the plan stays the same. */
export interface PlanInputs {
  readonly directoryVersion: number;
  readonly ruleSetVersion: number;
  /** Milliseconds since the epoch at which the account was read. */
  readonly actualReadAt: number;
  readonly policy: AccountPolicy;
}

/** Ordered changes from actual to desired. `digest` covers the changes, not the moment. */
export interface Plan {
  readonly accountId: string;
  readonly trigger: PlanTrigger;
  readonly scope: 'all' | 'subjects';
  readonly inputs: PlanInputs;
  readonly changes: readonly Change[];
  readonly drift: readonly DriftItem[];
  readonly notices: readonly Notice[];
}
