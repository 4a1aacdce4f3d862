import type { Role } from '../../src/domain/entitlement.js';
import { makeHttpClient } from '../../src/lib/http-client.js';
import { aircall } from '../../src/providers/aircall/definition.js';
import { makeHttpTransport } from '../../src/providers/http-transport.js';
import type { Provider } from '../../src/providers/port.js';
import { makeAircallSandbox, type AircallSandbox } from '../../src/sandbox/aircall/sandbox.js';
import type { AircallSandboxSettingsInput } from '../../src/sandbox/aircall/settings.js';
import { makeRecordingPacer } from '../support/pacer.js';
import { AIRCALL_FACTS } from './aircall-facts.js';
import { toRule } from './fault-rule.js';
import type { ContractSubject, OpenOptions, ProviderHarness } from './harness.js';
import { type CallPatterns, hookedSend } from './vendor-calls.js';

export interface AircallHarness extends ProviderHarness {
  readonly sandbox: AircallSandbox;
  readonly teamIds: Readonly<Record<string, number>>;
  readonly numberIds: Readonly<Record<string, number>>;
  /** Requests as the sandbox saw them, oldest first, as `GET /v2/users?page=1`. */
  lines(): readonly string[];
}

export interface AircallHarnessOptions {
  readonly settings?: AircallSandboxSettingsInput;
  readonly now?: () => number;
}

const TIMEOUT_MS = 300_000;

/** An Aircall company with an owner, one team that rings on one number, and another number. */
export async function startAircall({
  settings,
  now = Date.now,
}: AircallHarnessOptions = {}): Promise<AircallHarness> {
  const sandbox = makeAircallSandbox({
    now,
    settings: { requestsPerMinute: null, durability: 'none', ...settings },
  });
  const { url } = await sandbox.start();
  const seeded = await sandbox.dashboard.seedCompany({
    name: 'Acme',
    owner: { email: 'owner@example.com', firstName: 'Olga', lastName: 'Owner' },
    teams: ['Support'],
    numbers: [
      { name: 'Main', digits: '+33 1 76 11 11 11', ringsTeams: ['Support'] },
      { name: 'Spare', digits: '+44 20 7946 0000' },
    ],
  });
  const pacer = makeRecordingPacer();
  const clients: { close(): void }[] = [];

  let key = { apiId: seeded.apiId, apiToken: seeded.apiToken };

  function open(options: OpenOptions = {}): Provider {
    const { config, baseUrl = url, timeoutMs = TIMEOUT_MS } = options;
    const client = makeHttpClient({
      allowLoopback: true,
      timeoutMs,
      maxResponseBytes: 5_000_000,
      maxConnections: 4,
    });
    clients.push(client);
    return aircall.open(aircall.configSchema.parse({ baseUrl, ...config }), aircall.secretSchema.parse(key), {
      accountId: 'account-1',
      pacer,
      now,
      send: hookedSend(makeHttpTransport(client), MATCHES, options),
    });
  }

  return {
    sandbox,
    teamIds: seeded.teamIds,
    numberIds: seeded.numberIds,
    open,
    vendor: {
      ...makeVendorSide(sandbox),
      revokeCredential: () => sandbox.dashboard.revokeApiKey({ apiId: key.apiId }),
      async renewCredential() {
        key = { apiId: `${key.apiId}1`, apiToken: key.apiToken };
        await sandbox.dashboard.createApiKey(key);
      },
    },
    inject: (...faults) => sandbox.faults.set(faults.map((fault) => toRule(fault, MATCHES))),
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

function makeVendorSide(sandbox: AircallSandbox): VendorSide {
  const teamId = (name: string): number =>
    sandbox.snapshot().teams.find((team) => team.name === name)?.id ?? Number.NaN;
  return {
    agents() {
      const { users, teams } = sandbox.snapshot();
      return users.map((user) => ({
        id: String(user.id),
        email: user.email,
        name: user.name,
        role: readRole(user.roleIds),
        isOwner: user.isOwner,
        teams: teams
          .filter((team) => team.memberIds.includes(user.id))
          .map((team) => team.name)
          .sort(),
      }));
    },
    teams: () =>
      sandbox
        .snapshot()
        .teams.map((team) => team.name)
        .sort(),
    async addAgents(count) {
      const { userIds } = await sandbox.dashboard.addUsers({ count });
      return userIds.map(String);
    },
    async addTeams(names) {
      for (const name of names) await sandbox.dashboard.addTeam({ name });
    },
    async invite(email) {
      await sandbox.dashboard.inviteUser({ email, firstName: 'New', lastName: 'Person' });
    },
    removeAgent: (providerUserId) => sandbox.dashboard.deleteUser({ userId: Number(providerUserId) }),
    removeTeam: (name) => sandbox.dashboard.deleteTeam({ teamId: teamId(name) }),
    addMember: (providerUserId, team) =>
      sandbox.dashboard.moveTeamMember({ userId: Number(providerUserId), toTeamId: teamId(team) }),
    ownerId: () => String(sandbox.snapshot().users.find((user) => user.isOwner)?.id),
    numbers: () => ['+33176111111', '+442079460000'],
  };
}

function readRole(roleIds: readonly string[]): Role | null {
  const [only, ...others] = roleIds;
  return others.length === 0 && (only === 'agent' || only === 'supervisor' || only === 'admin') ? only : null;
}

const MATCHES = {
  'check-credential': { method: 'GET', path: '^/v1/ping$' },
  'find-agent': { method: 'GET', path: '^/v2/users/[^/]+$' },
  'list-agents': { method: 'GET', path: '^/v2/users$' },
  'list-teams': { method: 'GET', path: '^/v1/teams$' },
  'list-numbers': { method: 'GET', path: '^/v1/numbers$' },
  'create-agent': { method: 'POST', path: '^/v2/users$' },
  'update-agent': { method: 'PUT', path: '^/v2/users/[^/]+$' },
  'delete-agent': { method: 'DELETE', path: '^/v1/users/[^/]+$' },
  'create-team': { method: 'POST', path: '^/v1/teams$' },
  'grant-team': { method: 'POST', path: '^/v1/teams/[^/]+/users/[^/]+$' },
  'revoke-team': { method: 'DELETE', path: '^/v1/teams/[^/]+/users/[^/]+$' },
} as const satisfies CallPatterns;

export const AIRCALL_SUBJECT: ContractSubject = { facts: AIRCALL_FACTS, start: startAircall };
