import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tenant } from '../../../src/tenancy/ports.js';
import { visit, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { certify, makeSigningKey, makeTestIdp } from '../../support/idp.js';
import { idpFields, serveMetadata } from '../../support/sso-world.js';

const idp = makeTestIdp();
const next = makeSigningKey({ commonName: 'Next' });
const records = new Map<string, string>();

let world: ConsoleWorld;
let tenant: Tenant;
let owner: Visitor;
let served: Awaited<ReturnType<typeof serveMetadata>>;
let metadata = idp.metadata();

beforeAll(async () => {
  world = await openConsole(await createTestDatabase(), {
    resolveTxt: (name) => Promise.resolve(records.has(name) ? [[records.get(name) ?? '']] : []),
  });
  tenant = await world.services.tenants.create({ slug: 'acme', name: 'Acme Ltd', actor: 'test' });
  owner = await visit(world, tenant.id, 'owner');
  served = await serveMetadata(() => metadata);
});
afterAll(async () => {
  await served?.stop();
  await world?.close();
});

const view = (name: string) => world.sso.connections.view(tenant, name);

/** What a form led to: the path, and what the page there says was done. */
async function done(path: string, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const { status, location, html } = await owner.post(path, fields);
  expect([status, /<p class="message bad[^>]*>.*?<\/p>/.exec(html)?.[0] ?? null]).toEqual([303, null]);
  const address = (location ?? '').replace('/console', '');
  const page = await owner.get(address);
  expect([page.status, page.html.includes('class="message good"')]).toEqual([200, true]);
  return address;
}

async function lastAudit() {
  return world.services.database
    .forTenant(tenant.id)
    .selectFrom('audit_events')
    .select(['action', 'actor'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
}

const BY_OWNER = 'console:owner.person@acme.example';

describe('a connection by hand', () => {
  it('comes from a metadata address, from pasted XML, and from single values', async () => {
    const url = { name: 'okta', idpKind: 'okta', metadataUrl: served.url };
    expect(await done('/sso/new', url)).toBe('/sso/connections/okta?done=sso-created');
    expect(await lastAudit()).toEqual({ action: 'sso.connection-created', actor: BY_OWNER });
    expect(await view('okta')).toMatchObject({
      label: 'Okta',
      state: 'active',
      metadata: { url: served.url },
      idp: { entityId: idp.entityId },
    });

    await done('/sso/new', { name: 'by-xml', idpKind: 'generic', metadataXml: idp.metadata() });
    expect(await view('by-xml')).toMatchObject({ metadata: { url: null }, idp: { ssoUrl: idp.ssoUrl } });

    const { certificates, ...fields } = idpFields(idp, [idp.key.certificate, next.certificate]);
    const both = certificates.join('\n').replaceAll('\n', '\r\n');
    await done('/sso/new', { name: 'by-values', idpKind: 'keycloak', ...fields, certificates: both });
    expect((await view('by-values')).idp?.certificates).toHaveLength(2);
  });

  it('in use is enforced, with break-glass owners as the only way round, which the page says', async () => {
    expect((await owner.get('/connections')).html).toContain(
      'nobody has a password here but 1 break-glass owner (under',
    );
    const members = await world.team.members(tenant.id);
    expect(members.filter(({ kind }) => kind === 'local')).toHaveLength(1);
  });

  it('is a draft without metadata, which can be removed', async () => {
    await done('/sso/new', { name: 'later', idpKind: 'entra' });
    const page = await owner.get('/sso/connections/later');
    expect(page.html).toContain('Draft: test sign-ins only');
    expect(page.html).toContain((await view('later')).serviceProvider.acsUrl);
    expect(await done('/sso/connections/later/remove')).toBe('/connections?done=sso-removed');
    expect((await owner.get('/sso/connections/later')).status).toBe(404);
  });

  it('that cannot be made keeps what was typed and says why', async () => {
    const seen = await owner.post('/sso/new', { name: 'okta', idpKind: 'ping', metadataUrl: served.url });
    expect([seen.status, seen.location]).toEqual([409, null]);
    expect(seen.html).toContain('role="alert"');
    expect(seen.html).toContain(`value="${served.url}"`);
    expect(seen.html).toContain('value="ping" selected');
  });
});

describe('the side of the identity provider', () => {
  it('is replaced, and its new certificate shown with its last day', async () => {
    const key = makeSigningKey();
    const soon = certify(key.privateKey, { notAfter: new Date(Date.now() + 20.5 * 86_400_000) });
    await done('/sso/connections/by-xml/idp', { metadataXml: idp.metadata({ certificates: [soon] }) });
    const day = new Date(Date.now() + 20.5 * 86_400_000).toISOString().slice(0, 10);

    expect((await owner.get('/sso/connections/by-xml')).html).toContain(`datetime="${day}`);
    expect((await owner.get('/connections')).html).toContain('certificate runs out');
    expect((await owner.get('/')).html).toContain('certificate');
  });

  it('is read again when asked, and what changed there is known here', async () => {
    metadata = idp.metadata({ certificates: [idp.key.certificate, next.certificate] });
    await done('/sso/connections/okta/refresh');
    expect((await view('okta')).idp?.certificates).toHaveLength(2);
  });

  it('is not replaced by an empty form', async () => {
    const seen = await owner.post('/sso/connections/by-xml/idp', { metadataUrl: ' ' });
    expect(seen.status).toBe(400);
    expect(seen.html).toContain('Paste the address of the metadata, or the metadata itself.');
  });
});

describe('roles and behaviour', () => {
  it('roles are lines of groups and addresses; rules from elsewhere stay, and come after', async () => {
    const others = [{ attribute: 'department', value: 'IT', role: 'operator' as const }];
    await world.sso.connections.setRoleMapping(tenant, 'okta', others, 'cli');
    await done('/sso/connections/okta/roles', {
      'role.owner': 'IT Admins\r\n boss@acme.example \r\n\r\nIT Admins',
      'role.viewer': 'Everybody',
      'attribute.groups': 'memberOf',
      'attribute.email': '',
    });
    const { settings } = await view('okta');
    expect(settings.roleRules).toEqual([
      { attribute: 'groups', value: 'IT Admins', role: 'owner' },
      { attribute: 'email', value: 'boss@acme.example', role: 'owner' },
      { attribute: 'groups', value: 'Everybody', role: 'viewer' },
      ...others,
    ]);
    expect(settings.attributes.groups).toEqual(['memberOf']);
    expect(settings.attributes.email.length).toBeGreaterThan(1);
    const { html } = await owner.get('/sso/connections/okta');
    expect(html).toContain('IT Admins\nboss@acme.example');
    expect(html).toContain('department = IT → operator');
  });

  it('every setting of the form is stored and stands there again', async () => {
    const fields = { label: 'Sign in with <Okta>', jit: 'on', jitDays: '7' };
    await done('/sso/connections/okta/settings', {
      ...fields,
      idpInitiated: 'yes',
      requireSignedResponse: 'yes',
    });
    expect((await view('okta')).settings).toMatchObject({
      jit: 'on',
      jitDays: 7,
      idpInitiated: true,
      requireSignedResponse: true,
      signRequests: false,
    });
    const { html } = await owner.get('/sso/connections/okta');
    expect(html).toContain('value="Sign in with <Okta>"');
    expect(html).toContain('<h1>Sign in with &lt;Okta></h1>');
    expect(html).toContain('value="on" selected');
    expect(html.match(/type="checkbox" name="\w+" value="yes" checked/g)).toHaveLength(2);

    await done('/sso/connections/okta/settings', { ...fields, signRequests: 'yes' });
    expect((await view('okta')).settings).toMatchObject({ idpInitiated: false, signRequests: true });
    const wrong = await owner.post('/sso/connections/okta/settings', { ...fields, jitDays: '-1' });
    expect([wrong.status, (await view('okta')).settings.jitDays]).toEqual([400, 7]);
    expect(wrong.html).toContain('name="jitDays" inputmode="numeric" value="-1"');
    expect(wrong.html).not.toContain('name="signRequests" value="yes" checked');
  });

  it('is switched off and on again', async () => {
    const state = '/sso/connections/okta/state';
    expect((await owner.post(state, { state: 'disabled' })).html).toContain('Type “okta” to confirm');
    expect((await view('okta')).state).toBe('active');
    expect(await done(state, { state: 'disabled', typed: 'okta' })).toContain('done=sso-off');
    expect((await view('okta')).state).toBe('disabled');
    expect(await done(state, { state: 'active' })).toContain('done=sso-on');
    expect((await view('okta')).state).toBe('active');
    expect(await lastAudit()).toMatchObject({ actor: BY_OWNER });
  });
});

describe('domains', () => {
  it('are added, not proven without their record, proven with it, and removed', async () => {
    await done('/sso/domains', { domain: 'Acme.Example' });
    const [claimed] = await world.sso.domains.list(tenant.id);
    const { html } = await owner.get('/sso/domains');
    expect(html).toContain(claimed?.recordName);
    expect(html).toContain(claimed?.recordValue);

    const verify = '/sso/domains/acme.example/verify';
    expect((await owner.post(verify)).location).toContain('done=domain-missing');
    expect((await owner.get('/sso/domains')).html).toContain('There is no TXT record');
    records.set(claimed?.recordName ?? '', claimed?.recordValue ?? '');
    expect(await done(verify)).toBe('/sso/domains?done=domain-proven');
    expect((await owner.get('/sso/domains')).html).toContain('Proven ');

    records.clear();
    expect((await owner.post(verify)).location).toContain('done=domain-missing');
    expect((await owner.get('/sso/domains')).html).toContain('Record gone since ');
    expect((await owner.get('')).html).toContain('The DNS record that proves acme.example is gone');

    const remove = '/sso/domains/acme.example/remove';
    expect((await owner.get('/sso/domains')).html).toContain(`href="/console${remove}"`);
    expect((await owner.get(remove)).html).toContain('not led to your identity provider');
    for (const fields of [{}, { typed: 'acme' }]) {
      expect((await owner.post(remove, fields)).html).toContain(
        'Nothing was changed. acme.example is proven',
      );
    }
    expect(await world.sso.domains.list(tenant.id)).toHaveLength(1);
    await done(remove, { typed: ' Acme.Example ' });
    expect(await world.sso.domains.list(tenant.id)).toEqual([]);
  });

  it('that are not proven are removed at once', async () => {
    await done('/sso/domains', { domain: 'typo.example' });
    await done('/sso/domains/typo.example/remove');
    expect(await world.sso.domains.list(tenant.id)).toEqual([]);
  });
});

describe('setup links', () => {
  it('are made for somebody, shown once, listed without their secret, and withdrawn', async () => {
    const made = await owner.post('/sso/links', { label: 'IT <of> Acme', days: '3' });
    const [, url = ''] = /(https:\/\/[^\s<"]+\/setup\/[\w-]{43})/.exec(made.html) ?? [];
    const [link] = await world.sso.setupLinks.list(tenant.id);
    expect(url).not.toBe('');
    expect(link).toMatchObject({ label: 'IT <of> Acme', state: 'open', sentTo: null, createdBy: BY_OWNER });
    const list = (await owner.get('/sso/links')).html;
    expect(list).toContain('IT &lt;of> Acme');
    expect(list).not.toContain(url.split('/').at(-1));

    await done(`/sso/links/${link?.id ?? ''}/revoke`);
    expect((await owner.get('/sso/links')).html).toContain('Withdrawn');
    expect(await world.sso.setupLinks.list(tenant.id)).toMatchObject([{ state: 'revoked' }]);
  });

  it('can be sent by e-mail, by page and by API', async () => {
    const to = 'it@acme.example';
    const made = await owner.post('/sso/links', { label: 'IT', days: '3', to });
    expect(made.html).toContain(`It is on its way to ${to}`);
    const { token } = await world.services.tokens.create({
      tenantId: tenant.id,
      kind: 'admin',
      name: 'script',
      scopes: ['sso:write', 'access:read'],
      expiresAt: null,
      actor: 'test',
    });
    const call = (body: object) =>
      fetch(`${world.origin}/api/v1/setup-links`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ label: 'IT', ...body }),
      });
    expect(await (await call({ to })).json()).toMatchObject({ link: { sentTo: to } });
    expect((await call({ to: 'it@acme.example, x@y.example' })).status).toBe(400);
    const mails = await world.services.database
      .forTenant(tenant.id)
      .selectFrom('mail_outbox')
      .select(['kind', 'recipients', 'is_sealed', 'body_text'])
      .execute();
    expect(mails).toHaveLength(2);
    for (const mail of mails) {
      expect(mail).toMatchObject({ kind: 'set-up', recipients: [to], is_sealed: true });
      expect(mail.body_text).not.toContain('/setup/');
    }
    expect((await owner.get('/sso/links')).html).toContain(`Sent to ${to}`);
  });

  it('with a wrong address are not made, and the form keeps what was typed', async () => {
    const before = (await world.sso.setupLinks.list(tenant.id)).length;
    const seen = await owner.post('/sso/links', { label: 'Kept', days: '9', to: 'nobody' });
    expect(seen.status).toBe(400);
    expect(seen.html).toContain('value="Kept"');
    expect(seen.html).toContain('value="9"');
    expect(seen.html).toContain('is no e-mail address');
    expect(await world.sso.setupLinks.list(tenant.id)).toHaveLength(before);
  });
});

describe('refused sign-ins', () => {
  it('are found by their code, however it is typed, and a test that came back stands on its page', async () => {
    const connection = await world.sso.connections.byName(tenant, 'okta');
    const facts = { connection, requestId: null, arrived: null, granted: null } as const;
    const { friendlyId } = await world.sso.traces.record({
      ...facts,
      purpose: 'login',
      findings: [{ check: 'audience', arrived: '<wrong>', expected: 'ours' }],
    });
    const typed = encodeURIComponent(` ${friendlyId.toUpperCase()} `);
    const found = await owner.get(`/sso/traces?code=${typed}`);
    expect(found.location).toBe(`/console/sso/traces/${friendlyId}`);
    const { html } = await owner.get(`/sso/traces/${friendlyId}`);
    expect(html).toContain('&lt;wrong>');
    expect(html).toContain('audience');
    expect((await owner.get('/sso/traces?code=grey-owl-1')).status).toBe(404);

    const tested = await world.sso.traces.record({
      ...facts,
      purpose: 'test',
      findings: [],
      granted: { role: 'admin', groups: ['IT Admins'] },
    });
    const page = await owner.get(`/sso/connections/okta?trace=${tested.friendlyId}`);
    expect(page.html).toContain('The test sign-in works');
  });
});
