import { sql, type KyselyPlugin } from 'kysely';
import { makeLeaverDecisions, type LeaverDecisions } from '../../src/deprovision/leaver-decisions.js';
import { makeLegalHolds, type LegalHolds } from '../../src/deprovision/legal-holds.js';
import { makeSuccessors, type Successors } from '../../src/deprovision/successors.js';
import { AppError } from '../../src/domain/errors.js';
import type { MappingRule } from '../../src/domain/mapping.js';
import type { AccountKey } from '../../src/reconcile/account.js';
import { makeDecisions, type Decisions } from '../../src/reconcile/decide.js';
import { makeDrain, type DrainReport } from '../../src/reconcile/draining/drain.js';
import type { TenantDatabase } from '../../src/store/database.js';
import { makeLeaverDecisionStore } from '../../src/store/retention/leaver-decisions.js';
import { makeLegalHoldStore } from '../../src/store/retention/legal-holds.js';
import { makeReadingStore } from '../../src/store/readings.js';
import { makeSuccessorStore } from '../../src/store/retention/successors.js';
import { makeWorkFinder } from '../../src/store/work-finder.js';
import { ownDatabaseClock, type DatabaseClock } from './database-clock.js';
import { openDirectory, type DirectoryFixture } from './directory.js';
import { engineDeps } from './engine-deps.js';
import { emailOf, groupRule } from './engine.js';
import {
  makeMemoryVendor,
  MEMORY_CAPABILITIES,
  MEMORY_LIMITS,
  type MemoryVendor,
} from './memory-provider.js';

/** What befalls a worker while it works. Ticks are its queries and its requests, in order. */
export interface Fate {
  /** Dies at this tick, as by kill -9: nothing of what it would do afterwards happens, not even in its error paths. */
  readonly diesAt: number | null;
  /** Something that happens elsewhere, right after the vendor has done what this request asked for. */
  readonly meanwhile: { readonly atRequest: number; readonly act: () => Promise<void> } | null;
}

/** Far more than any turn needs: who reaches it would go on for ever. */
const REQUESTS_MAX = 1_000;

/** A worker that was killed. */
class Killed extends Error {
  override readonly name = 'Killed';
}

/** One tenant with one phone system, two clocks, and workers that come and go. */
export interface LifecycleWorld {
  readonly directory: DirectoryFixture;
  readonly account: AccountKey;
  readonly vendor: MemoryVendor;
  readonly decisions: Decisions;
  readonly leaverDecisions: LeaverDecisions;
  readonly legalHolds: LegalHolds;
  readonly successors: Successors;
  readonly databaseClock: DatabaseClock;
  /** Milliseconds since the epoch: what both clocks agree is over. */
  now(): number;
  /** Whether the sweep would find something to do here. */
  hasWork(): Promise<boolean>;
  /** One worker's turn, until it is at rest or is killed. */
  work(fate: Fate): Promise<DrainReport | 'killed'>;
  addUser(name: string): Promise<string>;
  addMember(userId: string): Promise<void>;
  removeMember(userId: string): Promise<void>;
  setActive(userId: string, active: boolean): Promise<void>;
  removeUser(userId: string): Promise<void>;
  setSettings(settings: object): Promise<void>;
  setPolicy(policy: 'sync' | 'upsert-only'): Promise<void>;
  requestReconcile(): Promise<void>;
  query<T>(text: string): Promise<readonly T[]>;
}

export interface LifecycleWorlds {
  readonly databaseClock: DatabaseClock;
  /** A tenant of its own in the same database, with nobody in it. */
  open(): Promise<LifecycleWorld>;
  close(): Promise<void>;
}

export async function openLifecycleWorlds(): Promise<LifecycleWorlds> {
  let clock: DatabaseClock | null = null;
  const directory = await openDirectory(async (testDatabase) => {
    clock = await ownDatabaseClock(testDatabase);
  });
  if (clock === null) throw new Error('The database has no clock of its own.');
  const databaseClock: DatabaseClock = clock;
  let count = 0;
  return {
    databaseClock,
    open: () => openWorld(directory, databaseClock, ++count),
    async close() {
      await databaseClock.close();
      await directory.close();
    },
  };
}

/** Who has a line of their own, which rings a team that nobody else is in. */
const DESKS: readonly string[] = ['Ada', 'Bea'];

export function deskOf(name: string): string {
  return `Desk ${name}`;
}

function deskRule(name: string): MappingRule {
  const number = `+3310000000${String(DESKS.indexOf(name))}`;
  const desk = groupRule('Sales', { numbers: [{ number, kind: 'assigned', viaTeam: deskOf(name) }] });
  const isTheirs = { type: 'attribute', path: 'title', test: { op: 'equals', value: name } } as const;
  return { ...desk, id: deskOf(name), when: { type: 'all', conditions: [desk.when, isTheirs] } };
}

async function openWorld(
  directory: DirectoryFixture,
  databaseClock: DatabaseClock,
  count: number,
): Promise<LifecycleWorld> {
  const { database, clock, newId } = directory;
  clock.set(new Date());
  await databaseClock.setAhead(0);
  const tenantId = await directory.addTenant(`tenant-${String(count)}`, 0);
  const account: AccountKey = { tenantId, accountId: newId() };
  await sql`insert into accounts (tenant_id, id, name, provider, config, secrets, policy, settings, created_at, updated_at)
    values (${tenantId}, ${account.accountId}, 'Phones', 'memory', '{}', '', 'sync', '{}', now(), now())`.execute(
    database.system(),
  );
  const body = {
    version: 1,
    defaultRole: 'agent',
    owners: [],
    rules: [groupRule('Sales', { teams: ['Sales'] }), ...DESKS.map(deskRule)],
  };
  await sql`insert into rule_sets (tenant_id, version, body, source, created_by, created_at)
    values (${tenantId}, 1, ${JSON.stringify(body)}, '', 'test', now())`.execute(database.system());
  const vendor = makeMemoryVendor({ accountId: account.accountId, now: () => clock.now().getTime() });
  DESKS.forEach((_, line) => vendor.numbers.add(`+3310000000${String(line)}`));
  const context = { tenantId, actor: 'test', correlationId: null };
  const group = await directory.groups.create(context, { displayName: 'Sales' }, []);
  const members = (add: readonly string[], remove: readonly string[]) =>
    directory.groups.modify(context, group.id, (resource) => ({
      resource,
      members: { type: 'delta', add, remove },
    }));
  const now = () => clock.now();
  const workers = makeWorkers({ directory, account, vendor });
  const lookAgain = (): Promise<void> =>
    workers.deps(database, () => false).accounts.requestReconcile(account, 'schedule', clock.now());
  return {
    directory,
    account,
    vendor,
    databaseClock,
    decisions: makeDecisions(workers.deps(database, () => false)),
    leaverDecisions: makeLeaverDecisions({ store: makeLeaverDecisionStore(database), now }),
    successors: makeSuccessors({
      store: makeSuccessorStore(database),
      readings: makeReadingStore(database),
      now,
    }),
    legalHolds: makeLegalHolds({ store: makeLegalHoldStore(database), newId, now }),
    now: () => Math.min(clock.now().getTime(), Date.now() + databaseClock.aheadMs),
    async hasWork() {
      const found = await makeWorkFinder(database, now)();
      return found.some(({ accountId }) => accountId === account.accountId);
    },
    work: (fate) => workers.work(fate),
    async addUser(name) {
      const user = await directory.users.create(context, {
        userName: emailOf(name),
        name: { givenName: name, familyName: 'Tester' },
        emails: [{ value: emailOf(name), primary: true, type: 'work' }],
        title: name,
      });
      await members([user.id], []);
      return user.id;
    },
    addMember: async (userId) => void (await members([userId], [])),
    removeMember: async (userId) => void (await members([], [userId])),
    async setActive(userId, active) {
      const change = (resource: object) => ({ ...resource, active });
      await directory.users.modify(context, userId, change, { refBase: null });
    },
    removeUser: (userId) => directory.users.remove(context, userId),
    async setSettings(settings) {
      await sql`update accounts set settings = ${JSON.stringify(settings)}
        where id = ${account.accountId}`.execute(database.system());
    },
    async setPolicy(policy) {
      await sql`update accounts set policy = ${policy} where id = ${account.accountId}`.execute(
        database.system(),
      );
      // As whoever changes it does everywhere.
      await lookAgain();
    },
    requestReconcile: lookAgain,
    async query<T>(text: string) {
      return (await sql.raw<T>(text).execute(database.forTenant(tenantId))).rows;
    },
  };
}

/** Workers that follow one another or work side by side; each knows of the dead what another process would. */
function makeWorkers({
  directory,
  account,
  vendor,
}: Pick<LifecycleWorld, 'directory' | 'account' | 'vendor'>) {
  const { clock, newId } = directory;
  const dead = new Set<string>();
  let lastName = 0;

  function deps(database: TenantDatabase, isDead: () => boolean, name = 'nobody') {
    const tick = (): void => {
      if (isDead()) throw new Killed();
    };
    const provider = new Proxy(vendor.provider, {
      get(target, key) {
        tick();
        return Reflect.get(target, key) as unknown;
      },
    });
    const base = engineDeps({
      database,
      clock,
      newId,
      checkpoint: tick,
      vendors: {
        open: () =>
          Promise.resolve({
            displayName: 'Memory Phones',
            provider,
            capabilities: MEMORY_CAPABILITIES,
            limits: MEMORY_LIMITS,
            protections: [],
            dashboard: {},
            dashboardLink: (place) => `https://dashboard.example.com/${place.page}`,
          }),
      },
    });
    let leases = 0;
    const lease = {
      ...base.lease,
      newHolder: () => `${name}-${String(++leases)}`,
      isGone: (holder: string) => dead.has(holder.split('-')[0] ?? ''),
    };
    return { ...base, lease };
  }

  async function work({ diesAt, meanwhile }: Fate): Promise<DrainReport | 'killed'> {
    const name = `worker${String(++lastName)}`;
    let ticks = 0;
    const isDead = (): boolean => {
      ticks += 1;
      if (diesAt !== null && ticks >= diesAt) dead.add(name);
      return dead.has(name);
    };
    let requests = 0;
    const before = vendor.onRequest;
    vendor.onRequest = async (request) => {
      await before(request);
      requests += 1;
      if (requests > REQUESTS_MAX) throw new Error('The phone system is asked on and on.');
      if (requests === meanwhile?.atRequest) await meanwhile.act();
      // The vendor has done it, and nobody is there to hear of it.
      if (isDead()) throw new Killed();
    };
    try {
      const drain = makeDrain(deps(mortal(directory.database, isDead), isDead, name));
      for (let round = 0; round < 20; round += 1) {
        const report = await drain(account, { sliceMs: 60_000 });
        if (dead.has(name)) return 'killed';
        if (report.type !== 'more') return report;
      }
      throw new Error('The drain does not come to rest.');
    } catch (error) {
      if (dead.has(name)) return 'killed';
      throw error;
    } finally {
      vendor.onRequest = before;
    }
  }

  return { deps, work };
}

/** The database as somebody has it who may die at each query: within a transaction nothing of it stays. */
function mortal(database: TenantDatabase, isDead: () => boolean): TenantDatabase {
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      if (isDead()) throw new Killed();
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  return {
    ...database,
    forTenant: (tenantId) => database.forTenant(tenantId).withPlugin(plugin),
    system: () => database.system().withPlugin(plugin),
  };
}

/** Whether somebody was told no, as opposed to something having broken. */
export function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.kind !== 'bug';
}
