import type { PlanDetail } from '../../administration/plans.js';
import type { PageContext } from '../kit/context.js';
import { formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Card } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

/** What must be typed before people lose something. */
export function approvalWord({ removalCount }: Pick<PlanDetail, 'removalCount'>): string | null {
  return removalCount === 0 ? null : formatCount(removalCount, 'removal', 'removals');
}

/** Approve exactly what the page shows, or turn it down. */
export function DecisionCard({
  context,
  plan,
}: {
  readonly context: PageContext;
  readonly plan: PlanDetail;
}): Markup {
  const word = approvalWord(plan);
  const { session } = context;
  return (
    <Card title="Your decision">
      <div class="card-body stack">
        {plan.approvals.length === 0 ? null : (
          <p class="notice">
            Approved by {plan.approvals.map(({ approver }) => approver).join(', ')}. This account asks for two
            people: somebody else has to approve it as well.
          </p>
        )}
        <PostForm action={`${paths.plan(plan.id)}/approve`} session={session} class="confirm">
          <input type="hidden" name="digest" value={plan.digest} />
          {word === null ? null : (
            <div class="field">
              <label for="typed">
                Type <code>{word}</code> to approve
              </label>
              <p class="hint" id="typed-hint">
                So much is taken away by this plan. Look at the list below first.
              </p>
              <input id="typed" name="typed" autocomplete="off" required aria-describedby="typed-hint" />
            </div>
          )}
          <button class={word === null ? 'button' : 'button danger'} type="submit">
            Approve this plan
          </button>
        </PostForm>
        <PostForm action={`${paths.plan(plan.id)}/reject`} session={session} class="row">
          <button class="button plain" type="submit">
            Reject
          </button>
          <span class="quiet small">
            These people stay as they are until they change or are planned again.
          </span>
        </PostForm>
      </div>
    </Card>
  );
}
