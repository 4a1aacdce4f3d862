import { hashPassword, passwordProblem } from './password.js';
import type { UserRecord } from './records.js';
import { refuse, refuseFields } from './replies.js';
import type { UserCreate, UserUpdate } from './user-input.js';
import type { World } from './world.js';

export function userById({ state, settings }: World, id: string | number): UserRecord {
  return state.users.get(Number(id)) ?? refuse(settings.missingUserStatus, 'User not found.');
}

export function userByAgent({ state }: World, agentId: string): UserRecord | undefined {
  return state.users.rows().find(({ agent }) => agent?.id === agentId);
}

/** Creates a user with an agent, a web login, or both (vendors.md 2.2). No invitation is sent. */
export function createUser(world: World, input: UserCreate, isOwner = false): UserRecord {
  const { state, clock } = world;
  refuseTakenLogin(world, input.login_id, null);
  const problem = passwordProblem(input.password);
  if (problem !== null) refuseFields(422, { password: [problem] });
  refuseUnknown(world, input);
  const user: UserRecord = {
    id: state.next.user++,
    name: '',
    number: '',
    email: '',
    loginId: '',
    roleId: 0,
    agent: input.create_agent ? newAgent(world) : null,
    hasWebLogin: input.create_web_login ?? true,
    isWebLoginBlocked: !isOn(input.status),
    isLoginBasedCalling: false,
    isInternationalOutbound: false,
    designation: '',
    agentGroups: [],
    callerIds: [],
    timeGroupId: null,
    failoverDestination: null,
    routeCallThrough: 0,
    extension: null,
    usersForCdr: { type: 'all', value: null },
    passwordHash: '',
    isOwner,
    createdAt: clock.now(),
  };
  applyUpdate(user, input);
  state.users.add(user);
  for (const departmentId of input.department ?? []) join(world, departmentId, user);
  return user;
}

/** Applies a partial update, all of it or nothing. */
export function updateUser(world: World, user: UserRecord, input: UserUpdate): void {
  if (input.login_id !== undefined) refuseTakenLogin(world, input.login_id, user.id);
  const problem = input.password === undefined ? null : passwordProblem(input.password);
  if (problem !== null) refuseFields(422, { password: [problem] });
  refuseUnknown(world, input);
  applyUpdate(user, input);
}

/** Deletes for good. Calls stay; what rang the person rings nobody. */
export function deleteUser({ state, settings }: World, user: UserRecord): void {
  state.users.remove(user.id);
  state.deletedUserIds.push(user.id);
  const agentId = user.agent?.id;
  if (agentId === undefined || settings.deletedUserRows === 'kept') return;
  for (const department of state.departments.rows()) {
    department.members = department.members.filter((member) => member.agentId !== agentId);
  }
  for (const number of state.numbers.rows()) {
    if (number.destination === `agent||${agentId}`) number.destination = null;
  }
}

function newAgent({ state }: World): NonNullable<UserRecord['agent']> {
  const serial = String(state.next.agent++).padStart(8, '0');
  return { id: `0502842${serial}`, intercom: state.next.intercom++, isBlocked: false };
}

function join({ state }: World, departmentId: number, { agent }: UserRecord): void {
  const department = state.departments.get(departmentId);
  if (department === undefined || agent === null) return;
  department.members = [...department.members, { agentId: agent.id, timeout: 30 }];
}

function isOn(status: boolean | 0 | 1): boolean {
  return status === true || status === 1;
}

function applyUpdate(user: UserRecord, input: UserUpdate): void {
  user.name = input.name ?? user.name;
  user.number = input.number ?? user.number;
  user.email = input.email ?? user.email;
  user.loginId = input.login_id ?? user.loginId;
  user.roleId = input.user_role ?? user.roleId;
  user.designation = input.designation ?? user.designation;
  user.agentGroups = input.agent_group ?? user.agentGroups;
  user.callerIds = input.caller_id ?? user.callerIds;
  user.isLoginBasedCalling = input.login_based_calling ?? user.isLoginBasedCalling;
  user.isInternationalOutbound = input.international_outbound ?? user.isInternationalOutbound;
  user.isWebLoginBlocked = input.block_web_login ?? user.isWebLoginBlocked;
  if (input.password !== undefined) user.passwordHash = hashPassword(user.loginId, input.password);
  if (input.user_for_cdr !== undefined) {
    user.usersForCdr = { type: input.user_for_cdr.type, value: input.user_for_cdr.value ?? null };
  }
  applyCalling(user, input);
}

function applyCalling(user: UserRecord, input: UserUpdate): void {
  if (input.block_agent !== undefined && user.agent !== null) user.agent.isBlocked = input.block_agent;
  if (input.time_group !== undefined) user.timeGroupId = input.time_group;
  if (input.failover_destination !== undefined) user.failoverDestination = input.failover_destination;
  user.routeCallThrough = input.route_call_through ?? user.routeCallThrough;
  if (input.assign_extension !== undefined) {
    user.extension = input.assign_extension
      ? (user.extension ?? { username: `ext${user.id}`, isOutboundBlocked: false })
      : null;
  }
  if (input.outbound_block !== undefined && user.extension !== null) {
    user.extension.isOutboundBlocked = input.outbound_block;
  }
}

function refuseTakenLogin({ state, settings }: World, loginId: string, exceptId: number | null): void {
  const key = loginId.toLowerCase();
  const isTaken = state.users
    .rows()
    .some((user) => user.id !== exceptId && user.loginId.toLowerCase() === key);
  if (isTaken) {
    refuseFields(settings.duplicateLoginStatus, { login_id: ['The login id has already been taken.'] });
  }
}

function refuseUnknown({ state }: World, input: UserUpdate): void {
  const errors: Record<string, string[]> = {};
  if (input.user_role !== undefined && !state.roles.some(({ id }) => id === input.user_role)) {
    errors['user_role'] = ['The selected user role is invalid.'];
  }
  if (input.caller_id?.some((id) => state.numbers.get(id) === undefined)) {
    errors['caller_id'] = ['The selected caller id is invalid.'];
  }
  const { time_group: timeGroup } = input;
  if (timeGroup !== undefined && timeGroup !== null && !state.timeGroups.some(({ id }) => id === timeGroup)) {
    errors['time_group'] = ['The selected time group is invalid.'];
  }
  if (input.agent_group?.some((name) => !state.agentGroups.includes(name))) {
    errors['agent_group'] = ['The selected agent group is invalid.'];
  }
  if (Object.keys(errors).length > 0) refuseFields(422, errors);
}
