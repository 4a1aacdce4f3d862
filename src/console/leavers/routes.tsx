import type { Response } from 'express';
import { z } from 'zod';
import type { LeaverRow, LeaversView } from '../../administration/leavers.js';
import type { PlansView } from '../../administration/plans.js';
import type { Worklist } from '../../administration/worklist.js';
import { manifestCsv, type RetentionDocuments } from '../../deprovision/documents.js';
import type { LeaverDecisions } from '../../deprovision/leaver-decisions.js';
import type { LegalHolds } from '../../deprovision/legal-holds.js';
import type { Successors } from '../../deprovision/successors.js';
import { AppError } from '../../domain/errors.js';
import type { SuccessorWish } from '../../domain/handover.js';
import type { Decisions } from '../../reconcile/decide.js';
import type { Accounts } from '../../tenancy/accounts.js';
import { param, queryCursor, queryText, type PageContext } from '../kit/context.js';
import type { FlashKey } from '../kit/flash.js';
import { formFields, readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type PageResult } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { LeaverPage } from './leaver.js';
import { LeaversPage } from './leavers.js';
import { addRemovals, type RemovalsDeps } from './removal-routes.js';
import { listStillInside } from './still-inside.js';

const PAGE_LENGTH = 50;

export interface LeaversDeps extends RemovalsDeps {
  readonly leavers: LeaversView;
  readonly leaverDecisions: LeaverDecisions;
  readonly legalHolds: LegalHolds;
  readonly retentionDocuments: RetentionDocuments;
  readonly successors: Successors;
  readonly plans: Pick<PlansView, 'find'>;
  readonly decisions: Pick<Decisions, 'approve'>;
  readonly accounts: Pick<Accounts, 'list'>;
  readonly worklist: Pick<Worklist, 'list'>;
  readonly nudge: (tenantId: string) => void;
}

const holdForm = z.object({ reason: z.string().max(500), until: z.string().max(10) });
const dayForm = z.object({ day: z.string().max(10) });
const waiverForm = z.object({ reason: z.string().max(500) });
const successorForm = z.object({
  to: z.string().max(400).default('other'),
  other: z.string().max(320).default(''),
  withdraw: z.string().max(3).default(''),
});

export function addLeavers(pages: Pages, deps: LeaversDeps): void {
  pages.get('/leavers', 'read', (context) => listPage(deps, context));
  pages.post(
    '/leavers/approve',
    'leavers:decide',
    async (context) => {
      await approveNamed(deps, context);
      return redirect(paths.leavers(), 'deletions-approved');
    },
    (context) => listPage(deps, context),
  );
  addRemovals(pages, deps);
  pages.get('/leavers/:id', 'read', (context) => showLeaver(deps, context));
  addDecisions(pages, deps);
  addDownloads(pages, deps);
}

function addDecisions(pages: Pages, deps: LeaversDeps): void {
  const { leaverDecisions, legalHolds, successors } = deps;
  const act = (
    verb: string,
    flash: FlashKey,
    run: (leaver: LeaverRow, context: PageContext) => Promise<unknown>,
  ): void =>
    pages.post(
      `/leavers/:id/${verb}`,
      'leavers:decide',
      async (context) => {
        const leaver = await findLeaver(deps, context);
        await run(leaver, context);
        deps.nudge(context.session.tenantId);
        return redirect(paths.leaver(leaver.linkId), flash);
      },
      (context) => showLeaver(deps, context),
    );
  act('hold', 'hold-set', ({ personId }, { request, session, actor }) => {
    const { reason, until } = readForm(request, holdForm);
    // The day that is named counts as a whole.
    const end = until === '' ? null : new Date(dayOf(until).getTime() + DAY_MS);
    return legalHolds.set({ tenantId: session.tenantId, personId, reason, until: end, actor });
  });
  act('hold/release', 'hold-released', ({ personId }, { session, actor }) =>
    legalHolds.release({ tenantId: session.tenantId, personId, actor }),
  );
  act('cancel', 'deletion-cancelled', (leaver, context) =>
    leaverDecisions.cancel(decisionOf(leaver, context)),
  );
  act('schedule', 'deletion-moved', (leaver, context) => {
    const dueAt = dayOf(readForm(context.request, dayForm).day);
    return leaverDecisions.reschedule({ ...decisionOf(leaver, context), dueAt });
  });
  act('successor', 'successor-chosen', (leaver, context) => {
    const to = successorOf(readForm(context.request, successorForm));
    return successors.choose({ ...decisionOf(leaver, context), to });
  });
  act('waive', 'recordings-waived', (leaver, context) => {
    const { reason } = readForm(context.request, waiverForm);
    return leaverDecisions.waive({ ...decisionOf(leaver, context), reason });
  });
}

function successorOf({ to, other, withdraw }: z.output<typeof successorForm>): SuccessorWish | null {
  if (withdraw !== '') return null;
  const [, kind, name] = /^(team|person):(.+)$/su.exec(to) ?? [];
  if (name !== undefined)
    return kind === 'team' ? { type: 'team', team: name } : { type: 'person', email: name };
  const wish = other.trim();
  if (wish === '') throw new AppError('invalid', 'Say who takes over. Nothing was changed.');
  return wish.includes('@') ? { type: 'person', email: wish } : { type: 'team', team: wish };
}

const DAY_MS = 24 * 60 * 60 * 1000;

function dayOf(text: string): Date {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN);
  if (!Number.isNaN(day.getTime())) return day;
  throw new AppError('invalid', `“${text}” is no day. Write it as 2026-12-24. Nothing was changed.`);
}

function decisionOf({ deletionId }: LeaverRow, { session, actor }: PageContext) {
  if (deletionId === null) throw new AppError('conflict', 'There is no deletion to decide about.');
  return { tenantId: session.tenantId, deletionId, actor };
}

async function findLeaver({ leavers }: LeaversDeps, context: PageContext): Promise<LeaverRow> {
  const found = await leavers.find(context.session.tenantId, param(context, 'id'));
  if (found !== null) return found;
  throw new AppError('notFound', 'There is no such leaver. They may have come back.');
}

async function showLeaver(deps: LeaversDeps, context: PageContext): Promise<PageResult> {
  const leaver = await findLeaver(deps, context);
  const { tenantId } = context.session;
  const { deletionId } = leaver;
  const handover = deletionId === null ? null : await deps.successors.find({ tenantId, deletionId });
  return page(leaver.displayName, <LeaverPage context={context} leaver={leaver} handover={handover} />);
}

/** Exactly the deletions whose boxes were ticked, each by the digest that the page showed. */
async function approveNamed(deps: LeaversDeps, { request, session, actor }: PageContext): Promise<void> {
  const named = Object.entries(formFields(request)).flatMap(([name, digest]) =>
    name.startsWith('approve.') ? [{ planId: name.slice('approve.'.length), digest }] : [],
  );
  if (named.length === 0) throw new AppError('invalid', 'No deletion was chosen. Nothing was approved.');
  const { tenantId } = session;
  const problems: string[] = [];
  for (const { planId, digest } of named) {
    const plan = await deps.plans.find(tenantId, planId);
    if (plan === null || plan.trigger !== 'deletion-due') {
      problems.push('One of them does not wait any more.');
      continue;
    }
    const account = { tenantId, accountId: plan.accountId };
    await deps.decisions.approve({ account, planId, digest, actor }).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      problems.push(error.message);
    });
  }
  deps.nudge(tenantId);
  if (problems.length === 0) return;
  const done = named.length - problems.length;
  throw new AppError(
    'conflict',
    `${String(done)} of ${String(named.length)} were approved. ${[...new Set(problems)].join(' ')}`,
  );
}

function addDownloads(pages: Pages, deps: LeaversDeps): void {
  const { retentionDocuments } = deps;
  const file = (
    name: string,
    type: string,
    write: (tenantId: string, deletionId: string) => Promise<string | null>,
  ): void =>
    pages.stream(`/leavers/:id/${name}`, 'audit:read', async (context, response) => {
      const { tenantId } = context.session;
      const leaver = await deps.leavers.find(tenantId, param(context, 'id'));
      const deletionId = leaver?.deletionId ?? null;
      const text = deletionId === null ? null : await write(tenantId, deletionId);
      sendFile(response, { name: `${deletionId ?? ''}-${name}`, type, text });
    });
  file('manifest.json', 'application/json', async (tenantId, id) =>
    asJson(await retentionDocuments.manifest(tenantId, id)),
  );
  file('certificate.json', 'application/json', async (tenantId, id) =>
    asJson(await retentionDocuments.certificate(tenantId, id)),
  );
  file('manifest.csv', 'text/csv', async (tenantId, id) => {
    const found = await retentionDocuments.manifest(tenantId, id);
    if (found === null) return null;
    return manifestCsv(found.document, await retentionDocuments.archived(tenantId, id));
  });
}

function asJson(document: object | null): string | null {
  return document === null ? null : `${JSON.stringify(document, null, 2)}\n`;
}

function sendFile(
  response: Response,
  { name, type, text }: { readonly name: string; readonly type: string; readonly text: string | null },
): void {
  if (text === null) response.status(404).type('text/plain').send('There is no such document yet.\n');
  else response.type(type).attachment(name).send(text);
}

async function listPage(deps: LeaversDeps, context: PageContext): Promise<PageResult> {
  const { tenantId } = context.session;
  const accounts = await deps.accounts.list(tenantId);
  const account = accounts.find(({ name }) => name === queryText(context, 'account')) ?? null;
  const view = queryText(context, 'view') === 'deleted' ? 'deleted' : 'leaving';
  const after = queryCursor(context);
  const query = { view, accountId: account?.id ?? null, after, limit: PAGE_LENGTH } as const;
  const found = await deps.leavers.list(tenantId, query);
  const stillInside =
    view === 'leaving' ? await listStillInside(deps.worklist, tenantId, query.accountId) : [];
  const listed = { context, view, account: account?.name ?? null, accounts, after, page: found } as const;
  return page('Leavers', <LeaversPage {...listed} stillInside={stillInside} />);
}
