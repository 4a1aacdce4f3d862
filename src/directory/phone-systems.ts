import { ACCESS_KINDS, entitlementKey, ROLES, type AccessKind } from '../domain/entitlement.js';

/** What the directory tells of the phone systems behind it. */
export interface PhoneSystems {
  /** What the tenant's accounts have to give, as of their last complete readings. */
  readOffers(tenantId: string): Promise<PhoneSystemOffers>;
  /** Where people's agents stand, by user; people without any are not in it. */
  readStatuses(
    tenantId: string,
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly AccountStatus[]>>;
}

export interface PhoneSystemOffers {
  readonly teams: readonly string[];
  readonly numbers: readonly { readonly number: string; readonly name: string }[];
}

/** One entry of `accounts` in the telephony extension. */
export interface AccountStatus {
  /** Identifier of the account. */
  readonly value: string;
  /** Name of the account. */
  readonly display: string;
  readonly status: AgentStatus;
  /** ISO 8601. */
  readonly lastAppliedAt?: string;
  readonly reason?: string;
}

export type AgentStatus = 'pending' | 'active' | 'parked' | 'deleted' | 'held' | 'failed';

/** Where one agent stands, from what is recorded about it. */
export interface AgentRecord {
  readonly linkState: 'active' | 'parked' | 'deleting' | 'deleted' | 'forgotten' | null;
  /** The person waits for being looked at. */
  readonly marked: boolean;
  readonly held: boolean;
  readonly lastError: string | null;
}

/** What waits or went wrong comes before what is: that is what somebody who looks wants to know. */
export function statusOf({ linkState, marked, held, lastError }: AgentRecord): AgentStatus {
  if (held) return 'held';
  if (marked) return lastError === null ? 'pending' : 'failed';
  switch (linkState) {
    case 'parked':
    case 'deleting':
      return 'parked';
    case 'deleted':
    case 'forgotten':
      return 'deleted';
    case 'active':
    case null:
      return 'active';
  }
}

/** Something that an IdP can offer its admins to assign (`/Roles`, `/Entitlements`). */
export interface Offer {
  /** What goes into `roles.value` or `entitlements.value` of a user, for rules to read. */
  readonly id: string;
  readonly displayName: string;
  readonly type: string;
  readonly description: string;
}

const ACCESS_NAMES: Readonly<Record<AccessKind, string>> = {
  assigned: 'assigned: rings, records, takes voicemail',
  outbound: 'outbound: caller ID only',
  call_flow: 'call flow: rings, without access to records',
};

/** Roles are the same in every phone system. */
export function roleOffers(): readonly Offer[] {
  return ROLES.map((role) => ({
    id: role,
    displayName: role.charAt(0).toUpperCase() + role.slice(1),
    type: 'role',
    description: `Role ${role} in the phone system.`,
  }));
}

/** Teams, then each number by each kind of access. */
export function entitlementOffers({ teams, numbers }: PhoneSystemOffers): readonly Offer[] {
  const teamOffers = teams.map((team) => ({
    id: entitlementKey({ type: 'team', team }),
    displayName: `Team ${team}`,
    type: 'team',
    description: `Member of the team ${team}.`,
  }));
  const numberOffers = numbers.flatMap(({ number, name }) =>
    ACCESS_KINDS.map((kind) => ({
      id: entitlementKey({ type: 'number', number, kind }),
      displayName: `${number} ${kind}`,
      type: 'number',
      description: `Number ${number} (${name}), ${ACCESS_NAMES[kind]}.`,
    })),
  );
  return [...teamOffers, ...numberOffers];
}
