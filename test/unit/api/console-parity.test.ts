import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../../src/administration/permissions.js';
import type { ApiDeps } from '../../../src/api/deps.js';
import { listOperations } from '../../../src/api/operations/all.js';
import { roleCovers } from '../../../src/sso/console-role.js';
import { FORMS } from '../../support/console-forms.js';
import { PAGES } from '../../support/console-page-roles.js';

/** What each form of the console is called in the API. */
const IN_API: Readonly<Record<string, string>> = {
  '/leavers/approve': 'approveDeletions',
  '/leavers/:leaver/hold': 'setLegalHold',
  '/leavers/:leaver/hold/release': 'releaseLegalHold',
  '/leavers/:leaver/cancel': 'cancelDeletion',
  '/leavers/:leaver/schedule': 'rescheduleDeletion',
  '/leavers/:leaver/successor': 'chooseSuccessor',
  '/leavers/:leaver/waive': 'waiveRecordings',
  '/accounts/aircall/archive-credential': 'replaceArchiveCredential',
  '/people/:person/recheck': 'recheckPerson',
  '/rules/check': 'previewRules',
  '/rules/save': 'saveRules',
  '/rules/versions/1/check': 'previewRules',
  '/rules/versions/1/rollback': 'rollBackRules',
  '/plans/:plan/approve': 'approvePlan',
  '/plans/:plan/reject': 'rejectPlan',
  '/worklist/:checklist/steps/:step/confirm': 'confirmStep',
  '/worklist/:checklist/steps/:step/undo': 'undoStep',
  '/worklist/many': 'changeTasks',
  '/worklist/:task/claim': 'claimTask',
  '/worklist/:task/release': 'releaseTask',
  '/worklist/:task/done': 'completeTask',
  '/worklist/:task/reopen': 'reopenTask',
  '/worklist/:task/comment': 'commentTask',
  '/worklist/:task/dismiss': 'dismissTask',
  '/worklist/:task/due': 'setTaskDue',
  '/findings/:finding/fix': 'decideFinding',
  '/findings/:finding/accept': 'decideFinding',
  '/findings/:finding/undecide': 'decideFinding',
  '/findings/:finding/claim': 'assignFinding',
  '/findings/:finding/release': 'assignFinding',
  '/findings/:finding/ignore': 'ignoreFinding',
  '/findings/:finding/unignore': 'stopIgnoringFinding',
  '/comparisons/:source/:account/run': 'askComparison',
  '/comparisons/:source/:account/policies': 'setPolicyOfComparison',
  '/identity-providers/new': 'createIdpConnection',
  '/identity-providers/:idp/compare': 'compareIdpConnection',
  '/identity-providers/:idp/test': 'testIdpConnection',
  '/identity-providers/:idp/settings': 'setIdpSettings',
  '/identity-providers/:idp/config': 'setIdpConfig',
  '/identity-providers/:idp/credential': 'replaceIdpCredential',
  '/identity-providers/:idp/remove': 'removeIdpConnection',
  '/reports': 'createReport',
  '/reports/destinations': 'createReportDestination',
  '/reports/destinations/:destination/pause': 'pauseReportDestination',
  '/reports/destinations/:destination/resume': 'resumeReportDestination',
  '/reports/destinations/:destination/remove': 'removeReportDestination',
  '/reports/destinations/:destination/send': 'sendReportDestination',
  '/accounts/new': 'createAccount',
  '/accounts/vxt/import': 'previewImport',
  '/accounts/vxt/import/:list/apply': 'applyImport',
  '/accounts/vxt/import/:list/discard': 'discardImport',
  '/accounts/aircall/policy': 'setAccountPolicy',
  '/accounts/aircall/pause': 'pauseAccount',
  '/accounts/aircall/resume': 'resumeAccount',
  '/accounts/aircall/reconcile': 'reconcileAccount',
  '/accounts/aircall/settings': 'setAccountSettings',
  '/accounts/aircall/config': 'setAccountConfig',
  '/accounts/aircall/credential': 'replaceCredential',
  '/sso/new': 'createSsoConnection',
  '/sso/connections/:sso/idp': 'setSsoIdp',
  '/sso/connections/:sso/roles': 'setSsoRoles',
  '/sso/connections/:sso/settings': 'changeSsoSettings',
  '/sso/connections/:sso/state': 'setSsoState',
  '/sso/connections/:sso/refresh': 'refreshSsoMetadata',
  '/sso/connections/:sso/remove': 'removeSsoConnection',
  '/sso/links': 'createSetupLink',
  '/sso/links/:link/revoke': 'revokeSetupLink',
  '/sso/domains': 'claimDomain',
  '/sso/domains/:domain/verify': 'verifyDomain',
  '/sso/domains/:domain/remove': 'removeDomain',
  '/connections/tokens': 'createScimToken',
  '/connections/tokens/:scimToken/revoke': 'revokeScimToken',
  '/notifications/contacts': 'saveNotificationContact',
  '/notifications/contacts/:contact/remove': 'removeNotificationContact',
  '/connections/clients': 'createOAuthClient',
  '/connections/clients/:client/secrets': 'addOAuthSecret',
  '/connections/clients/:client/secrets/:secret/revoke': 'revokeOAuthSecret',
  '/connections/clients/:client/federation': 'setOAuthFederation',
  '/connections/clients/:client/revoke': 'revokeOAuthClient',
  '/audit/check': 'checkAuditChain',
  '/access/people/:member/role': 'setConsoleRole',
  '/access/people/:member/remove': 'removeLocalOwner',
  '/access/people/:member/sessions/end': 'endSessionsOfUser',
  '/access/people/:member/sessions/:session/end': 'endConsoleSession',
  '/settings': 'saveOrganisation',
  '/access/tokens': 'createAdminToken',
  '/access/tokens/:adminToken/revoke': 'revokeAdminToken',
};

/** What each page of the console shows, as the API calls it. */
const READ_IN_API: Readonly<Record<string, string>> = {
  '/': 'getOverview',
  '/people': 'listPeople',
  '/people/:person': 'getPerson getPersonTimeline',
  '/groups': 'listGroups',
  '/rules': 'getRules',
  '/rules/history': 'listRuleVersions',
  '/rules/versions/1': 'getRuleVersion',
  '/rules/edit': 'getRules',
  '/plans': 'listPlans',
  '/plans/:plan': 'getPlan listChanges',
  '/leavers': 'listLeavers',
  '/leavers/removals': 'listRemovals',
  '/leavers/removals/:removal': 'getRemoval listAnnouncedObjects',
  '/leavers/:leaver': 'getHandover listLegalHolds',
  '/leavers/:leaver/manifest.json': 'getManifest',
  '/leavers/:leaver/manifest.csv': 'getManifest',
  '/leavers/:leaver/certificate.json': 'getCertificate',
  '/worklist': 'listTasks',
  '/worklist/:task': 'getTask listSteps',
  '/findings': 'listFindings countFindings',
  '/findings/:finding': 'getFinding',
  '/comparisons': 'listComparisons listComparisonRuns',
  '/comparisons/now': 'listComparisons',
  '/comparisons/:source/:account/policies': 'listPoliciesOfComparison',
  '/identity-providers': 'listIdpConnections',
  '/identity-providers/new': 'listIdpConnections',
  '/identity-providers/:idp': 'getIdpConnection',
  '/reports': 'listReports',
  '/reports/destinations': 'listReportDestinations',
  '/reports/:report': 'getReport',
  '/reports/:report/report.html': 'getReportFile',
  '/reports/:report/report.json': 'getReportFile',
  '/reports/:report/report.md': 'getReportFile',
  '/reports/:report/:table.csv': 'getReportFile',
  '/accounts': 'listAccounts',
  '/accounts/new': 'listProviders',
  '/accounts/capabilities': 'listProviders',
  '/accounts/aircall': 'getAccount',
  '/accounts/aircall/adoption': 'getAdoption',
  '/accounts/vxt/import': 'listImports',
  '/accounts/vxt/import/:list': 'listImports',
  '/connections': 'listScimTokens listSsoConnections',
  '/connections/clients': 'listOAuthClients',
  '/connections/clients/:client': 'listOAuthClients',
  '/connections/requests': 'listScimRequests',
  '/connections/requests/:request': 'getScimRequest',
  '/connections/tokens/:scimToken/revoke': 'listScimTokens',
  '/sso/new': 'listSsoConnections',
  '/sso/connections/:sso': 'readSsoConnection',
  '/sso/traces': 'listSsoTraces',
  '/sso/traces/:trace': 'readSsoTrace',
  '/sso/links': 'listSetupLinks',
  '/sso/domains': 'listDomains',
  '/sso/domains/:domain/remove': 'listDomains',
  '/audit': 'listAuditEvents getAuditCheck',
  '/audit.csv': 'listAuditEvents',
  '/audit.json': 'listAuditEvents',
  '/audit/entitlements': 'listEntitlements',
  '/audit/entitlements.csv': 'listEntitlements',
  '/audit/entitlements.json': 'listEntitlements',
  '/audit/journeys': 'listJourneys',
  '/audit/journeys.csv': 'listJourneys',
  '/audit/journeys.json': 'listJourneys',
  '/notifications': 'listNotificationContacts listEmails',
  '/access': 'listConsoleUsers listAdminTokens',
  '/access/tokens/:adminToken/revoke': 'listAdminTokens',
  '/access/people/:member': 'getConsoleUser listConsoleSessions',
  '/settings': 'getOrganisation',
};

/** Whoever is signed in: a token is nobody. */
const OF_SOMEBODY = ['/me'];

/** A token is nobody's browser: it has no sessions of its own to end. */
const OF_BROWSERS = ['/me/sessions/end', '/me/sessions/:session/end'];

describe('whatever the console does, the API does as well', () => {
  const operations = new Map(listOperations({} as ApiDeps).map((one) => [one.id, one]));

  it('every form has its operation named here', () => {
    expect(Object.keys(FORMS).toSorted()).toEqual([...Object.keys(IN_API), ...OF_BROWSERS].toSorted());
  });

  it.each(Object.entries(IN_API))('%s is %s, for the same role, and no reading', (form, id) => {
    const operation = operations.get(id);
    expect(operation?.method).toMatch(/^(?:post|put|delete)$/);
    expect(operation === undefined ? null : PERMISSIONS[operation.permission]).toBe(FORMS[form]);
  });

  it('every page has the operations named here that read it', () => {
    expect(Object.keys(PAGES).toSorted()).toEqual([...Object.keys(READ_IN_API), ...OF_SOMEBODY].toSorted());
  });

  it.each(Object.entries(READ_IN_API))('%s is read by %s, by whoever opens the page', (path, ids) => {
    for (const id of ids.split(' ')) {
      const operation = operations.get(id);
      expect([id, operation?.method]).toEqual([id, 'get']);
      const needed = operation === undefined ? 'owner' : PERMISSIONS[operation.permission];
      expect([id, roleCovers(PAGES[path] ?? 'viewer', needed)]).toEqual([id, true]);
    }
  });
});
