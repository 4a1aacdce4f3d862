import type { ChangeRow } from '../../administration/plans.js';
import type { Capabilities } from '../../domain/capabilities.js';
import { formatNumber } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, Pager, Tabs } from '../parts/blocks.js';
import { changeWords } from '../parts/change-words.js';
import { ACTION_WORDS, CHANGE_STATE_WORDS } from '../parts/words.js';
import { paths } from '../paths.js';
import type { PlanShown } from './shown.js';

/** The plan's changes in the order in which they are applied, one kind at a time if wished. */
export function Changes({ plan, action, after, changes, capabilities }: PlanShown): Markup {
  const actions = [...Map.groupBy(plan.tally, (one) => one.action)].map(([name, parts]) => ({
    name,
    count: parts.reduce((sum, { count }) => sum + count, 0),
  }));
  return (
    <Card title="Changes">
      {actions.length < 2 ? null : (
        <div class="card-tabs">
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
        </div>
      )}
      {changes.rows.length === 0 ? (
        <Empty title="No changes">
          <p>The phone system is as the rules want it.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {groupByPerson(changes.rows).map((rows) => (
            <PersonChanges rows={rows} capabilities={capabilities} />
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

/** Changes of one person that follow one another. */
function PersonChanges({
  rows,
  capabilities,
}: {
  readonly rows: readonly ChangeRow[];
  readonly capabilities: Capabilities;
}): Markup {
  const [first] = rows;
  const change = first?.change;
  return (
    <li>
      <div class="grow stack-s">
        <p>
          {change === undefined || change.action === 'create-team' ? (
            <span class="strong">{change?.team}</span>
          ) : (
            <a class="cover" href={paths.person(change.subjectId)}>
              {change.email}
            </a>
          )}
        </p>
        <ul class="changes">
          {rows.map((row) => (
            <ChangeLine row={row} capabilities={capabilities} />
          ))}
        </ul>
      </div>
    </li>
  );
}

function ChangeLine({
  row: { change, state, error },
  capabilities,
}: {
  readonly row: ChangeRow;
  readonly capabilities: Capabilities;
}): Markup {
  const action = ACTION_WORDS[change.action];
  const stateWords = CHANGE_STATE_WORDS[state] ?? { label: state, tone: 'plain' as const };
  return (
    <li>
      <div>
        <p>{changeWords(change, capabilities)}</p>
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

/** Runs of rows about the same person, in order: what a person loses and gains is read together. */
export function groupByPerson(rows: readonly ChangeRow[]): readonly (readonly ChangeRow[])[] {
  const groups: ChangeRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    const isSame =
      last?.[0]?.change.subjectId === row.change.subjectId && row.change.action !== 'create-team';
    if (last !== undefined && isSame) last.push(row);
    else groups.push([row]);
  }
  return groups;
}
