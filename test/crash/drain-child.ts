import { pino } from 'pino';
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
}

/**
 * A worker process that drains one account until it is at rest, or is killed at a named moment. Prints the
 * checkpoints it passed, one a line, as it passes them.
 */
const order = JSON.parse(process.argv[2] ?? '') as ChildOrder;
const database = await openDatabase({
  url: order.databaseUrl,
  poolMax: 4,
  log: pino({ level: 'silent' }),
});
const { vendors, close } = sandboxVendors(order.sandbox);
const drain = makeDrain(
  engineDeps({ database, clock: systemClock, newId: makeIdSource(systemClock), vendors, checkpoint }),
);
let report = await drain(order.account, { sliceMs: 60_000 });
while (report.type === 'more') report = await drain(order.account, { sliceMs: 60_000 });
process.stdout.write(`report ${JSON.stringify(report)}\n`);
close();
await database.close();

function checkpoint(name: string): void {
  process.stdout.write(`checkpoint ${name}\n`);
  if (name === order.dieAt) process.kill(process.pid, 'SIGKILL');
}
