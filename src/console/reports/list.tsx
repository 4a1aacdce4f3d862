import type { ListedReport } from '../../report/reporting/ports.js';
import { can, type PageContext } from '../kit/context.js';
import { Ago, formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead, Pager } from '../parts/blocks.js';
import { PostForm } from '../parts/post-form.js';
import { paths } from '../paths.js';

export interface ReportsShown {
  readonly context: PageContext;
  readonly found: { readonly rows: readonly ListedReport[]; readonly next: string | null };
  readonly after: string | null;
  /** Name of the account that the list is narrowed to; empty: all. */
  readonly account: string;
  readonly accounts: readonly string[];
}

/** The reports that are kept, the newest first, and a form that makes one of now. */
export function ReportsPage(shown: ReportsShown): Markup {
  const { context, found, after, account } = shown;
  return (
    <div>
      <PageHead
        title="Reports"
        lead="What needs somebody, what happened, and how it develops: for IT admins, as a page and as files."
      >
        <a class="button plain" href={paths.reportDestinations()}>
          Who gets them
        </a>
      </PageHead>
      <div class="stack">
        {can(context, 'reports:make') ? <NewReport context={context} /> : null}
        <Card title="Reports that were made">
          <AccountFilter {...shown} />
          {found.rows.length === 0 ? (
            <NothingYet account={account} />
          ) : (
            <ul class="rows">
              {found.rows.map((row) => (
                <ReportLine row={row} now={context.now} />
              ))}
            </ul>
          )}
          <Pager
            first={after === null ? null : paths.reports({ account })}
            next={found.next === null ? null : paths.reports({ account, after: found.next })}
          />
        </Card>
      </div>
    </div>
  );
}

function NewReport({ context }: { readonly context: PageContext }): Markup {
  return (
    <Card title="Make a report of now">
      <div class="card-body">
        <PostForm action={paths.reports()} session={context.session} class="stack">
          <div class="fields">
            <div class="field">
              <label for="days">What happened in the last … days (empty: since the report before)</label>
              <input id="days" name="days" type="number" min="1" max="366" step="1" />
            </div>
            <div class="field">
              <label for="timeZone">Time zone of its moments, such as Europe/Paris</label>
              <input id="timeZone" name="timeZone" value="UTC" required maxlength="60" autocomplete="off" />
            </div>
          </div>
          <div>
            <button class="button" type="submit">
              Make the report
            </button>
          </div>
        </PostForm>
      </div>
    </Card>
  );
}

function AccountFilter({ account, accounts }: ReportsShown): Markup | null {
  if (accounts.length === 0) return null;
  return (
    <form class="toolbar card-body" method="get" action={paths.reports()} role="search">
      <div class="field">
        <label for="account">Phone system</label>
        <select id="account" name="account">
          <option value="">All</option>
          {accounts.map((name) => (
            <option value={name} selected={name === account}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <button class="button plain" type="submit">
        Show
      </button>
    </form>
  );
}

function ReportLine({ row, now }: { readonly row: ListedReport; readonly now: Date }): Markup {
  return (
    <li>
      <div class="grow">
        <a class="cover" href={paths.report(row.id)}>
          {row.headline}
        </a>
        <p class="quiet small">
          <Ago at={row.createdAt} now={now} /> · {formatCount(row.open, 'open finding', 'open findings')} ·{' '}
          {row.opened} came up, {row.resolved} resolved
        </p>
      </div>
      <span class="end">
        {row.needs === 0 ? (
          <Badge tone="good">Nothing to do</Badge>
        ) : (
          <Badge tone="warn">{formatCount(row.needs, 'thing', 'things')} to do</Badge>
        )}
      </span>
    </li>
  );
}

function NothingYet({ account }: { readonly account: string }): Markup {
  if (account !== '') {
    return (
      <Empty title="No report names this phone system">
        <p>Choose another one, or make a report of now.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No report yet">
      <p>
        Operators make one here at any time; whoever is on a schedule gets one by e-mail, webhook or chat.
      </p>
    </Empty>
  );
}
