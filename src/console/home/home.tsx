import type { Matter, Place } from '../../administration/attention.js';
import type { Overview } from '../../administration/overview.js';
import { can, type PageContext } from '../kit/context.js';
import { formatCount, formatDistance } from '../kit/format.js';
import { icons } from '../layout/icons.js';
import { h, type Markup } from '../markup/markup.js';
import { Card, Empty } from '../parts/blocks.js';
import { LeaverLine } from '../parts/leaver-line.js';
import { TaskLine } from '../parts/task-line.js';
import { paths } from '../paths.js';
import { AccountCard } from './account-card.js';
import { Figures, type FiguresShown } from './figures.js';

/** The first page: is everything all right, and what needs me? */
export function HomePage({
  context,
  overview,
  matters,
  certificates,
  now,
}: FiguresShown & {
  readonly context: PageContext;
  readonly matters: readonly Matter[];
}): Markup {
  return (
    <div class="stack">
      <Verdict matters={matters} overview={overview} now={now} />
      {matters.length === 0 ? null : (
        <section class="card" aria-label="What needs you">
          <ul class="matters">
            {matters.map((matter) => (
              <li>
                <MatterLink matter={matter} context={context} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <Figures overview={overview} certificates={certificates} now={now} />
      <section aria-labelledby="accounts" class="stack-s">
        <h2 id="accounts">Phone systems</h2>
        <Accounts context={context} overview={overview} now={now} />
      </section>
      <div class="columns">
        <Leaving overview={overview} now={now} />
        <Tasks overview={overview} now={now} />
      </div>
    </div>
  );
}

function Verdict({
  matters,
  overview,
  now,
}: {
  readonly matters: readonly Matter[];
  readonly overview: Overview;
  readonly now: Date;
}): Markup {
  const { tone, title, icon } = verdictWords(matters);
  return (
    <div class="state">
      <span class={tone === 'good' ? 'state-mark' : `state-mark ${tone}`}>{icons[icon]()}</span>
      <div>
        <h1>{title}</h1>
        <p class="quiet">{factsLine(overview, now)}</p>
      </div>
    </div>
  );
}

function verdictWords(matters: readonly Matter[]) {
  const count = (severity: Matter['severity']) => matters.filter((one) => one.severity === severity).length;
  const needing = count('trouble') + count('warning');
  if (needing > 0) {
    const tone = count('trouble') > 0 ? 'bad' : 'warn';
    return {
      tone,
      title: `${formatCount(needing, 'thing needs', 'things need')} you`,
      icon: 'alert',
    } as const;
  }
  if (matters.length > 0) return { tone: 'info', title: 'Finish setting up', icon: 'arrow' } as const;
  return { tone: 'good', title: 'Everything is all right', icon: 'check' } as const;
}

function factsLine({ people, lastPushAt, rules }: Overview, now: Date): string {
  return [
    formatCount(people, 'person in the directory', 'people in the directory'),
    lastPushAt === null
      ? 'no push yet'
      : `last heard from the identity provider ${formatDistance(lastPushAt, now)}`,
    rules === null ? 'no rules yet' : `rules version ${String(rules.version)}`,
  ].join(' · ');
}

function MatterLink({ matter, context }: { readonly matter: Matter; readonly context: PageContext }): Markup {
  const label = { trouble: 'Trouble', warning: 'Look at this', todo: 'To do' }[matter.severity];
  return (
    <a class="matter" href={hrefOf(matter.place, context)}>
      <span class={`matter-dot ${matter.severity}`}>
        <span class="hidden">{label}: </span>
      </span>
      <span>
        <span class="strong">{matter.title}</span>
        <br />
        <span class="quiet small">{matter.detail}</span>
      </span>
      <icons.arrow />
    </a>
  );
}

/** Where it is settled; for whoever may not settle it, where it is to be seen. */
function hrefOf(place: Place, context: PageContext): string {
  switch (place.page) {
    case 'plan':
      return paths.plan(place.id);
    case 'account':
      return paths.account(place.name);
    case 'people':
      return paths.people({ filter: place.filter });
    case 'accounts':
      return can(context, 'accounts:write') ? paths.newAccount() : paths.accounts();
    case 'plans':
      return paths.plans({ state: 'held' });
    case 'leavers':
      return paths.leavers();
    case 'worklist':
      return paths.worklist();
    case 'rules':
      return can(context, 'rules:write') ? paths.rules('/edit') : paths.rules();
    case 'audit':
      return paths.audit();
    case 'domains':
      return can(context, 'access:read') ? paths.sso('/domains') : paths.connections();
    case 'scim':
      return paths.connections();
  }
}

function Accounts({
  context,
  overview,
  now,
}: {
  readonly context: PageContext;
  readonly overview: Overview;
  readonly now: Date;
}): Markup {
  if (overview.accounts.length === 0) {
    return (
      <Card>
        <Empty title="No phone system yet">
          <p>
            Connect one with its API credential. It starts in report-only: you see what would change, and
            nothing is.
          </p>
          {can(context, 'accounts:write') ? (
            <a class="button" href={paths.newAccount()}>
              Connect a phone system
            </a>
          ) : null}
        </Empty>
      </Card>
    );
  }
  return (
    <div class="columns cards">
      {overview.accounts.map((account) => (
        <AccountCard account={account} now={now} />
      ))}
    </div>
  );
}

function Leaving({ overview, now }: { readonly overview: Overview; readonly now: Date }): Markup {
  const { next } = overview.leavers;
  return (
    <Card title="Next deletions" aside={next.length === 0 ? null : <a href={paths.leavers()}>All leavers</a>}>
      {next.length === 0 ? (
        <Empty title="Nobody is on the way out">
          <p>Who leaves is parked at once and shows up here with a countdown to the permanent deletion.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {next.map((leaver) => (
            <LeaverLine leaver={leaver} now={now} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Tasks({ overview, now }: { readonly overview: Overview; readonly now: Date }): Markup {
  const { next, open } = overview.tasks;
  return (
    <Card
      title="Worklist"
      aside={open === 0 ? null : <a href={paths.worklist()}>{formatCount(open, 'task', 'tasks')}</a>}
    >
      {next.length === 0 ? (
        <Empty title="Nothing to do by hand">
          <p>What the vendor has no API for becomes a task here, with the exact steps.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {next.map((task) => (
            <TaskLine task={task} now={now} />
          ))}
        </ul>
      )}
    </Card>
  );
}
