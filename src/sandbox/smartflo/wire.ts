import type { DepartmentRecord, NumberRecord, UserRecord } from './records.js';
import { userByAgent } from './users.js';
import type { World } from './world.js';

/** A user in the list (vendors.md 2.2): no e-mail, number ids. */
export function listedUser(world: World, user: UserRecord): Record<string, unknown> {
  const { agent } = user;
  return {
    id: user.id,
    name: user.name,
    agent:
      agent === null
        ? null
        : { id: agent.id, name: user.name, status: agent.isBlocked ? 1 : 0, follow_me_number: user.number },
    login_id: user.loginId,
    is_login_based_calling_enabled: user.isLoginBasedCalling,
    is_international_outbound_enabled: user.isInternationalOutbound,
    user_role: roleOf(world, user),
    extension: user.extension === null ? null : { username: user.extension.username },
    user_status: user.isWebLoginBlocked ? 0 : 1,
  };
}

/** One user (vendors.md 2.2): ids as text. */
export function detailedUser(world: World, user: UserRecord): Record<string, unknown> {
  const { settings } = world;
  return {
    id: settings.userIdType === 'text' ? String(user.id) : user.id,
    name: user.name,
    number: user.number,
    team_member: {
      designation: user.designation,
      email: user.email,
      login_id: user.loginId,
      status: user.isWebLoginBlocked ? 0 : 1,
      role: roleOf(world, user),
      is_login_based_calling: user.isLoginBasedCalling,
      is_web_login_block: user.isWebLoginBlocked,
      users_for_cdr: user.usersForCdr,
    },
    agent: agentDetail(world, user),
    ...(settings.callerIdsInUser === 'shown' ? { caller_id: user.callerIds.map(String) } : {}),
  };
}

function agentDetail({ state }: World, user: UserRecord): Record<string, unknown> | null {
  const { agent, extension } = user;
  if (agent === null) return null;
  return {
    id: agent.id,
    intercom: agent.intercom,
    number: user.number,
    agent_status: agent.isBlocked ? 1 : 0,
    agent_group: user.agentGroups,
    extension:
      extension === null
        ? null
        : { username: extension.username, outbound_block: extension.isOutboundBlocked },
    sticky_Agent: {},
    time_group: state.timeGroups.find(({ id }) => id === user.timeGroupId) ?? null,
    failover_destination: user.failoverDestination === null ? null : { id: user.failoverDestination },
    route_call_through: user.routeCallThrough,
    is_international_outbound_enabled: user.isInternationalOutbound,
  };
}

function roleOf({ state }: World, { roleId }: UserRecord): Record<string, unknown> {
  return { id: roleId, name: state.roles.find(({ id }) => id === roleId)?.name ?? '' };
}

/** vendors.md 2.3. What the member's `id` stands for is unverified: a switch. */
export function departmentJson(world: World, department: DepartmentRecord): Record<string, unknown> {
  const agents = department.members.map(({ agentId, timeout }, index) => {
    const user = userByAgent(world, agentId);
    const id = world.settings.departmentAgentId === 'row' ? index + 1 : (user?.agent?.intercom ?? 0);
    return { id, name: user?.name ?? '', eid: agentId, timeout };
  });
  return {
    id: department.id,
    name: department.name,
    description: department.description,
    ring_strategy: department.ringStrategy,
    agent_count: agents.length,
    use_as_queue: department.useAsQueue,
    sticky_agent: {},
    timeout_dest_type: department.timeoutDestinationType,
    timeout_destination: department.timeoutDestination,
    agents,
  };
}

/** vendors.md 2.3: the id is text here. */
export function numberJson(number: NumberRecord): Record<string, unknown> {
  return {
    id: String(number.id),
    did: number.did,
    alias: number.did.replace(/^\+/u, ''),
    name: number.name,
    description: number.description,
    destination: number.destination,
  };
}
