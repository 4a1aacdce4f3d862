import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { locateBinaries } from '../../src/store/embedded/binaries.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.js';
import { clusterPaths } from '../../src/store/embedded/paths.js';

const silent = () => undefined;
const quiet = { info: silent, warn: silent, error: silent };

let dataDir = '';
/** A cluster that was created, stopped, and is copied where a test is about what comes afterwards. */
let pattern = '';
const databases: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  pattern = await makeFolder();
  const database = await startEmbeddedPostgres({ dataDir: pattern, durable: false, log: quiet });
  await database.stop();
  await rm(clusterPaths(join(pattern, 'postgres')).port);
});

afterAll(async () => {
  await rm(pattern, { recursive: true, force: true });
});

beforeEach(async () => {
  dataDir = await makeFolder();
});

afterEach(async () => {
  for (const child of children.splice(0)) await endInput(child);
  for (const database of databases.splice(0)) await database.stop();
  expect(await findPostmaster()).toBeUndefined();
  await rm(dataDir, { recursive: true, force: true });
});

async function makeFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'patchbay-embedded-')));
}

/** To create a cluster is most of the work, and no subject of most tests. */
async function copyPattern(): Promise<void> {
  // The owner of the files as well, which fs.cp does not copy.
  await promisify(execFile)('cp', ['-a', join(pattern, 'postgres'), dataDir]);
}

async function start(durable = false): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres({ dataDir, durable, log: quiet });
  databases.push(database);
  return database;
}

/** On a folder that has a cluster. */
async function startCopy(): Promise<EmbeddedPostgres> {
  await copyPattern();
  return start();
}

/** Another process of ours on the same folder; ends when its input does. */
async function startProcess(): Promise<{ url: string; child: ChildProcess }> {
  const support = resolve(import.meta.dirname, '../support');
  const program = [
    '--import',
    pathToFileURL(join(support, 'source-loader.ts')).href,
    join(support, 'embedded-process.ts'),
  ];
  const child = spawn(process.execPath, [...program, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { ...(JSON.parse(line) as { url: string }), child };
}

async function endInput(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.stdin?.end();
  await exited;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8')).split('\n', 1)[0]);
}

/** The running server of this test's folder. */
async function findPostmaster(): Promise<number | undefined> {
  const pid = await postmasterPid().catch(() => undefined);
  return pid !== undefined && isAlive(pid) ? pid : undefined;
}

async function waitUntil(condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 300_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('The condition did not come true.');
    await pause(20);
  }
}

async function killPostmaster(): Promise<number> {
  const pid = await postmasterPid();
  process.kill(pid, 'SIGKILL');
  await waitUntil(() => !isAlive(pid));
  return pid;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', silent);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const writeRow = (url: string) => query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
const readRow = (url: string) => query(url, 'SELECT answer FROM kept');
const kept = [{ answer: 42 }];

describe('the built-in database', () => {
  it('belongs to a role that row-level security binds, is UTF-8, and listens on this machine only', async () => {
    const { url } = await start();
    expect(
      await query(
        url,
        `SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS powerful,
           pg_get_userbyid(datdba) AS owner, pg_encoding_to_char(encoding) AS encoding,
           (SELECT setting FROM pg_settings WHERE name = 'listen_addresses') AS listens
         FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`,
      ),
    ).toEqual([{ powerful: false, owner: 'patchbay', encoding: 'UTF8', listens: '127.0.0.1' }]);
  });

  it('asks for a password, which stands in a file that only its owner can read', async () => {
    const { url } = await startCopy();
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
      'password authentication',
    );
    for (const name of await readdir(join(dataDir, 'postgres'))) {
      expect((await stat(join(dataDir, 'postgres', name))).mode & 0o077).toBe(0);
    }
  });

  it('keeps data, address and password from one start to the next', async () => {
    const first = await startCopy();
    await writeRow(first.url);
    await first.stop();
    expect(await findPostmaster()).toBeUndefined();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await readRow(second.url)).toEqual(kept);
  });

  it('takes another port when its last one is in use', async () => {
    const first = await startCopy();
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start();
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    squatter.close();
  });
});

describe('after kill -9', () => {
  it('of the server, it comes back on the same address with its data', async () => {
    await copyPattern();
    const { url } = await start(true);
    await writeRow(url);
    const killed = await killPostmaster();
    await waitUntil(() =>
      readRow(url)
        .then((rows) => rows.length === 1)
        .catch(() => false),
    );
    expect(await readRow(url)).toEqual(kept);
    expect(await postmasterPid()).not.toBe(killed);
  });

  it('of our process, the next one takes over the server that was left behind', async () => {
    await copyPattern();
    const { url, child } = await startProcess();
    await writeRow(url);
    const left = await postmasterPid();
    await kill(child);
    expect(isAlive(left)).toBe(true);
    const next = await start();
    expect(await postmasterPid()).toBe(left);
    expect(next.url).toBe(url);
    expect(await readRow(next.url)).toEqual(kept);
    await next.stop();
    expect(await findPostmaster()).toBeUndefined();
  });

  it('of both, the next start finds the data behind a stale pid file', async () => {
    await copyPattern();
    const { url, child } = await startProcess();
    await writeRow(url);
    await kill(child);
    const killed = await killPostmaster();
    expect(await postmasterPid()).toBe(killed);
    const next = await start();
    expect(await readRow(next.url)).toEqual(kept);
  });

  it('a stale pid file whose number a stranger has now is no server', async () => {
    const first = await startCopy();
    await writeRow(first.url);
    const running = await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8');
    await first.stop();
    const stranger = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    children.push(stranger);
    await writeFile(
      join(dataDir, 'postgres/data/postmaster.pid'),
      running.replace(/^\d+/, String(stranger.pid)),
    );
    const second = await start();
    expect(await readRow(second.url)).toEqual(kept);
    expect(await postmasterPid()).not.toBe(stranger.pid);
    expect(stranger.exitCode).toBeNull();
  });

  it('while it is being created, the next start begins anew and clears away the rest', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    await mkdir(join(dataDir, `.postgres-init-${gone.pid}-0a0b0c0d/data`), { recursive: true });
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });
});

describe('two processes', () => {
  it('share one server; the one that leaves first does not stop it, whoever started it', async () => {
    await copyPattern();
    const starter = await startProcess();
    const joined = await start();
    expect(joined.url).toBe(starter.url);
    const server = await postmasterPid();
    await endInput(starter.child);
    expect(isAlive(server)).toBe(true);
    expect(await query(joined.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const visitor = await startProcess();
    await endInput(visitor.child);
    expect(isAlive(server)).toBe(true);
    await joined.stop();
    expect(await findPostmaster()).toBeUndefined();
  });

  it('that start together on an empty folder create one cluster', async () => {
    const started = await Promise.all([startProcess(), start(), startProcess()]);
    expect(new Set(started.map(({ url }) => url)).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });

  it('that leave together leave no server behind', async () => {
    await copyPattern();
    const started = await Promise.all([startProcess(), startProcess(), startProcess()]);
    await Promise.all(started.map(({ child }) => endInput(child)));
    expect(await findPostmaster()).toBeUndefined();
  });
});

describe('a refusal', () => {
  it('names DATABASE_URL when the optional package is not installed', async () => {
    const elsewhere = pathToFileURL(join(dataDir, 'module.js')).href;
    await expect(locateBinaries(elsewhere)).rejects.toThrow(/not installed.*Set DATABASE_URL/);
  });

  it('leaves a database of another Postgres version alone', async () => {
    const first = await startCopy();
    await first.stop();
    await writeFile(join(dataDir, 'postgres/data/PG_VERSION'), '9\n');
    await expect(start()).rejects.toThrow('was written by Postgres 9, and this Patchbay brings Postgres 18');
  });

  it('carries the last words of a server that does not start', async () => {
    const first = await startCopy();
    await first.stop();
    await writeFile(join(dataDir, 'postgres/data/postgresql.conf'), 'nonsense here\n');
    await expect(start()).rejects.toThrow(/does not start(.|\n)*nonsense(.|\n)*DATABASE_URL/);
  });

  it('says which file is damaged, and leaves the data alone', async () => {
    const first = await startCopy();
    await first.stop();
    await writeFile(join(dataDir, 'postgres/credentials.json'), '{"rolePassw');
    await expect(start()).rejects.toThrow('credentials.json is damaged. Restore it from a backup.');
    expect(await readdir(join(dataDir, 'postgres'))).toContain('data');
  });

  it('says so when something else lies where the cluster should be', async () => {
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres/notes.txt'), 'mine');
    await expect(start()).rejects.toThrow(/could not be created.*Set DATA_DIR to an empty folder/);
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });
});
