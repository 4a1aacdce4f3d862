import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../support/free-port.js';
import { makeInstallation, type Installation } from '../../support/installation.js';
import { answerOf, startSamlIdp, type SamlIdpServer } from '../../support/saml-idp-server.js';
import { makeBrowser, pathOf, type Browser } from '../../support/sso-world.js';

const JANE = {
  nameId: 'G-7f83b1657ff1fc53',
  attributes: { firstName: ['Zoë'], lastName: ['Łukasiewicz'], groups: ['IT Admins'] },
};
const AT_ACME = ['--tenant', 'acme'];

let installation: Installation;
let idp: SamlIdpServer;

beforeAll(async () => {
  idp = await startSamlIdp(JANE);
  installation = await makeInstallation({
    PATCHBAY_LOG_LEVEL: 'error',
    PATCHBAY_ALLOW_LOOPBACK_PROVIDERS: 'true',
  });
  await installation.serve(['--no-demo']);
  await installation.runJson(['tenant', 'create', 'acme']);
});
afterAll(async () => {
  await idp?.stop();
  await installation?.remove();
});

const sso = (...args: readonly string[]) => installation.runJson(['sso', ...args, ...AT_ACME]);

/** Goes to the identity provider as a browser would, and posts its answer to us. Returns ours. */
async function answerAt(browser: Browser, url: string): Promise<Response> {
  const { action, message } = await answerOf(url);
  return browser.post(action, { SAMLResponse: message });
}

describe('a tenant whose single sign-on is set up by the command line alone', () => {
  it('gets a connection from a metadata address, whose test says what is missing, and then lets people in', async () => {
    const made = await sso('create', 'okta', '--metadata-url', idp.metadataUrl, '--idp', 'okta');
    expect(made).toMatchObject({
      name: 'okta',
      state: 'active',
      idp: { entityId: idp.idp.entityId },
      serviceProvider: { acsUrl: `${installation.url}/sso/acme/okta/acs` },
    });
    const browser = makeBrowser({ origin: installation.url });

    const refused = await test(browser);
    expect(refused.code).toBe(3);
    expect(refused.result).toMatchObject({
      state: 'done',
      trace: { outcome: 'refused', findings: [{ check: 'role' }] },
    });

    expect(
      await sso('roles', 'okta', '--map', 'groups=IT Admins:admin', 'email=boss@acme.test:owner'),
    ).toEqual([
      { attribute: 'groups', value: 'IT Admins', role: 'admin' },
      { attribute: 'email', value: 'boss@acme.test', role: 'owner' },
    ]);
    const passed = await test(browser);
    expect(passed.code).toBe(0);
    expect(passed.result.trace).toMatchObject({
      outcome: 'passed',
      granted: { role: 'admin', groups: ['IT Admins'] },
    });

    expect(await enter()).toEqual({ status: 200, text: expect.stringContaining('Zoë Łukasiewicz') });
  });
});

describe('an answer that arrives at two processes at once', () => {
  it('lets somebody in once, and every other time leaves a trace that says why', async () => {
    const env = { PORT: String(await freePort()), PATCHBAY_PUBLIC_URL: installation.url };
    const second = await installation.serve(['--no-demo'], env);
    const origins = [installation.url, `http://127.0.0.1:${env.PORT}`];
    const begun = await makeBrowser({ origin: installation.url }).get('/sso/acme/okta/login');
    const { action, message } = await answerOf(begun.headers.get('location') ?? '');
    const answers = await Promise.all(
      [...origins, ...origins, ...origins].map((origin) =>
        makeBrowser({ origin }).post(action, { SAMLResponse: message }),
      ),
    );
    await second.end('SIGTERM');

    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 403, 403, 403, 403, 403]);
    const traces = (await sso('traces')) as readonly { findings: readonly { check: string }[] }[];
    expect(traces.slice(0, 5).map(({ findings }) => findings.map(({ check }) => check))).toEqual(
      Array.from({ length: 5 }, () => ['replay']),
    );
  });
});

/** Begins a test, answers it, and asks for the result. */
async function test(browser: Browser) {
  const { url, requestId } = await sso('test', 'okta', '--no-wait');
  const waiting = await installation.run([
    'sso',
    'test',
    'okta',
    ...AT_ACME,
    '--result',
    requestId,
    '--json',
  ]);
  expect([waiting.code, JSON.parse(waiting.stdout).state]).toEqual([3, 'waiting']);
  const answered = await answerAt(browser, url);
  expect(await (await browser.get(pathOf(answered))).text()).toContain('The test sign-in is back');
  const end = await installation.run(['sso', 'test', 'okta', ...AT_ACME, '--result', requestId, '--json']);
  return { code: end.code, result: JSON.parse(end.stdout) };
}

/** A sign-in for real, up to the console's first page. */
async function enter(): Promise<{ readonly status: number; readonly text: string }> {
  const browser = makeBrowser({ origin: installation.url });
  const begun = await browser.get('/sso/acme/okta/login?returnTo=/console/');
  const posted = await answerAt(browser, begun.headers.get('location') ?? '');
  const completed = await browser.get(pathOf(posted));
  const home = await browser.get(pathOf(completed));
  return { status: home.status, text: await home.text() };
}
