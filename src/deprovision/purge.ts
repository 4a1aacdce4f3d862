import type { Logger } from 'pino';
import { digestOf } from '../lib/canonical-json.js';
import type { Clock } from '../lib/clock.js';
import type { AccountKey, AuditRecord } from '../reconcile/ports.js';
import type { ArchiveDeps, StoredObject } from './archive/ports.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Objects of one announcement; what is left is announced next. */
const OBJECTS_MAX = 5_000;

/** One archived file whose time is over. */
export interface ExpiredObject extends StoredObject {
  readonly deletionId: string;
  readonly retentionClass: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** What was announced to be removed, object by object, and when. */
export interface Purge {
  readonly id: string;
  readonly account: AccountKey;
  readonly objects: readonly ExpiredObject[];
}

export interface PurgeStore {
  /** Accounts with expired objects and no announcement that stands, with their days of notice. */
  listToAnnounce(
    now: Date,
  ): Promise<readonly { readonly account: AccountKey; readonly noticeDays: number }[]>;
  /** Stored, expired by both clocks, of nobody under a legal hold. */
  listExpired(account: AccountKey, now: Date, limit: number): Promise<readonly ExpiredObject[]>;
  /** False: another process announced in the same moment. */
  announce(
    purge: Purge,
    moments: { readonly at: Date; readonly dueAt: Date },
    audit: AuditRecord,
  ): Promise<boolean>;
  /** Announcements whose notice is over by both clocks. */
  listDue(now: Date): Promise<readonly Purge[]>;
  /** Whether the object may go in this moment: expired still, no legal hold, still there. */
  mayRemove(account: AccountKey, object: ExpiredObject, now: Date): Promise<boolean>;
  recordRemoved(account: AccountKey, object: ExpiredObject, at: Date): Promise<void>;
  finish(
    purge: Purge,
    result: { readonly removed: number; readonly kept: number },
    at: Date,
    audit: AuditRecord,
  ): Promise<void>;
}

export interface PurgeDeps {
  readonly purges: PurgeStore;
  readonly archive: Pick<ArchiveDeps, 'openSink'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Logger;
}

/**
 * Removes archived recordings whose retention class has expired: announced first, object by object, and removed after
 * the account's days of notice, unless a legal hold stands then. Safe to repeat and to interrupt: a file that is gone
 * already counts as removed.
 */
export function makePurge(deps: PurgeDeps): () => Promise<void> {
  return async () => {
    const { purges, clock } = deps;
    for (const { account, noticeDays } of await purges.listToAnnounce(clock.now()))
      await announce(deps, account, noticeDays);
    for (const purge of await purges.listDue(clock.now())) await carryOut(deps, purge);
  };
}

async function announce(deps: PurgeDeps, account: AccountKey, noticeDays: number): Promise<void> {
  const at = deps.clock.now();
  const objects = await deps.purges.listExpired(account, at, OBJECTS_MAX);
  if (objects.length === 0) return;
  const dueAt = new Date(at.getTime() + noticeDays * DAY_MS);
  const purge = { id: deps.newId(), account, objects };
  await deps.purges.announce(purge, { at, dueAt }, auditOf(purge, 'retention.announced', { dueAt }));
}

async function carryOut(deps: PurgeDeps, purge: Purge): Promise<void> {
  const { account, objects } = purge;
  try {
    const sink = await deps.archive.openSink(account);
    let removed = 0;
    for (const object of objects) {
      if (object.place !== sink.place) continue;
      if (!(await deps.purges.mayRemove(account, object, deps.clock.now()))) continue;
      await sink.remove(object.objectKey);
      await deps.purges.recordRemoved(account, object, deps.clock.now());
      removed += 1;
    }
    const result = { removed, kept: objects.length - removed };
    await deps.purges.finish(purge, result, deps.clock.now(), auditOf(purge, 'retention.removed', result));
  } catch (error) {
    // The archive is down: the announcement stands, and the next sweep goes on where this one ended.
    deps.log.warn({ err: error, accountId: account.accountId }, 'expired recordings could not be removed');
  }
}

function auditOf(
  { id, account, objects }: Purge,
  action: string,
  data: Readonly<Record<string, unknown>>,
): AuditRecord {
  return {
    actor: 'patchbay',
    action,
    targetType: 'account',
    targetId: account.accountId,
    correlationId: id,
    data: {
      purgeId: id,
      count: objects.length,
      bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
      objects: digestOf(objects),
      ...data,
    },
  };
}
