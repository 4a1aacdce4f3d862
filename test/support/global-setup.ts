import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.js';
import { migrateToLatest } from '../../src/store/migrate.js';

/** What the service tests need to make databases of their own. */
export interface TestCluster {
  /** May create databases and end connections. */
  readonly superuserUrl: string;
  /** Migrated, and owned by the role of `ownerUrl`. */
  readonly template: string;
  /** Role without superuser rights, so that row-level security holds in tests as it does in production. */
  readonly ownerUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly testCluster: TestCluster;
  }
}

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
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-test-'));
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  const server = await startEmbeddedPostgres({ dataDir, durable: false, log });
  return {
    superuserUrl: server.superuserUrl,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
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
  return { superuserUrl, template, ownerUrl: ownerUrl.href };
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
