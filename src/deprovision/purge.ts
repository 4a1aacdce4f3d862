import type { Logger } from 'pino';
import { digestOf } from '../lib/canonical-json.js';
import type { Clock } from '../lib/clock.js';
import type { AuditRecord } from '../reconcile/ports.js';
import type { ArchiveDeps } from './archive/ports.js';
import { purgeNotice } from './purge-notice.js';
import type { AnnouncingAccount, Purge, PurgeStore } from './purge-ports.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Objects of one announcement; what is left is announced next. */
const OBJECTS_MAX = 5_000;

export interface PurgeDeps {
  readonly purges: PurgeStore;
  readonly archive: Pick<ArchiveDeps, 'openSink'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Logger;
  /** Of the page about one announcement. */
  readonly noticeUrl: (purgeId: string) => string;
}

/**
 * Removes archived recordings whose retention class has expired: announced first, object by object, and removed after
 * the account's days of notice, unless a legal hold stands then. Safe to repeat and to interrupt: a file that is gone
 * already counts as removed.
 */
export function makePurge(deps: PurgeDeps): () => Promise<void> {
  return async () => {
    const { purges, clock } = deps;
    for (const one of await purges.listToAnnounce(clock.now())) await announce(deps, one);
    for (const purge of await purges.listDue(clock.now())) await carryOut(deps, purge);
  };
}

/** Only what lies where the account's archive is now: nothing else can be removed, however often it is announced. */
async function announce(deps: PurgeDeps, { account, name, noticeDays }: AnnouncingAccount): Promise<void> {
  const { purges, clock, log } = deps;
  const at = clock.now();
  try {
    const { place } = await deps.archive.openSink(account);
    const objects = await purges.listExpired(account, at, { place, limit: OBJECTS_MAX });
    if (objects.length === 0) return;
    const dueAt = new Date(at.getTime() + noticeDays * DAY_MS);
    const purge = { id: deps.newId(), account, objects };
    const elsewhere = await purges.countElsewhere(account, at, place);
    const url = deps.noticeUrl(purge.id);
    const mail = purgeNotice(purge, { accountName: name, dueAt, elsewhere, url });
    await purges.announce(purge, { at, dueAt }, auditOf(purge, 'retention.announced', { dueAt }), mail);
  } catch (error) {
    log.warn({ err: error, accountId: account.accountId }, 'expired recordings could not be announced');
  }
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
