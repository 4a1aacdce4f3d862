import { sql } from 'kysely';
import { listMatters, type Place } from '../administration/attention.js';
import { derivePublicUrl } from '../config/config.js';
import { AppError } from '../domain/errors.js';
import type { Matter } from '../report/model/input.js';
import type { ReportFacts } from '../report/reporting/ports.js';
import { makeReports, type Reports } from '../report/reporting/reports.js';
import { warningsOf } from '../sso/connection-view.js';
import { makeOverviewView } from '../store/console/overview.js';
import { readHistory } from '../store/report/history.js';
import { makeReportStore } from '../store/report/reports.js';
import { listsCalls } from '../providers/registry.js';
import { makeComparisonsView } from '../store/report/comparisons-view.js';
import { makeFindingStore } from '../store/report/findings.js';
import { makePolicyStore } from '../store/report/policies.js';
import { makeConnectionStore } from '../store/sso/connections.js';
import type { Services } from './services.js';

export interface ReportParts {
  readonly services: Services;
  /** Where people reach the console; the settings' address where it is not known better. */
  readonly publicUrl?: string;
}

/** Reports on this process's database. */
export function buildReports(parts: ReportParts): Reports {
  const { database, clock, newId } = parts.services;
  return makeReports({
    store: makeReportStore(database),
    facts: makeFacts(parts),
    comparisons: makeComparisonsView(database, listsCalls),
    findings: makeFindingStore(database),
    policies: makePolicyStore(database),
    clock,
    newId,
    consoleUrl: consoleUrlOf(parts),
  });
}

function consoleUrlOf({ services: { config }, publicUrl }: ReportParts): string {
  return `${publicUrl ?? derivePublicUrl(config, config.port)}/console`;
}

function makeFacts(parts: ReportParts): ReportFacts {
  const { database, tenants, accountStore, clock } = parts.services;
  return {
    async organisation(tenantId) {
      const tenant = (await tenants.list()).find(({ id }) => id === tenantId);
      if (tenant === undefined) throw new AppError('notFound', 'There is no such organisation any more.');
      return { slug: tenant.slug, name: tenant.name };
    },
    async writableAccounts(tenantId) {
      const accounts = await accountStore.list(tenantId);
      return new Set(accounts.filter(({ policy }) => policy !== 'report-only').map(({ id }) => id));
    },
    async matters(tenantId) {
      const now = clock.now();
      const [overview, connections] = await Promise.all([
        makeOverviewView(database).read(tenantId, now),
        makeConnectionStore(database).list(tenantId),
      ]);
      return listMatters(overview, warningsOf(connections, now), now).map(({ place, ...matter }) => ({
        ...matter,
        ...settledBy(place, consoleUrlOf(parts)),
      }));
    },
    async countOpened(tenantId, since) {
      const { rows } = await sql<{ count: string }>`select count(*) as count from findings
        where tenant_id = ${tenantId}::uuid and opened_at >= ${since}`.execute(database.forTenant(tenantId));
      return Number(rows[0]?.count ?? 0);
    },
    events: (tenantId, since) => readHistory(database, tenantId, { from: since, until: null }),
  };
}

/** Who may settle a matter, and on which page. */
function settledBy(place: Place, console: string): Pick<Matter, 'who' | 'link'> {
  const operator = 'an operator of the console';
  const admin = 'an admin of the console';
  switch (place.page) {
    case 'plan':
      return { who: operator, link: `${console}/plans/${encodeURIComponent(place.id)}` };
    case 'account':
      return { who: admin, link: `${console}/accounts/${encodeURIComponent(place.name)}` };
    case 'people':
      return { who: operator, link: `${console}/people?filter=${place.filter}` };
    case 'audit':
      return { who: operator, link: `${console}/audit` };
    case 'scim':
      return { who: admin, link: `${console}/connections` };
    case 'domains':
      return { who: 'an owner of the console', link: `${console}/sso/domains` };
    case 'accounts':
    case 'rules':
      return { who: admin, link: `${console}/${place.page}` };
    case 'plans':
    case 'leavers':
    case 'worklist':
      return { who: operator, link: `${console}/${place.page}` };
  }
}
