import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../src/store/embedded/embedded-postgres.js';
import { makeInstallation, type Installation, type RunningService } from '../../support/installation.js';
import { callScim, complaintsIn, type ScimCalls } from '../../support/scim-calls.js';
import { until } from '../../support/service-process.js';
import { startTcpRelay, type TcpRelay } from '../../support/tcp-relay.js';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('a running service on a database of one’s own', () => {
  let installation: Installation;
  let database: EmbeddedPostgres;
  let relay: TcpRelay;
  let service: RunningService;
  let scim: ScimCalls;

  beforeAll(async () => {
    installation = await makeInstallation({ PATCHBAY_LOG_LEVEL: 'error' });
    database = await startEmbeddedPostgres({ dataDir: installation.dataDir, durable: false, log: quiet });
    const url = new URL(database.url);
    relay = await startTcpRelay(Number(url.port));
    url.port = String(relay.port);
    service = await installation.serve(['--demo'], {
      DATABASE_URL: url.href,
      PATCHBAY_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    });
    scim = callScim(service.ready);
    await scim.addUser('ada@demo.example', ['Sales US']);
  });

  afterAll(async () => {
    await service.end('SIGKILL');
    await relay.close();
    await database.stop();
    await installation.remove();
  });

  const tooLarge = JSON.stringify({ userName: 'x'.repeat(2_000_000) });
  const user = JSON.stringify({ userName: 'eve@demo.example' });
  const refusals = [
    ['malformed JSON', 'POST', '/Users', '{"userName": ', {}, 400, /not valid JSON/],
    ['no body', 'POST', '/Users', '', {}, 400, /userName is required/],
    ['a list for a body', 'POST', '/Users', '[]', {}, 400, /one JSON object/],
    ['2 MB', 'POST', '/Users', tooLarge, {}, 413, /larger than this server accepts/],
    ['another content type', 'POST', '/Users', user, { 'content-type': 'text/plain' }, 400, /sent as application\/scim\+json/],
    ['no such user', 'GET', '/Users/01a2026c-4c4c-70a7-a25e-7cbdb588caa9', undefined, {}, 404, /There is no user/],
    ['no such endpoint', 'POST', '/People', user, {}, 404, /./],
    ['a filter that is none', 'GET', '/Users?filter=userName%20eq', undefined, {}, 400, /value is missing.*character 12/],
    ['a wrong token', 'POST', '/Users', user, { authorization: 'Bearer nope' }, 401, /unknown, expired or revoked/],
    ['a token that never was', 'POST', '/Users', user, { authorization: 'Bearer pbk_scim_hmurLOfaINPw7HwdoHoDhBmCqtlobC1ffJxM' }, 401, /unknown, expired or revoked/],
  ] as const; // prettier-ignore

  it.each(refusals)(
    '%s: a SCIM error that says what is wrong, and nothing half-done',
    async (_what, method, path, body, headers, status, detail) => {
      const answer = await scim.send(method, path, body, headers);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        'application/scim+json; charset=utf-8',
      ]);
      expect(answer.body).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: String(status),
        detail: expect.stringMatching(detail),
      });
      expect([await scim.count('/Users'), await scim.count('/Groups')]).toEqual([1, 1]);
    },
  );

  it('outside of SCIM, too, an unknown path is a clear 404', async () => {
    const answer = await callScim({ scimBaseUrl: installation.url, token: null }).send(
      'GET',
      '/nothing/here',
    );
    expect([answer.status, answer.body]).toEqual([
      404,
      { error: { kind: 'notFound', message: 'There is nothing at this address.' } },
    ]);
  });

  it('without its database it lives, is not ready, and sends IdPs away for a moment: never with 401 or 404', async () => {
    // Whoever is cut off while applying keeps the account until the lease has run out: a minute and a half.
    await until(
      async () =>
        (await installation.query('select id from accounts where lease_holder is not null')).length === 0,
      'nobody is applying',
    );
    relay.cut();
    const web = callScim({ scimBaseUrl: installation.url, token: null });
    await until(async () => (await web.send('GET', '/readyz')).status === 503, 'not ready');
    expect((await web.send('GET', '/readyz')).body).toMatchObject({ checks: { database: 'failing' } });
    expect((await web.send('GET', '/healthz')).status).toBe(200);
    const stranger = { authorization: 'Bearer pbk_scim_hmurLOfaINPw7HwdoHoDhBmCqtlobC1ffJxM' };
    for (const asked of [
      scim.send('GET', '/Users'),
      scim.send('POST', '/Users', { userName: 'lost@demo.example' }),
      scim.send('GET', '/Users/01a2026c-4c4c-70a7-a25e-7cbdb588caa9'),
      scim.send('GET', '/Users', undefined, stranger),
    ]) {
      const { status, headers } = await asked;
      expect([status, headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    }
  });

  it('and when the database is back everything goes on by itself: requests, workers, the phone system', async () => {
    relay.mend();
    await until(async () => (await fetch(`${installation.url}/readyz`)).ok, 'ready again');
    expect(service.isRunning()).toBe(true);
    expect(await scim.count('/Users')).toBe(1);
    await scim.addUser('grace@demo.example', ['Sales US']);
    const emails = async () => (await installation.dashboard.state()).users.map(({ email }) => email);
    await until(
      async () => (await emails()).includes('grace@demo.example'),
      'an agent for somebody pushed after it',
    );
    expect(new Set(await emails()).size).toBe(3);
  });

  it('stops without complaint afterwards', async () => {
    const before = service.output.stderr.length;
    const { code, stderr } = await service.end('SIGINT');
    expect([code, complaintsIn({ stderr: stderr.slice(before) })]).toEqual([0, []]);
  });
});
