import type { FindingClass } from '../../domain/findings/finding.js';

/** What findings of a class are called when there are several. */
export const CLASS_WORDS: Readonly<Record<FindingClass, string>> = {
  'unmanaged-agent': 'agents that belong to nobody in the directory',
  'duplicate-person': 'people with more than one agent',
  'missing-agent': 'people whose agent is gone',
  'not-provisioned': 'people who have no agent yet',
  'parked-active': 'people who left and have access again',
  suspended: 'people who are suspended at the vendor',
  role: 'roles that differ',
  name: 'names that differ',
  email: 'e-mail addresses that differ',
  'team-missing': 'teams that are missing',
  'team-added': 'team memberships that somebody added',
  'team-removed': 'team memberships that somebody took away',
  'number-added': 'numbers that somebody gave',
  'number-removed': 'numbers that somebody took away',
  setting: 'settings that somebody changed',
  'dangling-ring-target': 'numbers that ring nobody',
  'owner-count': 'matters of ownership',
  'invitation-expired': 'invitations that have expired',
  'agent-without-number': 'people without a number',
  'task-undone': 'tasks that were marked as done and are not',
  'task-done': 'tasks that are done and still open',
  'idp-deactivated': 'people who are deactivated at the identity provider and active here',
  'idp-missing-here': 'people whom the identity provider never pushed',
  'idp-extra-here': 'people whom the identity provider does not know',
  'idp-attribute': 'attributes that differ from the identity provider',
  'idp-membership': 'group memberships that differ from the identity provider',
  'unused-seat': 'seats without use',
  'parked-seat': 'seats of people who left',
  'seats-over-plan': 'accounts with more seats than planned',
};

/** What a change is called when it was done so many times. */
export const CHANGE_WORDS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'create-team': ['team created', 'teams created'],
  create: ['person created', 'people created'],
  adopt: ['agent adopted', 'agents adopted'],
  update: ['profile or role changed', 'profiles and roles changed'],
  grant: ['entitlement given', 'entitlements given'],
  revoke: ['entitlement taken', 'entitlements taken'],
  park: ['person parked', 'people parked'],
  restore: ['person restored', 'people restored'],
  delete: ['person deleted for good', 'people deleted for good'],
  forget: ['agent no longer managed', 'agents no longer managed'],
  manual: ['task opened', 'tasks opened'],
};
