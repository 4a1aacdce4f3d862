import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionSettings } from '../../../src/sso/connection.js';
import { makeDomainStore } from '../../../src/store/sso/domains.js';
import { makeTestIdp, type ResponseOptions } from '../../support/idp.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  addTenant,
  beginAt,
  codeOn,
  idpFields,
  makeBrowser,
  pathOf,
  requestIdOf,
  SESSION_COOKIE,
  signIn,
  startSso,
  type SsoWorld,
} from '../../support/sso-world.js';

const rule = (value: string, role: 'viewer' | 'operator' | 'admin' | 'owner') => ({
  attribute: 'groups',
  value,
  role,
});
const OVERAGE = {
  'http://schemas.microsoft.com/claims/groups.link': ['https://graph.windows.net/1/users/2'],
};

const idp = makeTestIdp();
let database: TestDatabase;
let world: SsoWorld;
let tenant: Awaited<ReturnType<typeof addTenant>>;
let base: string;
let sp: { entityId: string; acsUrl: string };
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startSso({ url: database.url });
});

afterAll(async () => {
  await world.stop();
  await database.drop();
});

beforeEach(async () => {
  count += 1;
  tenant = await addTenant(world, `tenant-${count}`);
  base = `/sso/tenant-${count}/okta`;
  world.fed.length = 0;
  const settings = {
    roleRules: [rule('Owners', 'owner'), rule('Admins', 'admin'), rule('Viewers', 'viewer')],
  };
  const source = { fields: idpFields(idp) };
  sp = (await world.connections.create({ tenant, name: 'okta', source, settings, actor: 'test' }))
    .serviceProvider;
});

async function enter(
  nameId: string,
  groups: readonly string[] | null,
  options: Partial<ResponseOptions> = {},
) {
  const browser = makeBrowser(world);
  const attributes = groups === null ? {} : { groups };
  const response = await signIn(browser, base, (inResponseTo) =>
    idp.respond({ sp, inResponseTo, nameId, attributes, ...options }),
  );
  const session = await world.sessions.find(browser.cookies.get(SESSION_COOKIE) ?? null);
  const role = session?.actor.kind === 'person' ? session.actor.role : null;
  const code = response.status === 403 ? await codeOn(response) : null;
  const trace = code === null ? null : await world.traces.byFriendlyId(tenant.id, code);
  return { browser, role, checks: trace?.findings.map(({ check }) => check) ?? [], trace };
}

async function set(settings: Partial<ConnectionSettings>): Promise<void> {
  await world.connections.setSettings(tenant, 'okta', settings, 'test');
}

async function addScimUser(email: string, active: boolean, isDeleted = false): Promise<void> {
  const id = crypto.randomUUID();
  const at = new Date();
  await world.database
    .system()
    .insertInto('scim_users')
    .values({
      tenant_id: tenant.id,
      id,
      user_name: `user-${id}`,
      user_name_key: `user-${id}`,
      external_id: null,
      active,
      resource: '{}',
      wire: '{',
      meta: '',
      people_key: '',
      created_at: at,
      last_modified: at,
      deleted_at: isDeleted ? at : null,
    })
    .execute();
  await world.database
    .system()
    .insertInto('scim_user_emails')
    .values({ tenant_id: tenant.id, user_id: id, value_key: email })
    .execute();
}

async function waitingForLocks(): Promise<number> {
  const { rows } = await world.database.pool.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.count ?? 0;
}

describe('console roles', () => {
  it('are denied by default, and the trace shows what arrived', async () => {
    const { role, checks, trace } = await enter('jane@acme.test', ['Nobody', 'owners']);

    expect(role).toBeNull();
    expect(checks).toEqual(['role']);
    expect(trace?.arrived?.attributes).toEqual([{ name: 'groups', count: 2, values: ['Nobody', 'owners'] }]);
    expect(await world.users.list(tenant.id)).toEqual([]);
  });

  it('come from the first rule that matches, whatever the order of the groups', async () => {
    expect((await enter('jane@acme.test', ['Viewers', 'Admins'])).role).toBe('admin');
  });

  it('are calculated anew at each sign-in, and hold for open sessions at once', async () => {
    await enter('boss@acme.test', ['Owners']);
    const before = await enter('jane@acme.test', ['Admins']);
    const after = await enter('jane@acme.test', ['Viewers']);
    const open = await world.sessions.find(before.browser.cookies.get(SESSION_COOKIE) ?? null);

    expect([before.role, after.role]).toEqual(['admin', 'viewer']);
    expect(open?.actor).toMatchObject({ role: 'viewer' });
  });

  it('and sessions are lost with the last matching group, and an old session does not come back with a role', async () => {
    const before = await enter('jane@acme.test', ['Admins']);
    const token = before.browser.cookies.get(SESSION_COOKIE) ?? null;
    const after = await enter('jane@acme.test', []);
    expect(after.checks).toEqual(['role']);
    expect(await world.sessions.find(token)).toBeNull();

    expect((await enter('jane@acme.test', ['Admins'])).role).toBe('admin');
    expect(await world.sessions.find(token)).toBeNull();
  });

  it('that are taken away by other means end the session, too', async () => {
    const { browser } = await enter('jane@acme.test', ['Admins']);
    await world.database
      .system()
      .updateTable('console_users')
      .set({ role: null })
      .where('tenant_id', '=', tenant.id)
      .execute();

    expect(await world.sessions.find(browser.cookies.get(SESSION_COOKIE) ?? null)).toBeNull();
  });

  it('leave the last owner what he is, and say so in the audit trail', async () => {
    await enter('boss@acme.test', ['Owners']);
    expect((await enter('boss@acme.test', ['Viewers'])).role).toBe('owner');
    expect((await enter('boss@acme.test', [])).role).toBe('owner');
    const events = await world.database
      .system()
      .selectFrom('audit_events')
      .select('action')
      .where('tenant_id', '=', tenant.id)
      .execute();
    expect(events.map(({ action }) => action)).toContain('console.signed-in-as-last-owner');

    await enter('second@acme.test', ['Owners']);
    expect((await enter('boss@acme.test', ['Viewers'])).role).toBe('viewer');
  });

  it('never leave a tenant without owner when two lose the role at the same moment', async () => {
    await enter('one@acme.test', ['Owners']);
    await enter('two@acme.test', ['Owners']);
    // Holds both people's rows, so that both sign-ins have judged before either can write.
    const blocker = new Client({ connectionString: database.url });
    await blocker.connect();
    await blocker.query('begin');
    await blocker.query("select set_config('patchbay.tenant', '*', true)");
    await blocker.query('select 1 from console_users where tenant_id = $1 for update', [tenant.id]);
    const leaving = Promise.all([enter('one@acme.test', []), enter('two@acme.test', [])]);
    try {
      await expect.poll(waitingForLocks, { interval: 20 }).toBe(2);
    } finally {
      await blocker.query('commit');
      await blocker.end();
    }
    await leaving;
    const owners = (await world.users.list(tenant.id)).filter(({ role }) => role === 'owner');

    expect(owners).toHaveLength(1);
  });

  it('belong to connection and NameID, not to an e-mail address', async () => {
    await enter('boss@acme.test', ['Owners']);
    await enter('id-1', ['Admins'], { attributes: { groups: ['Admins'], email: ['boss@acme.test'] } });
    const people = await world.users.list(tenant.id);

    expect(people.map(({ role, email }) => ({ role, email }))).toEqual([
      { role: 'owner', email: 'boss@acme.test' },
      { role: 'admin', email: 'boss@acme.test' },
    ]);
  });
});

describe('somebody of the identity provider', () => {
  it('has no password, whatever is typed or stored: single sign-on is enforced', async () => {
    await enter('jane@acme.test', ['Owners']);
    const [jane] = await world.users.list(tenant.id);
    for (const loginName of ['jane@acme.test', jane?.id ?? '']) {
      await expect(
        world.localOwners.signIn({
          tenantSlug: tenant.slug,
          loginName,
          password: '',
          code: '',
          previous: null,
        }),
      ).rejects.toMatchObject({ kind: 'unauthenticated' });
    }
    const planted = world.database
      .system()
      .updateTable('console_users')
      .set({ login_name: 'jane', password_hash: 'x', totp_secret: 'x' })
      .where('id', '=', jane?.id ?? '')
      .execute();
    await expect(planted).rejects.toThrow('console_users_check');
  });
});

describe('the directory', () => {
  it('keeps a deactivated person out, and a deleted one', async () => {
    await addScimUser('gone@acme.test', false);
    await addScimUser('erased@acme.test', true, true);
    await addScimUser('jane@acme.test', true);

    expect((await enter('GONE@acme.test', ['Owners'])).checks).toEqual(['directory']);
    expect(
      (await enter('id-7', ['Owners'], { attributes: { groups: ['Owners'], email: ['erased@acme.test'] } }))
        .checks,
    ).toEqual(['directory']);
    expect((await enter('jane@acme.test', ['Owners'])).role).toBe('owner');
  });

  it('is fed by a sign-in where there is no SCIM, even of people without a console role', async () => {
    await enter('jane@acme.test', ['Sales']);

    expect(world.fed).toMatchObject([
      { nameId: 'jane@acme.test', email: 'jane@acme.test', groups: ['Sales'] },
    ]);
    expect(world.fed[0]!.validUntil.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  });

  it('is not fed where people come by SCIM, unless the connection says so', async () => {
    await world.database
      .system()
      .insertInto('api_tokens')
      .values({
        tenant_id: tenant.id,
        id: crypto.randomUUID(),
        kind: 'scim',
        name: 'okta',
        hash: Buffer.from(`hash-${count}`),
        hint: 'x',
        scopes: [],
        created_at: new Date(),
      })
      .execute();
    await enter('jane@acme.test', ['Sales']);
    expect(world.fed).toEqual([]);

    await set({ jit: 'on' });
    await enter('jane@acme.test', ['Sales']);
    expect(world.fed).toHaveLength(1);
  });

  it('is not fed when switched off', async () => {
    await set({ jit: 'off' });
    await enter('jane@acme.test', ['Owners']);

    expect(world.fed).toEqual([]);
  });

  it('is told whether the tenant has proven the domain of the address', async () => {
    await enter('jane@acme.test', ['Sales']);
    const audit = { at: new Date(), actor: 'test', action: 'test', targetType: 'test', targetId: 'test' };
    const claim = { tenantId: tenant.id, domain: 'acme.test', token: 't', createdAt: new Date() };
    const store = makeDomainStore(world.database);
    await store.claim({ ...claim, verifiedAt: null, checkedAt: null, problem: null, lostAt: null }, audit);
    await enter('jane@acme.test', ['Sales']);
    await store.markVerified(tenant.id, 'acme.test', new Date(), audit);
    await enter('jane@acme.test', ['Sales']);
    await store.remove(tenant.id, 'acme.test', audit);

    expect(world.fed.map(({ isEmailProven }) => isEmailProven)).toEqual([false, false, true]);
  });

  it('is not told "in no group" when the IdP left the groups out', async () => {
    const { checks, trace } = await enter('jane@acme.test', null, { attributes: OVERAGE });

    expect(checks).toEqual(['groupsMissing']);
    expect(trace?.findings[0]?.meaning).toContain('150 groups');
    expect(world.fed).toMatchObject([{ groups: null }]);
  });
});

describe('a test sign-in', () => {
  async function test(groups: readonly string[], options: Partial<ResponseOptions> = {}) {
    const browser = makeBrowser(world);
    const begun = await world.login.begin({
      tenantSlug: tenant.slug,
      connectionName: 'okta',
      returnTo: '/setup/test',
      purpose: 'test',
      browser: null,
    });
    const inResponseTo = requestIdOf(new URL(begun.url).searchParams.get('SAMLRequest') ?? '');
    const SAMLResponse = await idp.respond({ sp, inResponseTo, attributes: { groups }, ...options });
    const response = await browser.post(`${base}/acs`, { SAMLResponse });
    return { response, browser, trace: await world.traces.ofRequest(tenant.id, begun.requestId) };
  }

  it('that passes shows role and groups, and signs nobody in', async () => {
    const { response, browser, trace } = await test(['Admins', 'Sales']);

    expect(pathOf(response)).toBe(`/setup/test?trace=${trace?.friendlyId}`);
    expect(trace).toMatchObject({
      outcome: 'passed',
      granted: { role: 'admin', groups: ['Admins', 'Sales'] },
    });
    expect(browser.cookies.size).toBe(0);
    expect(await world.users.list(tenant.id)).toEqual([]);
    expect(world.fed).toEqual([]);
  });

  it('that fails explains everything that is wrong, in the words of the IdP', async () => {
    const okta = { ...idpFields(idp), ssoUrl: 'https://acme.okta.com/app/x/sso/saml' };
    await world.connections.setIdp(tenant, 'okta', { fields: okta }, 'test');
    const { response, trace } = await test(['Admins'], {
      audience: 'wrong',
      recipient: 'https://wrong.test/',
    });

    expect(response.status).toBe(303);
    expect(trace?.outcome).toBe('refused');
    expect(trace?.findings.map(({ check }) => check).sort()).toEqual(['audience', 'recipient']);
    expect(trace?.findings.find(({ check }) => check === 'audience')?.change).toContain(sp.entityId);
  });

  it('works on a draft, where nobody can sign in yet', async () => {
    await world.connections.setState(tenant, 'okta', 'draft', 'test');

    expect((await makeBrowser(world).get(`${base}/login`)).status).toBe(403);
    expect((await test(['Admins'])).trace?.outcome).toBe('passed');
  });

  it('is offered to admins and opened setup links of the tenant, to nobody else', async () => {
    const admin = (await enter('jane@acme.test', ['Admins'])).browser;
    const viewer = (await enter('tom@acme.test', ['Viewers'])).browser;
    const { url } = await world.setupLinks.create({ tenantId: tenant.id, label: 'IT', actor: 'test' });
    const { session } = await world.setupLinks.open(url.split('/').at(-1) ?? '', null);
    const setter = makeBrowser(world);
    setter.cookies.set(SESSION_COOKIE, session.token);
    const other = await addTenant(world, `other-${count}`);
    await world.connections.create({
      tenant: other,
      name: 'okta',
      source: { fields: idpFields(idp) },
      actor: 'test',
    });

    expect((await admin.get(`${base}/test?returnTo=/x`)).status).toBe(302);
    expect((await setter.get(`${base}/test?returnTo=/x`)).status).toBe(302);
    expect((await viewer.get(`${base}/test?returnTo=/x`)).status).toBe(403);
    expect((await makeBrowser(world).get(`${base}/test?returnTo=/x`)).status).toBe(401);
    expect((await admin.get(`/sso/other-${count}/okta/test`)).status).toBe(401);
  });
});

describe('a connection that is switched off', () => {
  it('lets nobody in, and ends the sessions it gave', async () => {
    const { browser } = await enter('jane@acme.test', ['Owners']);
    const requestId = await beginAt(browser, base);
    await world.connections.setState(tenant, 'okta', 'disabled', 'test');
    const posted = await browser.post(`${base}/acs`, {
      SAMLResponse: await idp.respond({ sp, inResponseTo: requestId, attributes: { groups: ['Owners'] } }),
    });

    expect(posted.status).toBe(403);
    expect(await world.sessions.find(browser.cookies.get(SESSION_COOKIE) ?? null)).toBeNull();
  });
});
