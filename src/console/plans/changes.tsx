import type { ChangeRow } from '../../administration/plans.js';
import { formatNumber } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, Pager, Tabs } from '../parts/blocks.js';
import { changeWords } from '../parts/change-words.js';
import { ACTION_WORDS, CHANGE_STATE_WORDS } from '../parts/words.js';
import { paths } from '../paths.js';
import type { PlanShown } from './plan.js';

/** The plan's changes in the order in which they are applied, one kind at a time if wished. */
export function Changes({ plan, action, after, changes }: PlanShown): Markup {
  const actions = [...Map.groupBy(plan.tally, (one) => one.action)].map(([name, parts]) => ({
    name,
    count: parts.reduce((sum, { count }) => sum + count, 0),
  }));
  return (
    <Card title="Changes">
      <div class="card-body">
        {actions.length < 2 ? null : (
          <Tabs
            label="Kinds of changes"
            tabs={[
              {
                label: `All ${formatNumber(plan.changeCount)}`,
                href: paths.plan(plan.id),
                isCurrent: action === null,
              },
              ...actions.map(({ name, count }) => ({
                label: `${ACTION_WORDS[name].label} ${formatNumber(count)}`,
                href: paths.plan(plan.id, { action: name }),
                isCurrent: name === action,
              })),
            ]}
          />
        )}
      </div>
      {changes.rows.length === 0 ? (
        <Empty title="No changes">
          <p>The phone system is as the rules want it.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {changes.rows.map((row) => (
            <ChangeLine row={row} />
          ))}
        </ul>
      )}
      <Pager
        first={after === null ? null : paths.plan(plan.id, { action })}
        next={changes.next === null ? null : paths.plan(plan.id, { action, after: changes.next })}
      />
    </Card>
  );
}

function ChangeLine({ row: { change, state, error } }: { readonly row: ChangeRow }): Markup {
  const action = ACTION_WORDS[change.action];
  const stateWords = CHANGE_STATE_WORDS[state] ?? { label: state, tone: 'plain' as const };
  return (
    <li>
      <div class="grow">
        <p>
          {change.action === 'create-team' ? (
            <span class="strong">{change.team}</span>
          ) : (
            <a class="cover" href={paths.person(change.subjectId)}>
              {change.email}
            </a>
          )}
        </p>
        <p>{changeWords(change)}</p>
        <p class="quiet small">
          {change.reason}
          {change.because.map(({ ruleId, because }) => ` · ${ruleId}: ${because}`)}
        </p>
        {error === null ? null : <p class="notice bad small">{error}</p>}
      </div>
      <span class="end">
        <Badge tone={action.tone}>{action.label}</Badge>
        {state === 'planned' ? null : <Badge tone={stateWords.tone}>{stateWords.label}</Badge>}
      </span>
    </li>
  );
}
