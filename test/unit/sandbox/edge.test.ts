import { describe, expect, test } from 'vitest';

import { openSandbox, send } from './support.js';

const json = { 'content-type': 'application/json' };

function basic(pair: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

describe('credentials', () => {
  test('a request without a credential is 401 in the edge form', async () => {
    const { url } = await openSandbox();

    const { status, body } = await send('GET', `${url}/v1/ping`, {});

    expect([status, body]).toEqual([401, { message: 'Unauthorized' }]);
  });

  test('a wrong or malformed pair is 403 in the edge form', async () => {
    const { url, company } = await openSandbox();
    const wrong = [
      basic(`${company.apiId}:${'0'.repeat(32)}`),
      basic(`${company.apiId}`),
      { authorization: 'Bearer x' },
      { authorization: 'Basic %%%' },
    ];

    for (const headers of wrong) {
      const { status, body } = await send('GET', `${url}/v1/ping`, headers);
      expect([status, body]).toEqual([403, { message: 'Forbidden' }]);
    }
  });

  test('the right pair is let in', async () => {
    const { call } = await openSandbox();

    expect(await call('GET', '/v1/ping')).toMatchObject({ status: 200, body: { ping: 'pong' } });
  });

  test('a revoked key is turned away', async () => {
    const { call, sandbox, company } = await openSandbox();

    await sandbox.dashboard.revokeApiKey({ apiId: company.apiId });

    expect(await call('GET', '/v1/ping')).toMatchObject({ status: 403 });
  });

  test('a refused credential changes nothing', async () => {
    const { url, sandbox } = await openSandbox();
    const before = sandbox.snapshot();

    await send('POST', `${url}/v2/users`, { ...json, ...basic('a:b') }, { email: 'x@example.com' });

    expect(sandbox.snapshot()).toEqual(before);
  });
});

describe('the two error tiers', () => {
  test('an unknown path is 404 in the edge form, with or without a credential', async () => {
    const { url, call } = await openSandbox();

    expect(await call('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { message: 'Not Found' } });
    expect(await send('GET', `${url}/v3/users`, {})).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    });
  });

  test('an unknown id is 404 in the application form', async () => {
    const { call } = await openSandbox();
    const paths = ['/v2/users/1', '/v1/teams/1', '/v1/numbers/1', '/v1/calls/1', '/v1/webhooks/1'];

    for (const path of paths) {
      const { status, body } = await call('GET', path);
      expect([path, status, Object.keys(body)]).toEqual([path, 404, ['error', 'troubleshoot']]);
    }
  });

  test('a body that is not JSON is 400 in the application form', async () => {
    const { call } = await openSandbox();

    const { status, body } = await call('POST', '/v2/users', '{"email":');

    expect([status, Object.keys(body)]).toEqual([400, ['error', 'troubleshoot']]);
  });

  test('a body beyond a megabyte is refused', async () => {
    const { call } = await openSandbox();

    expect(await call('POST', '/v2/users', { pad: 'x'.repeat(1_100_000) })).toMatchObject({ status: 413 });
  });
});

describe('switch contentType', () => {
  test('required: a write without the header is 400', async () => {
    const { url, company } = await openSandbox();

    const answer = await send('POST', `${url}/v1/teams`, basic(`${company.apiId}:${company.apiToken}`));

    expect(answer).toMatchObject({ status: 400, body: { error: 'Bad Request' } });
  });

  test('optional: a write without the header is let in', async () => {
    const { url, company } = await openSandbox({ contentType: 'optional' });
    const path = `${url}/v1/users/${company.ownerId}`;

    const answer = await send('DELETE', path, basic(`${company.apiId}:${company.apiToken}`));

    expect(answer.status).toBe(422);
  });
});

describe('switch v1UserRoutes', () => {
  const gone = [
    ['GET', '/v1/users'],
    ['GET', '/v1/users/1000001'],
    ['POST', '/v1/users'],
    ['PUT', '/v1/users/1000001'],
  ] as const;

  test('404: the retired v1 user routes are unknown to the edge', async () => {
    const { call } = await openSandbox();

    for (const [method, path] of gone) {
      expect(await call(method, path)).toMatchObject({ status: 404, body: { message: 'Not Found' } });
    }
  });

  test('410: the retired v1 user routes say so', async () => {
    const { call } = await openSandbox({ v1UserRoutes: 410 });

    for (const [method, path] of gone) {
      expect(await call(method, path)).toMatchObject({ status: 410, body: { error: 'Gone' } });
    }
  });
});

test('the company tells its name and counts', async () => {
  const { call } = await openSandbox();

  const { body } = await call('GET', '/v1/company');

  expect(body).toEqual({ company: { name: 'Example', users_count: 1, numbers_count: 2 } });
});
