/**
 * What can be done by console or API, each with the least console role that may do it. The names are also the scopes
 * of personal access tokens: both edges ask this one list.
 */
export const PERMISSIONS = {
  read: 'viewer',
  'people:recheck': 'operator',
  'plans:decide': 'operator',
  'leavers:decide': 'operator',
  'worklist:work': 'operator',
  'findings:decide': 'operator',
  'reports:make': 'operator',
  'audit:read': 'operator',
  'scim:read': 'operator',
  'rules:write': 'admin',
  'accounts:write': 'admin',
  'scim:write': 'admin',
  'notifications:write': 'admin',
  'access:read': 'admin',
  'access:write': 'owner',
  'settings:write': 'owner',
  'sso:write': 'owner',
} as const satisfies Readonly<Record<string, 'viewer' | 'operator' | 'admin' | 'owner'>>;

export type Permission = keyof typeof PERMISSIONS;

export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as readonly Permission[];

/** What a person who chooses scopes or roles is told. */
export const PERMISSION_WORDS: Readonly<Record<Permission, string>> = {
  read: 'See people, plans, leavers, tasks, findings, accounts and rules',
  'people:recheck': 'Have one person looked at again',
  'plans:decide': 'Approve and reject held plans',
  'leavers:decide': 'Set legal holds, cancel and move deletions, approve them, hand lines over',
  'worklist:work': 'Claim, comment, close and reopen tasks',
  'findings:decide': 'Have findings put right, accept, ignore and assign them',
  'reports:make': 'Make reports of now',
  'audit:read': 'Read and export the audit trail',
  'scim:read': 'See what identity providers sent lately, with the bodies of their requests',
  'rules:write': 'Save rules and go back to older ones',
  'accounts:write': 'Connect phone systems, change policy, settings and credentials',
  'scim:write': 'Create and revoke SCIM tokens',
  'notifications:write': 'Choose who is told of what by e-mail',
  'access:read': 'See who has access to the console and the API',
  'settings:write': 'Change the organisation’s name and the limits of sessions',
  'access:write': 'Give and take access to the console and the API',
  'sso:write': 'Set up single sign-on: connections, roles, domains, setup links',
};
