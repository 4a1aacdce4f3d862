import { sql, type RawBuilder } from 'kysely';

/**
 * Whether a session is within the limits that its organisation set, which are read at every request: tightening them
 * ends sessions at once. Needs `tenants` joined. Sessions of setup links have limits of their own.
 */
export function isWithinOwnLimits(now: Date): RawBuilder<boolean> {
  const at = sql`${now}::timestamptz`;
  const idle = sql`make_interval(mins => (tenants.settings #>> '{sessions,idleMinutes}')::int)`;
  const absolute = sql`make_interval(hours => (tenants.settings #>> '{sessions,absoluteHours}')::int)`;
  return sql<boolean>`(console_sessions.user_id is null or (
    coalesce(console_sessions.last_seen_at > ${at} - ${idle}, true)
    and coalesce(console_sessions.created_at > ${at} - ${absolute}, true)))`;
}
