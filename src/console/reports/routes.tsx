import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { CSV_TABLES } from '../../report/render/csv.js';
import { readFormat, type ReportFormat } from '../../report/render/render.js';
import type { Reports } from '../../report/reporting/reports.js';
import type { Accounts } from '../../tenancy/accounts.js';
import { param, queryCursor, queryText, type PageContext } from '../kit/context.js';
import { readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { sendReport } from './files.js';
import { ReportsPage } from './list.js';
import { ReportPage } from './report.js';

export interface ReportsDeps {
  readonly reports: Reports;
  readonly accounts: Pick<Accounts, 'list'>;
}

const PAGE_LENGTH = 50;
const DAY_MS = 86_400_000;

const newReport = z.object({
  days: z
    .union([z.literal(''), z.coerce.number().min(1).max(366)], { error: 'Give a number of days up to 366.' })
    .default(''),
  timeZone: z.string().trim().max(60).default('UTC'),
});

/** Reports on the reconciliation: those that were made, one of now, and each as a file. */
export function addReports(pages: Pages, deps: ReportsDeps): void {
  const show = (context: PageContext) => showList(deps, context);
  pages.get('/reports', 'read', show);
  pages.post('/reports', 'reports:make', (context) => makeOne(deps, context), show);
  pages.get('/reports/:report', 'read', async (context) => {
    const report = await deps.reports.get(context.session.tenantId, param(context, 'report'));
    return page(`Report: ${report.headline}`, <ReportPage report={report} context={context} />);
  });
  addFiles(pages, deps);
}

function addFiles(pages: Pages, { reports }: ReportsDeps): void {
  const file = (path: string, formatOf: (context: PageContext) => ReportFormat): void =>
    pages.stream(path, 'read', async (context, response) => {
      const report = await reports.get(context.session.tenantId, param(context, 'report'));
      sendReport(response, report, formatOf(context));
    });
  file('/reports/:report/report.html', () => 'html');
  file('/reports/:report/report.json', () => 'json');
  file('/reports/:report/report.md', () => 'markdown');
  file('/reports/:report/:table.csv', (context) => {
    const table = CSV_TABLES.find((one) => one === param(context, 'table'));
    if (table !== undefined) return readFormat(`csv:${table}`);
    throw new AppError('notFound', `A report has no such table. Tables: ${CSV_TABLES.join(', ')}.`);
  });
}

async function showList({ reports, accounts }: ReportsDeps, context: PageContext): Promise<Result> {
  const { tenantId } = context.session;
  const after = queryCursor(context);
  const account = queryText(context, 'account');
  const [found, known] = await Promise.all([
    reports.list(tenantId, { after, limit: PAGE_LENGTH, account: account === '' ? null : account }),
    accounts.list(tenantId),
  ]);
  const names = known.map(({ name }) => name);
  return page('Reports', <ReportsPage {...{ context, found, after, account, accounts: names }} />);
}

async function makeOne({ reports }: ReportsDeps, context: PageContext): Promise<Result> {
  const { days, timeZone } = readForm(context.request, newReport);
  const report = await reports.create({
    tenantId: context.session.tenantId,
    from: days === '' ? null : new Date(context.now.getTime() - days * DAY_MS),
    timeZone,
    actor: context.actor,
  });
  return redirect(paths.report(report.id), 'report-made');
}
