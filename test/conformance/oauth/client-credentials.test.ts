import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS_TOKEN_REVOCATION_MS } from '../../../src/tenancy/oauth/access-tokens.js';
import { readTokenKind } from '../../../src/lib/tokens.js';
import type { OAuthClient } from '../../../src/tenancy/oauth/ports.js';
import { openOAuth, type OAuthHarness, type TokenAnswer } from './harness.js';

let oauth: OAuthHarness;

beforeAll(async () => {
  oauth = await openOAuth();
});

afterAll(async () => {
  await oauth.close();
});

const actor = 'test';

async function newClient(
  options: { accessTokenSeconds?: number } = {},
): Promise<{ client: OAuthClient; secret: string }> {
  const { tenantId } = oauth;
  const client = await oauth.clients.create({ tenantId, name: 'Entra', actor, ...options });
  const { secret } = await oauth.clients.addSecret({ tenantId, id: client.id, actor });
  return { client, secret };
}

const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

const form = { grant_type: 'client_credentials' };

function ask({ client, secret }: { client: OAuthClient; secret: string }): Promise<TokenAnswer> {
  return oauth.post({ ...form, client_id: client.clientId, client_secret: secret });
}

async function tokenOf(credentials: { client: OAuthClient; secret: string }): Promise<string> {
  return String((await ask(credentials)).body['access_token']);
}

describe('the client credentials grant', () => {
  it('answers a bearer token as RFC 6749 section 5.1 says, and caches must not keep it', async () => {
    const credentials = await newClient();
    const answer = await ask(credentials);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.any(String) as string,
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'scim',
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(readTokenKind(String(answer.body['access_token']))).toBe('access');
    expect(await oauth.verify(String(answer.body['access_token']))).toMatchObject({
      tenantId: oauth.tenantId,
      clientId: credentials.client.clientId,
      clientName: 'Entra',
    });
  });

  it('takes the secret in the Authorization header too', async () => {
    const { client, secret } = await newClient();
    expect((await oauth.post(form, basic(client.clientId, secret))).status).toBe(200);
  });

  it('lets a client choose token lives of 60 minutes to 6 hours, and no others', async () => {
    const credentials = await newClient({ accessTokenSeconds: 21_600 });
    expect((await ask(credentials)).body['expires_in']).toBe(21_600);
    for (const accessTokenSeconds of [3_599, 21_601, Number.NaN]) {
      await expect(newClient({ accessTokenSeconds })).rejects.toThrow(
        expect.objectContaining({ kind: 'invalid' }),
      );
    }
  });

  it('ends a token when its time is over', async () => {
    const token = await tokenOf(await newClient());
    oauth.clock.advance(3_600_000 - 1);
    expect(await oauth.verify(token)).not.toBeNull();
    oauth.clock.advance(1);
    expect(await oauth.verify(token)).toBeNull();
  });

  it('accepts several secrets at once and each of them no longer once revoked or expired', async () => {
    const { client, secret: first } = await newClient();
    const { tenantId } = oauth;
    const { secret: second, record } = await oauth.clients.addSecret({
      tenantId,
      id: client.id,
      actor,
      validDays: 30,
    });
    expect((await ask({ client, secret: first })).status).toBe(200);
    expect((await ask({ client, secret: second })).status).toBe(200);
    await oauth.clients.revokeSecret({ tenantId, secretId: record.id, actor });
    expect((await ask({ client, secret: second })).status).toBe(401);
    expect((await ask({ client, secret: first })).status).toBe(200);
    oauth.clock.advance(366 * 86_400_000);
    expect((await ask({ client, secret: first })).status).toBe(401);
  });

  it('refuses a sixth valid secret, even when several are asked for at once', async () => {
    const { client } = await newClient();
    const { tenantId } = oauth;
    const add = (): Promise<unknown> => oauth.clients.addSecret({ tenantId, id: client.id, actor });
    for (let secrets = 1; secrets < 4; secrets += 1) await add();
    const openConnections = Array.from({ length: 4 }, () => oauth.clients.list(tenantId));
    await Promise.all(openConnections);
    const outcomes = await Promise.allSettled([add(), add(), add(), add()]);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses tokens of a revoked client within the documented time', async () => {
    const credentials = await newClient();
    const token = await tokenOf(credentials);
    expect(await oauth.verify(token)).not.toBeNull();
    await oauth.clients.revoke({ tenantId: oauth.tenantId, id: credentials.client.id, actor });
    oauth.clock.advance(ACCESS_TOKEN_REVOCATION_MS);
    expect(await oauth.verify(token)).toBeNull();
    expect((await ask(credentials)).status).toBe(401);
  });

  it('lets one tenant neither see nor change the clients of another', async () => {
    const { client } = await newClient();
    const foreign = { tenantId: oauth.otherTenantId, id: client.id, actor };
    expect(await oauth.clients.list(oauth.otherTenantId)).toEqual([]);
    for (const attempt of [
      () => oauth.clients.addSecret(foreign),
      () => oauth.clients.setFederation({ ...foreign, federation: null }),
      () => oauth.clients.revoke(foreign),
      () => oauth.clients.revoke({ ...foreign, id: 'no uuid' }),
    ]) {
      await expect(attempt()).rejects.toThrow(expect.objectContaining({ kind: 'notFound' }));
    }
  });

  it('stores neither secrets nor tokens in clear', async () => {
    const { client, secret } = await newClient();
    const listed = await oauth.clients.list(oauth.tenantId);
    expect(JSON.stringify(listed)).not.toContain(secret);
    expect(listed.find((each) => each.client.id === client.id)?.secrets[0]?.hint).toContain(secret.slice(-4));
  });
});

describe('a refused token request', () => {
  it.each<
    [
      string,
      (id: string, secret: string) => [Record<string, string> | string, Record<string, string>?],
      number,
      string,
    ]
  >([
    ['wrong secret', (id) => [{ ...form, client_id: id, client_secret: 'wrong' }], 401, 'invalid_client'],
    [
      'unknown client',
      (_id, secret) => [{ ...form, client_id: 'x', client_secret: secret }],
      401,
      'invalid_client',
    ],
    ['no proof', (id) => [{ ...form, client_id: id }], 401, 'invalid_client'],
    [
      'odd characters',
      (id) => [{ ...form, client_id: `${id}\0`, client_secret: '\0' }],
      401,
      'invalid_client',
    ],
    ['wrong secret in the header', (id) => [form, basic(id, 'wrong')], 401, 'invalid_client'],
    ['broken header', () => [form, { authorization: 'Basic %%%' }], 401, 'invalid_client'],
    ['other scheme', () => [form, { authorization: 'Bearer abc' }], 401, 'invalid_client'],
    [
      'assertion without federation',
      (id) => [
        {
          ...form,
          client_id: id,
          client_assertion: 'a.b.c',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        },
      ],
      401,
      'invalid_client',
    ],
    [
      'two ways at once',
      (id, secret) => [{ ...form, client_id: id, client_secret: secret }, basic(id, secret)],
      400,
      'invalid_request',
    ],
    ['no grant type', (id, secret) => [{ client_id: id, client_secret: secret }], 400, 'invalid_request'],
    [
      'another grant type',
      (id, secret) => [{ grant_type: 'password', client_id: id, client_secret: secret }],
      400,
      'unsupported_grant_type',
    ],
    ['no client id', (_id, secret) => [{ ...form, client_secret: secret }], 400, 'invalid_request'],
    [
      'a parameter twice',
      (id, secret) => [
        `grant_type=client_credentials&client_id=${id}&client_id=${id}&client_secret=${secret}`,
      ],
      400,
      'invalid_request',
    ],
    [
      'unknown assertion type',
      (id) => [{ ...form, client_id: id, client_assertion: 'a.b.c', client_assertion_type: 'x' }],
      400,
      'invalid_request',
    ],
    [
      'JSON',
      (id, secret) => [
        JSON.stringify({ ...form, client_id: id, client_secret: secret }),
        { 'content-type': 'application/json' },
      ],
      400,
      'invalid_request',
    ],
    [
      'an enormous form',
      (id) => [{ ...form, client_id: id, client_secret: 'x'.repeat(100_000) }],
      413,
      'invalid_request',
    ],
  ])('for %s has the error body of RFC 6749 section 5.2', async (_case, make, status, error) => {
    const { client, secret } = await newClient();
    const [body, headers] = make(client.clientId, secret);
    const answer = await oauth.post(body, headers);
    expect({ status: answer.status, error: answer.body['error'] }).toEqual({
      status,
      error,
    });
    expect(answer.body['error_description']).toEqual(expect.any(String));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.has('www-authenticate')).toBe(error === 'invalid_client');
  });

  it('for another method is 405', async () => {
    const answer = await fetch(oauth.tokenUrl);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });
});

describe('the token endpoint', () => {
  it('limits requests from one address', async () => {
    const limited = await openOAuth({ requestsPerMinute: 3 });
    try {
      const answers = [];
      for (let attempt = 0; attempt < 4; attempt += 1) answers.push(await limited.post(form));
      expect(answers.map((answer) => answer.status)).toEqual([400, 400, 400, 429]);
      expect(answers[3]?.headers.get('retry-after')).toMatch(/^\d+$/);
    } finally {
      await limited.close();
    }
  });
});
