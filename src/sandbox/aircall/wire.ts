import type { NumberRecord, TeamRecord, UserRecord, WebhookRecord } from './records.js';
import { membersOf } from './teams.js';
import { usersOfNumber } from './numbers.js';
import { eventsOf } from './webhook-events.js';
import type { World } from './world.js';

/**
 * A v2 user (vendors.md 1.5): one combined name, no role, no team, no invitation. The documented
 * samples have fewer fields than the recorded answers, and the one of a create fewer still.
 */
export function userJson(world: World, user: UserRecord, isCreated = false): Record<string, unknown> {
  const common = {
    id: user.id,
    name: fullName(user),
    email: user.email,
    direct_link: `${world.baseUrl()}/v2/users/${user.id}`,
    language: user.language,
    created_at: isoTime(user.createdAt),
    time_zone: user.timeZone,
    wrap_up_time: user.wrapUpTime,
    availability_status: user.availabilityStatus,
    available: user.availability === 'available',
  };
  if (world.settings.userFields === 'documented') {
    return isCreated ? common : { ...common, substatus: user.substatus };
  }
  return {
    ...common,
    substatus: user.substatus,
    state: user.availabilityStatus === 'unavailable' ? 'always_closed' : 'always_opened',
    extension: user.extension,
    default_number_id: user.defaultNumberId,
  };
}

/** The shorter v1 user inside teams and numbers; it lacks `available` (vendors.md 1.6). */
export function memberJson(world: World, user: UserRecord): Record<string, unknown> {
  return {
    id: user.id,
    direct_link: `${world.baseUrl()}/v1/users/${user.id}`,
    name: fullName(user),
    email: user.email,
    availability_status: user.availabilityStatus,
    default_number_id: user.defaultNumberId,
    created_at: isoTime(user.createdAt),
    time_zone: user.timeZone,
    language: user.language,
    wrap_up_time: user.wrapUpTime,
  };
}

export function teamJson(world: World, team: TeamRecord): Record<string, unknown> {
  return {
    id: team.id,
    name: team.name,
    direct_link: `${world.baseUrl()}/v1/teams/${team.id}`,
    created_at: isoTime(team.createdAt),
    users: membersOf(world, team).map((user) => memberJson(world, user)),
  };
}

/** `users` appears on retrieve only (vendors.md 1.7). */
export function numberJson(world: World, number: NumberRecord): Record<string, unknown> {
  return {
    id: number.id,
    direct_link: `${world.baseUrl()}/v1/numbers/${number.id}`,
    name: number.name,
    digits: number.digits,
    created_at: isoTime(number.createdAt),
    country: number.country,
    time_zone: number.timeZone,
    open: true,
    availability_status: 'custom',
    is_ivr: number.isSmartflows,
    live_recording_activated: true,
    priority: number.priority,
    messages: number.messages,
  };
}

export function numberWithUsersJson(world: World, number: NumberRecord): Record<string, unknown> {
  const users = usersOfNumber(world, number).map((user) => memberJson(world, user));
  return { ...numberJson(world, number), users };
}

/** The numeric id is absent from answers to create and update (vendors.md 1.9, recorded). */
export function webhookJson(world: World, webhook: WebhookRecord, hasId: boolean): Record<string, unknown> {
  return {
    ...(hasId ? { id: webhook.id } : {}),
    webhook_id: webhook.webhookId,
    direct_link: `${world.baseUrl()}/v1/webhooks/${webhook.webhookId}`,
    url: webhook.url,
    active: webhook.isActive,
    events: eventsOf(webhook),
    token: webhook.token,
    custom_name: webhook.customName,
    created_at: isoTime(webhook.createdAt),
  };
}

export function fullName(user: Pick<UserRecord, 'firstName' | 'lastName'>): string {
  return `${user.firstName} ${user.lastName}`.trim();
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
