import { Router, urlencoded, type RequestHandler } from 'express';
import { addAccess, type AccessDeps } from './access/routes.js';
import { addAccounts, type AccountsDeps } from './accounts/routes.js';
import { addMembers, type MembersDeps } from './access/member-routes.js';
import { makeAssetRouter } from './assets/assets.js';
import { addHistory, type HistoryDeps } from './audit/history-routes.js';
import { addAudit, type AuditDeps } from './audit/routes.js';
import { addConnections, type ConnectionsDeps } from './connections/routes.js';
import { addComparisons, type ComparisonsDeps } from './findings/comparison-routes.js';
import { addFindings, type FindingsDeps } from './findings/routes.js';
import { addIdentityProviders, type IdentityProvidersDeps } from './identity-providers/routes.js';
import { addHome, type HomeDeps } from './home/routes.js';
import { addImports, type ImportsDeps } from './imports/routes.js';
import { multipartForm } from './kit/multipart.js';
import { makePages, type PagesDeps } from './kit/pages.js';
import { addOAuthClients, type OAuthClientsDeps } from './oauth-clients/routes.js';
import { addRequests, type RequestsDeps } from './connections/request-routes.js';
import { addLeavers, type LeaversDeps } from './leavers/routes.js';
import { addLogin, type LoginDeps } from './login/routes.js';
import { addNotifications, type NotificationsDeps } from './notifications/routes.js';
import { addPeople, type PeopleDeps } from './people/routes.js';
import { addPlans, type PlansDeps } from './plans/routes.js';
import { addReportDestinations, type ReportDestinationsDeps } from './reports/destination-routes.js';
import { addReports, type ReportsDeps } from './reports/routes.js';
import { addRules, type RulesDeps } from './rules/routes.js';
import { addSettings, type SettingsDeps } from './settings/routes.js';
import { addSetupLinks, type SetupLinkDeps } from './sso/link-routes.js';
import { addSso, type SsoDeps } from './sso/routes.js';
import { addWorklist, type WorklistDeps } from './worklist/routes.js';

/** Everything that the pages stand on. */
export type ConsoleDeps = Omit<PagesDeps, 'waiting'> &
  LoginDeps &
  HomeDeps &
  PeopleDeps &
  RulesDeps &
  PlansDeps &
  LeaversDeps &
  WorklistDeps &
  FindingsDeps &
  ComparisonsDeps &
  IdentityProvidersDeps &
  ReportsDeps &
  ReportDestinationsDeps &
  AccountsDeps &
  ImportsDeps &
  ConnectionsDeps &
  RequestsDeps &
  OAuthClientsDeps &
  SsoDeps &
  SetupLinkDeps &
  AuditDeps &
  HistoryDeps &
  NotificationsDeps &
  AccessDeps &
  MembersDeps &
  SettingsDeps;

/** Rule files are the longest thing that anybody sends; percent-encoding makes them up to three times as long. */
const BODY_LIMIT = '2mb';

/** The admin pages. Mount at CONSOLE_PATH. */
export function makeConsoleRouter(deps: ConsoleDeps): Router {
  const router = Router();
  router.use(makeAssetRouter());
  router.use(neverStored);
  router.use(urlencoded({ extended: false, limit: BODY_LIMIT, parameterLimit: 300 }));
  router.use(...multipartForm);
  addLogin(router, deps);
  const pages = makePages({ ...deps, waiting: (tenantId) => deps.overview.waiting(tenantId) });
  addHome(pages, deps);
  addPeople(pages, deps);
  addRules(pages, deps);
  addPlans(pages, deps);
  addLeavers(pages, deps);
  addWorklist(pages, deps);
  addFindings(pages, deps);
  addComparisons(pages, deps);
  addIdentityProviders(pages, deps);
  addReportDestinations(pages, deps);
  addReports(pages, deps);
  addAccounts(pages, deps);
  addImports(pages, deps);
  addConnections(pages, deps);
  addRequests(pages, deps);
  addOAuthClients(pages, deps);
  addSso(pages, deps);
  addSetupLinks(pages, deps);
  addAudit(pages, deps);
  addHistory(pages, deps);
  addNotifications(pages, deps);
  addAccess(pages, deps);
  addMembers(pages, deps);
  addSettings(pages, deps);
  pages.notFound();
  router.use(pages.router);
  return router;
}

/** Pages hold personal data and form tokens: no cache keeps them, the browser's own included. */
const neverStored: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
