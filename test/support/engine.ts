import { sql } from 'kysely';
import type { ArchiveDeps } from '../../src/deprovision/archive/ports.js';
import type { TenantDatabase } from '../../src/store/database.js';
import type { Resource } from '../../src/directory/resource.js';
import type { AccountPolicy } from '../../src/domain/plan.js';
import type { Capabilities } from '../../src/domain/capabilities.js';
import type { MappingRule, RuleSet } from '../../src/domain/mapping.js';
import type { AccountKey } from '../../src/reconcile/account.js';
import { makeDecisions, type Decisions } from '../../src/reconcile/decide.js';
import {
  makeDrain,
  type Drain,
  type DrainDeps,
  type DrainReport,
} from '../../src/reconcile/draining/drain.js';
import type { VendorOpener } from '../../src/reconcile/ports.js';
import { openDirectory, type DirectoryFixture } from './directory.js';
import { engineDeps } from './engine-deps.js';
import {
  makeMemoryVendor,
  MEMORY_CAPABILITIES,
  MEMORY_LIMITS,
  type MemoryVendor,
} from './memory-provider.js';

export interface EngineFixture {
  readonly directory: DirectoryFixture;
  readonly account: AccountKey;
  readonly vendor: MemoryVendor;
  readonly deps: DrainDeps;
  readonly drain: Drain;
  readonly decisions: Decisions;
  /** Drains until nothing is left to do now. Fails when that takes more than `rounds` slices. */
  settle(rounds?: number): Promise<DrainReport>;
  addUser(name: string, groups?: readonly string[], more?: object): Promise<string>;
  /** Creates the group when it is missing. */
  join(group: string, ...userIds: readonly string[]): Promise<void>;
  leave(group: string, ...userIds: readonly string[]): Promise<void>;
  setActive(userId: string, active: boolean): Promise<void>;
  setTitle(userId: string, title: string): Promise<void>;
  setName(userId: string, givenName: string): Promise<void>;
  removeUser(userId: string): Promise<void>;
  setPolicy(policy: AccountPolicy): Promise<void>;
  setSettings(settings: object): Promise<void>;
  saveRules(rules: readonly MappingRule[], extra?: Partial<RuleSet>): Promise<void>;
  requestReconcile(): Promise<void>;
  query<T>(text: string): Promise<readonly T[]>;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly policy?: AccountPolicy;
  readonly settings?: object;
  readonly suspend?: boolean;
  readonly capabilities?: Partial<Capabilities>;
  readonly checkpoint?: (name: string) => void;
  readonly archive?: (database: TenantDatabase) => ArchiveDeps;
  readonly overrides?: (deps: DrainDeps) => Partial<DrainDeps>;
}

/** A rule: members of the group hold the teams and the role. */
export function groupRule(
  group: string,
  grant: {
    teams?: readonly string[];
    role?: 'agent' | 'supervisor' | 'admin';
    numbers?: MappingRule['grant']['numbers'];
  },
): MappingRule {
  return {
    id: group.toLowerCase(),
    accounts: [],
    when: { type: 'group', group: { by: 'name', name: group } },
    grant: { role: grant.role ?? null, teams: grant.teams ?? [], numbers: grant.numbers ?? [] },
    deny: { roles: [], teams: [], numbers: [], account: false },
  };
}

export function emailOf(name: string): string {
  return `${name.toLowerCase()}@example.com`;
}

/** The engine on a real database, a real directory and a vendor in memory. */
export async function openEngine(options: EngineOptions = {}): Promise<EngineFixture> {
  const directory = await openDirectory();
  const { database, clock, newId } = directory;
  const tenantId = await directory.addTenant('acme', 0);
  const account: AccountKey = { tenantId, accountId: newId() };
  await sql`insert into accounts (tenant_id, id, name, provider, config, secrets, policy, settings, created_at, updated_at)
    values (${tenantId}, ${account.accountId}, 'Phones', 'memory', '{}', '', ${options.policy ?? 'sync'},
      ${JSON.stringify(options.settings ?? {})}, now(), now())`.execute(database.system());
  const vendor = makeMemoryVendor({
    accountId: account.accountId,
    now: () => clock.now().getTime(),
    suspend: options.suspend ?? false,
  });
  const base = engineDeps({
    database,
    clock,
    newId,
    vendors: memoryVendors(vendor, options),
    checkpoint: options.checkpoint ?? (() => undefined),
    ...(options.archive === undefined ? {} : { archive: options.archive(database) }),
  });
  const deps = { ...base, ...options.overrides?.(base) };
  const drain = makeDrain(deps);
  const context = { tenantId, actor: 'test', correlationId: null };
  const groups = new Map<string, string>();

  async function groupId(name: string): Promise<string> {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const stored = await directory.groups.create(context, { displayName: name }, []);
    groups.set(name, stored.id);
    return stored.id;
  }

  async function change(name: string, add: readonly string[], remove: readonly string[]): Promise<void> {
    await directory.groups.modify(context, await groupId(name), (resource) => ({
      resource,
      members: { type: 'delta', add, remove },
    }));
  }

  async function modify(userId: string, attributes: object): Promise<void> {
    const change = (current: object): Resource => ({ ...current, ...attributes });
    await directory.users.modify(context, userId, change, { refBase: null });
  }

  let version = 0;
  return {
    directory,
    account,
    vendor,
    deps,
    drain,
    decisions: makeDecisions(deps),
    async settle(rounds = 20) {
      for (let round = 0; round < rounds; round += 1) {
        const report = await drain(account, { sliceMs: 60_000 });
        if (report.type !== 'more') return report;
      }
      throw new Error(`The drain did not come to rest within ${rounds} slices.`);
    },
    async addUser(name, memberOf = [], more = {}) {
      const user = await directory.users.create(context, {
        userName: emailOf(name),
        name: { givenName: name, familyName: 'Tester' },
        emails: [{ value: emailOf(name), primary: true, type: 'work' }],
        active: true,
        ...more,
      });
      for (const group of memberOf) await change(group, [user.id], []);
      return user.id;
    },
    join: (group, ...userIds) => change(group, userIds, []),
    leave: (group, ...userIds) => change(group, [], userIds),
    setActive: (userId, active) => modify(userId, { active }),
    setTitle: (userId, title) => modify(userId, { title }),
    setName: (userId, givenName) => modify(userId, { name: { givenName, familyName: 'Tester' } }),
    removeUser: (userId) => directory.users.remove(context, userId),
    async setPolicy(policy) {
      await sql`update accounts set policy = ${policy} where id = ${account.accountId}`.execute(
        database.system(),
      );
    },
    async setSettings(settings) {
      await sql`update accounts set settings = ${JSON.stringify(settings)}
        where id = ${account.accountId}`.execute(database.system());
    },
    async saveRules(rules, extra = {}) {
      version += 1;
      const body: RuleSet = { version, defaultRole: 'agent', owners: [], rules, ...extra };
      await sql`insert into rule_sets (tenant_id, version, body, source, created_by, created_at)
        values (${tenantId}, ${version}, ${JSON.stringify(body)}, '', 'test', now())`.execute(
        database.system(),
      );
    },
    requestReconcile: () => deps.accounts.requestReconcile(account, 'manual', clock.now()),
    async query<T>(text: string) {
      return (await sql.raw<T>(text).execute(database.system())).rows;
    },
    close: () => directory.close(),
  };
}

function memoryVendors(vendor: MemoryVendor, { suspend = false, capabilities }: EngineOptions): VendorOpener {
  return {
    open: () =>
      Promise.resolve({
        displayName: 'Memory Phones',
        provider: vendor.provider,
        capabilities: { ...MEMORY_CAPABILITIES, suspend, ...capabilities },
        limits: MEMORY_LIMITS,
        protections: [],
        dashboard: {},
        dashboardLink: (place) => `https://dashboard.example.com/${place.page}`,
      }),
  };
}
