import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { FINDING_CLASSES, FINDING_SEVERITIES } from '../../domain/findings/finding.js';
import type { FindingAction, Findings } from '../../report/findings.js';
import { FINDING_STATES } from '../../report/ports.js';
import type { ComparisonsView, SourceStatus } from '../../report/read-model.js';
import { param, queryChoice, queryText, type PageContext } from '../kit/context.js';
import type { FlashKey } from '../kit/flash.js';
import { readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type PageResult } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { assigneeOf } from '../worklist/assignee.js';
import { FindingPage } from './finding.js';
import { FindingsPage } from './list.js';

export interface FindingsDeps {
  readonly findings: Findings;
  readonly comparisons: ComparisonsView;
  readonly nudge: (tenantId: string) => void;
}

const PAGE_LENGTH = 50;
const ignoreForm = z.object({
  reason: z.string().trim().min(1, 'Say why.').max(500),
  until: z.union([z.literal(''), z.iso.date()]).default(''),
});

export function addFindings(pages: Pages, deps: FindingsDeps): void {
  const { findings, nudge } = deps;
  pages.get('/findings', 'read', (context) => listFindings(deps, context));
  pages.get('/findings/:id', 'read', (context) => showFinding(deps, context));
  const act = (
    verb: string,
    flash: FlashKey,
    run: (action: FindingAction, context: PageContext) => Promise<void>,
  ): void =>
    pages.post(
      `/findings/:id/${verb}`,
      'findings:decide',
      async (context) => {
        const action = actionOf(context);
        await run(action, context);
        return redirect(paths.finding(action.findingId), flash);
      },
      (context) => showFinding(deps, context),
    );
  act('fix', 'finding-fix', async (action) => {
    await findings.decide(action, 'fix');
    nudge(action.tenantId);
  });
  act('accept', 'finding-accepted', (action) => findings.decide(action, 'accept'));
  act('undecide', 'finding-undecided', (action) => findings.decide(action, null));
  act('claim', 'finding-claimed', (action, { session }) =>
    findings.assign(action, { assignee: assigneeOf(session), dueAt: null }),
  );
  act('release', 'finding-released', (action) => findings.assign(action, { assignee: null, dueAt: null }));
  act('unignore', 'finding-counts', (action) => findings.stopIgnoring(action));
  act('ignore', 'finding-ignored', (action, { request }) => {
    const { reason, until } = readForm(request, ignoreForm);
    return findings.ignore(action, { reason, until: until === '' ? null : new Date(until) });
  });
}

function actionOf(context: PageContext): FindingAction {
  return { tenantId: context.session.tenantId, findingId: param(context, 'id'), actor: context.actor };
}

async function showFinding(
  { findings, comparisons }: FindingsDeps,
  context: PageContext,
): Promise<PageResult> {
  const { tenantId } = context.session;
  const stored = await findings.get(tenantId, param(context, 'id'));
  const known = findSource(await comparisons.sources(tenantId), `${stored.source.type}:${stored.source.id}`);
  const source = known?.name ?? 'not compared any more';
  const self = assigneeOf(context.session);
  return page(stored.finding.words.title, <FindingPage {...{ context, stored, source, self }} />);
}

async function listFindings(
  { findings, comparisons }: FindingsDeps,
  context: PageContext,
): Promise<PageResult> {
  const { tenantId } = context.session;
  const sources = await comparisons.sources(tenantId);
  const source = findSource(sources, queryText(context, 'source'));
  const [kind, severity] = [
    queryChoice(context, 'class', FINDING_CLASSES),
    queryChoice(context, 'severity', FINDING_SEVERITIES),
  ];
  const state = queryChoice(context, 'state', FINDING_STATES) ?? 'open';
  const search = queryText(context, 'search').trim();
  const offset = readOffset(queryText(context, 'from'));
  const query = {
    state,
    ...(source === null ? {} : { source: source.source }),
    ...(kind === null ? {} : { class: kind }),
    ...(severity === null ? {} : { severity }),
    ...(search === '' ? {} : { text: search }),
  };
  const found = await findings.list(tenantId, { ...query, offset, limit: PAGE_LENGTH + 1 });
  const counts = await findings.count(tenantId, query);
  const listed = {
    state,
    class: kind,
    severity,
    search,
    offset,
    source: source === null ? null : keyOf(source),
    sources: sources.map((one) => ({ key: keyOf(one), name: nameOf(one) })),
    total: counts.reduce((sum, { count }) => sum + count, 0),
    rows: found.slice(0, PAGE_LENGTH),
    hasMore: found.length > PAGE_LENGTH,
    now: context.now,
  };
  return page('Findings', <FindingsPage {...listed} />);
}

function readOffset(text: string): number {
  if (text === '') return 0;
  const offset = Number(text);
  if (Number.isInteger(offset) && offset >= 0 && offset <= 1_000_000) return offset;
  throw new AppError('invalid', 'This page address is damaged. Go back to the first page of the list.');
}

function keyOf({ source }: SourceStatus): string {
  return `${source.type}:${source.id}`;
}

/** An account is compared twice: as a whole, and its seats with their use. */
function nameOf({ source, name }: SourceStatus): string {
  return source.type === 'seats' ? `${name}: seats` : name;
}

export function findSource(sources: readonly SourceStatus[], key: string): SourceStatus | null {
  return sources.find((one) => keyOf(one) === key) ?? null;
}
