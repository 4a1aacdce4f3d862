import type { RuleSetVersion } from '../../rules/rules.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { RuleTabs } from '../people/groups.js';
import { paths } from '../paths.js';
import { RuleList } from './rule-list.js';

/** The rules in force, in words; null before the first. */
export function RulesPage({
  context,
  current,
}: {
  readonly context: PageContext;
  readonly current: RuleSetVersion | null;
}): Markup {
  return (
    <div>
      <PageHead
        title="Groups and rules"
        lead="Rules turn groups and attributes into roles, teams and numbers."
      >
        {can(context, 'rules:write') && current !== null ? (
          <a class="button" href={paths.rules('/edit')}>
            Edit the rules
          </a>
        ) : null}
      </PageHead>
      <RuleTabs current="rules" />
      {current === null ? (
        <NoRules canWrite={can(context, 'rules:write')} />
      ) : (
        <Current current={current} now={context.now} />
      )}
    </div>
  );
}

function NoRules({ canWrite }: { readonly canWrite: boolean }): Markup {
  return (
    <Card>
      <Empty title="No rules yet">
        <p>
          Until there are rules, nobody gets an agent. The editor starts with an example, and shows the impact
          before you save.
        </p>
        {canWrite ? (
          <a class="button" href={paths.rules('/edit')}>
            Write the first rules
          </a>
        ) : null}
      </Empty>
    </Card>
  );
}

function Current({ current, now }: { readonly current: RuleSetVersion; readonly now: Date }): Markup {
  return (
    <div class="stack">
      <p class="quiet">
        Version {current.version}, saved <Ago at={current.createdAt} now={now} /> by {current.createdBy}
        {current.note === null ? '' : `: ${current.note}`}. Who matches a rule but gets no role from any
        becomes <strong>{current.ruleSet.defaultRole}</strong>.
      </p>
      <RuleList ruleSet={current.ruleSet} />
      <Card title="As written">
        <div class="card-body">
          <pre tabindex="0">{current.source}</pre>
        </div>
      </Card>
    </div>
  );
}
