import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../../src/administration/permissions.js';
import type { ApiDeps } from '../../../src/api/deps.js';
import { listOperations } from '../../../src/api/operations/all.js';
import { FORMS } from '../../support/console-forms.js';

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
  '/identity-providers/:idp/compare': 'askComparison',
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
});
