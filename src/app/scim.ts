import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Router } from 'express';
import { makeScimRecorder, type ScimRecorder } from '../administration/scim-recorder.js';
import { makeScimAccess, type ScimPrincipal } from '../directory/access.js';
import { makeGroupDirectory } from '../directory/groups.js';
import type { DirectoryChangeListener } from '../directory/ports.js';
import { makeUserDirectory } from '../directory/users.js';
import { makeHttpClient } from '../lib/http-client.js';
import type { Keyring } from '../lib/crypto.js';
import { hashToken, mintToken } from '../lib/tokens.js';
import { makeAssertionVerifier } from '../scim/oauth/assertion.js';
import { makeJwks } from '../scim/oauth/jwks.js';
import { makeOAuthRouter } from '../scim/oauth/router.js';
import { makeScimRouter } from '../scim/router.js';
import { makeScimRequestStore } from '../store/console/scim-requests.js';
import { makeDirectoryStore } from '../store/directory/store.js';
import { makePhoneSystems } from '../store/directory/phone-systems.js';
import { makeScimTokenStore } from '../store/directory/token-lookup.js';
import { makeOAuthStore } from '../store/oauth/store.js';
import { makeVerifyAccessToken } from '../tenancy/oauth/access-tokens.js';
import { makeTokenGrant } from '../tenancy/oauth/token-grant.js';
import type { Services } from './services.js';

/** What identity providers call. */
export interface ScimEdge {
  readonly scim: Router;
  readonly oauth: Router;
  readonly recorder: Pick<ScimRecorder, 'forgetOld'>;
  close(): Promise<void>;
}

/** Token requests from one address in a minute; a client needs one in an hour. */
const TOKEN_REQUESTS_PER_MINUTE = 60;
/** Exchanges of this long are written together. */
const GATHER_EXCHANGES_MS = 500;
const JWKS_MAX_BYTES = 500_000;

export interface ScimEdgeOptions {
  readonly services: Services;
  /** Called after commit; must be quick and may not throw. */
  readonly onDirectoryChange: DirectoryChangeListener;
}

/** The SCIM endpoint and its OAuth token endpoint on the tenant's directory. */
export function buildScimEdge({ services, onDirectoryChange }: ScimEdgeOptions): ScimEdge {
  const { database, clock, log, config, newId } = services;
  const now = () => clock.now();
  const directory = { store: makeDirectoryStore(database), clock, newId, onDirectoryChange };
  const oauthStore = makeOAuthStore(database);
  const verify = makeVerifyAccessToken({ store: oauthStore, hash: hashToken, now });
  const http = makeHttpClient({
    allowLoopback: config.allowLoopbackProviders,
    maxConnections: 4,
    timeoutMs: 5_000,
    maxResponseBytes: JWKS_MAX_BYTES,
  });
  const assertions = makeAssertionVerifier({ jwks: makeJwks({ http, clock, log }), clock, log });
  const recorder = makeScimRecorder({
    store: makeScimRequestStore(database),
    now,
    log,
    gatherMs: GATHER_EXCHANGES_MS,
  });
  const verifyAccessToken = async (token: string): Promise<ScimPrincipal | null> => {
    const owner = await verify(token);
    return owner === null ? null : { tenantId: owner.tenantId, actor: `scim:${owner.clientName}` };
  };
  return {
    scim: makeScimRouter({
      users: makeUserDirectory(directory),
      groups: makeGroupDirectory(directory),
      phoneSystems: makePhoneSystems(database),
      access: makeScimAccess({ tokens: makeScimTokenStore(database), clock, log, verifyAccessToken }),
      cursorKey: deriveKey(services.keyring, 'scim-cursor'),
      baseUrl: config.publicUrl === undefined ? null : `${config.publicUrl}/scim/v2`,
      oauth: true,
      limits: { bodyBytes: config.bodyLimitBytes },
      observe: recorder.observe,
      clock,
      log,
    }),
    oauth: makeOAuthRouter({
      grantToken: makeTokenGrant({
        store: oauthStore,
        assertions,
        mintAccessToken: () => mintToken('access'),
        hash: hashToken,
        now,
      }),
      clock,
      log,
      requestsPerMinute: TOKEN_REQUESTS_PER_MINUTE,
    }),
    recorder,
    async close() {
      await recorder.close();
      http.close();
    },
  };
}

/** A key of its own for each purpose, from the current key of the keyring: the same in every process. */
export function deriveKey(keyring: Keyring, purpose: string): KeyObject {
  const current = keyring.keys.get(keyring.currentKeyId);
  if (current === undefined) throw new TypeError('The keyring has no current key.');
  return createSecretKey(Buffer.from(hkdfSync('sha256', current, '', purpose, 32)));
}
