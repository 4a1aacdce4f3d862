import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import type { MappingRule, RuleSet } from '../../../src/domain/mapping.js';
import type { AccountPolicy } from '../../../src/domain/plan.js';
import { makeGroupDirectory } from '../../../src/directory/groups.js';
import { makeUserDirectory } from '../../../src/directory/users.js';
import { makeHttpClient } from '../../../src/lib/http-client.js';
import { makeIdSource } from '../../../src/lib/ids.js';
import { aircall } from '../../../src/providers/aircall/definition.js';
import { makeHttpTransport } from '../../../src/providers/http-transport.js';
import type { Pacer } from '../../../src/providers/port.js';
import type { AccountKey } from '../../../src/reconcile/account.js';
import { makeDrain, type DrainDeps } from '../../../src/reconcile/draining/drain.js';
import { makePacer } from '../../../src/reconcile/pacing/pacer.js';
import type { VendorOpener } from '../../../src/reconcile/ports.js';
import { makeAircallSandbox, type AircallSandbox } from '../../../src/sandbox/aircall/sandbox.js';
import { openDatabase, type TenantDatabase } from '../../../src/store/database.js';
import { makeDirectoryStore } from '../../../src/store/directory/store.js';
import { startEmbeddedPostgres } from '../../../src/store/embedded/embedded-postgres.js';
import { migrateToLatest } from '../../../src/store/migrate.js';
import { makePaceStore } from '../../../src/store/pace.js';
import { engineDeps } from '../../support/engine-deps.js';
import { makeJumpingClock, type JumpingClock } from './jumping-clock.js';

/** The documented limit of the vendor: the engine may use all of it. */
export const LIMIT_PER_MINUTE = 120;
export const TEAMS = Array.from({ length: 8 }, (_, index) => `Team ${String(index + 1)}`);
export const NUMBERS_PER_TEAM = 2;

/** The engine, its database and a sandbox with an exact limiter, on one clock. */
export interface PacingWorld {
  readonly clock: JumpingClock;
  readonly account: AccountKey;
  readonly sandbox: AircallSandbox;
  readonly deps: DrainDeps;
  /** Runs before each vendor request, after its wait. */
  onRequest: () => Promise<void>;
  /** Works until nothing is left to do, or until `signal`. */
  drain(signal?: AbortSignal): Promise<void>;
  /** Adds people, spread evenly over the teams' groups. Their ids. */
  addPeople(prefix: string, count: number): Promise<readonly string[]>;
  deactivate(userId: string): Promise<void>;
  setPolicy(policy: AccountPolicy): Promise<void>;
  close(): Promise<void>;
}

const LOG = { info: () => undefined, warn: console.warn, error: console.error };
/** As in production. */
const SLICE_MS = 60_000;
/** So many writes to the directory at a time. */
const WRITERS = 8;

export async function openPacingWorld(): Promise<PacingWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log: LOG });
  await migrateToLatest(postgres.url);
  const database = await openDatabase({ url: postgres.url, poolMax: 10, log: pino({ level: 'silent' }) });
  const clock = makeJumpingClock();
  const sandbox = makeAircallSandbox({
    now: clock.ms,
    settings: { requestsPerMinute: LIMIT_PER_MINUTE, durability: 'none', dashboardKey: null },
  });
  const key = await seed(sandbox);
  const { url } = await sandbox.start();
  const newId = makeIdSource(clock);
  const account: AccountKey = { tenantId: newId(), accountId: newId() };
  await addRows(database, account);
  const client = makeHttpClient({
    allowLoopback: true,
    maxConnections: 4,
    timeoutMs: 30_000,
    maxResponseBytes: 20_000_000,
  });
  const hooks: Pick<PacingWorld, 'onRequest'> = { onRequest: () => Promise.resolve() };
  const vendors = openVendors({ database, clock, client, key, url, before: () => hooks.onRequest() });
  const deps = onClock(engineDeps({ database, clock, newId, vendors, checkpoint: () => undefined }), clock);
  const run = makeDrain(deps);
  const people = makePeople(database, clock, newId, account.tenantId);
  return Object.assign(hooks, {
    clock,
    account,
    sandbox,
    deps,
    ...people,
    async drain(signal?: AbortSignal) {
      for (;;) {
        if (signal?.aborted === true) return;
        const report = await run(account, { sliceMs: SLICE_MS, ...(signal === undefined ? {} : { signal }) });
        if (report.type === 'idle') return;
        if (report.type === 'wait') await clock.sleep(report.retryAt.getTime() - clock.ms());
        else if (report.type !== 'more') throw new Error(`The drain ended with "${report.type}".`);
      }
    },
    async setPolicy(policy: AccountPolicy) {
      await sql`update accounts set policy = ${policy} where id = ${account.accountId}`.execute(
        database.system(),
      );
    },
    async close() {
      client.close();
      await sandbox.stop();
      await database.close();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  });
}

async function seed(sandbox: AircallSandbox): Promise<{ apiId: string; apiToken: string }> {
  const { apiId, apiToken } = await sandbox.dashboard.seedCompany({
    name: 'Bench',
    owner: { email: 'owner@example.com', firstName: 'Olive', lastName: 'Owner' },
    teams: TEAMS,
    numbers: TEAMS.flatMap((team, index) =>
      Array.from({ length: NUMBERS_PER_TEAM }, (_, line) => ({
        name: `${team} line ${String(line + 1)}`,
        digits: numberOf(index, line),
        ringsTeams: [team],
      })),
    ),
  });
  return { apiId, apiToken };
}

function numberOf(team: number, line: number): string {
  return `+331761111${String(team)}${String(line)}`;
}

function rules(): readonly MappingRule[] {
  return TEAMS.map((team, index) => ({
    id: `team-${String(index + 1)}`,
    accounts: [],
    when: { type: 'group', group: { by: 'name', name: team } },
    grant: {
      role: null,
      teams: [team],
      numbers: Array.from({ length: NUMBERS_PER_TEAM }, (_, line) => ({
        number: numberOf(index, line),
        kind: 'assigned' as const,
        viaTeam: team,
      })),
    },
    deny: { roles: [], teams: [], numbers: [], account: false },
  }));
}

async function addRows(database: TenantDatabase, { tenantId, accountId }: AccountKey): Promise<void> {
  const db = database.system();
  const body: RuleSet = { version: 1, defaultRole: 'agent', owners: [], rules: rules() };
  await sql`insert into tenants (id, slug, name, created_at) values (${tenantId}, 'bench', 'Bench', now())`.execute(
    db,
  );
  await sql`insert into accounts (tenant_id, id, name, provider, config, secrets, policy, settings, created_at, updated_at)
    values (${tenantId}, ${accountId}, 'Phones', 'aircall', '{}', '', 'sync', '{}', now(), now())`.execute(
    db,
  );
  await sql`insert into rule_sets (tenant_id, version, body, source, created_by, created_at)
    values (${tenantId}, 1, ${JSON.stringify(body)}, '', 'bench', now())`.execute(db);
}

interface VendorParts {
  readonly database: TenantDatabase;
  readonly clock: JumpingClock;
  readonly client: ReturnType<typeof makeHttpClient>;
  readonly key: { readonly apiId: string; readonly apiToken: string };
  readonly url: string;
  readonly before: () => Promise<void>;
}

/** The real adapter with the real pacer, its budget in the database. */
function openVendors({ database, clock, client, key, url, before }: VendorParts): VendorOpener {
  const config = aircall.configSchema.parse({ baseUrl: url, requestsPerMinute: LIMIT_PER_MINUTE });
  return {
    open(account, { sliceEndsAt, assertMayCall }) {
      const pacer = makePacer({
        store: makePaceStore(database, account),
        settings: aircall.pacingFor(config),
        now: clock.ms,
        sleep: clock.sleep,
        sliceEndsAt,
      });
      const hooked: Pacer = {
        async take(requests) {
          await pacer.take(requests);
          await before();
          await assertMayCall();
        },
        observe: (signal) => pacer.observe(signal),
      };
      const deps = {
        accountId: account.accountId,
        send: makeHttpTransport(client),
        pacer: hooked,
        now: clock.ms,
      };
      return Promise.resolve({
        displayName: aircall.displayName,
        provider: aircall.open(config, aircall.secretSchema.parse(key), deps),
        capabilities: aircall.capabilitiesFor(config),
        limits: aircall.limits,
        protections: [],
        dashboard: aircall.dashboard,
        dashboardLink: (place) => aircall.dashboardLink(config, place),
      });
    },
  };
}

/** Readings and writes are compared by the database's clock; here both are moved onto the one that leaps. */
function onClock(deps: DrainDeps, clock: JumpingClock): DrainDeps {
  return {
    ...deps,
    readings: { ...deps.readings, now: () => Promise.resolve(clock.ms()) },
    links: {
      ...deps.links,
      async listLive(account, selection) {
        const links = await deps.links.listLive(account, selection);
        return links.map((link) => ({ ...link, updatedAt: clock.at(link.updatedAt) }));
      },
    },
  };
}

function makePeople(database: TenantDatabase, clock: JumpingClock, newId: () => string, tenantId: string) {
  const deps = { store: makeDirectoryStore(database), clock, newId, onDirectoryChange: () => undefined };
  const users = makeUserDirectory(deps);
  const groups = makeGroupDirectory(deps);
  const context = { tenantId, actor: 'bench', correlationId: null };
  const groupIds = new Map<string, string>();

  async function groupOf(team: string): Promise<string> {
    const known = groupIds.get(team);
    if (known !== undefined) return known;
    const { id } = await groups.create(context, { displayName: team }, []);
    groupIds.set(team, id);
    return id;
  }

  async function addPerson(prefix: string, number: number): Promise<string> {
    const userName = `${prefix}${String(number)}@example.com`;
    const { id } = await users.create(context, {
      userName,
      name: { givenName: prefix, familyName: `Person ${String(number)}` },
      emails: [{ value: userName, primary: true, type: 'work' }],
      active: true,
    });
    return id;
  }

  return {
    async addPeople(prefix: string, count: number) {
      const ids: string[] = [];
      let next = 0;
      const work = async (): Promise<void> => {
        for (let number = next++; number < count; number = next++)
          ids[number] = await addPerson(prefix, number);
      };
      await Promise.all(Array.from({ length: WRITERS }, work));
      for (const [index, team] of TEAMS.entries()) {
        const add = ids.filter((_, number) => number % TEAMS.length === index);
        await groups.modify(context, await groupOf(team), (resource) => ({
          resource,
          members: { type: 'delta', add, remove: [] },
        }));
      }
      return ids;
    },
    async deactivate(userId: string) {
      await users.modify(context, userId, (current) => ({ ...current, active: false }), { refBase: null });
    },
  };
}
