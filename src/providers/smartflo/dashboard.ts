import type { DashboardGuide, DashboardInstructions, DashboardPlace } from '../dashboard.js';
import type { SmartfloConfig } from './settings.js';

const USER = 'In the Smartflo portal open Users and click {email}.';
const NUMBER = 'In the Smartflo portal open My Numbers and click the edit sign beside {number}.';
const SAVE = 'Save. Patchbay looks again at its next reconciliation.';

/** Pages and buttons of the Smartflo portal (vendors.md 2 and its sources; names may differ between versions). */
export const SMARTFLO_GUIDE: DashboardGuide = {
  'grant-number:assigned': {
    page: 'numbers',
    steps: [NUMBER, 'Set Destination to Agent and pick {email}. A number has one destination.', SAVE],
  },
  'grant-number:via-team': {
    page: 'numbers',
    steps: [
      NUMBER,
      'Set Destination to Department and pick "{team}". This is needed once: everybody in the department is then rung.',
      SAVE,
    ],
  },
  'grant-number:call_flow': {
    page: 'numbers',
    steps: [
      NUMBER,
      'Set Destination to the department, menu or time condition that should reach {email}.',
      'Better for more than one person: name a department in the rule (viaTeam). Then nobody has to do this again.',
      SAVE,
    ],
  },
  'grant-number:outbound': {
    page: 'agent',
    steps: [USER, 'Click Edit and add {number} under Caller ID.', SAVE],
  },
  'revoke-number:assigned': {
    page: 'numbers',
    steps: [NUMBER, 'Set Destination to something else than the agent of {email}, or to Hangup.', SAVE],
  },
  'revoke-number:call_flow': {
    page: 'numbers',
    steps: [
      NUMBER,
      'Follow its destination: take {email} out of the menu or time condition it leads to.',
      'Where it leads to a department, leave the number as it is: Patchbay takes them out of the department.',
      SAVE,
    ],
  },
  'revoke-number:outbound': {
    page: 'agent',
    steps: [USER, 'Click Edit and remove {number} under Caller ID.', SAVE],
  },
  'change-email': {
    page: 'agent',
    steps: [USER, 'Click Edit, change Email and Login ID to {to}.', SAVE],
  },
  'change-role': { page: 'agent', steps: [USER, 'Click Edit and set User Role to {role}.', SAVE] },
  'create-team': {
    page: 'teams',
    steps: [
      'In the Smartflo portal open Departments and click Add Department.',
      'Call it exactly "{team}" and save. Patchbay puts the people in.',
    ],
  },
  'delete-agent': {
    page: 'agent',
    steps: [USER, 'Click Delete and confirm. This cannot be undone; call records stay.'],
  },
  'make-owner': {
    page: 'agents',
    steps: [
      'Ask Smartflo’s support to make {email} the owner of the account: the portal has no button for it.',
    ],
  },
  'change-setting:allowedIps': inUserForm(
    'IP Restriction',
    'One address or range in each line: from anywhere else the person cannot sign in.',
  ),
  'change-setting:twoFactor': inUserForm(
    'Two Factor Authentication',
    'The person gets a code by e-mail or message at the next sign-in.',
  ),
  'change-setting:dispositions': inUserForm('Dispositions'),
  'change-setting:acCidList': inUserForm('AC-CID List'),
  'change-setting:interactions': inUserForm('Interactions'),
  'change-setting:didsForCdr': inUserForm('DIDs for CDR'),
  'change-setting:timeGroup': inUserForm(
    'Time Group',
    'The number is the id of the time group, as in the address of its page.',
  ),
  'change-setting:callForwarding': inUserForm('Failover Destination'),
  'change-setting:routeCallsThrough': inUserForm('Route Calls Through'),
  'change-setting:extension': inUserForm('Assign Extension'),
  'change-setting:outboundBlock': inUserForm('Outbound Block of the extension'),
  'remove-owner': {
    page: 'agents',
    steps: ['Ask Smartflo’s support to give the account to somebody else than {email}.'],
  },
  'choose-password': {
    page: 'sign-in',
    steps: [
      'Send {email} the address that this task links to: the sign-in page of the Smartflo portal.',
      'There they click "Forgot password" and enter {email}. Smartflo sends them a message with which they choose a password.',
      'Nobody knows the first password: Patchbay made it up, sent it to Smartflo once and kept it nowhere.',
      'Mark this task as done when they are told. Choose "not needed" for somebody who only uses the phone.',
    ],
  },
  'give-any-number': {
    page: 'agent',
    steps: [
      USER,
      'See whether the user has a caller ID, or whether a department of theirs is the destination of a number. If so, somebody was faster: mark this as done.',
      'Otherwise grant a number or a team that rings by a mapping rule, or take them out of the mapped groups.',
    ],
  },
};

/** The portal's own page of a user for what the API has no field for (vendors.md 2.3). */
function inUserForm(label: string, ...more: readonly string[]): DashboardInstructions {
  return {
    page: 'agent',
    steps: [
      USER,
      `Click Edit and set ${label} to "{value}".`,
      ...more,
      'Save, and mark this task as done here.',
    ],
  };
}

/** Where in the portal something is. The paths are not documented. */
export function smartfloPage(config: SmartfloConfig, place: DashboardPlace): string {
  return `${config.portalUrl}${pathOf(config, place)}`;
}

function pathOf(config: SmartfloConfig, place: DashboardPlace): string {
  switch (place.page) {
    case 'agent':
      return config.portalUserPath.replaceAll('{id}', encodeURIComponent(place.providerUserId));
    case 'agents':
      return '/users';
    case 'number':
    case 'numbers':
      return '/my-numbers';
    case 'teams':
      return '/departments';
    case 'sign-in':
      return '/';
  }
}
