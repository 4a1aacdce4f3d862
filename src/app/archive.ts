import { join } from 'node:path';
import type { BucketAccess } from '../archive/s3.js';
import { makeDirectorySink } from '../archive/directory.js';
import { makeDownload } from '../archive/download.js';
import type { Config } from '../config/config.js';
import { ArchiveUnusable, type ArchiveDeps, type ArchiveSink } from '../deprovision/archive/ports.js';
import { AppError } from '../domain/errors.js';
import { decryptSecret, type Keyring } from '../lib/crypto.js';
import { makeGuardedAgents, makeHttpClient } from '../lib/http-client.js';
import type { TenantDatabase } from '../store/database.js';
import { makeArchiveObjectStore } from '../store/retention/archive-objects.js';
import { archiveSecretContext, archiveSecretSchema, type Account } from '../tenancy/account.js';
import type { AccountStore } from '../tenancy/ports.js';

export interface ArchiveParts {
  readonly config: Pick<Config, 'archiveDir' | 'dataDir'>;
  readonly database: TenantDatabase;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly keyring: Keyring;
  /** Whether bucket and recordings may be on this machine: for the sandbox. */
  readonly allowLoopback: boolean;
}

/** An hour of speech is some 50 MB; a stream beyond this is no recording. */
const RECORDING_MAX_BYTES = 2_000_000_000;
const RECORDING_TIMEOUT_MS = 15 * 60_000;
const CONNECTIONS = 8;

/** Archives of all accounts: a folder of this installation for each, or the bucket that its settings name. */
export function buildArchive(parts: ArchiveParts): ArchiveDeps {
  const client = makeHttpClient({
    allowLoopback: parts.allowLoopback,
    maxConnections: CONNECTIONS,
    timeoutMs: RECORDING_TIMEOUT_MS,
    maxResponseBytes: RECORDING_MAX_BYTES,
  });
  const open = makeSinks(parts);
  return {
    objects: makeArchiveObjectStore(parts.database),
    async openSink({ tenantId, accountId }) {
      try {
        const account = await parts.accounts.find(tenantId, accountId);
        if (account === null) throw new AppError('notFound', 'This account does not exist any more.');
        return await open(account);
      } catch (error) {
        throw new ArchiveUnusable(error);
      }
    },
    download: makeDownload(client),
  };
}

/** Buckets' clients hold connections: one for each account, as long as its settings stay. */
function makeSinks({
  config,
  keyring,
  allowLoopback,
}: ArchiveParts): (account: Account) => Promise<ArchiveSink> {
  const agents = makeGuardedAgents({ allowLoopback, maxConnections: CONNECTIONS });
  const known = new Map<string, { readonly key: string; readonly sink: ArchiveSink }>();
  return async (account) => {
    const { archive } = account.settings;
    // S3's client is large and takes long to load. Nothing waits below: two who ask at once get the same sink.
    const makeBucketSink =
      archive.to === 'directory' ? null : (await import('../archive/s3.js')).makeBucketSink;
    const key = JSON.stringify([archive, account.archiveSecrets]);
    const found = known.get(account.id);
    if (found?.key === key) return found.sink;
    const sink =
      makeBucketSink === null
        ? makeDirectorySink(
            join(config.archiveDir ?? join(config.dataDir, 'archive'), account.tenantId, account.id),
          )
        : makeBucketSink(bucketAccess(account, keyring, agents));
    known.set(account.id, { key, sink });
    return sink;
  };
}

function bucketAccess(
  account: Account,
  keyring: Keyring,
  { httpAgent, httpsAgent, assertPermitted }: ReturnType<typeof makeGuardedAgents>,
): BucketAccess {
  const { bucket, region, endpoint, pathStyle, prefix } = account.settings.archive;
  if (bucket === null) throw new AppError('invalid', 'The settings name no bucket.');
  if (account.archiveSecrets === null) {
    throw new AppError('invalid', 'The bucket has no credential: patchbay account archive-credential');
  }
  if (endpoint !== null) assertPermitted(endpoint);
  const context = archiveSecretContext(account.tenantId, account.id);
  const credential = archiveSecretSchema.parse(
    JSON.parse(decryptSecret(account.archiveSecrets, keyring, context)),
  );
  return {
    settings: { bucket, region, endpoint, pathStyle, prefix: `${prefix}${account.id}/` },
    credential,
    httpAgent,
    httpsAgent,
  };
}
