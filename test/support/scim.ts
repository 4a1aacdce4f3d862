import { createSecretKey } from 'node:crypto';
import express from 'express';
import type { ScimObserver } from '../../src/administration/scim-requests.js';
import { makeScimAccess } from '../../src/directory/access.js';
import { listen } from '../../src/http/server.js';
import { mintToken } from '../../src/lib/tokens.js';
import type { ScimLimits } from '../../src/scim/limits.js';
import { makeScimRouter } from '../../src/scim/router.js';
import { makePhoneSystems } from '../../src/store/directory/phone-systems.js';
import { makeScimTokenStore } from '../../src/store/directory/token-lookup.js';
import { openDirectory, type DirectoryFixture } from './directory.js';

/** JSON of an answer; tests read it freely. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface ScimAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** undefined when there is no body. */
  readonly json: Json;
}

export interface ScimClient {
  readonly tenantId: string;
  readonly token: string;
  readonly baseUrl: string;
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ScimAnswer>;
  get(path: string, headers?: Record<string, string>): Promise<ScimAnswer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<ScimAnswer>;
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<ScimAnswer>;
  patch(path: string, operations: readonly unknown[], headers?: Record<string, string>): Promise<ScimAnswer>;
  delete(path: string, headers?: Record<string, string>): Promise<ScimAnswer>;
  /** Creates a user and answers its id. */
  addUser(userName: string, more?: object): Promise<string>;
  /** Creates a group and answers its id. */
  addGroup(displayName: string, memberIds?: readonly string[]): Promise<string>;
}

export interface ScimFixture extends DirectoryFixture {
  readonly baseUrl: string;
  /** A tenant of its own, with a token. */
  addClient(slug: string, accounts?: number): Promise<ScimClient>;
  /** Another token for a tenant. */
  addToken(
    tenantId: string,
    options?: { readonly expiresAt?: Date },
  ): Promise<{ token: string; tokenId: string }>;
  /** `baseUrl`: of another endpoint than this one. */
  clientFor(tenantId: string, token: string, baseUrl?: string): ScimClient;
  close(): Promise<void>;
}

export interface ScimServerOptions {
  readonly limits?: Partial<ScimLimits>;
  readonly baseUrl?: string;
  readonly observe?: ScimObserver;
}

/** The SCIM endpoint over real HTTP on a database of its own. */
export async function startScim(options: ScimServerOptions = {}): Promise<ScimFixture> {
  const directory = await openDirectory();
  const server = await serveScim(directory, options);
  const clientFor: ScimFixture['clientFor'] = (tenantId, token, baseUrl = server.baseUrl) =>
    makeClient(baseUrl, tenantId, token);
  const addToken: ScimFixture['addToken'] = (tenantId, given) =>
    storeToken(directory, tenantId, given?.expiresAt ?? null);
  return {
    ...directory,
    baseUrl: server.baseUrl,
    addToken,
    clientFor,
    async addClient(slug, accounts) {
      const tenantId = await directory.addTenant(slug, accounts);
      return clientFor(tenantId, (await addToken(tenantId)).token);
    },
    async close() {
      await server.stop();
      await directory.close();
    },
  };
}

/** One more endpoint on the same directory. */
export async function serveScim(
  directory: DirectoryFixture,
  options: ScimServerOptions = {},
): Promise<{ readonly baseUrl: string; stop(): Promise<void> }> {
  const { users, groups, clock, log, database } = directory;
  const access = makeScimAccess({ tokens: makeScimTokenStore(database), clock, log });
  const app = express();
  app.disable('x-powered-by');
  app.use(
    '/scim/v2',
    makeScimRouter({
      users,
      groups,
      phoneSystems: makePhoneSystems(database),
      access,
      cursorKey: createSecretKey(Buffer.alloc(32, 7)),
      baseUrl: options.baseUrl ?? null,
      oauth: false,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      ...(options.observe === undefined ? {} : { observe: options.observe }),
      clock,
      log,
    }),
  );
  const server = await listen(app, '127.0.0.1', 0);
  return { baseUrl: `http://127.0.0.1:${String(server.port)}/scim/v2`, stop: () => server.stop(0) };
}

async function storeToken(
  { database, newId, clock }: DirectoryFixture,
  tenantId: string,
  expiresAt: Date | null,
): Promise<{ token: string; tokenId: string }> {
  const { token, hash, hint } = mintToken('scim');
  const tokenId = newId();
  await database
    .forTenant(tenantId)
    .insertInto('api_tokens')
    .values({
      tenant_id: tenantId,
      id: tokenId,
      kind: 'scim',
      name: 'okta',
      hash,
      hint,
      scopes: [],
      created_at: clock.now(),
      expires_at: expiresAt,
    })
    .execute();
  return { token, tokenId };
}

const PATCH_SCHEMAS = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];

function makeClient(baseUrl: string, tenantId: string, token: string): ScimClient {
  const request: ScimClient['request'] = async (method, path, body, headers) => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        Accept: 'application/scim+json',
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json; charset=utf-8' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === '' ? undefined : JSON.parse(text),
    };
  };
  const client: ScimClient = {
    tenantId,
    token,
    baseUrl,
    request,
    get: (path, headers) => request('GET', path, undefined, headers),
    post: (path, body, headers) => request('POST', path, body, headers),
    put: (path, body, headers) => request('PUT', path, body, headers),
    patch: (path, operations, headers) =>
      request('PATCH', path, { schemas: PATCH_SCHEMAS, Operations: operations }, headers),
    delete: (path, headers) => request('DELETE', path, undefined, headers),
    async addUser(userName, more = {}) {
      return created(await client.post('/Users', { userName, ...more }));
    },
    async addGroup(displayName, memberIds = []) {
      return created(
        await client.post('/Groups', { displayName, members: memberIds.map((value) => ({ value })) }),
      );
    },
  };
  return client;
}

function created(answer: ScimAnswer): string {
  if (answer.status !== 201) throw new Error(`Expected 201, got ${String(answer.status)}: ${answer.text}`);
  return answer.json.id as string;
}
