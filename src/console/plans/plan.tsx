import type { PlanDetail } from '../../administration/plans.js';
import { can } from '../kit/context.js';
import { Ago, formatCount, formatNumber, Moment } from '../kit/format.js';
import { Fragment, h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, PageHead } from '../parts/blocks.js';
import { PLAN_STATE_WORDS, triggerWords } from '../parts/words.js';
import { paths } from '../paths.js';
import { Changes } from './changes.js';
import { DecisionCard } from './decision.js';
import { planTitle } from './list.js';
import type { PlanShown } from './shown.js';

/** One plan: why it waits, what it would do to whom and for which reason, and the decision. */
export function PlanPage(shown: PlanShown): Markup {
  const { plan, context } = shown;
  const words = PLAN_STATE_WORDS[plan.state];
  return (
    <div>
      <PageHead
        title={planTitle(plan)}
        lead={`Made after ${triggerWords(plan.trigger)}`}
        crumbs={{ href: paths.plans(), label: 'Plans' }}
      >
        <Badge tone={words.tone}>{words.label}</Badge>
      </PageHead>
      <div class="stack">
        <Holds plan={plan} />
        {plan.state === 'held' && can(context, 'plans:decide') ? (
          <DecisionCard context={context} plan={plan} />
        ) : null}
        <Changes {...shown} />
        <Notes plan={plan} />
        <Facts plan={plan} now={context.now} />
      </div>
    </div>
  );
}

function Holds({ plan }: { readonly plan: PlanDetail }): Markup | null {
  if (plan.holds.length === 0) return null;
  return (
    <section class="notice warn stack-s" aria-label="Why the plan waits">
      <h2>{plan.state === 'held' ? 'Why this plan waits for you' : 'Why this plan was held'}</h2>
      <ul class="stack-s">
        {plan.holds.map(({ message }) => (
          <li class="pre">{message}</li>
        ))}
      </ul>
    </section>
  );
}

function Notes({ plan }: { readonly plan: PlanDetail }): Markup | null {
  const { drift, driftCount, notices, noticeCount } = plan;
  if (driftCount + noticeCount === 0) return null;
  return (
    <Card title="What was noticed on the way">
      <div class="card-body stack-s">
        {drift.length === 0 ? null : (
          <details>
            <summary>
              {formatCount(driftCount, 'thing was changed', 'things were changed')} in the phone system by
              hand
            </summary>
            <ul class="stack-s">
              {drift.map((item) => (
                <li>
                  <a href={paths.person(item.subjectId)}>Agent {item.providerUserId}</a>: expected{' '}
                  {item.expected}, found {item.found}
                </li>
              ))}
              {driftCount > drift.length ? (
                <li class="quiet">and {formatNumber(driftCount - drift.length)} more</li>
              ) : null}
            </ul>
          </details>
        )}
        {notices.length === 0 ? null : (
          <details>
            <summary>{formatCount(noticeCount, 'notice', 'notices')}</summary>
            <ul class="stack-s">
              {notices.map(({ message }) => (
                <li>{message}</li>
              ))}
              {noticeCount > notices.length ? (
                <li class="quiet">and {formatNumber(noticeCount - notices.length)} more</li>
              ) : null}
            </ul>
          </details>
        )}
      </div>
    </Card>
  );
}

function Facts({ plan, now }: { readonly plan: PlanDetail; readonly now: Date }): Markup {
  return (
    <Card title="About this plan">
      <dl class="pairs card-body">
        <dt>Made</dt>
        <dd>
          <Moment at={plan.createdAt} /> (<Ago at={plan.createdAt} now={now} />)
        </dd>
        <dt>Rules</dt>
        <dd>
          <a href={paths.rules(`/versions/${String(plan.inputs.ruleSetVersion)}`)}>
            Version {plan.inputs.ruleSetVersion}
          </a>
        </dd>
        <dt>Phone system read</dt>
        <dd>
          <Moment at={new Date(plan.inputs.actualReadAt)} />
        </dd>
        <dt>Digest</dt>
        <dd>
          <code>{plan.digest}</code>
        </dd>
        {plan.approvals.map(({ approver, at }) => (
          <Fragment>
            <dt>Approved</dt>
            <dd>
              {approver}, <Moment at={at} />
            </dd>
          </Fragment>
        ))}
        {plan.state !== 'rejected' || plan.decidedBy === null || plan.decidedAt === null ? null : (
          <Fragment>
            <dt>Rejected</dt>
            <dd>
              {plan.decidedBy}, <Moment at={plan.decidedAt} />
            </dd>
          </Fragment>
        )}
      </dl>
    </Card>
  );
}
