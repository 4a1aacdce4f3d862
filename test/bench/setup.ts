import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.js';
import { migrateToLatest } from '../../src/store/migrate.js';
import type { BenchContext, Scale } from './context.js';
import { addGroup, addTenant } from './dataset.js';
import { startServer } from './server-process.js';

export interface OpenBench {
  readonly context: BenchContext;
  close(): Promise<void>;
}

/** Starts Postgres and the three servers on it, and fills the directory. */
export async function openBench(scale: Scale, say: (line: string) => void): Promise<OpenBench> {
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  await migrateToLatest(postgres.url);
  const url = new URL(postgres.superuserUrl);
  url.pathname = new URL(postgres.url).pathname;
  const superuser = new pg.Pool({ connectionString: url.href, max: 2 });
  // The pool's end does not wait for its connections', and the server's stop ends those that are left.
  superuser.on('error', () => undefined);
  say('filling the directory');
  const data = await fill(superuser, scale);
  const environment = {
    BENCH_DATABASE_URL: postgres.url,
    BENCH_SUPERUSER_URL: url.href,
    BENCH_TENANT: data.medium.tenantId,
  };
  const [patchbay, floor, stock] = await Promise.all([
    startServer('patchbay', environment),
    startServer('floor', environment),
    startServer('stock-scimmy', environment),
  ]);
  return {
    context: { scale, patchbay, floor, stock, superuser, ...data },
    async close() {
      await Promise.all([patchbay.stop(), floor.stop(), stock.stop()]);
      await superuser.end();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function fill(superuser: pg.Pool, scale: Scale) {
  await superuser.query(`create table floor_users (
    id uuid primary key, user_name text not null unique, active boolean not null, resource jsonb not null)`);
  await superuser.query('create table stock_users (id uuid primary key, resource jsonb not null)');
  await superuser.query('create table stock_groups (id uuid primary key, resource jsonb not null)');
  const small = await addTenant(superuser, 0x101, scale.small);
  const medium = await addTenant(superuser, 0x102, scale.medium);
  const large = await addTenant(superuser, 0x103, scale.large);
  const middleGroup = await addGroup(superuser, medium, 1, scale.groups.middle);
  const tinyGroup = await addGroup(superuser, large, 2, scale.groups.tiny);
  const hugeGroup = await addGroup(superuser, large, 3, scale.groups.huge);
  await superuser.query('vacuum analyze');
  return { small, medium, large, middleGroup, tinyGroup, hugeGroup };
}
