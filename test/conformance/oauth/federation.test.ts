import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OAuthClient } from '../../../src/tenancy/oauth/ports.js';
import { openIssuer, openOAuth, type OAuthHarness, type TestIssuer, type TokenAnswer } from './harness.js';

let oauth: OAuthHarness;
let issuer: TestIssuer;
let client: OAuthClient;

const subject = '7a5c1d52-7e0d-4b6a-9f7f-000000000001';
const audience = 'api://00000000-0000-0000-0000-000000000002';

beforeAll(async () => {
  oauth = await openOAuth();
});

afterAll(async () => {
  await oauth.close();
});

beforeEach(async () => {
  issuer = await openIssuer();
  client = await oauth.clients.create({
    tenantId: oauth.tenantId,
    name: 'Entra',
    actor: 'test',
    federation: { issuer: 'https://login.example.test/t/v2.0', subject, audience, jwksUrl: issuer.jwksUrl },
  });
  return () => issuer.close();
});

const nowSeconds = (): number => Math.floor(oauth.clock.now().getTime() / 1_000);

function claims(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const iat = nowSeconds();
  return {
    iss: 'https://login.example.test/t/v2.0',
    sub: subject,
    aud: audience,
    iat,
    nbf: iat,
    exp: iat + 3_600,
    ...changes,
  };
}

function present(assertion: string): Promise<TokenAnswer> {
  return oauth.post({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    scope: `${audience}/.default`,
  });
}

describe('a federated client', () => {
  it('gets an access token for the assertion of its issuer, and for the same one again', async () => {
    const assertion = await issuer.sign(claims());
    const answers = [await present(assertion), await present(assertion)];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    expect(await oauth.verify(String(answers[0]?.body['access_token']))).toMatchObject({
      tenantId: oauth.tenantId,
    });
    expect(issuer.reads()).toBe(1);
  });

  it.each(['RS256', 'PS256', 'ES256'])('may sign with %s', async (algorithm) => {
    await issuer.rotate('other', algorithm);
    expect((await present(await issuer.sign(claims()))).status).toBe(200);
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['issuer', () => claims({ iss: 'https://login.example.test/other/v2.0' })],
    ['subject', () => claims({ sub: 'somebody else' })],
    ['audience', () => claims({ aud: `${audience}/.default` })],
    ['expiry passed', () => claims({ exp: nowSeconds() - 61 })],
    ['start in the future', () => claims({ nbf: nowSeconds() + 61 })],
    ['expiry missing', () => ({ iss: claims()['iss'], sub: subject, aud: audience })],
    ['subject missing', () => claims({ sub: undefined })],
  ])('is refused for a wrong claim: %s', async (_claim, make) => {
    const answer = await present(await issuer.sign(make()));
    expect({ status: answer.status, error: answer.body['error'] }).toEqual({
      status: 401,
      error: 'invalid_client',
    });
  });

  it('is allowed a minute of clock skew', async () => {
    expect((await present(await issuer.sign(claims({ exp: nowSeconds() - 30 })))).status).toBe(200);
    expect((await present(await issuer.sign(claims({ nbf: nowSeconds() + 30 })))).status).toBe(200);
  });

  it('is refused without a signature by a published key', async () => {
    const good = await issuer.sign(claims());
    const [header, payload, signature] = good.split('.');
    const other = await openIssuer();
    const forged = await other.sign(claims());
    await other.close();
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const hmac = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'first' })).toString('base64url');
    const altered = Buffer.from(JSON.stringify(claims({ sub: subject, extra: 1 }))).toString('base64url');
    for (const assertion of [
      forged,
      `${none}.${payload ?? ''}.`,
      `${hmac}.${payload ?? ''}.${signature ?? ''}`,
      `${header ?? ''}.${altered}.${signature ?? ''}`,
      'no token',
      '',
      'a.b.c',
    ]) {
      expect((await present(assertion)).status, assertion.slice(0, 30)).toBe(401);
    }
  });

  it('goes on after the issuer changed its key, without a restart', async () => {
    expect((await present(await issuer.sign(claims()))).status).toBe(200);
    await issuer.rotate('second');
    oauth.clock.advance(31_000);
    expect((await present(await issuer.sign(claims()))).status).toBe(200);
    expect(issuer.reads()).toBe(2);
  });

  it('cannot make us read the keys more than once in half a minute by made-up key ids', async () => {
    expect((await present(await issuer.sign(claims()))).status).toBe(200);
    oauth.clock.advance(31_000);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const made = await issuer.sign(claims(), { kid: `made-up-${String(attempt)}` });
      expect((await present(made)).status).toBe(401);
    }
    expect(issuer.reads()).toBe(2);
  });

  it('goes on for a day while the issuer does not answer, and is then put off, not refused', async () => {
    expect((await present(await issuer.sign(claims()))).status).toBe(200);
    issuer.failWith(500);
    oauth.clock.advance(23 * 3_600_000);
    expect((await present(await issuer.sign(claims()))).status).toBe(200);
    oauth.clock.advance(2 * 3_600_000);
    const answer = await present(await issuer.sign(claims()));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('is put off while the keys were never readable, and gets in once they are', async () => {
    issuer.failWith(404);
    expect((await present(await issuer.sign(claims()))).status).toBe(503);
    issuer.failWith(null);
    oauth.clock.advance(31_000);
    expect((await present(await issuer.sign(claims()))).status).toBe(200);
  });

  it('is refused once its federation was taken away', async () => {
    const { tenantId } = oauth;
    const assertion = await issuer.sign(claims());
    await oauth.clients.setFederation({ tenantId, id: client.id, actor: 'test', federation: null });
    expect((await present(assertion)).status).toBe(401);
  });

  it('is not accepted with settings that cannot work', async () => {
    const federation = { issuer: 'x', subject, audience, jwksUrl: issuer.jwksUrl };
    for (const change of [{ issuer: ' ' }, { subject: '' }, { audience: '' }, { jwksUrl: 'keys' }]) {
      await expect(
        oauth.clients.create({
          tenantId: oauth.tenantId,
          name: 'x',
          actor: 'test',
          federation: { ...federation, ...change },
        }),
      ).rejects.toThrow(expect.objectContaining({ kind: 'invalid' }));
    }
  });
});

describe('the token endpoint', () => {
  it('answers 503, never 401, while the database is away', async () => {
    const other = await openOAuth();
    try {
      const answer = async (): Promise<number> =>
        (await other.post({ grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' })).status;
      expect(await answer()).toBe(401);
      await other.closeDatabase();
      expect(await answer()).toBe(503);
    } finally {
      await other.close();
    }
  });
});
