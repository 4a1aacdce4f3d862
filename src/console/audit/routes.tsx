import { once } from 'node:events';
import type { Response } from 'express';
import type { AuditChain } from '../../administration/audit-chain.js';
import type { AuditFilter, AuditView } from '../../administration/audit.js';
import { queryCursor, queryText, type PageContext } from '../kit/context.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { AuditPage, type AuditFields } from './audit.js';
import { CSV_FILE, JSON_FILE, type ExportFile } from './export-files.js';

export interface AuditDeps {
  readonly audit: AuditView;
  readonly auditChain: AuditChain;
}

const PAGE_LENGTH = 50;
const EXPORT_PAGE = 1_000;
const DAY_MS = 86_400_000;

export function addAudit(pages: Pages, { audit, auditChain }: AuditDeps): void {
  pages.get('/audit', 'audit:read', async (context) => {
    const { tenantId } = context.session;
    const fields = readFields(context);
    const after = queryCursor(context);
    const [found, actions, check] = await Promise.all([
      audit.list(tenantId, { ...filterOf(fields), after, limit: PAGE_LENGTH }),
      audit.actions(tenantId),
      auditChain.last(tenantId),
    ]);
    return page('Audit', <AuditPage {...{ context, fields, after, actions, check, page: found }} />);
  });
  pages.stream('/audit.csv', 'audit:read', (context, response) =>
    exportRows(audit, context, response, CSV_FILE),
  );
  pages.stream('/audit.json', 'audit:read', (context, response) =>
    exportRows(audit, context, response, JSON_FILE),
  );
  pages.post('/audit/check', 'audit:read', async ({ session, actor }) => {
    await auditChain.check(session.tenantId, actor);
    return redirect(paths.audit(), 'audit-checked');
  });
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
async function exportRows(
  audit: AuditView,
  context: PageContext,
  response: Response,
  file: ExportFile,
): Promise<void> {
  const filter = filterOf(readFields(context));
  response.type(file.type).attachment(file.name).write(file.head);
  let after: string | null = null;
  let count = 0;
  do {
    const found = await audit.list(context.session.tenantId, { ...filter, after, limit: EXPORT_PAGE });
    const text = found.rows.map((row, index) => file.row(row, count + index)).join('');
    count += found.rows.length;
    const hasRoom = response.write(text);
    if (!hasRoom && !response.closed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    after = found.next;
  } while (after !== null && !response.closed);
  response.end(file.tail);
}
