import { Readable } from 'node:stream';
import { pino } from 'pino';
import type { ArchiveDeps } from '../../src/deprovision/archive/ports.js';
import { makeDeleteNext } from '../../src/deprovision/delete-next.js';
import { parseKeyring } from '../../src/lib/crypto.js';
import type { Clock } from '../../src/lib/clock.js';
import type { DrainDeps } from '../../src/reconcile/draining/drain.js';
import { DEFAULT_LEASE_TIMES } from '../../src/reconcile/lease.js';
import type { VendorOpener } from '../../src/reconcile/ports.js';
import type { TenantDatabase } from '../../src/store/database.js';
import { makeDeletionStore } from '../../src/store/deletions.js';
import { makeDirectoryReader } from '../../src/store/directory-reader.js';
import { makeMarkStore } from '../../src/store/dirty.js';
import { makeEngineAccountStore } from '../../src/store/engine-accounts.js';
import { makeHistoryReader } from '../../src/store/history.js';
import { makeLeaseHolders } from '../../src/store/lease-holder.js';
import { makeLeaseStore } from '../../src/store/leases.js';
import { makeLegalHoldReader, makeLegalHoldStore } from '../../src/store/retention/legal-holds.js';
import { makeLinkStore } from '../../src/store/links.js';
import { makeChecklistStore } from '../../src/store/manual/checklists.js';
import { makePlanStore } from '../../src/store/plans.js';
import { makeReadingStore } from '../../src/store/readings.js';
import { makeRuleSetReader } from '../../src/store/rule-sets.js';
import { makeArchiveObjectStore } from '../../src/store/retention/archive-objects.js';
import { makeHandoverStore } from '../../src/store/retention/handover.js';
import { makeTakeoverReader } from '../../src/store/retention/takeovers.js';
import { makeSigningKeys } from '../../src/store/retention/signing-keys.js';
import { makeTaskStore } from '../../src/store/worklist.js';

/** The same in every process of a test, as an installation's is. */
const keyring = parseKeyring(`test:${Buffer.alloc(32, 7).toString('base64')}`);

export interface EngineParts {
  readonly database: TenantDatabase;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly vendors: VendorOpener;
  readonly checkpoint: (name: string) => void;
  readonly archive?: ArchiveDeps;
}

/** The engine with all its stores on a database, for any vendor. Runs outside of a test process as well. */
export function engineDeps({ database, clock, newId, vendors, checkpoint, archive }: EngineParts): DrainDeps {
  const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const holders = makeLeaseHolders();
  return {
    accounts: makeEngineAccountStore(database),
    directory: makeDirectoryReader(database),
    rules: makeRuleSetReader(database),
    takeovers: makeTakeoverReader(database),
    links: makeLinkStore(database),
    marks: makeMarkStore(database),
    plans: makePlanStore(database),
    readings: makeReadingStore(database),
    history: makeHistoryReader(database),
    tasks: makeTaskStore(database),
    checklists: makeChecklistStore(database),
    legalHolds: makeLegalHoldReader(database),
    clock,
    newId,
    log,
    checkpoint,
    deleteNext: makeDeleteNext({
      deletions: makeDeletionStore(database),
      legalHolds: makeLegalHoldStore(database),
      handover: {
        readings: makeReadingStore(database),
        directory: makeDirectoryReader(database),
        rules: makeRuleSetReader(database),
        store: makeHandoverStore(database),
      },
      signer: makeSigningKeys({ database, keyring, now: () => clock.now() }),
      archive: archive ?? {
        objects: makeArchiveObjectStore(database),
        openSink: () => Promise.reject(new Error('no archive in this test')),
        download: () =>
          Promise.resolve({
            body: Readable.from([Buffer.from('sound')]),
            bytes: 5,
            contentType: 'audio/mpeg',
          }),
      },
      clock,
      newId,
      log,
      checkpoint,
    }),
    onDeletionScheduled: () => undefined,
    lease: {
      leases: makeLeaseStore(database),
      times: DEFAULT_LEASE_TIMES,
      newHolder: holders.newHolder,
      isGone: holders.isGone,
      monotonicMs: () => performance.now(),
    },
    vendors,
  };
}
