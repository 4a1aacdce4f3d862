import { describe, expect, test } from 'vitest';

import type { AircallSandboxSettingsInput } from '../../../src/sandbox/aircall/settings.js';
import { apiClient, openSandbox, START_MS, type Answer, type Fixture } from './support.js';

async function exhausted(
  settings: AircallSandboxSettingsInput = {},
): Promise<{ fixture: Fixture; last: Answer }> {
  const fixture = await openSandbox({ requestsPerMinute: 3, ...settings });
  for (let index = 0; index < 3; index += 1) await fixture.call('GET', '/v1/ping');
  return { fixture, last: await fixture.call('GET', '/v1/ping') };
}

const limitNames = ['x-aircallapi-limit', 'x-aircallapi-remaining', 'x-aircallapi-reset'];

function limitsOf(answer: Answer): (string | null)[] {
  return limitNames.map((name) => answer.headers.get(name));
}

describe('the budget', () => {
  test('requestsPerMinute is 120 by default', async () => {
    const { call } = await openSandbox({ requestsPerMinute: undefined });
    const statuses = await Promise.all(Array.from({ length: 121 }, () => call('GET', '/v1/ping')));

    expect(
      statuses
        .map(({ status }) => status)
        .sort()
        .slice(-2),
    ).toEqual([200, 429]);
  });

  test('a request beyond it is 429 with the limit headers, has no effect, and is marked in the log', async () => {
    const { fixture, last } = await exhausted();

    expect([last.status, last.body]).toEqual([429, { error: 'Too Many Requests' }]);
    expect(limitsOf(last)).toEqual(['3', '0', String(START_MS / 1000 + 60)]);
    const refused = await fixture.call('POST', '/v1/teams', { name: 'New' });
    expect(refused.status).toBe(429);
    expect(fixture.sandbox.snapshot().teams).toHaveLength(2);
    const marks = fixture.sandbox.requestLog.entries().map((entry) => entry.isRateLimited);
    expect(marks).toEqual([false, false, false, true, true]);
  });

  test('is the company’s: every key draws on it', async () => {
    const { fixture } = await exhausted();
    const second = apiClient(fixture.url, await fixture.sandbox.dashboard.createApiKey({}));

    expect(await second('GET', '/v1/ping')).toMatchObject({ status: 429 });
  });

  test('is not drawn on by requests that the edge refuses', async () => {
    const { call, url } = await openSandbox({ requestsPerMinute: 1 });
    await apiClient(url, { apiId: 'x', apiToken: 'y' })('GET', '/v1/ping');

    expect(await call('GET', '/v1/ping')).toMatchObject({ status: 200 });
  });
});

describe('switches', () => {
  test('rateLimitShape minute-window: all of it comes back with the next minute', async () => {
    const { fixture } = await exhausted();

    await fixture.sandbox.dashboard.advanceClock({ ms: 59_999 });
    expect(await fixture.call('GET', '/v1/ping')).toMatchObject({ status: 429 });
    await fixture.sandbox.dashboard.advanceClock({ ms: 1 });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await fixture.call('GET', '/v1/ping')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  test('rateLimitShape token-bucket: it comes back bit by bit', async () => {
    const { fixture, last } = await exhausted({ rateLimitShape: 'token-bucket' });
    expect(limitsOf(last)).toEqual(['3', '0', String(START_MS / 1000 + 20)]);

    await fixture.sandbox.dashboard.advanceClock({ ms: 20_000 });

    expect(await fixture.call('GET', '/v1/ping')).toMatchObject({ status: 200 });
    expect(await fixture.call('GET', '/v1/ping')).toMatchObject({ status: 429 });
  });

  test('rateLimitHeaders: on 429 only, always, or never', async () => {
    const usual = await exhausted();
    const always = await exhausted({ rateLimitHeaders: 'always' });
    const never = await exhausted({ rateLimitHeaders: 'never' });

    expect(limitsOf(never.last)).toEqual([null, null, null]);
    expect(limitsOf(always.last)).toEqual(limitsOf(usual.last));
    for (const { fixture } of [usual, always, never]) {
      await fixture.sandbox.dashboard.advanceClock({ ms: 60_000 });
    }
    const reset = String(START_MS / 1000 + 120);
    expect(limitsOf(await usual.fixture.call('GET', '/v1/ping'))).toEqual([null, null, null]);
    expect(limitsOf(await always.fixture.call('GET', '/v1/ping'))).toEqual(['3', '2', reset]);
    expect(limitsOf(await always.fixture.call('GET', '/v2/users/5'))).toEqual(['3', '1', reset]);
  });

  test('rateLimitResetUnit milliseconds', async () => {
    const { last } = await exhausted({ rateLimitResetUnit: 'milliseconds' });

    expect(last.headers.get('x-aircallapi-reset')).toBe(String(START_MS + 60_000));
  });

  test.each([
    ['absent', null],
    ['seconds', '60'],
    ['http-date', new Date(START_MS + 60_000).toUTCString()],
  ] as const)('retryAfter %s', async (retryAfter, expected) => {
    const { last } = await exhausted({ retryAfter });

    expect(last.headers.get('retry-after')).toBe(expected);
  });

  test.each([
    ['error', { error: 'Too Many Requests' }],
    ['message', { message: 'Too Many Requests' }],
    ['empty', ''],
  ] as const)('rateLimitBody %s', async (rateLimitBody, expected) => {
    const { last } = await exhausted({ rateLimitBody });

    expect(last.body).toEqual(expected);
  });

  test('requestsPerMinute null: there is no limit', async () => {
    const { call } = await openSandbox({ requestsPerMinute: null, rateLimitHeaders: 'always' });
    const answers = await Promise.all(Array.from({ length: 150 }, () => call('GET', '/v1/ping')));

    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});
