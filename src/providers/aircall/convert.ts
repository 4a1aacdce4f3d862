import type { AccessKind, NumberAccess } from '../../domain/entitlement.js';
import type { ActualAgent, ActualNumber, ActualTeam } from '../../domain/state.js';
import type { AgentProfile, CallRecord, ProviderWrite } from '../port.js';
import type { Call, PhoneNumber, Team, User } from './schema.js';
import type { AircallConfig } from './settings.js';

type AgentFields = Extract<ProviderWrite, { readonly type: 'update-agent' }>['fields'];

/** What an agent holds, as other answers than their own tell it. */
export interface Holdings {
  readonly teams: readonly string[];
  readonly numbers: readonly NumberAccess[] | null;
  /** E.164 by the id of the number; absent where the numbers were not read. */
  readonly digitsById?: ReadonlyMap<string, string>;
}

/** Role, owner and invitation cannot be read (vendors.md 1.5): null and `unknown`, never a guess. */
export function toAgent(user: User, { digitsById, ...holdings }: Holdings): ActualAgent {
  const defaultNumber = digitsById?.get(user.default_number_id ?? '');
  return {
    providerUserId: user.id,
    email: user.email,
    name: user.name,
    status: 'unknown',
    role: null,
    owner: null,
    ...holdings,
    ...(defaultNumber === undefined ? {} : { defaultNumber }),
  };
}

export function toTeam(team: Team): ActualTeam {
  return { providerTeamId: team.id, name: team.name };
}

export function toNumber(number: PhoneNumber): ActualNumber {
  return { providerNumberId: number.id, number: toE164(number.digits), name: number.name ?? '' };
}

/**
 * `+33 1 76 11 11 11` as `+33176111111` (vendors.md 1.7: `digits` is a display form). Digits without a plus are no
 * international number and stay without one, so that no rule can mean them by mistake.
 */
export function toE164(digits: string): string {
  const plain = digits.replace(/\D/g, '');
  return digits.trim().startsWith('+') ? `+${plain}` : plain;
}

/** Team names by member. Sorted and free of duplicates. */
export function teamsByMember(teams: readonly Team[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, Set<string>>();
  for (const team of teams) {
    for (const { id } of team.users) names.set(id, (names.get(id) ?? new Set()).add(team.name));
  }
  return new Map([...names].map(([id, held]) => [id, [...held].sort()]));
}

/** Number access by person, from the people shown on each number. */
export function numbersByUser(
  numbers: readonly { readonly digits: string; readonly userIds: readonly string[] }[],
  kind: AccessKind,
): ReadonlyMap<string, readonly NumberAccess[]> {
  const held = new Map<string, Set<string>>();
  for (const { digits, userIds } of numbers) {
    for (const id of userIds) held.set(id, (held.get(id) ?? new Set()).add(toE164(digits)));
  }
  return new Map([...held].map(([id, all]) => [id, [...all].sort().map((number) => ({ number, kind }))]));
}

/** Body of `POST /v2/users`. */
export function toNewUser(
  profile: AgentProfile,
  role: keyof AircallConfig['roleIds'],
  config: AircallConfig,
): object {
  return {
    ...toUserFields({ ...profile, ...(config.canWriteRole ? { role } : {}) }, config),
    ...(config.inviterUserId === null ? {} : { inviter_user_id: config.inviterUserId }),
  };
}

/** Body of `PUT /v2/users/:id`: only what is to change. */
export function toUserFields(fields: AgentFields, config: AircallConfig): object {
  return {
    ...(fields.email === undefined ? {} : { email: fields.email }),
    ...(fields.givenName === undefined ? {} : { first_name: fields.givenName }),
    ...(fields.familyName === undefined ? {} : { last_name: fields.familyName }),
    ...(fields.role === undefined ? {} : { role_ids: config.roleIds[fields.role] }),
    ...(fields.availability === undefined ? {} : { availability_status: fields.availability }),
  };
}

export function toCallRecord(call: Call): CallRecord {
  const digits = call.number?.digits ?? null;
  return {
    callId: call.id,
    startedAt: call.started_at * 1000,
    numberDigits: digits === null ? null : toE164(digits),
    durationSeconds: call.duration ?? 0,
    recordingUrl: call.recording ?? null,
    voicemailUrl: call.voicemail ?? null,
  };
}
