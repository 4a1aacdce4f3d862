import { AppError, isAppError } from '../domain/errors.js';
import type { IdpFacts, SsoConnection } from './connection.js';
import type { MetadataFetch } from './metadata-fetch.js';
import type { ConnectionStore } from './ports.js';
import { certificateInfo } from './saml/certificates.js';
import { readIdpMetadata } from './saml/idp-metadata.js';

const DAILY_MS = 24 * 60 * 60_000;
/** At most this often after failed signatures: anybody can make those. */
const AFTER_FAILURE_MS = 2 * 60_000;
const BATCH = 50;

export interface MetadataRefreshDeps {
  readonly connections: ConnectionStore;
  readonly fetch: MetadataFetch;
  readonly now: () => Date;
}

export interface MetadataRefresh {
  /** Reads the metadata because a signature did not fit. The changed connection, null when nothing changed. */
  afterSignatureFailure(connection: SsoConnection): Promise<SsoConnection | null>;
  /** Reads it because an admin asks. Throws what went wrong; the stored facts stay as they were. */
  onRequest(connection: SsoConnection, actor: string): Promise<SsoConnection>;
  /** Reads every metadata address that was not tried for a day. Returns how many were tried. */
  runDue(): Promise<number>;
}

/** Keeps the IdP's side up to date, so that a roll-over of its certificates locks nobody out. */
export function makeMetadataRefresh(deps: MetadataRefreshDeps): MetadataRefresh {
  return {
    async afterSignatureFailure(connection) {
      if (!(await claim(deps, connection, AFTER_FAILURE_MS))) return null;
      return tryRefresh(deps, connection, 'system');
    },
    async onRequest(connection, actor) {
      if (connection.metadata.url === null) {
        throw new AppError(
          'conflict',
          'This connection has no metadata address to read. Set one, or paste the new metadata.',
        );
      }
      return (await refresh(deps, connection, actor)) ?? connection;
    },
    runDue: () => runDue(deps),
  };
}

function claim(deps: MetadataRefreshDeps, connection: SsoConnection, everyMs: number): Promise<boolean> {
  if (connection.metadata.url === null) return Promise.resolve(false);
  const now = deps.now();
  const since = new Date(now.getTime() - everyMs);
  return deps.connections.claimRefresh(connection.tenantId, connection.id, since, now);
}

async function runDue(deps: MetadataRefreshDeps): Promise<number> {
  const due = await deps.connections.dueForRefresh(new Date(deps.now().getTime() - DAILY_MS), BATCH);
  let tried = 0;
  for (const { tenantId, connectionId } of due) {
    const connection = await deps.connections.find(tenantId, connectionId);
    if (connection === null || !(await claim(deps, connection, DAILY_MS))) continue;
    await tryRefresh(deps, connection, 'system');
    tried += 1;
  }
  return tried;
}

async function tryRefresh(
  deps: MetadataRefreshDeps,
  connection: SsoConnection,
  actor: string,
): Promise<SsoConnection | null> {
  try {
    return await refresh(deps, connection, actor);
  } catch (error) {
    // The facts that worked until now stay; the admin sees the problem beside the connection.
    if (!isAppError(error)) throw error;
    await deps.connections.recordRefreshProblem(connection.tenantId, connection.id, error.message);
    return null;
  }
}

async function refresh(
  deps: MetadataRefreshDeps,
  connection: SsoConnection,
  actor: string,
): Promise<SsoConnection | null> {
  const idp = readIdpMetadata(await deps.fetch(connection.metadata.url ?? ''));
  refuseOtherIdp(connection, idp);
  const at = deps.now();
  const data = connection.idp === null ? null : describeChanges(connection.idp, idp);
  const target = { targetType: 'sso-connection', targetId: connection.id };
  const audit = data === null ? null : { at, actor, action: 'sso.metadata-changed', ...target, data };
  await deps.connections.recordRefresh(connection.tenantId, connection.id, idp, at, audit);
  return data === null ? null : { ...connection, idp };
}

/** Whoever can change what is served at the address must not be able to put another IdP in its place. */
function refuseOtherIdp(connection: SsoConnection, idp: IdpFacts): void {
  if (connection.idp === null || connection.idp.entityId === idp.entityId) return;
  throw new AppError(
    'conflict',
    `The metadata now describes another identity provider ("${idp.entityId.slice(0, 200)}"). Nothing was changed. If you moved, set up a new connection.`,
  );
}

function describeChanges(before: IdpFacts, after: IdpFacts): Record<string, unknown> | null {
  const fingerprints = (idp: IdpFacts) => idp.certificates.map((pem) => certificateInfo(pem).fingerprint);
  const [old, fresh] = [fingerprints(before), fingerprints(after)];
  const added = fresh.filter((fingerprint) => !old.includes(fingerprint));
  const removed = old.filter((fingerprint) => !fresh.includes(fingerprint));
  const hasNewAddress = before.ssoUrl !== after.ssoUrl || before.sloUrl !== after.sloUrl;
  if (added.length === 0 && removed.length === 0 && !hasNewAddress) return null;
  return {
    certificatesAdded: added,
    certificatesRemoved: removed,
    ssoUrl: after.ssoUrl,
    sloUrl: after.sloUrl,
  };
}
