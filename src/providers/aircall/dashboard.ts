import type { DashboardGuide, DashboardPlace } from '../dashboard.js';
import type { AircallConfig } from './settings.js';

const USERS = 'In the Aircall Dashboard open Users and Teams, All users, and click {email}.';
const NUMBER = 'In the Aircall Dashboard open Numbers and click {number}.';
const DISTRIBUTION = 'Open Call Distribution and click Edit: this opens the Smartflows editor.';
const PUBLISH = 'Save the flow. Patchbay looks again at its next reconciliation.';

/**
 * Pages and buttons as Aircall's help centre names them (vendors.md 1.5, 1.7 and their sources). Who may call out on
 * a number without being rung is its "Call and data access".
 */
export const AIRCALL_GUIDE: DashboardGuide = {
  'grant-number:assigned': {
    page: 'number',
    steps: [
      NUMBER,
      DISTRIBUTION,
      'Add a "Ring to" widget where calls should ring, or open the one that is there, choose User and pick {email}.',
      PUBLISH,
      'Better for more than one person: ring a team here once and name it in the rule (viaTeam). Then nobody has to do this again.',
    ],
  },
  'grant-number:via-team': {
    page: 'number',
    steps: [
      NUMBER,
      DISTRIBUTION,
      'Add a "Ring to" widget where calls should ring, or open the one that is there, choose Team and pick "{team}". This is needed once: everybody in the team is then on the number.',
      PUBLISH,
    ],
  },
  'grant-number:outbound': {
    page: 'number',
    steps: [
      NUMBER,
      'Open Call and data access and add {email}, so that they can call out from this number without being rung.',
      'Do not add them to Call Distribution, nor to a team that rings there: they would receive calls.',
    ],
  },
  'grant-number:call_flow': {
    page: 'number',
    steps: [
      NUMBER,
      DISTRIBUTION,
      'Open the "Ring to" widget of the branch that should reach them, choose User and pick {email}.',
      PUBLISH,
    ],
  },
  'revoke-number:assigned': {
    page: 'number',
    steps: [
      NUMBER,
      'Open Teams & Users to see whether {email} is on the number directly or through a team.',
      'Directly: open Call Distribution, click Edit, and take {email} out of every "Ring to" widget.',
      'Through a team: leave the number as it is. Patchbay takes them out of the team.',
      PUBLISH,
    ],
  },
  'revoke-number:outbound': {
    page: 'number',
    steps: [NUMBER, 'Open Call and data access and remove {email}.'],
  },
  'revoke-number:call_flow': {
    page: 'number',
    steps: [NUMBER, DISTRIBUTION, 'Take {email} out of every "Ring to" widget.', PUBLISH],
  },
  'change-email': {
    page: 'agent',
    steps: [
      'In the Aircall Dashboard open Users and Teams, All users, and click {from}.',
      'In the General tab change the e-mail to {to} and save.',
      'The person confirms the new address by the message that Aircall sends there.',
    ],
  },
  'change-role': {
    page: 'agent',
    steps: [USERS, 'In the General tab set the role to {role} and save.'],
  },
  'create-team': {
    page: 'teams',
    steps: [
      'In the Aircall Dashboard open Users and Teams, Teams, and click Create Team.',
      'Call it exactly "{team}" and click Create. Patchbay puts the people in.',
    ],
  },
  'delete-agent': {
    page: 'agent',
    steps: [
      USERS,
      'In the General tab scroll to the end and click Delete User. An owner can only be deleted by an owner.',
      'This cannot be undone. Calls and recordings stay with the number.',
    ],
  },
  'make-owner': {
    page: 'agent',
    steps: [
      'Sign in as an owner: only owners make owners.',
      USERS,
      'In the General tab set the role to Owner and save.',
    ],
  },
  'remove-owner': {
    page: 'agent',
    steps: [
      'Sign in as another owner: only owners change owners, and nobody changes themselves.',
      USERS,
      'In the General tab set the role to Agent and save.',
    ],
  },
  'give-any-number': {
    page: 'agent',
    steps: [
      USERS,
      'In Numbers & Teams see whether they are on a number or in a team. If they are, somebody was faster: mark this as done.',
      'Otherwise grant a team that rings, or a number, by a mapping rule; or take them out of the mapped groups, so that their seat is not paid for.',
    ],
  },
  'remind-invitation': {
    page: 'agents',
    steps: [
      'In the Aircall Dashboard open Users and Teams, All users, and look for {email}.',
      'With "Pending validation" beside the name: ask them to open the message from Aircall and confirm it before {date}. It may lie in spam.',
      'Without: they are in. Choose "not needed" here.',
    ],
  },
  'resend-invitation': {
    page: 'agents',
    steps: [
      'In the Aircall Dashboard open Users and Teams, All users, and look for {email}.',
      'With "Pending validation" beside the name: click it, click Resend invitation at the top right, and mark this as done. Patchbay watches the new invitation.',
      'Without: they are in. Choose "not needed" here.',
    ],
  },
};

/** Where in the dashboard something is. The paths of single users and numbers are settings: they are not documented. */
export function aircallPage(config: AircallConfig, place: DashboardPlace): string {
  return `${config.dashboardUrl}${pathOf(config, place)}`;
}

function pathOf(config: AircallConfig, place: DashboardPlace): string {
  switch (place.page) {
    case 'agent':
      return config.dashboardUserPath.replaceAll('{id}', encodeURIComponent(place.providerUserId));
    case 'number':
      return config.dashboardNumberPath.replaceAll('{id}', encodeURIComponent(place.providerNumberId));
    case 'agents':
      return '/users';
    case 'numbers':
      return '/numbers';
    case 'sign-in':
      return '/';
    case 'teams':
      return '/teams';
  }
}
