import { AppError } from '../../domain/errors.js';
import { decodeCursor, encodeCursor } from '../../administration/page.js';
import { isUuid } from '../../lib/ids.js';
import { accountSource } from '../../report/comparisons/account.js';
import type { ComparisonRun, ComparisonSource } from '../../report/ports.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import {
  bySource,
  bySourceAndClass,
  comparisonRun,
  comparisonRuns,
  comparisons,
} from '../schemas/comparisons.js';
import { byNameAndClass, findingPolicies, newFindingPolicy } from '../schemas/findings.js';
import { byId, byName, noParams, noQuery, pageQuery } from '../schemas/parts.js';
import { sourceOf, sourceQuery } from './compared-source.js';

export function comparisonOperations(deps: ApiDeps): readonly Operation[] {
  return [...readRuns(deps), ...accountPolicies(deps), ...anySource(deps)];
}

const READ = { method: 'get', tag: 'Comparisons', permission: 'read', status: 200, body: null } as const;

function readRuns(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...READ,
      id: 'listComparisons',
      path: '/comparisons',
      summary: 'Everything that is compared: when, how far it is, and how it went the last time',
      params: noParams,
      query: noQuery,
      response: comparisons,
      async handle({ principal }) {
        const sources = await deps.comparisons.sources(principal.tenantId);
        return {
          items: sources.map(({ source, running, last, lastComplete, ...rest }) => ({
            ...rest,
            type: source.type,
            id: source.id,
            running: running === null ? null : toRun(running),
            last: last === null ? null : toRun(last),
            lastComplete: lastComplete === null ? null : toRun(lastComplete),
          })),
        };
      },
    }),
    operation({
      ...READ,
      id: 'listComparisonRuns',
      path: '/comparisons/runs',
      summary: 'Comparisons, newest first',
      params: noParams,
      query: sourceQuery.extend(pageQuery.shape),
      response: comparisonRuns,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, query }) {
        const source = await sourceOf(deps, tenantId, query);
        const found = await deps.comparisons.runs(tenantId, {
          limit: query.limit + 1,
          ...(source === null ? {} : { source }),
          ...(query.after === undefined ? {} : { before: readCursor(query.after) }),
        });
        const items = found.slice(0, query.limit);
        const last = items.at(-1);
        return {
          items: items.map(toRun),
          next:
            found.length > query.limit && last !== undefined
              ? encodeCursor([last.startedAt.toISOString(), last.runId])
              : null,
        };
      },
    }),
    operation({
      ...READ,
      id: 'getComparisonRun',
      path: '/comparisons/runs/{id}',
      summary: 'One comparison, under way or over',
      params: byId,
      query: noQuery,
      response: comparisonRun,
      errors: ['notFound'],
      async handle({ principal, params }) {
        const found = await deps.comparisons.run(principal.tenantId, params.id);
        if (found !== null) return toRun(found);
        throw new AppError('notFound', 'There is no such comparison. It may be older than what is kept.');
      },
    }),
  ];
}

function readCursor(cursor: string): { startedAt: Date; runId: string } {
  const [startedAt = '', runId = ''] = decodeCursor(cursor, [
    (part) => !Number.isNaN(Date.parse(part)),
    isUuid,
  ]);
  return { startedAt: new Date(startedAt), runId };
}

function toRun({ tenantId: _tenantId, ...run }: ComparisonRun) {
  return run;
}

function accountPolicies({ accounts, findings, lookAgain, nudge }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...READ,
      id: 'listFindingPolicies',
      path: '/accounts/{name}/finding-policies',
      summary: 'What is done about each class of findings by itself',
      params: byName,
      query: noQuery,
      response: findingPolicies,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, params }) {
        const { id } = await accounts.byName(tenantId, params.name);
        return { items: await findings.policies(accountSource({ tenantId, accountId: id })) };
      },
    }),
    operation({
      method: 'put',
      tag: 'Comparisons',
      permission: 'accounts:write',
      status: 204,
      id: 'setFindingPolicy',
      path: '/accounts/{name}/finding-policies/{class}',
      summary: 'Choose what is done about a class of findings by itself; the account is planned anew',
      params: byNameAndClass,
      query: noQuery,
      body: newFindingPolicy,
      response: null,
      errors: ['notFound'],
      async handle({ principal: { tenantId, actor }, params, body }) {
        const account = await accounts.byName(tenantId, params.name);
        const source = accountSource({ tenantId, accountId: account.id });
        await findings.setPolicy(source, { class: params.class, policy: body.policy, actor });
        await lookAgain(account);
        nudge(tenantId);
      },
    }),
  ];
}

/** Of whatever is compared: phone systems, their seats, identity providers; by type and id as `listComparisons` names them. */
function anySource(deps: ApiDeps): readonly Operation[] {
  const { findings, askComparison, nudge } = deps;
  return [
    operation({
      method: 'post',
      tag: 'Comparisons',
      permission: 'findings:decide',
      status: 202,
      id: 'askComparison',
      path: '/comparisons/{type}/{id}/compare',
      summary: 'Ask for a comparison as soon as a worker is free',
      params: bySource,
      query: noQuery,
      body: null,
      response: null,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, params }) {
        await askComparison(await knownSource(deps, tenantId, params));
        nudge(tenantId);
      },
    }),
    operation({
      ...READ,
      id: 'listPoliciesOfComparison',
      path: '/comparisons/{type}/{id}/finding-policies',
      summary: 'What is done about each class of findings of this comparison by itself',
      params: bySource,
      query: noQuery,
      response: findingPolicies,
      errors: ['notFound'],
      handle: async ({ principal: { tenantId }, params }) => ({
        items: await findings.policies(await knownSource(deps, tenantId, params)),
      }),
    }),
    operation({
      method: 'put',
      tag: 'Comparisons',
      permission: 'accounts:write',
      status: 204,
      id: 'setPolicyOfComparison',
      path: '/comparisons/{type}/{id}/finding-policies/{class}',
      summary: 'Choose what is done about a class of findings of this comparison; it is compared anew',
      params: bySourceAndClass,
      query: noQuery,
      body: newFindingPolicy,
      response: null,
      errors: ['notFound'],
      async handle({ principal: { tenantId, actor }, params, body }) {
        const source = await knownSource(deps, tenantId, params);
        await findings.setPolicy(source, { class: params.class, policy: body.policy, actor });
        await askComparison(source);
        nudge(tenantId);
      },
    }),
  ];
}

async function knownSource(
  { comparisons: view }: ApiDeps,
  tenantId: string,
  { type, id }: Pick<ComparisonSource, 'type' | 'id'>,
): Promise<ComparisonSource> {
  const known = (await view.sources(tenantId)).find(({ source }) => source.type === type && source.id === id);
  if (known !== undefined) return known.source;
  throw new AppError('notFound', 'This is not compared. What is: GET /comparisons.');
}
