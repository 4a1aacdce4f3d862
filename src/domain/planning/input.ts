import type { Capabilities, VendorLimits } from '../capabilities.js';
import type { AccountPolicy, Notice, PlanTrigger } from '../plan.js';
import type { Protection } from '../protection.js';
import type { ManagedNames } from '../rules/managed.js';
import type { ActualState, Link, SubjectState } from '../state.js';

/** Everything a plan is derived from. Two equal inputs give equal plans, in whatever order their lists are. */
export interface PlanInput {
  readonly accountId: string;
  readonly trigger: PlanTrigger;
  /** Whether `subjects` are all of the tenant's or those of one drain. Nothing is removed for being absent. */
  readonly scope: 'all' | 'subjects';
  readonly policy: AccountPolicy;
  readonly capabilities: Capabilities;
  readonly limits: VendorLimits;
  readonly directoryVersion: number;
  readonly ruleSetVersion: number;
  readonly subjects: readonly SubjectState[];
  /** What deriving the subjects had to say; becomes part of the plan. */
  readonly notices: readonly Notice[];
  readonly actual: ActualState;
  /**
   * Ids that a reading of scope `subjects` asked for: asked and not read means gone at the vendor. Such a reading
   * must also have asked for the e-mail of every subject without a link, or a create would make a double.
   */
  readonly askedAgents: readonly string[];
  /**
   * At least every link of the subjects and every link of the agents in the reading. An agent whose link is left
   * out looks free for adoption.
   */
  readonly links: readonly Link[];
  /** Names the rules speak of, see `managedNames`. */
  readonly managed: ManagedNames;
  readonly protections: readonly Protection[];
  /** Milliseconds between parking and permanent deletion. */
  readonly graceMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether unlinked agents may be taken over by verified e-mail. */
  readonly allowAdoption: boolean;
  /** Whether people lose managed teams and numbers that somebody gave them by hand. */
  readonly revokeManaged: boolean;
  /** Roles that the vendor does not show and that were written before this moment are written again. Absent: never. */
  readonly reassertRolesBefore?: number | null;
  /** Whether people whom no number reaches become tasks. Absent: no. */
  readonly taskWithoutNumber?: boolean;
  /** Every team whose name begins so is managed as well. */
  readonly teamPrefix: string | null;
}
