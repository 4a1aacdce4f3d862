import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { inject } from 'vitest';
import { makeFolder, notePid, removeFolder } from './service-folder.js';
import { startProcess, type ProcessEnd, type ServiceProcess } from './service-process.js';
import { connectDashboard, type Dashboard } from './sandbox-dashboard.js';

/** What `serve --json` prints when it is ready. */
export interface Ready {
  readonly url: string;
  readonly scimBaseUrl: string;
  /** null without a demo. */
  readonly token: string | null;
}

export interface RunningService extends ServiceProcess {
  readonly ready: Ready;
}

type Environment = Readonly<Record<string, string>>;

/** One data folder with ports of its own, and the processes that work on it. */
export interface Installation {
  readonly dataDir: string;
  readonly port: number;
  readonly url: string;
  readonly env: Environment;
  /** The simulated phone system's own side. Its requests wait while the service is being started again. */
  readonly dashboard: Dashboard;
  /** `serve --demo`, ready. */
  serve(args?: readonly string[], env?: Environment): Promise<RunningService>;
  /** Any command, running. */
  start(args: readonly string[], env?: Environment): Promise<ServiceProcess>;
  /** Any command, to its end. */
  run(args: readonly string[], options?: { env?: Environment; input?: string }): Promise<ProcessEnd>;
  /** The same with `--json`: what it printed, which must be one JSON value, no error and nothing else. */
  // oxlint-disable-next-line typescript/no-explicit-any
  runJson(args: readonly string[], options?: { env?: Environment; input?: string }): Promise<any>;
  /** Rows of the built-in database, past every wall: for what no command shows. */
  query<Row>(statement: string): Promise<readonly Row[]>;
  /** Ends every process by its number, stops the database, removes the folder. */
  remove(): Promise<void>;
}

export async function makeInstallation(env: Environment = {}): Promise<Installation> {
  const { main, run: runNumber } = inject('builtService');
  const dataDir = await makeFolder(runNumber);
  const [port, sandboxPort] = await findFreePorts();
  const ownEnv = {
    DATA_DIR: dataDir,
    PORT: String(port),
    PATCHBAY_SANDBOX_PORT: String(sandboxPort),
    ...env,
  };
  const processes: ServiceProcess[] = [];
  const launch = async (
    args: readonly string[],
    more: Environment = {},
    input?: string,
  ): Promise<ServiceProcess> => {
    const given = input === undefined ? {} : { input };
    const started = startProcess({ args, cwd: dataDir, env: { ...ownEnv, ...more }, ...given });
    processes.push(started);
    await notePid(dataDir, started.pid);
    return started;
  };
  const installation: Installation = {
    dataDir,
    port,
    url: `http://127.0.0.1:${port}`,
    env: ownEnv,
    dashboard: connectDashboard(dataDir),
    async serve(args = ['--demo'], more = {}) {
      const started = await launch(['serve', '--json', ...args], more);
      const ready = JSON.parse(await started.said(/^\{.*\}$/m)) as Ready;
      return Object.assign(started, { ready });
    },
    start: (args, more = {}) => launch(args, more),
    async run(args, { env: more = {}, input } = {}) {
      return (await launch(args, more, input)).ended;
    },
    async runJson(args, options) {
      const { stdout, stderr, code } = await installation.run([...args, '--json'], options);
      const said = `${args.join(' ')} (exit code ${code}):\n${stdout}\n${stderr}`;
      if (stdout.startsWith('{"error":')) throw new Error(`An error from ${said}`);
      try {
        return JSON.parse(stdout);
      } catch {
        throw new Error(`No JSON from ${said}`);
      }
    },
    query: (statement) => query(dataDir, statement),
    async remove() {
      for (const one of processes.splice(0)) await one.end('SIGKILL');
      await removeFolder(dataDir, main);
    },
  };
  return installation;
}

async function query<Row>(dataDir: string, statement: string): Promise<readonly Row[]> {
  const read = (name: string) => readFile(join(dataDir, 'postgres', name), 'utf8');
  const { superuserPassword } = JSON.parse(await read('credentials.json')) as { superuserPassword: string };
  const port = (await read('port')).trim();
  const client = new Client({
    connectionString: `postgres://postgres:${superuserPassword}@127.0.0.1:${port}/patchbay`,
  });
  await client.connect();
  try {
    return (await client.query(statement)).rows as readonly Row[];
  } finally {
    await client.end();
  }
}

/** Two ports that nobody listens on, both held until both are known. */
async function findFreePorts(): Promise<[number, number]> {
  const servers = await Promise.all([hold(), hold()]);
  const [first, second] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [first ?? 0, second ?? 0];
}

function hold() {
  return new Promise<ReturnType<typeof createServer>>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  });
}
