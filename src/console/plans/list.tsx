import type { Page } from '../../administration/page.js';
import { PLAN_STATES, type PlanRow, type PlanState } from '../../administration/plans.js';
import { Ago, formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead, Pager } from '../parts/blocks.js';
import { PLAN_STATE_WORDS, triggerWords } from '../parts/words.js';
import { AccountSelect } from '../parts/account-select.js';
import { paths } from '../paths.js';

export interface PlansListed {
  readonly state: PlanState | null;
  readonly account: string | null;
  readonly accounts: readonly { readonly name: string }[];
  readonly after: string | null;
  readonly page: Page<PlanRow>;
  readonly now: Date;
}

export function PlansPage(listed: PlansListed): Markup {
  const { state, account, accounts, after, page, now } = listed;
  const query = { state, account };
  return (
    <div>
      <PageHead
        title="Plans"
        lead="What was to be changed, why, and what came of it. A plan that crosses a safety limit waits for a person."
      />
      <Card>
        <form class="toolbar" method="get" action={paths.plans()}>
          <div class="field">
            <label for="state">State</label>
            <select id="state" name="state">
              <option value="">All</option>
              {PLAN_STATES.map((value) => (
                <option value={value} selected={value === state}>
                  {PLAN_STATE_WORDS[value].label}
                </option>
              ))}
            </select>
          </div>
          <AccountSelect accounts={accounts} selected={account} />
          <button class="button plain" type="submit">
            Show
          </button>
        </form>
        {page.rows.length === 0 ? (
          <NoPlans isFiltered={state !== null || account !== null} />
        ) : (
          <PlanRows rows={page.rows} now={now} />
        )}
        <Pager
          first={after === null ? null : paths.plans(query)}
          next={page.next === null ? null : paths.plans({ ...query, after: page.next })}
        />
      </Card>
    </div>
  );
}

export function PlanRows({ rows, now }: { readonly rows: readonly PlanRow[]; readonly now: Date }): Markup {
  return (
    <ul class="rows">
      {rows.map((plan) => (
        <PlanLine plan={plan} now={now} />
      ))}
    </ul>
  );
}

export function planTitle({ changeCount, account }: Pick<PlanRow, 'changeCount' | 'account'>): string {
  return changeCount === 0
    ? `Nothing to change in ${account}`
    : `${formatCount(changeCount, 'change', 'changes')} in ${account}`;
}

function PlanLine({ plan, now }: { readonly plan: PlanRow; readonly now: Date }): Markup {
  const words = PLAN_STATE_WORDS[plan.state];
  return (
    <li>
      <div class="grow">
        <a class="cover" href={paths.plan(plan.id)}>
          {planTitle(plan)}
        </a>
        <p class="quiet small">
          <Ago at={plan.createdAt} now={now} /> · after {triggerWords(plan.trigger)}
          {plan.decidedBy === null ? '' : ` · decided by ${plan.decidedBy}`}
        </p>
      </div>
      <span class="end">
        {plan.removalCount === 0 ? null : (
          <Badge tone="bad">{formatCount(plan.removalCount, 'removal', 'removals')}</Badge>
        )}
        <Badge tone={words.tone}>{words.label}</Badge>
      </span>
    </li>
  );
}

function NoPlans({ isFiltered }: { readonly isFiltered: boolean }): Markup {
  if (isFiltered) {
    return (
      <Empty title="No such plan">
        <a class="button plain" href={paths.plans()}>
          Show every plan
        </a>
      </Empty>
    );
  }
  return (
    <Empty title="No plan yet">
      <p>
        Plans appear as soon as a phone system is connected and the identity provider has pushed somebody.
      </p>
    </Empty>
  );
}
