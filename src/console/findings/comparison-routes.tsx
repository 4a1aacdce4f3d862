import { AppError } from '../../domain/errors.js';
import { decodeCursor, encodeCursor } from '../../administration/page.js';
import { isUuid } from '../../lib/ids.js';
import type { AskComparison } from '../../report/comparisons/ask.js';
import { FINDING_POLICIES } from '../../domain/findings/policy.js';
import type { Findings } from '../../report/findings.js';
import type { ComparisonsView, SourceStatus } from '../../report/read-model.js';
import { param, queryCursor, type PageContext } from '../kit/context.js';
import { formFields } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { fragment, page, redirect, type PageResult, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { ComparisonsPage, Sources } from './comparisons.js';
import { PoliciesPage } from './policies.js';
import { findSource } from './routes.js';

export interface ComparisonsDeps {
  readonly findings: Findings;
  readonly comparisons: ComparisonsView;
  readonly askComparison: AskComparison;
  readonly nudge: (tenantId: string) => void;
}

const PAGE_LENGTH = 30;

export function addComparisons(pages: Pages, deps: ComparisonsDeps): void {
  pages.get('/comparisons', 'read', (context) => showComparisons(deps, context));
  pages.get('/comparisons/now', 'read', async (context) => {
    const sources = await deps.comparisons.sources(context.session.tenantId);
    return fragment(<Sources context={context} sources={sources} />);
  });
  pages.post('/comparisons/:type/:id/run', 'findings:decide', async (context) => {
    const { source } = await sourceOf(deps, context);
    await deps.askComparison(source);
    deps.nudge(source.tenantId);
    return redirect(paths.comparisons(), 'comparison-asked');
  });
  pages.get('/comparisons/:type/:id/policies', 'read', (context) => showPolicies(deps, context));
  pages.post(
    '/comparisons/:type/:id/policies',
    'accounts:write',
    (context) => savePolicies(deps, context),
    (context) => showPolicies(deps, context),
  );
}

async function sourceOf({ comparisons }: ComparisonsDeps, context: PageContext): Promise<SourceStatus> {
  const key = `${param(context, 'type')}:${param(context, 'id')}`;
  const found = findSource(await comparisons.sources(context.session.tenantId), key);
  if (found !== null) return found;
  throw new AppError('notFound', 'This is not compared any more.');
}

async function showComparisons({ comparisons }: ComparisonsDeps, context: PageContext): Promise<PageResult> {
  const { tenantId } = context.session;
  const after = queryCursor(context);
  const sources = await comparisons.sources(tenantId);
  const found = await comparisons.runs(tenantId, {
    limit: PAGE_LENGTH + 1,
    ...(after === null ? {} : { before: readCursor(after) }),
  });
  const runs = found.slice(0, PAGE_LENGTH);
  const last = runs.at(-1);
  const hasMore = found.length > PAGE_LENGTH && last !== undefined;
  const next = hasMore ? encodeCursor([last.startedAt.toISOString(), last.runId]) : null;
  return page(
    'Comparisons',
    <ComparisonsPage {...{ context, sources, runs, next, isFirst: after === null }} />,
  );
}

function readCursor(cursor: string): { startedAt: Date; runId: string } {
  const [startedAt = '', runId = ''] = decodeCursor(cursor, [
    (part) => !Number.isNaN(Date.parse(part)),
    isUuid,
  ]);
  return { startedAt: new Date(startedAt), runId };
}

async function showPolicies(deps: ComparisonsDeps, context: PageContext): Promise<PageResult> {
  const source = await sourceOf(deps, context);
  const all = await deps.findings.policies(source.source);
  const choices = all.filter(({ class: kind }) => source.hasUse || kind !== 'unused-seat');
  return page(`Policies of ${source.name}`, <PoliciesPage {...{ context, source, choices }} />);
}

/** What is as it was is left alone, so that the audit trail names only changes. */
async function savePolicies(deps: ComparisonsDeps, context: PageContext): Promise<Result> {
  const { source } = await sourceOf(deps, context);
  const sent = formFields(context.request);
  for (const choice of await deps.findings.policies(source)) {
    const policy = FINDING_POLICIES.find((one) => one === sent[choice.class]);
    if (policy === undefined || policy === choice.policy) continue;
    await deps.findings.setPolicy(source, { class: choice.class, policy, actor: context.actor });
  }
  await deps.askComparison(source);
  deps.nudge(source.tenantId);
  return redirect(paths.comparisons(`/${source.type}/${source.id}/policies`), 'finding-policies-saved');
}
