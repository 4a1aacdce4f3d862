/** Where the console is mounted; the session cookie and every link depend on it. */
export const CONSOLE_PATH = '/console';

type QueryValue = string | null | undefined;

/** An address of the console. Values that are null or empty are left out. */
export function consolePath(path: string, query: Readonly<Record<string, QueryValue>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, value);
  }
  const text = search.toString();
  return `${CONSOLE_PATH}${path}${text === '' ? '' : `?${text}`}`;
}

export const paths = {
  home: () => consolePath('/'),
  people: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/people', query),
  person: (id: string) => consolePath(`/people/${encodeURIComponent(id)}`),
  groups: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/groups', query),
  rules: (rest = '') => consolePath(`/rules${rest}`),
  plans: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/plans', query),
  plan: (id: string, query: Readonly<Record<string, QueryValue>> = {}) =>
    consolePath(`/plans/${encodeURIComponent(id)}`, query),
  leavers: (query: Readonly<Record<string, QueryValue>> = {}, rest = '') =>
    consolePath(`/leavers${rest}`, query),
  removals: (query: Readonly<Record<string, QueryValue>> = {}, rest = '') =>
    consolePath(`/leavers/removals${rest}`, query),
  leaver: (linkId: string, rest = '') => consolePath(`/leavers/${encodeURIComponent(linkId)}${rest}`),
  worklist: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/worklist', query),
  manyTasks: (query: Readonly<Record<string, QueryValue>>) => consolePath('/worklist/many', query),
  task: (id: string, verb = '') => consolePath(`/worklist/${encodeURIComponent(id)}${verb}`),
  findings: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/findings', query),
  finding: (id: string, verb = '') => consolePath(`/findings/${encodeURIComponent(id)}${verb}`),
  comparisons: (rest = '', query: Readonly<Record<string, QueryValue>> = {}) =>
    consolePath(`/comparisons${rest}`, query),
  identityProviders: () => consolePath('/identity-providers'),
  newIdentityProvider: (kind?: string) => consolePath('/identity-providers/new', { kind }),
  identityProvider: (id: string, verb = '') =>
    consolePath(`/identity-providers/${encodeURIComponent(id)}${verb}`),
  reports: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/reports', query),
  reportDestinations: () => consolePath('/reports/destinations'),
  reportDestination: (id: string, verb: string) =>
    consolePath(`/reports/destinations/${encodeURIComponent(id)}${verb}`),
  report: (id: string, rest = '') => consolePath(`/reports/${encodeURIComponent(id)}${rest}`),
  accounts: () => consolePath('/accounts'),
  newAccount: (provider?: string) => consolePath('/accounts/new', { provider }),
  account: (name: string, rest = '') => consolePath(`/accounts/${encodeURIComponent(name)}${rest}`),
  connections: (rest = '', query: Readonly<Record<string, QueryValue>> = {}) =>
    consolePath(`/connections${rest}`, query),
  sso: (rest = '') => consolePath(`/sso${rest}`),
  ssoConnection: (name: string, verb = '') =>
    consolePath(`/sso/connections/${encodeURIComponent(name)}${verb}`),
  audit: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/audit', query),
  auditCsv: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/audit.csv', query),
  auditJson: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/audit.json', query),
  auditEntitlements: (ending = '', query: Readonly<Record<string, QueryValue>> = {}) =>
    consolePath(`/audit/entitlements${ending}`, query),
  auditJourneys: (ending = '', query: Readonly<Record<string, QueryValue>> = {}) =>
    consolePath(`/audit/journeys${ending}`, query),
  auditCheck: () => consolePath('/audit/check'),
  access: (rest = '') => consolePath(`/access${rest}`),
  notifications: (query: Readonly<Record<string, QueryValue>> = {}) => consolePath('/notifications', query),
  notificationContacts: () => consolePath('/notifications/contacts'),
  removeContact: (id: string) => consolePath(`/notifications/contacts/${encodeURIComponent(id)}/remove`),
  settings: () => consolePath('/settings'),
  me: (rest = '') => consolePath(`/me${rest}`),
  login: (next?: string) => consolePath('/login', { next }),
  findSignIn: () => consolePath('/login/find'),
} as const;
