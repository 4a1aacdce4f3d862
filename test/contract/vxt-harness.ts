import { ACCESS_KINDS, type AccessKind, type NumberAccess, type Role } from '../../src/domain/entitlement.js';
import type { ManualRecord } from '../../src/domain/manual-record.js';
import { byCodeUnits } from '../../src/domain/sort.js';
import { mergeList } from '../../src/manual/merge.js';
import type { Provider, ProviderWrite, WriteOutcome } from '../../src/providers/port.js';
import { vxt } from '../../src/providers/vxt/definition.js';
import { vxtConfigSchema } from '../../src/providers/vxt/settings.js';
import type { AccessList, MemberRecord } from '../../src/sandbox/vxt/records.js';
import { makeRobot } from '../../src/sandbox/vxt/robot.js';
import { makeVxtSandbox, type VxtSandbox } from '../../src/sandbox/vxt/sandbox.js';
import type { VxtSandboxSettingsInput } from '../../src/sandbox/vxt/settings.js';
import { makeRecordingPacer } from '../support/pacer.js';
import type { ContractSubject, LoggedRequest, OpenOptions, ProviderHarness, VendorAgent } from './harness.js';
import { SUPERVISOR_PERMISSIONS, VXT_FACTS } from './vxt-facts.js';

export interface VxtHarness extends ProviderHarness {
  readonly sandbox: VxtSandbox;
  /** The provider alone: a write is a step, and nobody does it. */
  openAlone(): Provider;
  /** Does what a step says. */
  readonly work: (outcome: WriteOutcome) => Promise<'done' | 'already'>;
}

const NUMBERS = ['+6491234567', '+6497654321'] as const;
const LISTS: Readonly<Record<AccessKind, AccessList>> = {
  assigned: 'assigned',
  outbound: 'callerId',
  call_flow: 'callFlow',
};

/**
 * A VXT organisation with an administrator and two numbers, and somebody who does at once what the provider asks for,
 * knowing no more than the words of each step. What is so, the provider learns from VXT's own export, never from them.
 */
export async function startVxt(settings: VxtSandboxSettingsInput = {}): Promise<VxtHarness> {
  const sandbox = makeVxtSandbox({ settings: { durability: 'none', ...settings } });
  await sandbox.dashboard.seedOrganisation({
    name: 'Acme Law',
    admin: { email: 'owner@example.com', name: 'Olga Owner' },
    numbers: [
      { name: 'Main', number: NUMBERS[0] },
      { name: 'Direct', number: NUMBERS[1] },
    ],
  });
  const robot = makeRobot({ dashboard: sandbox.dashboard, look: () => Promise.resolve(sandbox.snapshot()) });
  const pacer = makeRecordingPacer();
  const config = vxtConfigSchema.parse({
    organisation: 'Acme Law',
    supervisorPermissions: SUPERVISOR_PERMISSIONS,
    numbers: NUMBERS,
  });
  const done: LoggedRequest[] = [];
  let asked = 0;
  let known: ManualRecord = { agents: [], numbers: [], completeAsOf: null };

  /** The export of this moment, imported as a complete list. */
  async function record(): Promise<ManualRecord> {
    const { csv, exportedAt } = await sandbox.dashboard.exportMembers({});
    const { people, problems } = vxt.readExport!(config, csv);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    const { agents } = mergeList(known, { people, isComplete: true, exportedAt });
    known = { agents, numbers: [], completeAsOf: exportedAt };
    return known;
  }

  async function work(outcome: WriteOutcome): Promise<'done' | 'already'> {
    if (outcome.result !== 'awaiting') return 'already';
    const seen = sandbox.snapshot().journal.length;
    const result = await robot.do(outcome.step);
    const effects = sandbox
      .snapshot()
      .journal.slice(seen)
      .map(({ action, email }) => `${action} ${email}`);
    done.push({ method: 'PUT', path: outcome.step.title, query: '', status: 200, effects, isFaulted: false });
    return result;
  }

  function openAlone(): Provider {
    return vxt.open(
      config,
      {},
      {
        accountId: 'account-1',
        pacer,
        now: Date.now,
        record,
        send: () => Promise.reject(new Error('There is no API to call.')),
      },
    );
  }

  function open({ beforeRequest }: OpenOptions = {}): Provider {
    const provider = openAlone();
    return {
      ...provider,
      async write(operation) {
        const outcome = await provider.write(operation);
        if (outcome.result !== 'awaiting') return outcome;
        asked += 1;
        await beforeRequest?.(operation.type === 'create-agent' ? 'create-agent' : null, asked);
        const result = (await work(outcome)) === 'done' ? 'applied' : 'already';
        return { result, providerId: await idAfter(operation) };
      },
    };
  }

  async function idAfter(operation: ProviderWrite): Promise<string | null> {
    if (operation.type !== 'create-agent') return null;
    const { email } = operation.profile;
    const { agents } = await record();
    return agents.find((agent) => agent.email.toLowerCase() === email.toLowerCase())?.id ?? null;
  }

  return {
    sandbox,
    open,
    openAlone,
    work,
    vendor: makeVendorSide(sandbox),
    inject: () => Promise.reject(new Error('Nothing is asked, so nothing can go wrong on the way.')),
    clearFaults: () => Promise.resolve(),
    requests: () => done,
    taken: () => asked + pacer.taken(),
    signals: () => pacer.signals(),
    [Symbol.asyncDispose]: () => sandbox.stop(),
  };
}

function makeVendorSide(sandbox: VxtSandbox): ProviderHarness['vendor'] {
  const none = () => Promise.reject(new Error('VXT has no such thing.'));
  const emailOf = (id: string): string => id.replace(/^member:/, '');
  return {
    agents: () => {
      const { members, numbers } = sandbox.snapshot();
      return members.map((member) => toAgent(member, numbersOf(numbers, member.email)));
    },
    teams: () => [],
    async addAgents(count) {
      const { emails } = await sandbox.dashboard.addMembers({ count });
      return emails.map((email) => `member:${email}`);
    },
    invite: (email) => sandbox.dashboard.inviteMember({ email, name: 'New Person' }),
    removeAgent: (id) => sandbox.dashboard.removeMember({ email: emailOf(id), typed: emailOf(id) }),
    addTeams: none,
    removeTeam: none,
    addMember: none,
    ownerId: () => 'member:owner@example.com',
    numbers: () => NUMBERS,
    revokeCredential: none,
    renewCredential: none,
  };
}

function toAgent(member: MemberRecord, numbers: readonly NumberAccess[]): VendorAgent {
  const { email, name } = member;
  return { id: `member:${email}`, email, name, role: roleOf(member), isOwner: false, teams: [], numbers };
}

function roleOf({ role, permissions }: MemberRecord): Role | null {
  if (role === 'Admin') return 'admin';
  if (permissions.length === 0) return 'agent';
  return permissions.toSorted().join() === SUPERVISOR_PERMISSIONS.toSorted().join() ? 'supervisor' : null;
}

function numbersOf(
  numbers: ReturnType<VxtSandbox['snapshot']>['numbers'],
  email: string,
): readonly NumberAccess[] {
  return numbers
    .flatMap((one) =>
      ACCESS_KINDS.filter((kind) => one[LISTS[kind]].includes(email)).map((kind) => ({
        number: one.number,
        kind,
      })),
    )
    .toSorted((a, b) => byCodeUnits(`${a.number} ${a.kind}`, `${b.number} ${b.kind}`));
}

export const VXT_SUBJECT: ContractSubject = { facts: VXT_FACTS, start: () => startVxt() };
