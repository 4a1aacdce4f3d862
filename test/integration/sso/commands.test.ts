import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../../../src/app/cli.js';
import type { CommandContext } from '../../../src/app/commands/context.js';
import { ssoTroubles } from '../../../src/app/doctor-sso.js';
import { buildMailDelivery } from '../../../src/app/mail.js';
import { openServices, type Services } from '../../../src/app/services.js';
import { buildSso } from '../../../src/app/sso.js';
import { totpCode, totpStep } from '../../../src/sso/totp.js';
import { loadConfig } from '../../../src/config/config.js';
import { AppError } from '../../../src/domain/errors.js';
import { generateKeyringEntry } from '../../../src/lib/crypto.js';
import { makeDomainStore } from '../../../src/store/sso/domains.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { certify, makeSigningKey, makeTestIdp } from '../../support/idp.js';
import { startSmtp, type SmtpServer } from '../../support/smtp.js';

const ORIGIN = 'https://patchbay.example.test';
const DAY_MS = 86_400_000;
const key = makeSigningKey();
const idp = makeTestIdp({ key });
const files = new Map([
  ['idp.xml', idp.metadata()],
  ['idp.pem', key.certificate],
  ['soon.pem', certify(key.privateKey, { notAfter: new Date(Date.now() + 20 * DAY_MS) })],
  ['password', 'correct horse battery staple\n'],
  ['settings.yaml', 'idpInitiated: true\njit: off\n'],
  ['broken.yaml', 'clockSkewSeconds: 10000\n'],
]);
const KEYS = generateKeyringEntry('test');
const FIELDS = ['--entity-id', idp.entityId, '--sso-url', idp.ssoUrl];

let database: TestDatabase;
let services: Services;
let smtp: SmtpServer;
const logged: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  smtp = await startSmtp();
  const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
  services = await openServices({ config: config(), log });
  await services.tenants.create({ slug: 'acme', name: 'Acme Ltd', actor: 'test' });
});
afterAll(async () => {
  process.exitCode = 0;
  await services.close();
  await smtp.stop();
  await database.drop();
});

function config() {
  const loaded = loadConfig({
    argv: ['--database-url', database.url, '--public-url', ORIGIN, '--smtp-url', smtp.url],
    env: { PATCHBAY_ENCRYPTION_KEYS: KEYS, MAIL_FROM: 'Patchbay <patchbay@acme.example>' },
    readFile: () => '',
  });
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
}

/** Runs a command of this process and returns what it printed and its exit code. */
async function run(args: readonly string[]): Promise<{ readonly out: string; readonly code: number }> {
  let out = '';
  const context: CommandContext = {
    config: config(),
    terminal: { out: (text) => void (out += text), err: () => undefined, isInteractive: false, columns: 100 },
    actor: 'cli:test',
    openServices: () => Promise.resolve(services),
    withServices: (work) => work(services),
    readInput(path) {
      const text = files.get(path);
      return text === undefined
        ? Promise.reject(new AppError('invalid', 'no such file'))
        : Promise.resolve(text);
    },
  };
  process.exitCode = 0;
  const isOther = args[0] === 'console' || args[0] === 'mail';
  const whole = [...(isOther ? args : ['sso', ...args]), '--tenant', 'acme'];
  const program = await buildProgram(context, whole);
  await program.parseAsync(whole, { from: 'user' });
  return { out, code: Number(process.exitCode) };
}

const runJson = async (...args: readonly string[]) => JSON.parse((await run([...args, '--json'])).out);

describe('connections by command', () => {
  it('come from metadata as a file, or from single values, and say for people what to copy', async () => {
    expect(await runJson('create', 'okta', '--metadata-file', 'idp.xml', '--label', 'Okta')).toMatchObject({
      name: 'okta',
      label: 'Okta',
      state: 'active',
      metadata: { url: null },
      serviceProvider: { acsUrl: `${ORIGIN}/sso/acme/okta/acs` },
    });
    expect(await runJson('create', 'by-hand', ...FIELDS, '--certificate', 'soon.pem')).toMatchObject({
      idp: { ssoUrl: idp.ssoUrl },
    });
    const { out } = await run(['show', 'okta']);
    expect(out).toContain(`ACS URL         ${ORIGIN}/sso/acme/okta/acs`);
    expect(out).toContain('No role rule: nobody gets in.');
    expect((await run(['list'])).out).toContain(idp.entityId);
    expect((await run(['metadata', 'okta'])).out).toContain('<EntityDescriptor');
  });

  it.each([
    ['half of the single values', FIELDS, 'Single values need all of'],
    ['two ways at once', ['--metadata-file', 'idp.xml', '--entity-id', 'x'], 'in one way'],
    ['an address inside our own network', ['--metadata-url', 'http://127.0.0.1:1/x'], 'could not be read'],
  ])('are refused from %s, and nothing is stored', async (_name, args, message) => {
    await expect(run(['create', 'wrong', ...args])).rejects.toThrow(message);
    expect((await runJson('list')).map(({ name }: { name: string }) => name)).not.toContain('wrong');
  });

  it('are switched off and on, and removed while nobody has signed in with them', async () => {
    expect(await runJson('disable', 'okta')).toMatchObject({ state: 'disabled' });
    expect(await runJson('enable', 'okta')).toMatchObject({ state: 'active' });
    await expect(run(['remove', 'okta'])).rejects.toThrow('Switch it off instead');
    await runJson('create', 'draft', '--idp', 'entra');
    await expect(run(['enable', 'draft'])).rejects.toThrow('does not know its identity provider yet');
    expect(await runJson('remove', 'draft')).toEqual({ removed: 'draft' });
  });

  it('take settings from a file and keep the others; wrong ones change nothing', async () => {
    expect(await runJson('settings', 'okta', '--file', 'settings.yaml')).toMatchObject({
      idpInitiated: true,
      jit: 'off',
      jitDays: 30,
    });
    await expect(run(['settings', 'okta', '--file', 'broken.yaml'])).rejects.toThrow('clockSkewSeconds');
    expect(await runJson('settings', 'okta')).toMatchObject({ clockSkewSeconds: 90 });
  });

  it('take roles in order, with values that hold colons and equals signs', async () => {
    const map = ['groups=CN=IT:Admins,DC=acme:owner', 'email=ada@acme.test:admin'];
    expect(await runJson('roles', 'okta', '--map', ...map)).toEqual([
      { attribute: 'groups', value: 'CN=IT:Admins,DC=acme', role: 'owner' },
      { attribute: 'email', value: 'ada@acme.test', role: 'admin' },
    ]);
    for (const wrong of ['groups=Admins', 'groups=Admins:king', '=x:owner', 'groups=:owner']) {
      await expect(run(['roles', 'okta', '--map', wrong])).rejects.toThrow('is no role rule');
    }
    expect(await runJson('roles', 'okta')).toHaveLength(2);
    expect(await runJson('roles', 'okta', '--none')).toEqual([]);
  });
});

describe('tests and traces by command', () => {
  it('a test that is not back yet says so by its exit code', async () => {
    const { url, requestId } = await runJson('test', 'okta', '--no-wait');
    expect(url).toContain(`${idp.ssoUrl}?SAMLRequest=`);
    for (const wait of [
      ['--result', requestId],
      ['--wait', '0'],
    ]) {
      const { out, code } = await run(['test', 'okta', ...wait, '--json']);
      expect([code, JSON.parse(out)]).toEqual([3, expect.objectContaining({ state: 'waiting' })]);
    }
  });

  it('a refused sign-in is found by its code, which says what arrived, what failed and what to change there', async () => {
    const sso = buildSso({ services, publicUrl: ORIGIN, onDirectoryChange: () => undefined });
    const tenant = await services.tenants.bySlug('acme');
    await sso.connections.describe(tenant, 'okta', { idpKind: 'okta' }, 'test');
    const connection = await sso.connections.byName(tenant, 'okta');
    const { friendlyId } = await sso.traces.record({
      connection,
      requestId: null,
      purpose: 'login',
      findings: [
        { check: 'audience', arrived: 'https://wrong.test', expected: `${ORIGIN}/sso/acme/okta/metadata` },
      ],
      arrived: null,
      granted: null,
    });
    sso.close();
    expect(await runJson('traces')).toMatchObject([{ code: friendlyId, outcome: 'refused' }]);
    expect((await run(['traces'])).out).toContain(friendlyId);
    const { out } = await run(['trace', friendlyId.toUpperCase()]);
    expect(out).toContain('Arrived   https://wrong.test');
    expect(out).toContain(`Expected  ${ORIGIN}/sso/acme/okta/metadata`);
    expect(out).toContain('Change    At Okta, open Applications > your app');
    expect(out).toContain('Audience URI (SP Entity ID)');
    expect(await runJson('trace', friendlyId)).toMatchObject({ findings: [{ check: 'audience' }] });
  });

  it('a code that is not known is said to be so', async () => {
    await expect(run(['trace', 'amber-fox-42'])).rejects.toThrow('There is no sign-in with the code');
  });
});

describe('a way past the identity provider', () => {
  it('is told loudly: when it is made, at every use and when it goes, in the audit trail, the log and by e-mail', async () => {
    const { totpSecret } = await runJson('console', 'owner', 'root', '--password-file', 'password');
    await runJson('console', 'owner', 'second', '--password-file', 'password');
    const sso = buildSso({ services, publicUrl: ORIGIN, onDirectoryChange: () => undefined });
    const code = totpCode(totpSecret, totpStep(new Date()));
    const credentials = { loginName: 'root', password: 'correct horse battery staple', code };
    await sso.localOwners.signIn({ tenantSlug: 'acme', ...credentials, previous: null });
    sso.close();
    await runJson('console', 'remove-owner', 'root');
    const told = [
      'A way past your identity provider was added',
      'A way past your identity provider was added',
      'Somebody signed in past your identity provider',
      'A way past your identity provider was removed',
    ];

    const system = services.database.system();
    const notices = system.selectFrom('audit_events').selectAll().where('action', '=', 'security.notice');
    expect((await notices.orderBy('id').execute()).map(({ data }) => data?.['title'])).toEqual(told);
    expect(logged.filter((line) => line.includes('security notice'))).toHaveLength(told.length);
    const mails = await system
      .selectFrom('mail_outbox')
      .selectAll()
      .where('kind', '=', 'security')
      .orderBy('created_at')
      .execute();
    expect(mails.map(({ subject, recipients }) => [subject, recipients])).toEqual(
      told.map((title) => [title, null]),
    );
    await runJson('mail', 'contacts', 'add', 'soc@acme.example', '--kinds', 'security');
    await buildMailDelivery(services)();
    const received = smtp.received.filter(({ to }) => to.includes('soc@acme.example'));
    expect(received.map(({ parsed }) => parsed.subject)).toEqual(told);
    expect(received[2]?.parsed.text).toContain('signed in with password and authenticator');
    expect(received[2]?.parsed.text).toContain('Recovery codes left: 10');
  });
});

describe('certificates, domains and setup links by command', () => {
  it('certificates show how long they last', async () => {
    const certificates = await runJson('certificates');
    expect(certificates).toContainEqual(expect.objectContaining({ connection: 'okta', warning: null }));
    expect(certificates).toContainEqual(
      expect.objectContaining({
        connection: 'by-hand',
        warning: expect.objectContaining({ daysLeft: 19, threshold: 30, hasSuccessor: false }),
      }),
    );
    expect((await run(['certificates'])).out).toContain('19 days left');
  });

  it('domains come with the record that proves them', async () => {
    expect(await runJson('domain', 'add', 'Acme.TEST')).toMatchObject({
      domain: 'acme.test',
      recordName: '_patchbay-challenge.acme.test',
      verifiedAt: null,
    });
    expect((await run(['domain', 'list'])).out).toContain('not proven');
    const domains = makeDomainStore(services.database);
    const { id } = await services.tenants.bySlug('acme');
    const at = new Date('2026-11-03T08:00:00Z');
    const audit = { at, actor: 'test', action: 'test', targetType: 'domain', targetId: 'acme.test' };
    await domains.markVerified(id, 'acme.test', at, audit);
    expect((await ssoTroubles(services)).map(({ detail }) => detail)).toEqual([
      `the identity provider's certificate of "by-hand" runs out in 19 days`,
    ]);
    await domains.recordMissing(id, 'acme.test', { at, problem: 'gone', nextCheckAt: at, audit: null });
    expect((await run(['domain', 'list'])).out).toContain('record gone since 2026-11-03');
    expect(await ssoTroubles(services)).toContainEqual({
      check: 'single sign-on of acme',
      detail: 'the DNS record that proves acme.test is gone since 2026-11-03',
      remedy: expect.stringContaining('patchbay sso domain remove acme.test --tenant acme --confirm'),
    });
    await expect(run(['domain', 'remove', 'acme.test'])).rejects.toThrow('naming the domain once more');
    const confirmed = ['domain', 'remove', 'acme.test', '--confirm', 'acme.test'];
    expect(await runJson(...confirmed)).toEqual({ removed: 'acme.test' });
  });

  it('setup links are made once, listed without their secret, and ended', async () => {
    const { url, link } = await runJson('link', 'create', '--label', 'IT of Acme', '--days', '2');
    expect(url).toMatch(/^https:\/\/patchbay\.example\.test\/setup\/[\w-]{43}$/);
    const listed = await run(['link', 'list', '--json']);
    expect(JSON.parse(listed.out)).toEqual([
      expect.objectContaining({ id: link.id, state: 'open', step: 'idp' }),
    ]);
    expect(listed.out).not.toContain(url.split('/').at(-1));
    expect(await runJson('link', 'revoke', link.id)).toEqual({ revoked: link.id });
    await expect(run(['link', 'revoke', link.id])).rejects.toMatchObject({ kind: 'notFound' });
    await expect(run(['link', 'create', '--label', 'x', '--days', '90'])).rejects.toThrow('up to 30 days');
  });

  it('a setup link goes out by e-mail, and stands nowhere else', async () => {
    const args = ['link', 'create', '--label', 'IT', '--max-opens', '1', '--to', 'it@acme.example'];
    const { url, link } = await runJson(...args);
    const token = url.split('/').at(-1);
    const outbox = () => services.database.system().selectFrom('mail_outbox').selectAll().execute();
    expect(link.sentTo).toBe('it@acme.example');
    expect(JSON.stringify(await outbox())).not.toContain(token);

    await buildMailDelivery(services)();
    const mail = smtp.received.at(-1);
    expect(mail?.to).toEqual(['it@acme.example']);
    expect(mail?.parsed.subject).toBe('Set up single sign-on for Acme Ltd');
    expect(mail?.parsed.text).toContain(`\n${url}\n`);
    expect(mail?.parsed.text).toContain('can be opened once');
    const audit = await services.database.system().selectFrom('audit_events').selectAll().execute();
    expect(JSON.stringify([await outbox(), audit, logged])).not.toContain(token);
    expect(audit.at(-1)).toMatchObject({ data: { label: 'IT', sentTo: 'it@acme.example' } });
  });

  it('a setup link for a wrong address is not made', async () => {
    const before = await runJson('link', 'list');
    const to = 'it@acme.example, eve@evil.example';
    await expect(run(['link', 'create', '--label', 'x', '--to', to])).rejects.toThrow('no e-mail address');
    expect(await runJson('link', 'list')).toEqual(before);
  });
});
