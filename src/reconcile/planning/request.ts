import type { Change, PlanTrigger } from '../../domain/plan.js';
import type { OnReadProgress } from '../../providers/port.js';

export interface PlanRequest {
  readonly subjectIds: 'all' | readonly string[];
  readonly trigger: PlanTrigger;
  /** How old a reading of the account may be. 0: it must be made now. */
  readonly readingAgeMaxMs: number;
  /**
   * Which changes belong to the plan. By default all but permanent deletions, which are carried out by a procedure
   * of their own.
   */
  readonly includes?: (change: Change) => boolean;
  /** People whose agent we may have created already: it is theirs even where adoption is off. */
  readonly ownEmails?: boolean;
  /** Its reading gives way to nobody. */
  readonly isForLeavers?: boolean;
  /** When a plan that is judged again was made. */
  readonly madeAt?: Date;
  /** Hears how far a reading of the whole account is. */
  readonly onProgress?: OnReadProgress;
}
