import type { AccessKind, Entitlement, EntitlementSet, Role } from './entitlement.js';
import type { AgentSettings } from './settings.js';

/** How a rule names a group. Ids survive renames; names are what an admin types. */
export type GroupRef =
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'externalId'; readonly externalId: string };

export type AttributeTest =
  | { readonly op: 'equals'; readonly value: string }
  | { readonly op: 'in'; readonly values: readonly string[] }
  | { readonly op: 'startsWith'; readonly value: string }
  | { readonly op: 'contains'; readonly value: string }
  | { readonly op: 'present' };

/** When a rule applies to a person. Comparisons ignore case. */
export type Condition =
  | { readonly type: 'group'; readonly group: GroupRef }
  /** `path` is a lower-case SCIM path as in DirectoryUser.attributes. */
  | { readonly type: 'attribute'; readonly path: string; readonly test: AttributeTest }
  | { readonly type: 'all'; readonly conditions: readonly Condition[] }
  | { readonly type: 'any'; readonly conditions: readonly Condition[] }
  | { readonly type: 'not'; readonly condition: Condition };

export interface NumberGrant {
  readonly number: string;
  readonly kind: AccessKind;
  /** Where the vendor has no API for number access: the team whose members the number rings. */
  readonly viaTeam: string | null;
}

export interface Grant {
  readonly role: Role | null;
  /** May hold templates such as `Sales {country}`; see mapping of team templates. */
  readonly teams: readonly string[];
  readonly numbers: readonly NumberGrant[];
  /** May hold templates as teams do. Of several rules that set one, the first in the file wins. */
  readonly settings?: AgentSettings;
}

/** What a matching rule takes away again, whatever other rules grant. An explicit deny always wins. */
export interface Deny {
  readonly roles: readonly Role[];
  readonly teams: readonly string[];
  readonly numbers: readonly { readonly number: string; readonly kind: AccessKind | null }[];
  /** Nobody matching gets an agent in this account at all. */
  readonly account: boolean;
}

export interface MappingRule {
  /** Unique within the rule set; shown as the reason of whatever it grants. */
  readonly id: string;
  /** Names of the accounts the rule speaks of; empty means every account of the tenant. */
  readonly accounts: readonly string[];
  readonly when: Condition;
  readonly grant: Grant;
  readonly deny: Deny;
  /**
   * Days from the park of whoever the rule applies to until their permanent deletion, instead of the account's. Of
   * several the longest counts: a deletion cannot be taken back.
   */
  readonly graceDays?: number;
}

/**
 * The mapping rules of a tenant. Precedence: a matching deny wins; then the highest role wins; teams and numbers
 * add up; people on the owner list get the owner overlay only where a rule already grants them an agent.
 */
export interface RuleSet {
  readonly version: number;
  /** Given to people to whom a rule grants something but no role. */
  readonly defaultRole: Role;
  /** userName or e-mail, compared without case. Owner is never granted by group. */
  readonly owners: readonly string[];
  readonly rules: readonly MappingRule[];
}

/** Why somebody holds an entitlement: which rule, and by which group or attribute it matched. */
export interface Reason {
  readonly ruleId: string;
  readonly because: string;
}

/** What the rules grant one person in one account. */
export interface DerivedEntitlements {
  readonly entitlements: EntitlementSet;
  /** No matching rule names a role: the role is the rule set's default. */
  readonly roleIsDefault: boolean;
  /**
   * What rules would grant or deny whose group cannot be resolved (renamed, or two of one name): neither granted
   * nor taken until the rule is mended.
   */
  readonly uncertain: EntitlementSet;
  /** Settings beyond roles, teams and numbers. What no rule sets is left as it is. */
  readonly settings?: AgentSettings;
  /** viaTeam wishes by number key, so that a plan can say how a number is to be reached. */
  readonly viaTeam: Readonly<Record<string, string>>;
  readonly reasons: readonly { readonly entitlement: Entitlement; readonly reasons: readonly Reason[] }[];
  /** Of the rules that apply; absent: none says anything. */
  readonly graceDays?: number;
}
