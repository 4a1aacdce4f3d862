import { sql } from 'kysely';

/**
 * The moment of a write to a link, by the one clock that all processes share: it is compared with the moments of
 * readings, and a reading that seems newer than it is would hide what was written.
 */
export function databaseNow() {
  return sql<Date>`clock_timestamp()`;
}
