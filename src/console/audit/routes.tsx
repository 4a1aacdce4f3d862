import { once } from 'node:events';
import type { Response } from 'express';
import type { AuditFilter, AuditView } from '../../administration/audit.js';
import { queryCursor, queryText, type PageContext } from '../kit/context.js';
import type { Pages } from '../kit/pages.js';
import { page } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { AuditPage, type AuditFields } from './audit.js';
import { csvHead, csvRow } from './csv.js';

export interface AuditDeps {
  readonly audit: AuditView;
}

const PAGE_LENGTH = 50;
const EXPORT_PAGE = 1_000;
const DAY_MS = 86_400_000;

export function addAudit(pages: Pages, { audit }: AuditDeps): void {
  pages.get('/audit', 'audit:read', async (context) => {
    const { tenantId } = context.session;
    const fields = readFields(context);
    const after = queryCursor(context);
    const [found, actions] = await Promise.all([
      audit.list(tenantId, { ...filterOf(fields), after, limit: PAGE_LENGTH }),
      audit.actions(tenantId),
    ]);
    return page('Audit', <AuditPage {...{ fields, after, actions, page: found }} />);
  });
  pages.stream('/audit.csv', 'audit:read', (context, response) => exportCsv(audit, context, response));
}

function readFields(context: PageContext): AuditFields {
  return {
    actor: queryText(context, 'actor').trim(),
    action: queryText(context, 'action'),
    from: queryText(context, 'from'),
    until: queryText(context, 'until'),
  };
}

function filterOf({ actor, action, from, until }: AuditFields): AuditFilter {
  const lastDay = dayOf(until);
  return {
    actor: actor === '' ? null : actor,
    action: action === '' ? null : action,
    target: null,
    from: dayOf(from),
    // The day that is named counts as a whole.
    until: lastDay === null ? null : new Date(lastDay.getTime() + DAY_MS),
  };
}

function dayOf(text: string): Date | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const day = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? null : day;
}

/** Page by page, and no faster than the browser takes it: an export has no upper size. */
async function exportCsv(audit: AuditView, context: PageContext, response: Response): Promise<void> {
  const filter = filterOf(readFields(context));
  response.type('text/csv').attachment('audit.csv').write(csvHead());
  let after: string | null = null;
  do {
    const found = await audit.list(context.session.tenantId, { ...filter, after, limit: EXPORT_PAGE });
    const hasRoom = response.write(found.rows.map(csvRow).join(''));
    if (!hasRoom && !response.closed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    after = found.next;
  } while (after !== null && !response.closed);
  response.end();
}
