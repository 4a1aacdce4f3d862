import type { Response } from 'express';
import { AppError } from '../../domain/errors.js';
import type { Page } from '../../administration/page.js';
import type { Auditor } from '../../report/history/auditor.js';
import { holdingsCsv, journeysCsv, type HoldingRow, type JourneyRow } from '../../report/history/rows.js';
import { STANDARD_SLA, type Sla } from '../../report/history/journeys.js';
import { queryCursor, queryText, type PageContext } from '../kit/context.js';
import type { Pages } from '../kit/pages.js';
import { page, type Result } from '../kit/result.js';
import { h, type Markup } from '../markup/markup.js';
import { EntitlementsPage } from './entitlements.js';
import { JourneysPage } from './journeys.js';

export interface HistoryDeps {
  readonly auditor: Auditor;
}

const DAY_MS = 86_400_000;
/** A month, unless a period is named. */
const PERIOD_MS = 30 * DAY_MS;

/** Answers for auditors from the audit trail, as pages and as files: who held what when, and how long journeys took. */
export function addHistory(pages: Pages, { auditor }: HistoryDeps): void {
  const entitlements = (context: PageContext): Promise<readonly HoldingRow[]> =>
    auditor.entitlementsAt(context.session.tenantId, ...asked(context));
  const journeys = (context: PageContext): Promise<readonly JourneyRow[]> =>
    auditor.journeys(context.session.tenantId, {
      ...periodOf(context),
      sla: slaOf(context),
      search: searchOf(context),
    });
  pages.get('/audit/entitlements', 'audit:read', (context) => showEntitlements(context, auditor));
  pages.get('/audit/journeys', 'audit:read', (context) => showJourneys(context, journeys));
  pages.stream('/audit/entitlements.csv', 'audit:read', async (context, response) =>
    sendCsv(response, 'entitlements.csv', holdingsCsv(await entitlements(context))),
  );
  pages.stream('/audit/entitlements.json', 'audit:read', async (context, response) =>
    sendJson(response, 'entitlements.json', await entitlements(context)),
  );
  pages.stream('/audit/journeys.csv', 'audit:read', async (context, response) =>
    sendCsv(response, 'journeys.csv', journeysCsv(await journeys(context))),
  );
  pages.stream('/audit/journeys.json', 'audit:read', async (context, response) =>
    sendJson(response, 'journeys.json', await journeys(context)),
  );
}

function sendCsv(response: Response, name: string, text: string): void {
  response.attachment(name).type('text/csv').send(text);
}

function sendJson(response: Response, name: string, rows: readonly unknown[]): void {
  response
    .attachment(name)
    .type('application/json')
    .send(`${JSON.stringify(rows, null, 2)}\n`);
}

function asked(context: PageContext): readonly [Date, string] {
  return [momentOf(context, 'at') ?? context.now, searchOf(context)];
}

function searchOf(context: PageContext): string {
  return queryText(context, 'search').trim();
}

/** People on a page, each with all that they hold. */
const PEOPLE_SHOWN = 50;
const NOBODY: Page<HoldingRow> = { rows: [], next: null };

/** What cannot be answered is said on the page, above the form that asked for it. */
async function showEntitlements(context: PageContext, auditor: Auditor): Promise<Result> {
  const { now, session } = context;
  const shown = { at: queryText(context, 'at'), search: searchOf(context), after: queryCursor(context) };
  const found = await answer(() => {
    const [at, search] = asked(context);
    const query = { search, after: shown.after, limit: PEOPLE_SHOWN };
    return auditor.entitlementsPage(session.tenantId, at, query);
  });
  return withProblem('Who held what', found, NOBODY, (holdings) => (
    <EntitlementsPage {...shown} now={now} page={holdings} />
  ));
}

async function showJourneys(
  context: PageContext,
  read: (context: PageContext) => Promise<readonly JourneyRow[]>,
): Promise<Result> {
  const rows = await answer(() => read(context));
  const fields = {
    from: queryText(context, 'from'),
    to: queryText(context, 'to'),
    joinerMinutes: queryText(context, 'joinerMinutes'),
    moverMinutes: queryText(context, 'moverMinutes'),
    leaverMinutes: queryText(context, 'leaverMinutes'),
    search: searchOf(context),
  };
  const since = new Date(context.now.getTime() - PERIOD_MS);
  const skip = skipOf(context);
  return withProblem('How long people took', rows, [], (found) => (
    <JourneysPage fields={fields} since={since} rows={found} skip={skip} />
  ));
}

async function answer<Found>(read: () => Promise<Found>): Promise<Found | AppError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError && error.kind === 'invalid') return error;
    throw error;
  }
}

function withProblem<Found>(
  title: string,
  found: Found | AppError,
  nothing: Found,
  show: (found: Found) => Markup,
): Result {
  if (!(found instanceof AppError)) return page(title, show(found));
  return { ...page(title, show(nothing), 400), problem: found.message };
}

/** How many rows the pages before have shown; a damaged address begins anew. */
function skipOf(context: PageContext): number {
  const skip = Number(queryText(context, 'skip'));
  return Number.isSafeInteger(skip) && skip > 0 ? skip : 0;
}

function momentOf(context: PageContext, name: string): Date | null {
  const text = queryText(context, name);
  if (text === '') return null;
  // What a browser's field for a moment sends names no time zone: it stands beside the field.
  const at = new Date(
    /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}${text.includes('T') ? '' : 'T00:00'}Z`,
  );
  if (!Number.isNaN(at.getTime())) return at;
  throw new AppError('invalid', 'This is no moment. Write it as 2026-03-31T18:00.');
}

function periodOf(context: PageContext): { readonly from: Date; readonly to: Date } {
  const to = momentOf(context, 'to') ?? context.now;
  return { from: momentOf(context, 'from') ?? new Date(context.now.getTime() - PERIOD_MS), to };
}

const MINUTES_MAX = 100_000;

function slaOf(context: PageContext): Sla {
  const minutes = (name: keyof Sla): number => {
    const text = queryText(context, name);
    const value = text === '' ? STANDARD_SLA[name] : Number(text);
    if (value > 0 && value <= MINUTES_MAX) return value;
    throw new AppError('invalid', `A target is a number of minutes up to ${MINUTES_MAX}.`);
  };
  return {
    joinerMinutes: minutes('joinerMinutes'),
    moverMinutes: minutes('moverMinutes'),
    leaverMinutes: minutes('leaverMinutes'),
  };
}
