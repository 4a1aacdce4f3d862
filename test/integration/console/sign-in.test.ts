import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOneTimeLogin } from '../../../src/administration/one-time-login.js';
import { totpCode, totpStep } from '../../../src/sso/totp.js';
import { makeOneTimeLoginStore } from '../../../src/store/console/one-time-logins.js';
import { makeDomainStore } from '../../../src/store/sso/domains.js';
import type { Tenant } from '../../../src/tenancy/ports.js';
import { makeTestClock } from '../../support/clock.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { makeTestIdp } from '../../support/idp.js';
import { idpFields } from '../../support/sso-world.js';

let world: ConsoleWorld;
let tenantId: string;
let userId: string;
let totpSecret: string;
const PASSWORD = 'correct horse battery staple 9';

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  const tenant = await world.services.tenants.create({ slug: 'acme', name: 'Acme Ltd', actor: 'test' });
  tenantId = tenant.id;
  const made = await world.sso.localOwners.create({
    tenant,
    loginName: 'olivia',
    password: PASSWORD,
    actor: 'test',
  });
  ({ userId, totpSecret } = made);
});
afterAll(() => world?.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${world.origin}/console${path}`, { redirect: 'manual', headers });

function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

describe('a one-time link', () => {
  it('signs in once, from this machine, with an audit event', async () => {
    const word = await world.oneTimeLogin.issue({ tenantId, userId });
    const first = await get(`/start/${word}`);
    expect([first.status, first.headers.get('location')]).toEqual([303, '/console/']);
    expect((await get('/', { cookie: cookieOf(first) })).status).toBe(200);
    const second = await get(`/start/${word}`);
    expect([second.status, cookieOf(second)]).toEqual([401, '']);
    const event = await world.services.database
      .forTenant(tenantId)
      .selectFrom('audit_events')
      .selectAll()
      .where('action', '=', 'console.one-time-login')
      .executeTakeFirst();
    expect(event).toMatchObject({ target_id: userId });
    const { last_login_at: seen } = await world.services.database
      .forTenant(tenantId)
      .selectFrom('console_users')
      .select('last_login_at')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow();
    expect(seen).toEqual(event?.at);
  });

  it('of many at once, one gets in', async () => {
    const word = await world.oneTimeLogin.issue({ tenantId, userId });
    const answers = await Promise.all(Array.from({ length: 8 }, () => get(`/start/${word}`)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('opens nothing through a proxy, and is not used up by the try', async () => {
    const word = await world.oneTimeLogin.issue({ tenantId, userId });
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
      expect((await get(`/start/${word}`, { [name]: '127.0.0.1' })).status, name).toBe(401);
    }
    expect((await get(`/start/${word}`)).status).toBe(303);
  });

  it('opens nothing from another machine, nor after 15 minutes, nor when made up', async () => {
    const clock = makeTestClock(new Date());
    const store = makeOneTimeLoginStore(world.services.database);
    const login = makeOneTimeLogin({ store, now: () => clock.now() });
    const word = await login.issue({ tenantId, userId });
    for (const address of ['10.0.0.8', '192.168.1.2', '::ffff:10.0.0.8', '2001:db8::1', '', undefined]) {
      expect(await login.redeem(word, address)).toBeNull();
    }
    clock.advance(15 * 60_000);
    expect(await login.redeem(word, '127.0.0.1')).toBeNull();
    expect(await login.redeem('made-up', '::1')).toBeNull();
    const other = await login.issue({ tenantId, userId });
    clock.advance(15 * 60_000 - 1);
    expect(await login.redeem(other, '::ffff:127.0.0.1')).toEqual({ tenantId, userId });
  });

  it('is stored as a hash only', async () => {
    const word = await world.oneTimeLogin.issue({ tenantId, userId });
    const rows = await world.services.database
      .forTenant(tenantId)
      .selectFrom('console_one_time_logins')
      .selectAll()
      .execute();
    expect(JSON.stringify(rows)).not.toContain(word);
  });
});

describe('the sign-in page', () => {
  const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${world.origin}/console/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
      headers,
    });
  const fields = () => ({
    organisation: 'acme',
    loginName: 'olivia',
    password: PASSWORD,
    code: totpCode(totpSecret, totpStep(new Date())),
    next: '/console/plans?state=held',
  });

  it('lets the local owner in with both factors, and to where they wanted to go', async () => {
    const wrong = await post({ ...fields(), code: '000000' });
    expect([wrong.status, cookieOf(wrong)]).toEqual([401, '']);
    const html = await wrong.text();
    expect(html).toContain('value="olivia"');
    expect(html).not.toContain(PASSWORD);
    const right = await post(fields());
    expect([right.status, right.headers.get('location')]).toEqual([303, '/console/plans?state=held']);
    expect((await get('/', { cookie: cookieOf(right) })).status).toBe(200);
  });

  it('refuses a form from another site', async () => {
    expect((await post(fields(), { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('never leads out of the console', async () => {
    const places = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/console\\..\\..',
      '/consolevil',
      '/console/login',
      'javascript:alert(1)',
      '/console/\r\nx: y',
    ];
    for (const next of places) {
      const html = await (await get(`/login?next=${encodeURIComponent(next)}`)).text();
      expect(html, next).toContain('name="next" value="/console/"');
    }
  });

  it('says when an organisation has no single sign-on, without telling whether it exists', async () => {
    const texts = await Promise.all(
      ['acme', 'nobody'].map(async (name) => (await get(`/login?organisation=${name}`)).text()),
    );
    for (const text of texts) expect(text).toContain('No single sign-on is known here for this');
  });

  it('asks whoever is not signed in, and comes back to the page', async () => {
    const seen = await get('/plans?state=held');
    expect(seen.headers.get('location')).toBe('/console/login?next=%2Fconsole%2Fplans%3Fstate%3Dheld');
    const partial = await get('/people', { 'hx-request': 'true' });
    expect([partial.status, partial.headers.get('hx-redirect')]).toEqual([
      204,
      '/console/login?next=%2Fconsole%2Fpeople',
    ]);
  });
});

describe('finding the identity provider', () => {
  const find = (organisation: string) =>
    fetch(`${world.origin}/console/login/find`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ organisation, next: '/console/plans' }),
    });
  /** Without what was typed, which stands in the field again. */
  const page = async (organisation: string) =>
    (await (await find(organisation)).text()).replaceAll(organisation, '');
  const onTo = (name: string) =>
    `http-equiv="refresh" content="0;url=https://patchbay.example.test/sso/umbrella/${name}/login?returnTo=%2Fconsole%2Fplans"`;
  let umbrella: Tenant;

  beforeAll(async () => {
    umbrella = await world.services.tenants.create({ slug: 'umbrella', name: 'Umbrella', actor: 'test' });
    await connect('okta', 'Okta');
    const audit = { at: new Date(), actor: 'test', action: 'test', targetType: 'test', targetId: 'test' };
    const store = makeDomainStore(world.services.database);
    for (const domain of ['umbrella.test', 'claimed.test']) {
      const claim = { tenantId: umbrella.id, domain, token: 't', createdAt: new Date(), problem: null };
      await store.claim({ ...claim, verifiedAt: null, checkedAt: null, lostAt: null }, audit);
    }
    await store.markVerified(umbrella.id, 'umbrella.test', new Date(), audit);
  });

  const connect = (name: string, label: string) =>
    world.sso.connections.create({
      tenant: umbrella,
      name,
      label,
      source: { fields: idpFields(makeTestIdp()) },
      actor: 'test',
    });

  it('works by an e-mail address of a proven domain, and by the name of the organisation', async () => {
    for (const typed of ['jane@umbrella.test', ' Jane@UMBRELLA.test ', 'umbrella', 'Umbrella']) {
      const answer = await find(typed);
      // A redirect out of a form is what the content security policy stops, so it is a page that goes on.
      expect([answer.status, answer.headers.get('location')], typed).toEqual([200, null]);
      expect(await answer.text(), typed).toContain(onTo('okta'));
    }
  });

  it('answers the same for every address of a domain, whether there is such a person or not', async () => {
    const user = await world.users.create(
      { tenantId: umbrella.id, actor: 'scim:okta', correlationId: null },
      { userName: 'gone@umbrella.test', displayName: 'Gone', active: false },
    );
    expect(user.id).not.toBe('');
    const pages = await Promise.all(['gone', 'jane', 'nobody'].map((name) => page(`${name}@umbrella.test`)));
    expect(new Set(pages).size).toBe(1);
  });

  it('tells an unknown domain, one that is only claimed, and one without sign-in from one another in nothing', async () => {
    const typed = ['jane@unknown.test', 'jane@claimed.test', 'nobody', 'acme', 'jane@', '@', '"><b>x@y'];
    const pages = await Promise.all(typed.map(page));
    expect(new Set(pages.map((html) => html.replace(/value="[^"]*"/g, ''))).size).toBe(1);
    expect(pages[0]).toContain('No single sign-on is known here for this');
  });

  it('lets people choose where there are several, and leaves out what is switched off', async () => {
    await connect('second', 'Second <IdP>');
    await connect('third', 'Third');
    await world.sso.connections.setState(umbrella, 'third', 'disabled', 'test');
    const html = await page('jane@umbrella.test');

    expect(html).not.toContain('http-equiv="refresh"');
    expect(html).toContain('/sso/umbrella/okta/login?returnTo=%2Fconsole%2Fplans');
    expect(html).toContain('Second &lt;IdP>');
    expect(html).not.toContain('Third');
  });

  it('is slowed down, by name as well as by address', async () => {
    const limited = await Promise.all(
      Array.from({ length: 70 }, (_, index) =>
        index % 2 === 0
          ? find(`jane@domain-${String(index)}.test`)
          : get(`/login?organisation=x${String(index)}`),
      ),
    );
    expect(limited.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect((await get('/login')).status).toBe(200);
  });
});

describe('files', () => {
  it('are kept for good under their hash, and not under another', async () => {
    const html = await (await get('/login')).text();
    for (const [, url = ''] of html.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)) {
      const asset = await fetch(`${world.origin}${url}`);
      expect(asset.headers.get('cache-control'), url).toBe('public, max-age=31536000, immutable');
      const old = await fetch(`${world.origin}${url.replace(/[0-9a-f]{16}/, '0123456789abcdef')}`);
      expect([old.status, old.headers.get('cache-control')]).toEqual([200, 'no-store']);
    }
  });

  it('a first page is below 100 kB with everything it needs', async () => {
    const cookie = await world.signIn(tenantId, 'owner');
    const html = await (await get('/', { cookie })).text();
    const urls = [...html.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)].map(([, url]) => url ?? '');
    const sizes = await Promise.all(
      urls.map(async (url) => (await (await fetch(`${world.origin}${url}`)).arrayBuffer()).byteLength),
    );
    expect(sizes.reduce((sum, size) => sum + size, html.length)).toBeLessThan(100_000);
  });
});
