import type pg from 'pg';

/** Role without superuser rights that a superuser's connections step down to: row-level security skips superusers. */
export const APP_ROLE = 'patchbay_app';

/** Whether the connected role reads past row-level security (superuser or BYPASSRLS). */
export async function bypassesRowSecurity(client: pg.Pool | pg.Client): Promise<boolean> {
  const found = await client.query<{ bypasses: boolean }>(
    'select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user',
  );
  return found.rows[0]?.bypasses ?? false;
}

/**
 * Where we are connected as a superuser, makes the role that the service steps down to and lets it use the schema.
 * An ordinary owner needs none: the tables force row-level security on their owner too.
 */
export async function ensureAppRole(pool: pg.Pool): Promise<void> {
  if (!(await bypassesRowSecurity(pool))) return;
  await pool.query(CREATE_ROLE_ONCE);
  for (const grant of GRANTS) await pool.query(grant);
}

// Roles belong to the whole cluster: two databases may be migrated at the same moment.
const CREATE_ROLE_ONCE = `do $$ begin
  create role ${APP_ROLE} nologin;
exception when duplicate_object or unique_violation then null; end $$`;

const GRANTS = [
  `grant usage on schema public to ${APP_ROLE}`,
  `grant select, insert, update, delete on all tables in schema public to ${APP_ROLE}`,
  `grant usage, select on all sequences in schema public to ${APP_ROLE}`,
  `grant execute on all functions in schema public to ${APP_ROLE}`,
];
