import type { Report, ReportNeed } from '../../report/model/report.js';
import { CSV_TABLES } from '../../report/render/csv.js';
import { isOverdue } from '../../report/render/deadlines.js';
import type { PageContext } from '../kit/context.js';
import { Ago, formatCount, Moment } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card, Empty, PageHead } from '../parts/blocks.js';
import { paths } from '../paths.js';

interface ReportShown {
  readonly report: Report;
  readonly context: PageContext;
}

const TONES = { critical: 'bad', warning: 'warn', info: 'info' } as const;

/** What a report says in short, and the ways to read all of it. */
export function ReportPage({ report, context }: ReportShown): Markup {
  const { id, period, figures } = report;
  return (
    <div>
      <PageHead
        title={report.headline}
        crumbs={{ href: paths.reports(), label: 'Reports' }}
        lead={
          <span>
            Made <Ago at={new Date(report.createdAt)} now={context.now} />, about what happened from{' '}
            <Moment at={new Date(period.from)} /> to <Moment at={new Date(period.to)} />.
          </span>
        }
      >
        <a class="button" href={paths.report(id, '/report.html')}>
          Open the whole report
        </a>
      </PageHead>
      <div class="stack">
        <NeedsCard report={report} />
        <Card title="What happened">
          <ul class="rows">
            {report.whatHappened.map((sentence) => (
              <li>{sentence}</li>
            ))}
            <li>
              {formatCount(figures.open, 'open finding', 'open findings')}: {figures.critical} critical,{' '}
              {formatCount(figures.warning, 'warning', 'warnings')}, {figures.info} for information;{' '}
              {figures.ignored} ignored.
            </li>
          </ul>
        </Card>
        <DownloadsCard id={id} />
      </div>
    </div>
  );
}

/** Links in a report are absolute, for e-mails and files; here they stay where the reader is. */
function hrefHere(link: string | null): string | null {
  const at = link?.indexOf('/console/') ?? -1;
  return link === null || at === -1 ? null : link.slice(at);
}

function NeedsCard({ report }: { readonly report: Report }): Markup {
  const { needsYou } = report;
  return (
    <Card title="What needs somebody">
      {needsYou.length === 0 ? (
        <Empty title="Nothing">
          <p>When this report was made, nothing waited for anybody.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {needsYou.map((need) => (
            <NeedLine need={need} report={report} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function NeedLine({ need, report }: { readonly need: ReportNeed; readonly report: Report }): Markup {
  const { severity, what, why, todo, who, by, link } = need;
  const href = hrefHere(link);
  return (
    <li>
      <div class="grow">
        {href === null ? (
          <p class="strong">{what}</p>
        ) : (
          <a class="strong" href={href}>
            {what}
          </a>
        )}
        <p class="small">
          {why} {todo}
        </p>
        <p class="quiet small">
          {who}
          {by === null ? '' : isOverdue(need, report) ? ' · overdue since ' : ' · by '}
          {by === null ? null : <Moment at={new Date(by)} />}
        </p>
      </div>
      <span class="end">
        <Badge tone={TONES[severity]}>{severity}</Badge>
      </span>
    </li>
  );
}

function DownloadsCard({ id }: { readonly id: string }): Markup {
  const files = [
    { name: '/report.json', label: 'JSON, everything in it' },
    { name: '/report.md', label: 'Markdown' },
    ...CSV_TABLES.map((table) => ({ name: `/${table}.csv`, label: `CSV: ${table}` })),
  ];
  return (
    <Card title="Downloads">
      <ul class="rows">
        {files.map(({ name, label }) => (
          <li>
            <a href={paths.report(id, name)}>{label}</a>
          </li>
        ))}
      </ul>
    </Card>
  );
}
