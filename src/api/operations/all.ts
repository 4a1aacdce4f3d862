import type { ApiDeps } from '../deps.js';
import type { Operation } from '../operation.js';
import { accessOperations } from './access.js';
import { accountOperations } from './accounts.js';
import { auditOperations } from './audit.js';
import { byHandOperations } from './by-hand.js';
import { comparisonOperations } from './comparisons.js';
import { findingOperations } from './findings.js';
import { idpOperations } from './idp.js';
import { notificationOperations } from './notifications.js';
import { oauthClientOperations } from './oauth-clients.js';
import { leaverOperations } from './leavers.js';
import { peopleOperations } from './people.js';
import { planOperations } from './plans.js';
import { providerOperations } from './providers.js';
import { removalOperations } from './removals.js';
import { reportDestinationOperations } from './report-destinations.js';
import { reportOperations } from './reports.js';
import { ruleOperations } from './rules.js';
import { scimRequestOperations } from './scim-requests.js';
import { teamOperations } from './team.js';
import { ssoOperations } from './sso.js';
import { worklistOperations } from './worklist.js';

/** Everything that the API can do. */
export function listOperations(deps: ApiDeps): readonly Operation[] {
  return [
    ...peopleOperations(deps),
    ...ruleOperations(deps),
    ...planOperations(deps),
    ...leaverOperations(deps),
    ...removalOperations(deps),
    ...worklistOperations(deps),
    ...byHandOperations(deps),
    ...findingOperations(deps),
    ...comparisonOperations(deps),
    ...idpOperations(deps),
    ...reportOperations(deps),
    ...reportDestinationOperations(deps),
    ...accountOperations(deps),
    ...providerOperations(deps),
    ...notificationOperations(deps),
    ...accessOperations(deps),
    ...auditOperations(deps),
    ...scimRequestOperations(deps),
    ...teamOperations(deps),
    ...oauthClientOperations(deps),
    ...ssoOperations(deps),
  ];
}
