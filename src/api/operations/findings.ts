import { z } from 'zod';
import type { FindingAction } from '../../report/findings.js';
import { FINDING_STATES, type FindingQuery, type StoredFinding } from '../../report/ports.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Call, type Operation } from '../operation.js';
import {
  assignFinding,
  decideFinding,
  finding,
  findingClass,
  findingCounts,
  findings,
  findingSeverity,
  ignoreFinding,
} from '../schemas/findings.js';
import { byId, noParams, noQuery, pageQuery } from '../schemas/parts.js';
import { sourceOf, sourceQuery } from './compared-source.js';

export function findingOperations(deps: ApiDeps): readonly Operation[] {
  return [...readFindings(deps), ...decideFindings(deps)];
}

const filter = sourceQuery.extend({
  state: z.enum(FINDING_STATES).default('open'),
  class: findingClass.optional(),
  severity: findingSeverity.optional(),
  person: z.uuid().optional(),
  assignee: z.string().max(200).optional(),
  search: z.string().max(200).optional(),
});

function readFindings(deps: ApiDeps): readonly Operation[] {
  const READ = { method: 'get', tag: 'Findings', permission: 'read', status: 200, body: null } as const;
  return [
    operation({
      ...READ,
      id: 'listFindings',
      path: '/findings',
      summary: 'What comparisons found, the gravest first; resolved ones the last resolved first',
      params: noParams,
      query: filter.extend({ ...pageQuery.shape, after: offset }),
      response: findings,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, query }) {
        const from = query.after ?? 0;
        const asked = { ...(await queryOf(deps, tenantId, query)), limit: query.limit + 1, offset: from };
        const found = await deps.findings.list(tenantId, asked);
        const names = await namesOf(deps, tenantId);
        const items = found.slice(0, query.limit).map((one) => toFinding(one, names));
        return { items, next: found.length > query.limit ? String(from + query.limit) : null };
      },
    }),
    operation({
      ...READ,
      id: 'countFindings',
      path: '/findings/counts',
      summary: 'How many there are of each class and severity',
      params: noParams,
      query: filter,
      response: findingCounts,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, query }) {
        return { items: await deps.findings.count(tenantId, await queryOf(deps, tenantId, query)) };
      },
    }),
    operation({
      ...READ,
      id: 'getFinding',
      path: '/findings/{id}',
      summary: 'One finding with its evidence',
      params: byId,
      query: noQuery,
      response: finding,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, params }) {
        return toFinding(await deps.findings.get(tenantId, params.id), await namesOf(deps, tenantId));
      },
    }),
  ];
}

/** Findings move up and down in their list as they are seen again: a place in it is all there is to go on from. */
const offset = z.coerce.number().int().min(0).max(1_000_000).optional().describe('`next` of the page before');

async function queryOf(
  deps: ApiDeps,
  tenantId: string,
  query: z.output<typeof filter>,
): Promise<Omit<FindingQuery, 'limit' | 'offset'>> {
  const source = await sourceOf(deps, tenantId, query);
  const { state, class: kind, severity, person, assignee, search } = query;
  return {
    state,
    ...(source === null ? {} : { source }),
    ...(kind === undefined ? {} : { class: kind }),
    ...(severity === undefined ? {} : { severity }),
    ...(person === undefined ? {} : { subjectId: person }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(search === undefined ? {} : { text: search }),
  };
}

const DECIDE = {
  method: 'post',
  tag: 'Findings',
  permission: 'findings:decide',
  status: 204,
  params: byId,
  query: noQuery,
  response: null,
  errors: ['notFound', 'stale'],
} as const;

function decideFindings({ findings: use, nudge }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...DECIDE,
      id: 'ignoreFinding',
      path: '/findings/{id}/ignore',
      summary: 'Say that it is known, with the reason',
      body: ignoreFinding,
      handle: (call) => use.ignore(actionOf(call), call.body),
    }),
    operation({
      ...DECIDE,
      id: 'stopIgnoringFinding',
      path: '/findings/{id}/unignore',
      summary: 'No longer ignore it',
      body: null,
      handle: (call) => use.stopIgnoring(actionOf(call)),
    }),
    operation({
      ...DECIDE,
      id: 'assignFinding',
      path: '/findings/{id}/assign',
      summary: 'Say who sees to it, and by when',
      body: assignFinding,
      handle: (call) => use.assign(actionOf(call), call.body),
    }),
    operation({
      ...DECIDE,
      id: 'decideFinding',
      path: '/findings/{id}/decide',
      summary: 'Have it put right, or accept it as it is',
      body: decideFinding,
      async handle(call) {
        await use.decide(actionOf(call), call.body.decision);
        if (call.body.decision === 'fix') nudge(call.principal.tenantId);
      },
    }),
  ];
}

function actionOf({ principal, params }: Call<z.output<typeof byId>, unknown, unknown>): FindingAction {
  return { tenantId: principal.tenantId, findingId: params.id, actor: principal.actor };
}

async function namesOf(
  { accounts, idpSources }: ApiDeps,
  tenantId: string,
): Promise<ReadonlyMap<string, string>> {
  const named = [...(await accounts.list(tenantId)), ...(await idpSources.list(tenantId))];
  return new Map(named.map(({ id, name }) => [id, name]));
}

function toFinding(
  { id, source, finding: one, ...history }: StoredFinding,
  names: ReadonlyMap<string, string>,
) {
  const { subjectId, words, evidence, fixedBy, ...rest } = one;
  return {
    id,
    source: { type: source.type, id: source.id, name: names.get(source.id) ?? '' },
    ...rest,
    ...words,
    ...evidence,
    ...history,
    personId: subjectId,
    isFixable: fixedBy.length > 0 || one.class === 'idp-deactivated',
  };
}
