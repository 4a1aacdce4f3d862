import type { Plan } from '../plan.js';
import type { Protection } from '../protection.js';
import type { SafetySettings } from '../safety.js';
import type { AppliedStep } from './flapping.js';

/** A plan and what is known around it. Counts are of the account before the plan. */
export interface SafetyInput {
  readonly plan: Plan;
  readonly settings: SafetySettings;
  /** Links in state `active`. */
  readonly activeLinks: number;
  /** The directory at the last applied plan; null before the first. */
  readonly previous: { readonly activeUsers: number } | null;
  /** The whole directory now, also for the plan of one drain. `desiredCount`: people whom the rules want here. */
  readonly current: { readonly activeUsers: number; readonly desiredCount: number };
  /** Rule set of the last plan that was applied; null before the first. */
  readonly appliedRuleSetVersion: number | null;
  /** Parks and deletes applied in this account within the last hour. */
  readonly recentRemovals: number;
  readonly protections: readonly Protection[];
  /** Ids of all agents known to be administrators or owners (see `knownAdmins`); empty: unknown. */
  readonly knownAdmins: readonly string[];
  /** Agents at the vendor, linked or not. */
  readonly agentCount: number;
  /** New agents of earlier plans that wait for approval or are approved, of other people than this plan's. */
  readonly waitingCreates: number;
  /** Applied changes of the last day, in any order. */
  readonly recentHistory: readonly AppliedStep[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}
