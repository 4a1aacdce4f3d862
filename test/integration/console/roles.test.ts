import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReports } from '../../../src/app/reports.js';
import { CONSOLE_ROLES, roleCovers, type ConsoleRole } from '../../../src/sso/console-role.js';
import { connectByHand } from '../../support/by-hand-story.js';
import { announceRemoval } from '../../support/console-additions.js';
import { FORMS } from '../../support/console-forms.js';
import { PAGES } from '../../support/console-page-roles.js';
import { addConsolePerson } from '../../support/console-people.js';
import { addOutsidersTo } from '../../support/console-outsiders.js';
import { addSsoTo, SSO_CONNECTION } from '../../support/console-sso.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { routesOf, visit, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

let world: ConsoleWorld;
let story: Story;
const visitors = new Map<ConsoleRole, Visitor>();
const ids = {
  person: '',
  plan: '',
  task: '',
  scimToken: '',
  adminToken: '',
  request: '',
  member: '',
  session: '',
  client: '',
  leaver: '',
  removal: '',
  secret: '',
  finding: '',
  source: 'account',
  account: '',
  contact: '',
  idp: '',
  destination: '',
  report: '',
  table: 'findings',
  checklist: '',
  step: '',
  list: '',
  sso: SSO_CONNECTION,
  trace: '',
  link: '',
  domain: 'acme.example',
};

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  for (const role of CONSOLE_ROLES) visitors.set(role, await visit(world, story.tenantId, role));
  const db = world.services.database.forTenant(story.tenantId);
  ids.person = story.people.get('Ada Lovelace') ?? '';
  ids.plan = (
    await db.selectFrom('plans').select('id').where('state', '=', 'held').executeTakeFirstOrThrow()
  ).id;
  ids.task = (await db.selectFrom('worklist_items').select('id').limit(1).executeTakeFirstOrThrow()).id;
  ids.request = (await db.selectFrom('scim_requests').select('id').limit(1).executeTakeFirstOrThrow()).id;
  ids.contact = randomUUID();
  await db
    .insertInto('mail_contacts')
    .values({
      tenant_id: story.tenantId,
      id: ids.contact,
      email: 'it@acme.example',
      kinds: [],
      created_at: new Date(),
      created_by: 'test',
    })
    .execute();
  ids.member = await addConsolePerson(world.services.database, story.tenantId, {
    role: 'viewer',
    displayName: 'Vera Viewer',
  });
  ids.session = (await world.team.sessions(story.tenantId, null))[0]?.id ?? '';
  const [finding] = await world.engine.comparisons.findings.list(story.tenantId, { limit: 1 });
  ids.finding = finding?.id ?? '';
  ids.trace = (await addSsoTo(world, story)).code;
  ids.link = (await world.sso.setupLinks.list(story.tenantId))[0]?.id ?? '';
  const wish = { tenantId: story.tenantId, from: null, timeZone: 'UTC', actor: 'test' };
  ids.report = (await buildReports({ services: world.services }).create(wish)).id;
  ids.account = story.account.id;
  Object.assign(ids, await addOutsidersTo(world, story));
  ids.leaver = (
    await db.selectFrom('links').select('id').where('state', '=', 'parked').executeTakeFirstOrThrow()
  ).id;
  const { oauthClients } = world.services;
  const ref = { tenantId: story.tenantId, actor: 'test' };
  ids.client = (await oauthClients.create({ ...ref, name: 'Entra' })).id;
  ids.secret = (await oauthClients.addSecret({ ...ref, id: ids.client })).record.id;
  ids.removal = await announceRemoval(world, story);
  const byHand = await connectByHand(world, story.tenantId);
  Object.assign(ids, { checklist: byHand.checklist, step: byHand.step, list: byHand.list });
  const { tokens } = world.services;
  const base = { tenantId: story.tenantId, expiresAt: null, actor: 'test' };
  ids.scimToken = (await tokens.create({ ...base, kind: 'scim', name: 'spare' })).record.id;
  ids.adminToken = (
    await tokens.create({ ...base, kind: 'admin', name: 'script', scopes: ['read'] })
  ).record.id;
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});

/** Documents that come with a deletion; the story's leavers are parked only. */
const NOT_MADE_YET: ReadonlySet<string> = new Set([
  '/leavers/:leaver/manifest.json',
  '/leavers/:leaver/manifest.csv',
  '/leavers/:leaver/certificate.json',
]);

const OPEN_TO_ALL = [
  '/login',
  '/start/:word',
  '/assets/:hash/console.css',
  '/assets/:hash/htmx.js',
  '/assets/:hash/page.js',
  '/assets/:hash/icon.svg',
];

function filled(path: string): string {
  return path.replaceAll(/:(\w+)/g, (_, name: keyof typeof ids) => ids[name]);
}

/** A route's pattern without the names of its parts. */
function shape(path: string): string {
  return path.replaceAll(/:\w+|\/versions\/1|\/accounts\/(?:aircall|vxt)/g, (part) =>
    part.startsWith(':') ? ':' : part.replace(/[^/]+$/, ':'),
  );
}

const cases = (paths: Readonly<Record<string, ConsoleRole>>) =>
  Object.entries(paths).flatMap(([path, least]) => CONSOLE_ROLES.map((role) => ({ path, role, least })));

/** What nobody may change by a refused request. */
async function stateOf(): Promise<string> {
  const db = world.services.database.forTenant(story.tenantId);
  const counts = await Promise.all([
    db
      .selectFrom('audit_events')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('rule_sets')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('api_tokens')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('plans')
      .select((eb) => eb.fn.countAll().as('n'))
      .where('state', '=', 'held')
      .executeTakeFirstOrThrow(),
  ]);
  return JSON.stringify(counts);
}

describe('roles are enforced on the server', () => {
  it('the lists here name every route', () => {
    const known = new Set([
      ...Object.keys(PAGES).map((path) => `get ${shape(path)}`),
      ...Object.keys(FORMS).map((path) => `post ${shape(path)}`),
      ...OPEN_TO_ALL.map((path) => `get ${shape(path)}`),
      'post /login',
      'post /login/find',
    ]);
    const routes = routesOf(world.consoleRouter).map(({ method, path }) => `${method} ${shape(path)}`);
    expect([...new Set(routes)].toSorted()).toEqual([...known].toSorted());
  });

  it.each(cases(PAGES))('$role opens $path', async ({ path, role, least }) => {
    const seen = await visitors.get(role)?.get(filled(path));
    const opened = NOT_MADE_YET.has(path) ? 404 : 200;
    expect(seen?.status).toBe(roleCovers(role, least) ? opened : 403);
    expect(seen?.headers.get('cache-control')).toBe('no-store');
  });

  it.each(cases(FORMS).filter(({ role, least }) => !roleCovers(role, least)))(
    '$role cannot send $path',
    async ({ path, role }) => {
      const before = await stateOf();
      const seen = await visitors
        .get(role)
        ?.post(filled(path), { name: 'x', text: 'version: 1', typed: '16 removals' });
      expect(seen?.status).toBe(403);
      expect(await stateOf()).toBe(before);
    },
  );

  it.each(Object.keys(PAGES))('nobody opens %s without a session', async (path) => {
    const nobody = await visit(world, story.tenantId, null);
    const seen = await nobody.get(filled(path));
    expect(seen.status).toBe(303);
    expect(seen.location).toContain('/console/login');
    expect(seen.html).not.toContain('Lovelace');
  });

  it.each(Object.keys(FORMS))('nobody sends %s without a session', async (path) => {
    const before = await stateOf();
    const nobody = await visit(world, story.tenantId, null);
    expect((await nobody.post(filled(path))).status).toBe(303);
    expect(await stateOf()).toBe(before);
  });

  it.each(Object.keys(FORMS))('%s is refused without the token of the session', async (path) => {
    const before = await stateOf();
    const owner = visitors.get('owner');
    for (const token of ['', 'x'.repeat(43)]) {
      expect((await owner?.post(filled(path), { _csrf: token }))?.status).toBe(403);
    }
    expect(await stateOf()).toBe(before);
  });

  it.each(Object.keys(FORMS))('%s is refused from another site, even with the token', async (path) => {
    const before = await stateOf();
    const owner = visitors.get('owner');
    const foreign = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ];
    for (const headers of foreign) expect((await owner?.post(filled(path), {}, headers))?.status).toBe(403);
    expect(await stateOf()).toBe(before);
  });

  it('the token of one session is no good in another', async () => {
    const admin = await visit(world, story.tenantId, 'admin');
    const html = (await visitors.get('owner')?.get('/people'))?.html ?? '';
    const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    expect((await admin.post('/people/x/recheck', { _csrf: token })).status).toBe(403);
  });

  it('pages offer a viewer nothing that a viewer may not do', async () => {
    const viewer = visitors.get('viewer');
    for (const path of Object.keys(PAGES)) {
      const { html = '', status } = (await viewer?.get(filled(path))) ?? {};
      if (status !== 200) continue;
      const forms = [...html.matchAll(/<form method="post" action="([^"]+)"/g)].map(([, action]) => action);
      const isOwn = (action = ''): boolean => action.startsWith('/console/me/') || action === '/sso/logout';
      expect(
        forms.filter((action) => !isOwn(action)),
        path,
      ).toEqual([]);
      expect(html, path).not.toContain('/console/audit"');
    }
  });

  it('a tenant sees nothing of another one', async () => {
    const other = await world.services.tenants.create({ slug: 'other', actor: 'test' });
    const stranger = await visit(world, other.id, 'owner');
    for (const path of ['/people/:person', '/plans/:plan', '/worklist/:task', '/accounts/aircall']) {
      expect((await stranger.get(filled(path))).status, path).toBe(404);
    }
    for (const path of [
      '/',
      '/people',
      '/plans',
      '/leavers',
      '/worklist',
      '/groups',
      '/audit',
      '/connections',
      '/access',
    ]) {
      const { status, html } = await stranger.get(path);
      expect(status, path).toBe(200);
      expect(html, path).not.toMatch(/Lovelace|aircall/);
    }
  });

  it('an ended session opens nothing any more', async () => {
    const cookie = await world.signIn(story.tenantId, 'owner');
    const open = () => fetch(`${world.origin}/console/people`, { headers: { cookie }, redirect: 'manual' });
    const token = /name="_csrf" value="([^"]+)"/.exec(await (await open()).text())?.[1] ?? '';
    const body = new URLSearchParams({ _csrf: token });
    await fetch(`${world.origin}/sso/logout`, {
      method: 'POST',
      headers: { cookie },
      body,
      redirect: 'manual',
    });
    expect((await open()).status).toBe(303);
  });
});
