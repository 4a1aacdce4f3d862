import type { NumberAccess, Role } from '../../src/domain/entitlement.js';
import { makeHttpClient } from '../../src/lib/http-client.js';
import { makeHttpTransport } from '../../src/providers/http-transport.js';
import type { Provider } from '../../src/providers/port.js';
import { smartflo } from '../../src/providers/smartflo/definition.js';
import type { SmartfloSecrets } from '../../src/providers/smartflo/settings.js';
import type { FaultRuleInput } from '../../src/sandbox/fault-rules.js';
import type { PersonView } from '../../src/sandbox/smartflo/dashboard/view.js';
import type { NumberRecord } from '../../src/sandbox/smartflo/records.js';
import { makeSmartfloSandbox, type SmartfloSandbox } from '../../src/sandbox/smartflo/sandbox.js';
import type { SmartfloSandboxSettingsInput } from '../../src/sandbox/smartflo/settings.js';
import { makeRecordingPacer } from '../support/pacer.js';
import { toRule } from './fault-rule.js';
import type { ContractSubject, OpenOptions, ProviderHarness, VendorFault } from './harness.js';
import { PAGE_SIZE, SMARTFLO_FACTS } from './smartflo-facts.js';
import { type CallPatterns, hookedSend } from './vendor-calls.js';

export interface SmartfloHarness extends ProviderHarness {
  readonly sandbox: SmartfloSandbox;
  readonly departmentIds: Readonly<Record<string, number>>;
  readonly numberIds: Readonly<Record<string, number>>;
  open(options?: OpenOptions & { readonly secrets?: SmartfloSecrets }): Provider;
  /** Requests as the sandbox saw them, oldest first, as `GET /v1/users?limit=50`. */
  lines(): readonly string[];
}

export interface SmartfloHarnessOptions {
  readonly settings?: SmartfloSandboxSettingsInput;
  readonly now?: () => number;
}

const TIMEOUT_MS = 300_000;
const NUMBERS = ['+918065485979', '+918065485980'] as const;
export const OWNER = { email: 'owner@example.com', password: 'Owner-Password-1' } as const;

/** A Smartflo account with an owner, one department, and two numbers that lead nowhere. */
export async function startSmartflo({
  settings,
  now = Date.now,
}: SmartfloHarnessOptions = {}): Promise<SmartfloHarness> {
  const sandbox = makeSmartfloSandbox({
    now,
    settings: { requestsPerSecond: null, durability: 'none', ...settings },
  });
  const { url } = await sandbox.start();
  const seeded = await sandbox.dashboard.seedAccount({
    name: 'Acme',
    owner: { ...OWNER, name: 'Olga Owner' },
    departments: ['Support'],
    numbers: [
      { name: 'Main', did: NUMBERS[0] },
      { name: 'Spare', did: NUMBERS[1] },
    ],
  });
  const pacer = makeRecordingPacer();
  const clients: { close(): void }[] = [];

  let token = seeded.token;

  function open(options: OpenOptions & { readonly secrets?: SmartfloSecrets } = {}): Provider {
    const { config, baseUrl = url, timeoutMs = TIMEOUT_MS, secrets = { token } } = options;
    const client = makeHttpClient({
      allowLoopback: true,
      timeoutMs,
      maxResponseBytes: 5_000_000,
      maxConnections: 4,
    });
    clients.push(client);
    return smartflo.open(
      smartflo.configSchema.parse({
        baseUrl,
        usersPerPage: PAGE_SIZE,
        fallbackNumber: '9000000000',
        userReadsMax: 0,
        ...config,
      }),
      smartflo.secretSchema.parse(secrets),
      { accountId: 'account-1', pacer, now, send: hookedSend(makeHttpTransport(client), MATCHES, options) },
    );
  }

  return {
    sandbox,
    departmentIds: seeded.departmentIds,
    numberIds: seeded.numberIds,
    open,
    vendor: {
      ...makeVendorSide(sandbox),
      revokeCredential: () => sandbox.dashboard.revokeToken({ token }),
      async renewCredential() {
        ({ token } = await sandbox.dashboard.createToken({}));
      },
    },
    inject: (...faults) => sandbox.faults.set(faults.flatMap(toRules)),
    clearFaults: () => sandbox.faults.clear(),
    requests: () =>
      sandbox.requestLog.entries().map(({ fault, ...entry }) => ({ ...entry, isFaulted: fault !== null })),
    lines: () =>
      sandbox.requestLog
        .entries()
        .map(({ method, path, query }) => `${method} ${path}${query === '' ? '' : `?${query}`}`),
    taken: () => pacer.taken(),
    signals: () => pacer.signals(),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await sandbox.stop();
    },
  };
}

type VendorSide = Omit<ProviderHarness['vendor'], 'revokeCredential' | 'renewCredential'>;

function makeVendorSide(sandbox: SmartfloSandbox): VendorSide {
  const departmentId = (name: string): number =>
    sandbox.snapshot().departments.find((one) => one.name === name)?.id ?? Number.NaN;
  return {
    agents: () => {
      const { users, numbers } = sandbox.snapshot();
      return users.map((user) => ({
        id: String(user.id),
        email: user.email,
        name: user.name,
        role: readRole(user.roleName),
        isOwner: user.isOwner,
        teams: user.departments,
        numbers: numbersOf(user, numbers),
        isSuspended: user.isWebLoginBlocked && user.agent?.isBlocked !== false,
      }));
    },
    teams: () =>
      sandbox
        .snapshot()
        .departments.map(({ name }) => name)
        .sort(),
    async addAgents(count) {
      const { userIds } = await sandbox.dashboard.addUsers({ count });
      return userIds.map(String);
    },
    async addTeams(names) {
      for (const name of names) await sandbox.dashboard.addDepartment({ name });
    },
    async invite(email) {
      await sandbox.dashboard.addUser({ email, name: 'New Person' });
    },
    removeAgent: (id) => sandbox.dashboard.deleteUser({ userId: Number(id) }),
    removeTeam: (name) => sandbox.dashboard.deleteDepartment({ departmentId: departmentId(name) }),
    addMember: (id, team) =>
      sandbox.dashboard.setMember({
        departmentId: departmentId(team),
        userId: Number(id),
        isMember: true,
      }),
    ownerId: () => String(sandbox.snapshot().users.find((user) => user.isOwner)?.id),
    numbers: () => NUMBERS,
  };
}

function readRole(name: string): Role | null {
  const role = name.toLowerCase();
  return role === 'agent' || role === 'supervisor' || role === 'admin' ? role : null;
}

/** What leads to the person's agent, and what they may show. */
function numbersOf(user: PersonView, numbers: readonly NumberRecord[]): readonly NumberAccess[] {
  return numbers.flatMap(({ id, did, destination }): readonly NumberAccess[] => [
    ...(destination === `agent||${user.agent?.id}` ? [{ number: did, kind: 'assigned' as const }] : []),
    ...(user.callerIds.includes(id) ? [{ number: did, kind: 'outbound' as const }] : []),
  ]);
}

const MATCHES = {
  'find-agent': { method: 'GET', path: '^/v1/user/[^/]+$' },
  'list-agents': { method: 'GET', path: '^/v1/users$' },
  'check-credential': { method: 'GET', path: '^/v1/users$' },
  'list-teams': { method: 'GET', path: '^/v1/departments$' },
  'list-numbers': { method: 'GET', path: '^/v1/my_number$' },
  'create-agent': { method: 'POST', path: '^/v1/user$' },
  'update-agent': { method: 'PATCH', path: '^/v1/user/[^/]+$' },
  'suspend-agent': { method: 'PATCH', path: '^/v1/user/[^/]+$' },
  'resume-agent': { method: 'PATCH', path: '^/v1/user/[^/]+$' },
  'delete-agent': { method: 'DELETE', path: '^/v1/user/[^/]+$' },
  'create-team': { method: 'POST', path: '^/v1/department$' },
  'grant-team': { method: 'PUT', path: '^/v1/department/[^/]+$' },
  'revoke-team': { method: 'PUT', path: '^/v1/department/[^/]+$' },
  'grant-number': { method: 'PUT', path: '^/v1/my_number/[^/]+$' },
  'revoke-number': { method: 'PUT', path: '^/v1/my_number/[^/]+$' },
} as const satisfies CallPatterns;

/** Number access is written at the number or at the person, depending on its kind. */
function toRules(fault: VendorFault): readonly FaultRuleInput[] {
  if (fault.on !== 'grant-number' && fault.on !== 'revoke-number') return [toRule(fault, MATCHES)];
  const atPerson = { ...MATCHES, [fault.on]: MATCHES['update-agent'] };
  return [toRule(fault, MATCHES), toRule(fault, atPerson)];
}

export const SMARTFLO_SUBJECT: ContractSubject = { facts: SMARTFLO_FACTS, start: startSmartflo };
