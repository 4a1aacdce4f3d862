import type { UserRecord } from './records.js';
import { refuse } from './replies.js';
import type { UserCreate, UserUpdate } from './user-input.js';
import { userJson } from './wire.js';
import type { World } from './world.js';

const DAY_MS = 86_400_000;

/** Finds a user by numeric id or e-mail address; both fit in a v2 path (vendors.md 1.5). */
export function userByRef(world: World, ref: string): UserRecord {
  const { state } = world;
  const id = /^\d+$/u.test(ref) ? Number(ref) : state.idsByEmail.get(ref.toLowerCase());
  return (id === undefined ? undefined : state.users.get(id)) ?? refuse(404, 'There is no such user.');
}

/** v1 takes the numeric id only. */
export function userById(world: World, id: string | number): UserRecord {
  return world.state.users.get(Number(id)) ?? refuse(404, 'There is no such user.');
}

/** Creates a user and sends the invitation; the extension is the vendor's choice: "001", "002", ... */
export function createUser(world: World, input: UserCreate): UserRecord {
  const { state, settings } = world;
  refuseTakenEmail(world, input.email, null);
  const isBeyondPlan = settings.seats !== null && state.users.size >= settings.seats;
  if (isBeyondPlan && settings.seatOverage === 'refuse') refuse(422, 'Your plan has no seat left.');
  const now = world.clock.now();
  const user = newUser(state.next.user++, String(state.next.extension++).padStart(3, '0'), now);
  updateFields(world, user, input);
  state.users.add(user);
  if (isBeyondPlan) state.invoices.push({ at: now, userId: user.id, reason: 'seat beyond the plan' });
  world.emit({ resource: 'user', event: 'user.created.v2', data: userJson(world, user) });
  return user;
}

/** Applies a partial update, all of it or nothing. */
export function updateUser(world: World, user: UserRecord, input: UserUpdate): void {
  if (input.email !== undefined) refuseTakenEmail(world, input.email, user.id);
  updateFields(world, user, input);
}

/**
 * Deletes for good (vendors.md 1.5): the user's data goes, the calls stay with the line, the id is
 * never used again. Numbers keep ringing their teams.
 */
export function deleteUser(world: World, user: UserRecord): void {
  const { state, settings } = world;
  state.users.remove(user.id);
  state.idsByEmail.delete(user.email.toLowerCase());
  state.deletedUsers.set(user.id, { ...user, deletedAt: world.clock.now() });
  state.deletedEmails.add(user.email.toLowerCase());
  if (settings.deletedUserTeamRows === 'removed') {
    for (const team of state.teams.rows()) team.memberIds.delete(user.id);
  }
  for (const number of state.numbers.rows()) {
    const others = (ids: readonly number[]): number[] => ids.filter((id) => id !== user.id);
    number.ringTo = { ...number.ringTo, userIds: others(number.ringTo.userIds) };
    number.dataAccessUserIds = others(number.dataAccessUserIds);
    number.outboundUserIds = others(number.outboundUserIds);
  }
  world.emit({ resource: 'user', event: 'user.deleted.v2', data: userJson(world, user) });
}

/** What the API refuses to delete, and what deleting the credential's own user does to the keys. */
export function deleteUserByApi(world: World, user: UserRecord): void {
  const { state, settings } = world;
  if (user.isOwner) refuse(settings.ownerDeleteStatus, 'An Owner cannot be deleted.');
  if (user.id === state.apiUserId) {
    if (settings.apiUserDelete === 'refused') refuse(422, 'You cannot delete yourself.');
    if (settings.apiUserDelete === 'revokes-keys') for (const key of state.apiKeys) key.isRevoked = true;
  }
  deleteUser(world, user);
}

/** Not readable through the API; unconfirmed people are listed like all others. */
export function invitationOf(world: World, user: UserRecord): 'accepted' | 'pending' | 'expired' {
  if (user.confirmedAt !== null) return 'accepted';
  const expiresAt = user.invitedAt + world.settings.invitationDays * DAY_MS;
  return world.clock.now() < expiresAt ? 'pending' : 'expired';
}

function newUser(id: number, extension: string, now: number): UserRecord {
  return {
    id,
    extension,
    email: '',
    firstName: '',
    lastName: '',
    roleIds: [],
    isOwner: false,
    language: 'en-US',
    timeZone: 'Etc/UTC',
    wrapUpTime: 0,
    defaultNumberId: null,
    availabilityStatus: 'available',
    substatus: 'always_opened',
    availability: 'offline',
    createdAt: now,
    invitedAt: now,
    confirmedAt: null,
  };
}

function updateFields(world: World, user: UserRecord, input: UserUpdate): void {
  const { state, settings } = world;
  if (input.email !== undefined) {
    state.idsByEmail.delete(user.email.toLowerCase());
    user.email = settings.emailCase === 'lowered' ? input.email.toLowerCase() : input.email;
    state.idsByEmail.set(user.email.toLowerCase(), user.id);
  }
  user.firstName = input.first_name ?? user.firstName;
  user.lastName = input.last_name ?? user.lastName;
  user.timeZone = input.time_zone ?? user.timeZone;
  user.language = input.language ?? user.language;
  user.wrapUpTime = input.wrap_up_time ?? user.wrapUpTime;
  setRoles(world, user, input.role_ids);
  setAvailability(user, input);
  if (settings.extensionWrite !== 'accepted') return;
  user.extension = input.extension ?? user.extension;
  if (input.default_number_id !== undefined) user.defaultNumberId = input.default_number_id;
}

/** The lowest role is the default of a create that names none. */
function setRoles({ settings }: World, user: UserRecord, roleIds: readonly string[] | undefined): void {
  if (roleIds?.includes(settings.ownerRoleId)) user.isOwner = true;
  const ordinary = roleIds?.filter((id) => id !== settings.ownerRoleId) ?? [];
  if (ordinary.length > 0) user.roleIds = ordinary;
  else if (user.roleIds.length === 0) user.roleIds = settings.allowedRoleIds.slice(0, 1);
}

function setAvailability(user: UserRecord, input: UserUpdate): void {
  if (input.availability_status !== undefined) {
    user.availabilityStatus = input.availability_status;
    user.substatus = input.availability_status === 'unavailable' ? 'always_closed' : 'always_opened';
  }
  user.substatus = input.substatus ?? user.substatus;
}

function refuseTakenEmail({ state, settings }: World, email: string, exceptId: number | null): void {
  const key = email.toLowerCase();
  const holder = state.idsByEmail.get(key);
  if (holder !== undefined && holder !== exceptId) {
    refuse(settings.duplicateEmailStatus, 'email has already been taken.');
  }
  if (holder === undefined && settings.deletedEmail === 'refused' && state.deletedEmails.has(key)) {
    refuse(settings.duplicateEmailStatus, 'email belonged to a deleted user.');
  }
}
