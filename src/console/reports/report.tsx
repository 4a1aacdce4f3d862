import { CSV_TABLES } from '../../report/render/csv.js';
import type { Report } from '../../report/model/report.js';
import type { PageContext } from '../kit/context.js';
import { Ago, Moment } from '../kit/format.js';
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
              {figures.open} open findings: {figures.critical} critical, {figures.warning} warnings,{' '}
              {figures.info} for information; {figures.ignored} ignored.
            </li>
          </ul>
        </Card>
        <DownloadsCard id={id} />
      </div>
    </div>
  );
}

function NeedsCard({ report: { needsYou } }: { readonly report: Report }): Markup {
  return (
    <Card title="What needs somebody">
      {needsYou.length === 0 ? (
        <Empty title="Nothing">
          <p>When this report was made, nothing waited for anybody.</p>
        </Empty>
      ) : (
        <ul class="rows">
          {needsYou.map(({ severity, what, why, todo, who, by }) => (
            <li>
              <div class="grow">
                <p class="strong">{what}</p>
                <p class="small">
                  {why} {todo}
                </p>
                <p class="quiet small">
                  {who}
                  {by === null ? '' : ' · by '}
                  {by === null ? null : <Moment at={new Date(by)} />}
                </p>
              </div>
              <span class="end">
                <Badge tone={TONES[severity]}>{severity}</Badge>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
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
