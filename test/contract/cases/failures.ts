import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ErrorKind } from '../../../src/domain/errors.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { StartHarness } from '../harness.js';

interface ErrorCase {
  readonly status: number;
  readonly body: unknown;
  readonly kind: ErrorKind;
}

const app = (error: string) => ({ error, troubleshoot: 'See the reference' });
const edge = (message: string) => ({ message });

/** Every body of the vendor's two tiers, and what proxies in between answer. */
const errorCases: readonly ErrorCase[] = [
  { status: 400, body: app('Bad Request'), kind: 'invalid' },
  { status: 400, body: edge('Bad Request'), kind: 'invalid' },
  { status: 401, body: edge('Unauthorized'), kind: 'credential' },
  { status: 403, body: edge('Forbidden'), kind: 'credential' },
  { status: 403, body: '<html></html>', kind: 'credential' },
  { status: 404, body: app('Not Found'), kind: 'notFound' },
  { status: 404, body: edge('Not Found'), kind: 'contract' },
  { status: 404, body: '<html></html>', kind: 'contract' },
  { status: 405, body: app('Method Not Allowed'), kind: 'invalid' },
  { status: 409, body: app('Conflict'), kind: 'invalid' },
  { status: 410, body: {}, kind: 'contract' },
  { status: 418, body: {}, kind: 'contract' },
  { status: 422, body: app('Unprocessable Entity'), kind: 'invalid' },
  { status: 422, body: '', kind: 'invalid' },
  { status: 500, body: edge('Internal server error'), kind: 'unavailable' },
  { status: 502, body: '<html></html>', kind: 'unavailable' },
  { status: 503, body: edge('Service Unavailable'), kind: 'unavailable' },
  { status: 504, body: edge('Endpoint request timed out'), kind: 'unavailable' },
];

/** What goes wrong between us and the vendor. */
export function failureCases(start: StartHarness): void {
  describe('errors', () => {
    test.each(errorCases)('a write answered $status $body is $kind', async ({ status, body, kind }) => {
      await using harness = await start();
      const provider = harness.open();
      const [providerUserId = ''] = await harness.vendor.addAgents(1);
      await harness.inject({ on: 'update-agent', type: 'error', status, body });
      const before = harness.vendor.agents();

      const error = await expectError(
        provider.write({ type: 'update-agent', providerUserId, fields: { givenName: 'Eve' } }),
        kind,
      );

      expectFaults(harness, 1);
      expect(error.message.length).toBeLessThan(500);
      expect(JSON.stringify(error.fields)).not.toContain(providerUserId);
      expect(harness.vendor.agents()).toEqual(before);
      await expectTruth(harness, provider);
    });

    test.each(errorCases)('a reading answered $status $body fails', async ({ status, body, kind }) => {
      await using harness = await start();
      const provider = harness.open();
      await harness.inject({ on: 'list-teams', type: 'error', status, body });

      await expectError(provider.readAll(), kind);

      expectFaults(harness, 1);
      await expectTruth(harness, provider);
    });

    test("shows the vendor's own words, on one line and not all of a long page", async () => {
      await using harness = await start();
      const provider = harness.open();
      const body = { error: 'Invalid\n\u0007name', troubleshoot: `Use letters. ${'x'.repeat(5_000)}` };
      await harness.inject({ on: 'create-team', type: 'error', status: 400, body });

      const error = await expectError(provider.write({ type: 'create-team', team: 'Sales' }), 'invalid');

      expectFaults(harness, 1);
      expect(error.message).toContain('Invalid name: Use letters. xxx');
      expect(error.message.length).toBeLessThan(500);
      await expectTruth(harness, provider);
    });

    test('an outage that names its end says until when', async () => {
      await using harness = await start();
      const provider = harness.open();
      const headers = { 'Retry-After': '120' };
      await harness.inject({ on: 'list-agents', type: 'error', status: 503, headers });
      const before = Date.now();

      const error = await expectError(provider.readAll(), 'unavailable');

      expectFaults(harness, 1);
      expect(error.retryAt?.getTime()).toBeGreaterThanOrEqual(before + 120_000);
      await expectTruth(harness, provider);
    });

    test('no answer in time is unavailable', async () => {
      await using harness = await start();
      const provider = harness.open({ timeoutMs: 150 });
      await harness.inject({ on: 'check-credential', type: 'timeout' });

      await expectError(provider.validate(), 'unavailable');

      expectFaults(harness, 1);
    });

    test('a cut connection is unavailable', async () => {
      await using harness = await start();
      const provider = harness.open();
      await harness.inject({ on: 'list-numbers', type: 'reset' });

      await expectError(provider.readAll(), 'unavailable');

      expectFaults(harness, 1);
      await expectTruth(harness, provider);
    });

    test('a host that nobody answers is unavailable, and surely nothing was written', async () => {
      await using harness = await start();
      const port = await freePort();
      const provider = harness.open({ config: { baseUrl: `http://127.0.0.1:${port}` } });

      const error = await expectError(provider.write({ type: 'create-team', team: 'Sales' }), 'unavailable');

      expect(error.fields['mayHaveArrived']).toBe(false);
      expect(harness.requests()).toEqual([]);
    });

    test('a redirect is refused, and the credential does not follow it', async () => {
      await using harness = await start();
      await using redirecting = await startRedirecting(302);
      const provider = harness.open({ config: { baseUrl: redirecting.url } });

      await expectError(provider.validate(), 'contract');

      expect(redirecting.paths()).toHaveLength(1);
      expect(harness.requests()).toEqual([]);
    });
  });

  describe('the request limit', () => {
    test.each([
      { name: 'Retry-After in seconds', headers: { 'Retry-After': '7' }, waitMs: 7_000 },
      { name: 'no header at all', headers: {}, waitMs: 60_000 },
    ])('a 429 with $name says when to come back', async ({ headers, waitMs }) => {
      await using harness = await start();
      const provider = harness.open();
      await harness.inject({ on: 'create-team', type: 'error', status: 429, headers });
      const before = Date.now();

      const error = await expectError(provider.write({ type: 'create-team', team: 'Sales' }), 'rateLimited');

      expectFaults(harness, 1);
      const retryAt = error.retryAt?.getTime() ?? 0;
      expect(retryAt).toBeGreaterThanOrEqual(before + waitMs);
      expect(retryAt).toBeLessThanOrEqual(Date.now() + waitMs);
      expect(harness.signals()).toMatchObject([{ retryAt }]);
      expect(harness.vendor.teams()).not.toContain('Sales');
      await expectTruth(harness, provider);
    });
  });

  test('a credential that works tells what it reaches', async () => {
    await using harness = await start();
    const provider = harness.open();

    const facts = await provider.validate();

    expect(facts.companyName).not.toBe('');
    expect(facts.agentCount).toBe(harness.vendor.agents().length);
    await expectTruth(harness, provider);
  });

  test('a revoked credential is said at once, for reads and writes, and asked for only once each', async () => {
    await using harness = await start();
    const provider = harness.open();
    const [providerUserId = ''] = await harness.vendor.addAgents(1);
    const before = harness.vendor.agents();
    await harness.vendor.revokeCredential();

    await expectError(provider.validate(), 'credential');
    await expectError(provider.readAll(), 'credential');
    await expectError(provider.findAgent({ by: 'id', providerUserId }), 'credential');
    await expectError(provider.write({ type: 'delete-agent', providerUserId }), 'credential');
    await expectError(provider.write({ type: 'create-team', team: 'Sales' }), 'credential');

    expect(harness.requests()).toHaveLength(5);
    expect(harness.vendor.agents()).toEqual(before);
  });
}

async function startRedirecting(status: number) {
  const paths: string[] = [];
  const server: Server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    paths: () => paths,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
