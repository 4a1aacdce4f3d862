import type { Capabilities } from '../capabilities.js';
import type { Plan } from '../plan.js';
import type { ActualState, Link, SubjectState } from '../state.js';

/** One complete reading of an account with everything it is compared with. */
export interface AccountFindingInput {
  /** Made from the same reading; nothing of it has been applied yet. */
  readonly plan: Plan;
  /** Of scope `all`: what is not in it is not at the vendor. */
  readonly actual: ActualState;
  readonly links: readonly Link[];
  /** What the rules want of everybody in the directory. */
  readonly states: ReadonlyMap<string, SubjectState>;
  readonly capabilities: Capabilities;
  readonly invitations: Invitations;
  /** Last call of each agent, milliseconds since the epoch, by the vendor's id; null: use is not measured. */
  readonly lastUse: ReadonlyMap<string, number> | null;
  /** Open tasks, and the last closed one of each key. */
  readonly tasks: readonly KnownTask[];
  /** null: the account was never compared before. */
  readonly baseline: Baseline | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Where the vendor does not say whether somebody accepted, the day of our own create is all there is. */
export interface Invitations {
  /** null: invitations to this vendor do not end. */
  readonly validDays: number | null;
  /** When we created the agent, milliseconds since the epoch, by the vendor's id. */
  readonly sentAt: ReadonlyMap<string, number>;
}

export interface KnownTask {
  readonly key: string;
  readonly title: string;
  readonly subjectId: string | null;
  readonly state: 'open' | 'done';
  /** Who closed it; null while open. Reconciliation closes as well as people do. */
  readonly closedBy: 'person' | 'reconciliation' | null;
}

/** What earlier readings showed and no rule speaks of. */
export interface Baseline {
  /** Numbers that ever rang somebody. */
  readonly ringing: readonly string[];
  /** Owners at the first reading, or when somebody last accepted their number; null: not readable. */
  readonly ownerCount: number | null;
}
