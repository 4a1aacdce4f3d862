import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { casesOf } from '../cases-of.js';
import { expectError, expectFaults, expectTruth } from '../expect.js';
import type { ContractSubject } from '../harness.js';

/** What goes wrong between us and the vendor. */
export function failureCases(subject: ContractSubject): void {
  const { facts } = subject;
  const { describe, test } = casesOf(subject);
  describe('trouble on the way:', () => {
    test.runIf(facts.saysOutageEnd)('an outage that names its end says until when', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      const headers = { 'Retry-After': '120' };
      await harness.inject({ on: 'list-agents', type: 'error', status: 503, headers });
      const before = Date.now();

      const error = await expectError(provider.readAll(), 'unavailable');

      expectFaults(harness, 1);
      expect(error.retryAt?.getTime()).toBeGreaterThanOrEqual(before + 120_000);
      await expectTruth(facts, harness, provider);
    });

    test('no answer in time is unavailable', async () => {
      await using harness = await subject.start();
      const provider = harness.open({ timeoutMs: 2_000 });
      await harness.inject({ on: 'check-credential', type: 'timeout' });

      await expectError(provider.validate(), 'unavailable');

      expectFaults(harness, 1);
      await expectTruth(facts, harness, harness.open());
    });

    test('a cut connection is unavailable', async () => {
      await using harness = await subject.start();
      const provider = harness.open();
      await harness.inject({ on: 'list-numbers', type: 'reset' });

      await expectError(provider.readAll(), 'unavailable');

      expectFaults(harness, 1);
      await expectTruth(facts, harness, provider);
    });

    test('a host that nobody answers is unavailable, and surely nothing was written', async () => {
      await using harness = await subject.start();
      const port = await freePort();
      const provider = harness.open({ baseUrl: `http://127.0.0.1:${port}` });

      const operation = { type: 'delete-agent', providerUserId: facts.unknownAgentId } as const;

      const error = await expectError(provider.write(operation), 'unavailable');

      expect(error.fields['mayHaveArrived']).toBe(false);
      expect(harness.requests()).toEqual([]);
    });

    test('a redirect is refused, and the credential does not follow it', async () => {
      await using harness = await subject.start();
      await using redirecting = await startRedirecting(302);
      const provider = harness.open({ baseUrl: redirecting.url });

      await expectError(provider.validate(), 'contract');

      expect(redirecting.paths()).toHaveLength(1);
      expect(harness.requests()).toEqual([]);
    });
  });

  describe('the request limit', () => {
    test.each(facts.rateLimits)(
      'a 429 with $name says when to come back',
      async ({ headers, body, waitMs }) => {
        await using harness = await subject.start();
        const provider = harness.open();
        const [providerUserId = ''] = await harness.vendor.addAgents(1);
        const truth = harness.vendor.agents();
        await harness.inject({ on: 'update-agent', type: 'error', status: 429, headers, body });
        const operation = { type: 'update-agent', providerUserId, fields: { givenName: 'Eve' } } as const;
        const before = Date.now();

        const error = await expectError(provider.write(operation), 'rateLimited');

        expectFaults(harness, 1);
        const retryAt = error.retryAt?.getTime() ?? 0;
        expect(retryAt).toBeGreaterThanOrEqual(before + waitMs);
        expect(retryAt).toBeLessThanOrEqual(Date.now() + waitMs);
        expect(harness.signals()).toMatchObject([{ retryAt }]);
        expect(harness.vendor.agents()).toEqual(truth);
        await expectTruth(facts, harness, provider);
      },
    );
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
