import { emailKey } from '../../domain/email.js';
import { AppError } from '../../domain/errors.js';
import {
  findRecorded,
  isShown,
  toActualAgent,
  type ManualRecord,
  type RecordedAgent,
} from '../../domain/manual-record.js';
import type { ActualNumber, ActualState } from '../../domain/state.js';
import { FIRST_LIST_NEEDED } from '../manual.js';
import type { AgentRef, Provider, ProviderDeps, ProviderWrite, WriteOutcome } from '../port.js';
import type { VxtConfig } from './settings.js';
import { stepFor } from './steps.js';

/**
 * One VXT organisation as a Provider. There is no API (vendors.md 3): readings are what people confirmed and what
 * VXT's own export showed, and a write is a step for a person.
 */
export function openVxt(config: VxtConfig, { accountId, now, record }: ProviderDeps): Provider {
  const load = async (): Promise<ManualRecord> => {
    if (record === undefined) throw new AppError('bug', 'A VXT account was opened without its record.');
    return record();
  };
  const read = async (scope: ActualState['scope'], isAsked: (agent: RecordedAgent) => boolean) => {
    const readAt = now();
    const known = assertKnown(await load(), config);
    const agents = known.agents.filter(isAsked).map(toActualAgent);
    return { accountId, readAt, scope, agents, teams: [], numbers: numbersOf(known, config) };
  };
  return {
    // Before the account is stored there is nothing to ask.
    async validate() {
      const known = record === undefined ? null : await record();
      const agentCount = known === null || known.completeAsOf === null ? null : known.agents.length;
      return { companyName: config.organisation, agentCount, details: {} };
    },
    readAll: () => read('all', () => true),
    readSubjects: (refs) => read('subjects', (agent) => refs.some((ref) => isMeant(agent, ref))),
    async findAgent(ref) {
      const { agents } = assertKnown(await load(), config);
      const found = agents.find((agent) => isMeant(agent, ref));
      return found === undefined ? null : toActualAgent(found);
    },
    async write(operation) {
      return writeOutcome(config, assertKnown(await load(), config), operation);
    },
  };
}

/** Nobody is known to be missing from a list that was never seen. */
function assertKnown(record: ManualRecord, { startsEmpty }: VxtConfig): ManualRecord {
  if (record.completeAsOf !== null || startsEmpty) return record;
  throw new AppError('credential', FIRST_LIST_NEEDED);
}

function isMeant(agent: RecordedAgent, ref: AgentRef): boolean {
  return ref.by === 'id' ? agent.id === ref.providerUserId : emailKey(agent.email) === emailKey(ref.email);
}

function numbersOf({ agents, numbers }: ManualRecord, config: VxtConfig): readonly ActualNumber[] {
  const names = new Map<string, string>(config.numbers.map((number) => [number, '']));
  for (const { number, name } of numbers) names.set(number, name);
  for (const { numbers: held } of agents) {
    for (const { number } of held ?? []) if (!names.has(number)) names.set(number, '');
  }
  return [...names].map(([number, name]) => ({ providerNumberId: number, number, name }));
}

function writeOutcome(config: VxtConfig, record: ManualRecord, operation: ProviderWrite): WriteOutcome {
  refuseImpossible(operation);
  refuseUnaddressed(operation);
  // Whether somebody is shut out, a person looks each time: what they have beyond our record would show nowhere.
  const isLook = operation.type === 'suspend-agent';
  if (!isLook && isShown(record.agents, operation))
    return { result: 'already', providerId: idOf(record, operation) };
  refuseUnknown(record, operation);
  refuseUnknownNumber(record, config, operation);
  return { result: 'awaiting', providerId: null, step: stepFor(config, record, operation) };
}

function idOf({ agents }: ManualRecord, operation: ProviderWrite): string | null {
  if (operation.type !== 'create-agent') return null;
  return findRecorded(agents, operation.profile.email)?.id ?? null;
}

/** An id that can be nobody's would be found nowhere, and what it should have changed would pass for done. */
function refuseUnaddressed(operation: ProviderWrite): void {
  if (operation.type === 'create-agent' || operation.type === 'create-team') return;
  if (operation.providerUserId.includes('@')) return;
  throw new AppError('bug', 'A VXT member is named by their id or address.');
}

/** A person would search for it in vain. */
function refuseUnknownNumber(record: ManualRecord, config: VxtConfig, operation: ProviderWrite): void {
  if (operation.type !== 'grant' || operation.entitlement.type !== 'number') return;
  const { number } = operation.entitlement;
  if (numbersOf(record, config).some((known) => known.number === number)) return;
  throw new AppError(
    'invalid',
    `VXT has no number ${number} as far as the account's settings and imports say. Add it to the settings (numbers) or correct the rule.`,
  );
}

/** An address stands for somebody whose invitation is not confirmed; an id must be known. */
function refuseUnknown({ agents }: ManualRecord, operation: ProviderWrite): void {
  if (operation.type === 'create-agent' || operation.type === 'create-team') return;
  const { providerUserId } = operation;
  const isInvited = operation.type !== 'delete-agent' && /^[^@:\s]+@[^@\s]+$/.test(providerUserId);
  if (isInvited || findRecorded(agents, providerUserId) !== undefined) return;
  throw new AppError('notFound', 'VXT has no such member as far as people and imports have said.');
}

function refuseImpossible(operation: ProviderWrite): void {
  switch (operation.type) {
    case 'create-team':
      throw incapable('has no teams. Grant numbers instead.');
    case 'resume-agent':
      throw incapable('has nothing to resume: give back what the person should have.');
    case 'grant':
    case 'revoke': {
      const { type } = operation.entitlement;
      if (type === 'team') throw incapable('has no teams. Grant numbers instead.');
      if (type === 'owner') throw incapable('has no owners, only Members and Admins.');
      if (type === 'role' && operation.type === 'revoke') {
        throw incapable('has nobody without a role. Give the role that the person should have instead.');
      }
      return;
    }
    case 'create-agent':
    case 'update-agent':
    case 'suspend-agent':
    case 'delete-agent':
  }
}

function incapable(what: string): AppError {
  return new AppError('capability', `VXT ${what}`);
}
