import { pino } from 'pino';
import { makeDirectorySink } from '../../src/archive/directory.js';
import { makeDownload } from '../../src/archive/download.js';
import { makeHttpClient } from '../../src/lib/http-client.js';
import { makeArchiveObjectStore } from '../../src/store/retention/archive-objects.js';
import { systemClock } from '../../src/lib/clock.js';
import { makeIdSource } from '../../src/lib/ids.js';
import type { AccountKey } from '../../src/reconcile/account.js';
import { makeDrain } from '../../src/reconcile/draining/drain.js';
import { openDatabase } from '../../src/store/database.js';
import { engineDeps } from '../support/engine-deps.js';
import { sandboxVendors, type SandboxAccount } from '../support/sandbox-vendor.js';

/** What the parent wants: drain this account, and die at that checkpoint where one is named. */
export interface ChildOrder {
  readonly databaseUrl: string;
  readonly account: AccountKey;
  readonly sandbox: SandboxAccount;
  readonly dieAt: string | null;
  /** Where recordings are kept. */
  readonly archiveFolder: string;
}

/**
 * A worker process that drains one account until it is at rest, or is killed at a named moment. Prints the
 * checkpoints it passed, one a line, as it passes them.
 */
const order = JSON.parse(process.argv[2] ?? '') as ChildOrder;
const database = await openDatabase({
  url: order.databaseUrl,
  poolMax: 4,
  patienceMs: 300_000,
  log: pino({ level: 'silent' }),
});
const { vendors, close } = sandboxVendors(order.sandbox);
const client = makeHttpClient({
  allowLoopback: true,
  maxConnections: 4,
  timeoutMs: 300_000,
  maxResponseBytes: 10_000_000,
});
const sink = makeDirectorySink(order.archiveFolder);
const archive = {
  objects: makeArchiveObjectStore(database),
  openSink: () => Promise.resolve(sink),
  download: makeDownload(client),
};
const newId = makeIdSource(systemClock);
const drain = makeDrain(engineDeps({ database, clock: systemClock, newId, vendors, checkpoint, archive }));
let report = await drain(order.account, { sliceMs: 60_000 });
while (report.type === 'more') report = await drain(order.account, { sliceMs: 60_000 });
process.stdout.write(`report ${JSON.stringify(report)}\n`);
close();
client.close();
await database.close();

function checkpoint(name: string): void {
  process.stdout.write(`checkpoint ${name}\n`);
  if (name === order.dieAt) process.kill(process.pid, 'SIGKILL');
}
