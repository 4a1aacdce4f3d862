import type { Page } from '../../administration/page.js';
import type { ChangeRow, PlanDetail } from '../../administration/plans.js';
import type { Capabilities } from '../../domain/capabilities.js';
import type { ChangeAction } from '../../domain/plan.js';
import type { PageContext } from '../kit/context.js';

/** What the page of one plan shows. */
export interface PlanShown {
  readonly context: PageContext;
  readonly plan: PlanDetail;
  readonly action: ChangeAction | null;
  readonly after: string | null;
  readonly changes: Page<ChangeRow>;
  /** Of the phone system that the plan is for. */
  readonly capabilities: Capabilities;
}
