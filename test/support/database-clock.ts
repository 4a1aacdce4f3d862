import { Client } from 'pg';
import type { TestDatabase } from './database.js';

/** The clock of a database's own, which a test may set. Milliseconds it is ahead of the real one. */
export interface DatabaseClock {
  readonly aheadMs: number;
  setAhead(ms: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Gives the database a `clock_timestamp()` that comes before the real one for everybody who connects from now on.
 * The real one goes on for `now()` and whatever names it in full.
 */
export async function ownDatabaseClock({ url }: TestDatabase): Promise<DatabaseClock> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const name = new URL(url).pathname.slice(1);
  await client.query(`
    create schema test_clock;
    create table test_clock.ahead (ms bigint not null);
    insert into test_clock.ahead values (0);
    create function test_clock.clock_timestamp() returns timestamptz language sql volatile security definer as $$
      select pg_catalog.clock_timestamp() + make_interval(secs => ms / 1000.0) from test_clock.ahead $$;
    grant usage on schema test_clock to public;
    alter database ${name} set search_path = test_clock, pg_catalog, public`);
  const clock = {
    aheadMs: 0,
    async setAhead(ms: number) {
      clock.aheadMs = ms;
      await client.query('update test_clock.ahead set ms = $1', [Math.round(ms)]);
    },
    close: () => client.end(),
  };
  return clock;
}
