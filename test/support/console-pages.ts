import { buildReports } from '../../src/app/reports.js';
import { roleCovers, type ConsoleRole } from '../../src/sso/console-role.js';
import { makeScimRequestsView } from '../../src/store/console/scim-requests.js';
import { addMoreTo, announceRemoval } from './console-additions.js';
import { addOutsidersTo } from './console-outsiders.js';
import { addSsoTo, SSO_CONNECTION } from './console-sso.js';
import type { Story } from './console-story.js';
import type { ConsoleWorld } from './console-world.js';

export interface ConsolePage {
  readonly name: string;
  readonly path: string;
  readonly least: ConsoleRole;
}

/** Every page of a story, by a name for titles and pictures. */
export async function pagesOf(world: ConsoleWorld, story: Story): Promise<readonly ConsolePage[]> {
  const db = world.services.database.forTenant(story.tenantId);
  const plan = await db
    .selectFrom('plans')
    .select('id')
    .where('state', '=', 'held')
    .where('account_id', '=', story.account.id)
    .executeTakeFirstOrThrow();
  const task = await db
    .selectFrom('worklist_items')
    .select('id')
    .where('account_id', '=', story.account.id)
    .orderBy('title')
    .limit(1)
    .executeTakeFirstOrThrow();
  const [finding] = await world.engine.comparisons.findings.list(story.tenantId, { state: 'open', limit: 1 });
  const [token] = await world.services.tokens.list(story.tenantId, 'scim');
  const { rows: requests } = await makeScimRequestsView(world.services.database).list(story.tenantId, {
    failedOnly: true,
    method: null,
    search: '',
    after: null,
    limit: 1,
  });
  const [client] = await world.services.oauthClients.list(story.tenantId);
  const { code } = await addSsoTo(world, story);
  const more = await addMoreTo(world, story);
  const outsiders = await addOutsidersTo(world, story);
  const page = (name: string, path: string, least: ConsoleRole = 'viewer') => ({ name, path, least });
  const report = await buildReports({ services: world.services }).create({
    tenantId: story.tenantId,
    from: null,
    timeZone: 'UTC',
    actor: 'test',
  });
  const people = [...story.people.values()];
  return [
    page('overview', '/'),
    page('people', '/people'),
    page('nobody-found', '/people?search=nobody-at-all'),
    page('person', `/people/${people[0] ?? ''}`),
    page('leaver', `/people/${story.people.get('Nils Berg') ?? ''}`),
    page('groups', '/groups'),
    page('rules', '/rules'),
    page('rule-history', '/rules/history'),
    page('rule-version', '/rules/versions/1'),
    page('rule-editor', '/rules/edit', 'admin'),
    page('plans', '/plans'),
    page('held-plan', `/plans/${plan.id}`),
    page('leavers', '/leavers'),
    page('deleted', '/leavers?view=deleted'),
    page('leaver-decisions', `/leavers/${more.leaver}`),
    page('removals', '/leavers/removals', 'operator'),
    page('removal', `/leavers/removals/${await announceRemoval(world, story)}`, 'operator'),
    page('worklist', '/worklist'),
    page('task', `/worklist/${task.id}`),
    page('checklist', `/worklist/${more.checklist}`),
    page('findings', '/findings'),
    page('finding', `/findings/${finding?.id ?? ''}`),
    page('comparisons', '/comparisons'),
    page('finding-policies', `/comparisons/account/${story.account.id}/policies`),
    page('identity-providers', '/identity-providers'),
    page('identity-provider', `/identity-providers/${outsiders.idp}`),
    page('choose-idp', '/identity-providers/new', 'admin'),
    page('connect-idp', '/identity-providers/new?kind=ldap', 'admin'),
    page('reports', '/reports'),
    page('report-destinations', '/reports/destinations'),
    page('report', `/reports/${report.id}`),
    page('accounts', '/accounts'),
    page('account', '/accounts/aircall'),
    page('adoption', '/accounts/aircall/adoption'),
    page('capabilities', '/accounts/capabilities'),
    page('account-by-hand', '/accounts/vxt'),
    page('import', '/accounts/vxt/import'),
    page('import-preview', `/accounts/vxt/import/${more.list}`),
    page('choose-vendor', '/accounts/new', 'admin'),
    page('connect', '/accounts/new?provider=aircall', 'admin'),
    page('connections', '/connections'),
    page('clients', '/connections/clients'),
    page('client', `/connections/clients/${client?.client.id ?? ''}`),
    page('requests', '/connections/requests', 'operator'),
    page('request', `/connections/requests/${requests[0]?.id ?? ''}`, 'operator'),
    page('no-request', '/connections/requests?search=nothing-like-it', 'operator'),
    page('revoke', `/connections/tokens/${token?.id ?? ''}/revoke`, 'admin'),
    page('sso-connection', `/sso/connections/${SSO_CONNECTION}`, 'admin'),
    page('sso-new', '/sso/new', 'owner'),
    page('sso-traces', '/sso/traces', 'admin'),
    page('sso-trace', `/sso/traces/${code}`, 'admin'),
    page('sso-links', '/sso/links', 'admin'),
    page('sso-domains', '/sso/domains', 'admin'),
    page('audit', '/audit', 'operator'),
    page('entitlements', '/audit/entitlements', 'operator'),
    page('journeys', '/audit/journeys', 'operator'),
    page('notifications', '/notifications'),
    page('me', '/me'),
    page('member', `/access/people/${story.colleague}`, 'admin'),
    page('settings', '/settings', 'admin'),
    page('access', '/access', 'admin'),
    page('not-found', '/nowhere'),
  ];
}

export function openTo(pages: readonly ConsolePage[], role: ConsoleRole): readonly ConsolePage[] {
  return pages.filter(({ least }) => roleCovers(role, least));
}
