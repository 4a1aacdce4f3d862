import { renderReport } from '../../report/render/render.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Operation } from '../operation.js';
import { byId, noParams, noQuery, pageRequest } from '../schemas/parts.js';
import {
  entitlementsQuery,
  fileQuery,
  holdings,
  journeys,
  journeysQuery,
  newReport,
  report,
  reportFile,
  reports,
  reportsQuery,
} from '../schemas/reports.js';

const DAY_MS = 86_400_000;
const READ = { method: 'get', tag: 'Reports', permission: 'read', status: 200, body: null } as const;

/** Reports on the reconciliation, and what auditors ask. */
export function reportOperations(deps: ApiDeps): readonly Operation[] {
  return [...readReports(deps), createReport(deps), ...auditorOperations(deps)];
}

function readReports(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...READ,
      id: 'listReports',
      path: '/reports',
      summary: 'Reports that are kept, the newest first',
      params: noParams,
      query: reportsQuery,
      response: reports,
      async handle({ principal, query }) {
        const page = { ...pageRequest(query), account: query.account ?? null };
        const found = await deps.reports.list(principal.tenantId, page);
        return { items: found.rows, next: found.next };
      },
    }),
    operation({
      ...READ,
      id: 'getReport',
      path: '/reports/{id}',
      summary: 'One report, with everything in it',
      params: byId,
      query: noQuery,
      response: report,
      errors: ['notFound'],
      handle: ({ principal, params }) => deps.reports.get(principal.tenantId, params.id),
    }),
    operation({
      ...READ,
      id: 'getReportFile',
      path: '/reports/{id}/file',
      summary: 'One report as the text of a file: HTML, JSON, Markdown, or one table as CSV',
      params: byId,
      query: fileQuery,
      response: reportFile,
      errors: ['notFound'],
      handle: async ({ principal, params, query }) =>
        renderReport(await deps.reports.get(principal.tenantId, params.id), query.format),
    }),
  ];
}

function createReport(deps: ApiDeps): Operation {
  return operation({
    id: 'createReport',
    method: 'post',
    path: '/reports',
    tag: 'Reports',
    summary: 'Make a report of now, and keep it',
    permission: 'reports:make',
    status: 201,
    params: noParams,
    query: noQuery,
    body: newReport,
    response: report,
    handle: ({ principal: { tenantId, actor }, body: { days, timeZone }, now }) =>
      deps.reports.create({
        tenantId,
        from: days === null ? null : new Date(now.getTime() - days * DAY_MS),
        timeZone,
        actor,
      }),
  });
}

function auditorOperations({ auditor }: ApiDeps): readonly Operation[] {
  return [
    operation({
      ...READ,
      permission: 'audit:read',
      id: 'listEntitlements',
      path: '/audit/entitlements',
      summary: 'Who held what at a moment and why, from the audit trail',
      params: noParams,
      query: entitlementsQuery,
      response: holdings,
      handle: async ({ principal, query: { at, search }, now }) => ({
        items: await auditor.entitlementsAt(
          principal.tenantId,
          at === undefined ? now : new Date(at),
          search,
        ),
      }),
    }),
    operation({
      ...READ,
      permission: 'audit:read',
      id: 'listJourneys',
      path: '/audit/journeys',
      summary: 'How long each joiner, mover and leaver of a period took, from the audit trail',
      params: noParams,
      query: journeysQuery,
      response: journeys,
      handle: async ({ principal, query: { from, to, search, ...sla }, now }) => ({
        items: await auditor.journeys(principal.tenantId, {
          from: new Date(from),
          to: to === undefined ? now : new Date(to),
          sla,
          search,
        }),
      }),
    }),
  ];
}
