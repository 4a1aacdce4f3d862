import type { Capabilities, VendorLimits } from '../../src/domain/capabilities.js';
import { emailKey } from '../../src/domain/email.js';
import { teamKey, type EntitlementSet, type NumberAccess, type Role } from '../../src/domain/entitlement.js';
import { AppError } from '../../src/domain/errors.js';
import { combinedName } from '../../src/domain/person-name.js';
import type { ActualAgent, ActualState } from '../../src/domain/state.js';
import type {
  AgentRef,
  CallQuery,
  CallRecord,
  Pacer,
  Provider,
  ProviderWrite,
  WriteOutcome,
} from '../../src/providers/port.js';

export interface MemoryAgent {
  readonly providerUserId: string;
  email: string;
  givenName: string;
  familyName: string;
  role: Role;
  status: ActualAgent['status'];
  readonly teams: Set<string>;
  numbers?: readonly NumberAccess[];
  defaultNumber?: string;
}

/** One request as the vendor saw it, in order. */
export type MemoryRequest =
  | { readonly call: 'read-all' }
  | { readonly call: 'read-subjects'; readonly refs: readonly AgentRef[] }
  | { readonly call: 'find'; readonly ref: AgentRef }
  | { readonly call: 'list-ids' | 'find-call' | 'is-in-call' }
  | { readonly call: 'write'; readonly operation: ProviderWrite };

/** What happens instead of an answer: an error before the effect, or after it (a lost response). */
export interface MemoryFault {
  readonly error: AppError;
  readonly hasEffect?: boolean;
}

/** A phone system in memory, with the capabilities of Aircall. Implements the provider port exactly. */
export interface MemoryVendor {
  readonly provider: Provider;
  readonly agents: Map<string, MemoryAgent>;
  readonly teams: Set<string>;
  /** E.164. */
  readonly numbers: Set<string>;
  readonly requests: MemoryRequest[];
  readonly calls: Map<string, CallRecord[]>;
  /** Agents who speak with somebody. */
  readonly inCall: Set<string>;
  /** Asked before every request; what it returns happens to that request. */
  fault: (request: MemoryRequest) => MemoryFault | null;
  /** Runs after every request, before its answer arrives. */
  onRequest: (request: MemoryRequest) => void | Promise<void>;
  addAgent(agent: Partial<MemoryAgent> & { email: string }): MemoryAgent;
  byEmail(email: string): MemoryAgent | undefined;
  writes(): readonly ProviderWrite[];
}

export const MEMORY_CAPABILITIES: Capabilities = {
  writes: 'api',
  teams: true,
  owners: true,
  suspend: false,
  delete: 'permanent',
  readRole: false,
  writeRole: true,
  writeOwner: false,
  writeEmail: true,
  createTeam: true,
  renameTeam: false,
  numberAccess: { assigned: 'via-team', outbound: 'manual', call_flow: 'manual' },
  invitationStateReadable: false,
  resendInvitation: false,
};

export const MEMORY_LIMITS: VendorLimits = {
  nameMaxChars: 255,
  teamNameMaxChars: 64,
  emojiInNames: false,
  requestsPerMinute: 6_000,
  callHistoryDays: 183,
};

export interface MemoryOptions {
  readonly accountId: string;
  readonly now: () => number;
  readonly pacer?: Pacer;
  readonly suspend?: boolean;
}

export function makeMemoryVendor(options: MemoryOptions): MemoryVendor {
  const agents = new Map<string, MemoryAgent>();
  const teams = new Set<string>();
  const numbers = new Set<string>();
  const requests: MemoryRequest[] = [];
  let lastId = 1000;
  const vendor: MemoryVendor = {
    provider: {
      validate: () => Promise.resolve({ companyName: 'Memory', agentCount: agents.size, details: {} }),
      readAll: (onProgress) => {
        onProgress?.({ what: 'users', done: agents.size, total: agents.size + 1 });
        return request({ call: 'read-all' }, () => reading('all', [...agents.values()]));
      },
      readSubjects: (refs) =>
        request({ call: 'read-subjects', refs }, () =>
          reading(
            'subjects',
            [...agents.values()].filter((agent) => refs.some((ref) => isMeant(agent, ref))),
          ),
        ),
      findAgent: (ref) =>
        request({ call: 'find', ref }, () => {
          const found = [...agents.values()].find((agent) => isMeant(agent, ref));
          return found === undefined
            ? null
            : { ...toActual(found, options.suspend), teams: [], numbers: null };
        }),
      write: (operation) => request({ call: 'write', operation }, () => write(operation)),
      listAgentIds: () => request({ call: 'list-ids' }, () => new Set(agents.keys())),
      isInCall: (id) => request({ call: 'is-in-call' }, () => vendor.inCall.has(id)),
      findCall: (callId) =>
        request(
          { call: 'find-call' },
          () => [...vendor.calls.values()].flat().find((one) => one.callId === callId) ?? null,
        ),
      calls: (query) => listCalls(query),
    },
    agents,
    teams,
    numbers,
    requests,
    calls: new Map(),
    inCall: new Set(),
    fault: () => null,
    onRequest: () => undefined,
    addAgent(agent) {
      lastId += 1;
      const added: MemoryAgent = {
        providerUserId: String(lastId),
        givenName: 'Given',
        familyName: 'Family',
        role: 'agent',
        status: 'active',
        teams: new Set(),
        ...agent,
      };
      agents.set(added.providerUserId, added);
      for (const team of added.teams) teams.add(team);
      return added;
    },
    byEmail: (email) => [...agents.values()].find((agent) => emailKey(agent.email) === emailKey(email)),
    writes: () => requests.flatMap((one) => (one.call === 'write' ? [one.operation] : [])),
  };

  async function* listCalls({ providerUserId, from, to }: CallQuery): AsyncIterable<CallRecord> {
    await Promise.resolve();
    const calls = vendor.calls.get(providerUserId) ?? [];
    yield* calls.filter(({ startedAt }) => startedAt >= from && startedAt <= to);
  }

  async function request<T>(asked: MemoryRequest, answer: () => T): Promise<T> {
    await options.pacer?.take(1);
    requests.push(asked);
    const fault = vendor.fault(asked);
    if (fault !== null && fault.hasEffect !== true) throw fault.error;
    const result = answer();
    await vendor.onRequest(asked);
    if (fault !== null) throw fault.error;
    return result;
  }

  function reading(scope: ActualState['scope'], some: readonly MemoryAgent[]): ActualState {
    return {
      accountId: options.accountId,
      readAt: options.now(),
      scope,
      agents: some.map((agent) => toActual(agent, options.suspend)),
      teams: [...teams].map((name, index) => ({ providerTeamId: String(index), name })),
      numbers: [...numbers].map((number) => ({ providerNumberId: number, number, name: number })),
    };
  }

  function write(operation: ProviderWrite): WriteOutcome {
    switch (operation.type) {
      case 'create-agent':
        return create(operation);
      case 'create-team':
        if (teamCalled(operation.team) !== undefined)
          return { result: 'already', providerId: operation.team };
        teams.add(operation.team);
        return { result: 'applied', providerId: operation.team };
      case 'delete-agent':
        return { result: agents.delete(operation.providerUserId) ? 'applied' : 'already', providerId: null };
      case 'update-agent':
        return update(agentById(operation.providerUserId), operation.fields);
      case 'suspend-agent':
      case 'resume-agent':
        agentById(operation.providerUserId).status =
          operation.type === 'suspend-agent' ? 'suspended' : 'active';
        return { result: 'applied', providerId: null };
      case 'grant':
      case 'revoke':
        return changeTeam(operation);
    }
  }

  function create({ profile, role }: Extract<ProviderWrite, { type: 'create-agent' }>): WriteOutcome {
    const known = vendor.byEmail(profile.email);
    if (known !== undefined) return { result: 'already', providerId: known.providerUserId };
    return { result: 'applied', providerId: vendor.addAgent({ ...profile, role }).providerUserId };
  }

  function update(agent: MemoryAgent, fields: Partial<MemoryAgent>): WriteOutcome {
    const other = fields.email === undefined ? undefined : vendor.byEmail(fields.email);
    if (other !== undefined && other !== agent) throw new AppError('invalid', 'The e-mail is taken.');
    Object.assign(agent, fields);
    return { result: 'applied', providerId: null };
  }

  function changeTeam(operation: Extract<ProviderWrite, { type: 'grant' | 'revoke' }>): WriteOutcome {
    const { entitlement } = operation;
    if (entitlement.type === 'number') return changeNumber(operation, entitlement);
    if (entitlement.type !== 'team') throw new AppError('capability', 'Only teams can be granted here.');
    const agent = agentById(operation.providerUserId);
    const team = teamCalled(entitlement.team);
    if (operation.type === 'grant') {
      if (team === undefined) throw new AppError('notFound', `There is no team ${entitlement.team}.`);
      if (agent.teams.has(team)) return { result: 'already', providerId: null };
      agent.teams.add(team);
      return { result: 'applied', providerId: null };
    }
    const isMember = team !== undefined && agent.teams.delete(team);
    return { result: isMember ? 'applied' : 'already', providerId: null };
  }

  function changeNumber(
    { type, providerUserId }: Extract<ProviderWrite, { type: 'grant' | 'revoke' }>,
    { number, kind }: NumberAccess,
  ): WriteOutcome {
    const agent = agentById(providerUserId);
    const others = (agent.numbers ?? []).filter((one) => one.number !== number || one.kind !== kind);
    const isHeld = others.length !== (agent.numbers ?? []).length;
    if (isHeld === (type === 'grant')) return { result: 'already', providerId: null };
    agent.numbers = type === 'grant' ? [...others, { number, kind }] : others;
    return { result: 'applied', providerId: null };
  }

  function teamCalled(name: string): string | undefined {
    return [...teams].find((team) => teamKey(team) === teamKey(name));
  }

  function agentById(id: string): MemoryAgent {
    const agent = agents.get(id);
    if (agent === undefined) throw new AppError('notFound', 'There is no such agent.');
    return agent;
  }

  return vendor;
}

function isMeant(agent: MemoryAgent, ref: AgentRef): boolean {
  return ref.by === 'id'
    ? agent.providerUserId === ref.providerUserId
    : emailKey(agent.email) === emailKey(ref.email);
}

/** Where there is a suspension, the vendor shows who is not suspended. */
function toActual(agent: MemoryAgent, showsStatus = false): ActualAgent {
  return {
    providerUserId: agent.providerUserId,
    email: agent.email,
    name: combinedName(agent),
    status: agent.status === 'suspended' ? 'suspended' : showsStatus ? 'active' : 'unknown',
    role: null,
    owner: null,
    teams: [...agent.teams].toSorted(),
    numbers: agent.numbers ?? [],
    ...(agent.defaultNumber === undefined ? {} : { defaultNumber: agent.defaultNumber }),
  };
}

/** What an agent holds, for comparison with what rules want. */
export function holdingsOf(agent: MemoryAgent): Pick<EntitlementSet, 'role' | 'teams'> {
  return { role: agent.role, teams: [...agent.teams].toSorted() };
}
