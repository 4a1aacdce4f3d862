import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import pino from 'pino';
import { makeHttpClient } from '../../../src/lib/http-client.js';
import { makeIdSource } from '../../../src/lib/ids.js';
import { hashToken, mintToken } from '../../../src/lib/tokens.js';
import { makeAssertionVerifier } from '../../../src/scim/oauth/assertion.js';
import { makeJwks } from '../../../src/scim/oauth/jwks.js';
import { makeOAuthRouter } from '../../../src/scim/oauth/router.js';
import { openDatabase } from '../../../src/store/database.js';
import { makeOAuthStore } from '../../../src/store/oauth/store.js';
import { makeVerifyAccessToken, type VerifyAccessToken } from '../../../src/tenancy/oauth/access-tokens.js';
import { makeOAuthClients, type OAuthClients } from '../../../src/tenancy/oauth/clients.js';
import { makeTokenGrant } from '../../../src/tenancy/oauth/token-grant.js';
import { makeTestClock, type TestClock } from '../../support/clock.js';
import { createTestDatabase } from '../../support/database.js';
import { insertTenant } from '../../support/scim-population.js';

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface OAuthHarness {
  readonly clock: TestClock;
  readonly tenantId: string;
  readonly otherTenantId: string;
  readonly clients: OAuthClients;
  readonly verify: VerifyAccessToken;
  readonly tokenUrl: string;
  /** Sends a form as it is given; `headers` may override everything. */
  post(
    form: Readonly<Record<string, string>> | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<TokenAnswer>;
  /** From now on no query succeeds. */
  closeDatabase(): Promise<void>;
  close(): Promise<void>;
}

/** The token endpoint over real HTTP and Postgres, with a clock that the test moves. */
export async function openOAuth(options: { requestsPerMinute?: number } = {}): Promise<OAuthHarness> {
  const clock = makeTestClock();
  const log = pino({ enabled: false });
  const testDatabase = await createTestDatabase();
  const database = await openDatabase({ url: testDatabase.url, poolMax: 4, patienceMs: 300_000, log });
  const [tenantId, otherTenantId] = [randomUUID(), randomUUID()];
  for (const id of [tenantId, otherTenantId]) await insertTenant(database.system(), id);
  const store = makeOAuthStore(database);
  const now = (): Date => clock.now();
  const http = makeHttpClient({
    allowLoopback: true,
    maxConnections: 4,
    timeoutMs: 300_000,
    maxResponseBytes: 100_000,
  });
  const assertions = makeAssertionVerifier({ jwks: makeJwks({ http, clock, log }), clock, log });
  const grantToken = makeTokenGrant({
    store,
    assertions,
    mintAccessToken: () => mintToken('access'),
    hash: hashToken,
    now,
  });
  const app = express();
  app.use(
    '/oauth',
    makeOAuthRouter({ grantToken, clock, log, requestsPerMinute: options.requestsPerMinute ?? 10_000 }),
  );
  const server = await listen(createServer(app));
  const tokenUrl = `http://127.0.0.1:${portOf(server)}/oauth/token`;
  let closing: Promise<void> | null = null;
  const closeDatabase = (): Promise<void> => (closing ??= database.close());
  return {
    clock,
    tenantId,
    otherTenantId,
    clients: makeOAuthClients({
      store,
      mintSecret: () => mintToken('secret'),
      newId: makeIdSource(clock),
      now,
    }),
    verify: makeVerifyAccessToken({ store, hash: hashToken, now }),
    tokenUrl,
    post: (form, headers) => post(tokenUrl, form, headers),
    closeDatabase,
    async close() {
      http.close();
      await stop(server);
      await closeDatabase();
      await testDatabase.drop();
    },
  };
}

async function post(
  url: string,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
}

export interface TestIssuer {
  readonly jwksUrl: string;
  /** Requests for the keys so far. */
  readonly reads: () => number;
  /** Answers the key requests with this status from now on. */
  failWith(status: number | null): void;
  /** Replaces the published keys by a new pair of this kind. */
  rotate(kid: string, algorithm?: string): Promise<void>;
  sign(
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  close(): Promise<void>;
}

/** An issuer of signed tokens that publishes its keys over real HTTP. */
export async function openIssuer(): Promise<TestIssuer> {
  let keys: JWK[] = [];
  let signing: { key: CryptoKey; kid: string; algorithm: string } | null = null;
  let failure: number | null = null;
  let reads = 0;
  const server = await listen(
    createServer((_request: IncomingMessage, response) => {
      reads += 1;
      response.statusCode = failure ?? 200;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys }));
    }),
  );
  const issuer: TestIssuer = {
    jwksUrl: `http://127.0.0.1:${portOf(server)}/keys`,
    reads: () => reads,
    failWith(status) {
      failure = status;
    },
    async rotate(kid, algorithm = 'RS256') {
      const pair = await generateKeyPair(algorithm, { extractable: true });
      keys = [{ ...(await exportJWK(pair.publicKey)), kid, alg: algorithm, use: 'sig' }];
      signing = { key: pair.privateKey, kid, algorithm };
    },
    async sign(claims, header = {}) {
      if (signing === null) throw new Error('rotate first');
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: signing.algorithm, kid: signing.kid, typ: 'JWT', ...header })
        .sign(signing.key);
    },
    close: () => stop(server),
  };
  await issuer.rotate('first');
  return issuer;
}

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): string {
  return String((server.address() as AddressInfo).port);
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
