import type { NumberAccess, Role } from '../../domain/entitlement.js';
import type { ActualAgent, ActualNumber, ActualTeam } from '../../domain/state.js';
import type { CallRecord } from '../port.js';
import { readSettings } from './agent-settings.js';
import type { CallRecordRow, Department, DetailedUser, ListedUser, PhoneNumber } from './schema.js';

/** A user as far as the answers at hand tell. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: ListedUser['role'];
  readonly agent: ListedUser['agent'];
  readonly isLoginBlocked: boolean;
  /** Null where only the list was read. */
  readonly detail: DetailedUser | null;
}

/** The login id is the e-mail address where Patchbay or a careful administrator made the user (vendors.md 2.2). */
export function emailInLogin(loginId: string): string | null {
  return loginId.includes('@') ? loginId : null;
}

export function personFromList(user: ListedUser, email: string): Person {
  const { id, name, role, agent, isLoginBlocked } = user;
  return { id, email, name, role, agent, isLoginBlocked, detail: null };
}

export function personFromDetail(detail: DetailedUser): Person {
  const { id, name, member, agent } = detail;
  return {
    id,
    email: emailOf(detail),
    name,
    role: member?.role ?? null,
    agent: agent === null ? null : { id: agent.id, isBlocked: agent.agent_status },
    isLoginBlocked: member?.is_web_login_block ?? (member?.status === undefined ? false : !member.status),
    detail,
  };
}

/** The login id counts where it is an address, so that list and detail never disagree about who somebody is. */
export function emailOf({ member }: DetailedUser): string {
  return emailInLogin(member?.login_id ?? '') ?? member?.email ?? '';
}

/**
 * Suspended means that neither the agent nor the web login is left. With one of the two open the person is active:
 * a leaver is then blocked again.
 */
export function statusOf({ agent, isLoginBlocked }: Person): ActualAgent['status'] {
  return isLoginBlocked && (agent?.isBlocked ?? true) ? 'suspended' : 'active';
}

export interface Holdings {
  readonly role: Role | null;
  readonly teams: readonly string[];
  /** Null: not asked for. */
  readonly numbers: readonly NumberAccess[] | null;
  readonly unreadKinds: ActualAgent['unreadKinds'];
}

export function toAgent(person: Person, holdings: Holdings): ActualAgent {
  const { unreadKinds, ...held } = holdings;
  return {
    providerUserId: person.id,
    email: person.email,
    name: person.name,
    status: statusOf(person),
    owner: null,
    ...held,
    ...(person.detail === null ? {} : { settings: readSettings(person.detail) }),
    ...(unreadKinds === undefined ? {} : { unreadKinds }),
  };
}

export function toTeam({ id, name }: Department): ActualTeam {
  return { providerTeamId: id, name };
}

export function toNumber(number: PhoneNumber): ActualNumber {
  return { providerNumberId: number.id, number: toE164(number.did), name: number.name ?? number.alias ?? '' };
}

export function toE164(did: string): string {
  const plain = did.replace(/\D/g, '');
  return did.trim().startsWith('+') ? `+${plain}` : plain;
}

/** Department names by agent id. Sorted and free of duplicates. */
export function teamsByAgent(departments: readonly Department[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, Set<string>>();
  for (const { name, agents } of departments) {
    for (const { eid } of agents) names.set(eid, (names.get(eid) ?? new Set()).add(name));
  }
  return new Map([...names].map(([eid, held]) => [eid, [...held].sort()]));
}

/**
 * Numbers by agent id (vendors.md 2.3): a number that leads to an agent is theirs; one that leads to a department
 * rings its members, who see no records of it.
 */
export function numbersByAgent(
  numbers: readonly PhoneNumber[],
  departments: readonly Department[],
): ReadonlyMap<string, readonly NumberAccess[]> {
  const members = new Map(departments.map(({ id, agents }) => [id, agents.map(({ eid }) => eid)]));
  const held = new Map<string, NumberAccess[]>();
  for (const { did, destination } of numbers) {
    const { kind, target } = parseDestination(destination ?? '');
    const access = kind === 'agent' ? 'assigned' : 'call_flow';
    const rung = kind === 'agent' ? [target] : kind === 'department' ? (members.get(target) ?? []) : [];
    for (const eid of new Set(rung)) {
      held.set(eid, [...(held.get(eid) ?? []), { number: toE164(did), kind: access }]);
    }
  }
  return held;
}

/** `agent||0502...`; an agent's extension is the agent. */
export function parseDestination(destination: string): { readonly kind: string; readonly target: string } {
  const [kind = '', target = ''] = destination.split('||');
  return { kind: kind === 'agent_extension' ? 'agent' : kind, target };
}

/** Caller ids as numbers of the account; one that is not its own says nothing to rules. */
export function outboundNumbers(
  callerIds: readonly string[],
  numbers: readonly PhoneNumber[],
): readonly NumberAccess[] {
  const known = new Map(numbers.map(({ id, did }) => [id, toE164(did)]));
  return callerIds.flatMap((id) => {
    const number = known.get(id);
    return number === undefined ? [] : [{ number, kind: 'outbound' as const }];
  });
}

/** Local times of the account become moments. */
export function toCallRecord(row: CallRecordRow, utcOffsetMinutes: number): CallRecord {
  const local = Date.parse(`${row.date}T${row.time}Z`);
  return {
    callId: row.id,
    startedAt: local - utcOffsetMinutes * 60_000,
    numberDigits: row.did_number ? toE164(row.did_number) : null,
    durationSeconds: row.call_duration ?? 0,
    recordingUrl: row.recording_url || null,
    voicemailUrl: null,
  };
}

/** `Y-m-d H:i:s` in the account's time. */
export function toLocalTime(ms: number, utcOffsetMinutes: number): string {
  return new Date(ms + utcOffsetMinutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}
