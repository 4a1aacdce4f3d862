import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.js';
import { isProcessAlive } from '../../src/store/embedded/postmaster.js';
import { migrateToLatest } from '../../src/store/migrate.js';
import { cloneStatements, type DatabaseTemplate } from './clone-database.js';

/** What the service tests need to make databases of their own. */
export interface TestCluster extends DatabaseTemplate {
  /** May create databases and end connections. */
  readonly superuserUrl: string;
  /** Role without superuser rights, so that row-level security holds in tests as it does in production. */
  readonly ownerUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly testCluster: TestCluster;
  }
}

const prefix = 'patchbay-test-';
const log = { info: () => undefined, warn: console.warn, error: console.error };

/**
 * One Postgres for the whole run, with one migrated database to clone from: `TEST_DATABASE_URL` (a superuser's) or
 * an embedded one in a folder that goes away afterwards.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer();
  const cluster = await createTemplate(server.superuserUrl);
  project.provide('testCluster', cluster);
  return async () => {
    await dropTemplate(cluster);
    await server.stop();
  };
}

async function openServer(): Promise<{ superuserUrl: string; stop(): Promise<void> }> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return { superuserUrl: given, stop: () => Promise.resolve() };
  const folder = await roomyFolder();
  await removeAbandoned(folder);
  const dataDir = await mkdtemp(join(folder, `${prefix}${process.pid}-`));
  const server = await startEmbeddedPostgres({ dataDir, durable: false, log });
  return { superuserUrl: server.superuserUrl, stop: () => stopAndRemove(server, dataDir) };
}

/** What a run with all its databases, of which some are there at a time, takes at most, several times over. */
const ROOM_BYTES = 4 * 1024 ** 3;

/** Memory where there is enough: hundreds of databases are made and dropped, which keeps a disk's journal busy. */
async function roomyFolder(): Promise<string> {
  const memory = '/dev/shm';
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= ROOM_BYTES ? memory : tmpdir();
}

/** A test run that was killed leaves its server running: stop it before it piles up. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const runner = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN;
    if (Number.isNaN(runner) || isProcessAlive(runner)) continue;
    const dataDir = join(folder, name);
    await stopAndRemove(await startEmbeddedPostgres({ dataDir, durable: false, log }), dataDir);
  }
}

async function stopAndRemove(server: EmbeddedPostgres, dataDir: string): Promise<void> {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function createTemplate(superuserUrl: string): Promise<TestCluster> {
  const suffix = randomBytes(6).toString('hex');
  const role = `patchbay_test_${suffix}`;
  const template = `patchbay_template_${suffix}`;
  const password = randomBytes(16).toString('hex');
  await execute(superuserUrl, [
    `CREATE ROLE ${role} LOGIN NOSUPERUSER PASSWORD '${password}'`,
    `CREATE DATABASE ${template} OWNER ${role} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
  ]);
  const ownerUrl = new URL(superuserUrl);
  ownerUrl.username = role;
  ownerUrl.password = password;
  ownerUrl.pathname = `/${template}`;
  await migrateToLatest(ownerUrl.href);
  return {
    superuserUrl,
    template,
    canClone: await canClone(superuserUrl, template, role),
    ownerUrl: ownerUrl.href,
  };
}

/** Postgres 18 can where the file system does. */
async function canClone(superuserUrl: string, template: string, role: string): Promise<boolean> {
  const probe = `${template}_probe`;
  try {
    await execute(superuserUrl, [
      ...cloneStatements({ template, canClone: true }, probe, role),
      `DROP DATABASE ${probe} WITH (FORCE)`,
    ]);
    return true;
  } catch {
    await execute(superuserUrl, [`DROP DATABASE IF EXISTS ${probe} WITH (FORCE)`]);
    return false;
  }
}

async function dropTemplate({ superuserUrl, template, ownerUrl }: TestCluster): Promise<void> {
  await execute(superuserUrl, [
    `DROP DATABASE ${template} WITH (FORCE)`,
    `DROP ROLE ${new URL(ownerUrl).username}`,
  ]);
}

async function execute(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
