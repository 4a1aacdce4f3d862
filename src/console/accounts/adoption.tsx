import type { Adoption } from '../../administration/adoption.js';
import type { Account } from '../../tenancy/account.js';
import { Ago, formatCount, formatNumber } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { paths } from '../paths.js';

/** How many of each list the page shows; the plan and the findings have the rest, page by page. */
export const AGENTS_SHOWN = 100;

/** Agents that were there before Patchbay: whom they belong to, and who is nobody's. */
export function AdoptionPage({
  account,
  adoption,
  now,
}: {
  readonly account: Account;
  readonly adoption: Adoption | null;
  readonly now: Date;
}): Markup {
  return (
    <div>
      <PageHead
        title={`Existing agents of ${account.name}`}
        lead="Agents with the address of somebody in the directory are taken over as they are. All others stay untouched."
        crumbs={{ href: paths.account(account.name), label: account.name }}
      />
      {adoption === null ? (
        <Card>
          <Empty title="Not looked at yet">
            <p>
              The first plan of the whole phone system is made as soon as there are rules. Nothing is changed
              by it.
            </p>
            <a class="button" href={paths.rules()}>
              Groups and rules
            </a>
          </Empty>
        </Card>
      ) : (
        <Found account={account} adoption={adoption} now={now} />
      )}
    </div>
  );
}

function Found({
  account,
  adoption,
  now,
}: {
  readonly account: Account;
  readonly adoption: Adoption;
  readonly now: Date;
}): Markup {
  const { planId, madeAt, matched, matchedCount, unmanaged, unmanagedCount } = adoption;
  return (
    <div class="stack">
      <Card title="At a glance">
        <div class="card-body stack">
          <Figures adoption={adoption} />
          <p class="quiet">
            As of <Ago at={madeAt} now={now} />. <a href={paths.plan(planId)}>The whole plan</a>
            {account.policy === 'report-only'
              ? ': nothing of it happens until the policy of this phone system allows it.'
              : '.'}
          </p>
        </div>
      </Card>
      <AgentList
        title={formatCount(matchedCount, 'agent to be taken over', 'agents to be taken over')}
        none="No agent waits to be taken over."
        rest={matchedCount - matched.length}
        more={paths.plan(planId, { action: 'adopt' })}
        rows={matched.map(({ subjectId, email, name, providerUserId }) => (
          <li>
            <div class="grow">
              <a class="cover" href={paths.person(subjectId)}>
                {email}
              </a>
              <p class="quiet small">
                Agent {providerUserId}, {name}
              </p>
            </div>
          </li>
        ))}
      />
      <AgentList
        title={formatCount(unmanagedCount, 'agent is nobody’s', 'agents are nobody’s')}
        none="Every agent belongs to somebody in the directory."
        rest={unmanagedCount - unmanaged.length}
        more={paths.findings({ class: 'unmanaged-agent' })}
        rows={unmanaged.map(({ message }) => (
          <li>
            <p class="grow">{message}</p>
          </li>
        ))}
      />
    </div>
  );
}

function Figures({ adoption }: { readonly adoption: Adoption }): Markup {
  return (
    <dl class="facts">
      {(
        [
          ['To be taken over', adoption.matchedCount],
          ['Nobody’s', adoption.unmanagedCount],
          ['New agents wanted', adoption.newcomers],
          ['Taken over already', adoption.takenOver],
        ] as const
      ).map(([name, count]) => (
        <div>
          <dt>{name}</dt>
          <dd>{formatNumber(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

function AgentList({
  title,
  none,
  rest,
  more,
  rows,
}: {
  readonly title: string;
  readonly none: string;
  readonly rest: number;
  readonly more: string;
  readonly rows: readonly Markup[];
}): Markup {
  return (
    <Card title={title}>
      {rows.length === 0 ? <p class="card-body quiet">{none}</p> : <ul class="rows">{rows}</ul>}
      {rest <= 0 ? null : (
        <p class="card-body">
          <a href={more}>And {formatNumber(rest)} more</a>
        </p>
      )}
    </Card>
  );
}
