import { z } from 'zod';

/*
 * Answers of vendors.md 2.2 and 2.3. Strict on what identifies things, blind to the rest. Ids come as numbers in one
 * place and as text in another, and flags as booleans, numbers and text: both are made one here. One item that does
 * not fit spoils the whole answer, because a list that silently lost a person would read as "this person is gone".
 */

const Id = z.union([z.int().positive(), z.string().regex(/^\d+$/)]).transform(String);
const WholeNumber = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);
const Flag = z
  .union([z.boolean(), z.literal([0, 1]), z.enum(['0', '1', 'true', 'false'])])
  .transform((value) => value === true || value === 1 || value === '1' || value === 'true');
const Text = z
  .string()
  .nullish()
  .transform((text) => text?.trim() ?? '');

const RoleRef = z.object({ id: Id, name: z.string() });
export type RoleRef = z.output<typeof RoleRef>;

/** 1 blocked, 2 disabled: neither rings nor calls. 0 enabled, 3 busy, 4 offline. */
const AgentStatus = WholeNumber.transform((status) => status === 1 || status === 2);

export const ListedUser = z
  .object({
    id: Id,
    name: z.string(),
    agent: z.object({ id: Id, status: AgentStatus }).nullish(),
    login_id: Text,
    user_role: RoleRef.nullish(),
    user_status: Flag,
  })
  .transform(({ id, name, agent, login_id, user_role, user_status }) => ({
    id,
    name,
    loginId: login_id,
    role: user_role ?? null,
    agent: agent ? { id: agent.id, isBlocked: agent.status } : null,
    isLoginBlocked: !user_status,
  }));
export type ListedUser = z.output<typeof ListedUser>;

/** A page of users: the next one begins after `last_seen_id`. */
export const UserPage = z
  .object({
    has_more: Flag,
    count: WholeNumber.nullish(),
    last_seen_id: Id.nullish().or(z.literal(0).transform(() => null)),
    data: z.array(ListedUser),
  })
  .transform(({ has_more, count, last_seen_id, data }) => ({
    hasMore: has_more,
    count: count ?? null,
    lastSeenId: last_seen_id ?? null,
    users: data,
  }));
export type UserPage = z.output<typeof UserPage>;

const Cdr = z.object({ type: z.string(), value: z.array(Id).nullish() });

const TeamMember = z.object({
  designation: Text,
  email: Text,
  login_id: Text,
  role: RoleRef.nullish(),
  is_login_based_calling: Flag.nullish(),
  is_web_login_block: Flag.nullish(),
  status: Flag.nullish(),
  users_for_cdr: Cdr.nullish(),
});

const Named = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  name: z.string().nullish(),
});

const AgentDetail = z.object({
  id: Id,
  intercom: z.union([z.number(), z.string()]).transform(String).nullish(),
  agent_status: AgentStatus,
  agent_group: z
    .array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]))
    .nullish(),
  extension: z.looseObject({ outbound_block: Flag.nullish() }).nullish(),
  time_group: Named.nullish(),
  failover_destination: Named.nullish(),
  route_call_through: WholeNumber.nullish(),
  is_international_outbound_enabled: Flag.nullish(),
});
export type AgentDetail = z.output<typeof AgentDetail>;

const CallerId = z.union([Id, z.object({ id: Id }).transform(({ id }) => id)]);

/** One user. Without `caller_id` nothing is known of the caller ids, which is not the same as none. */
export const UserAnswer = z.object({
  data: z
    .object({
      id: Id,
      name: z.string(),
      number: Text,
      team_member: TeamMember.nullish(),
      agent: AgentDetail.nullish(),
      caller_id: z.array(CallerId).nullish(),
    })
    .transform(({ team_member, agent, caller_id, ...user }) => ({
      ...user,
      member: team_member ?? null,
      agent: agent ?? null,
      callerIds: caller_id ?? null,
    })),
});
export type DetailedUser = z.output<typeof UserAnswer>['data'];

export const CreatedUser = z.object({
  data: z.object({ id: Id, agent_id: Id.nullish(), agent_extension: z.coerce.string().nullish() }),
});

/** `{data: [...]}` is accepted beside the documented bare array. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z.union([z.array(item), z.object({ data: z.array(item) }).transform(({ data }) => data)]);
}

/** Everything is kept, since an update replaces the whole department. A name identifies it in rules. */
export const Department = z.looseObject({
  id: Id,
  name: z.string().trim().min(1),
  agents: z.array(z.object({ id: z.union([z.string(), z.number()]).transform(String).nullish(), eid: Id })),
});
export type Department = z.output<typeof Department>;
export const Departments = listOf(Department);

export const CreatedDepartment = z.looseObject({
  id: Id.optional(),
  data: z.looseObject({ id: Id.optional() }).nullish(),
});

export const PhoneNumber = z.looseObject({
  id: Id,
  did: z.string().regex(/\d/),
  name: z.string().nullish(),
  alias: z.string().nullish(),
  description: z.string().nullish(),
  destination: z.string().nullish(),
});
export type PhoneNumber = z.output<typeof PhoneNumber>;
export const PhoneNumbers = listOf(PhoneNumber);

export const Roles = listOf(RoleRef);

export const CallRecordRow = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  date: z.string(),
  time: z.string(),
  call_duration: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).nullish(),
  did_number: z.string().nullish(),
  recording_url: z.string().nullish(),
});
export type CallRecordRow = z.output<typeof CallRecordRow>;

export const CallPage = z.object({ count: WholeNumber, results: z.array(CallRecordRow) });

/** The answer to an update or a deletion: that it did not say "failed" is all that is needed of it. */
export const AnyObject = z.looseObject({}).optional();
