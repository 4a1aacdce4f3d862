import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { makeLoadClient, type LoadClient } from './load.js';

/** As `npm start` runs the service. */
const NODE_OPTIONS = ['--max-semi-space-size=16'];
/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** One server under test, in a process of its own. */
export interface BenchServer {
  readonly name: string;
  readonly client: LoadClient;
  /** CPU time of the process so far, in milliseconds. */
  cpuMs(): number;
  /** Resident memory now, in megabytes. */
  rssMb(): number;
  stop(): Promise<void>;
}

/** Starts `servers/<name>`, compiled or not as this file is, which prints its port. */
export async function startServer(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<BenchServer> {
  const script = join(import.meta.dirname, 'servers', name + extname(import.meta.filename));
  const child = spawn(process.execPath, [...process.execArgv, ...NODE_OPTIONS, script], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await portOf(child, name);
  const client = makeLoadClient(port);
  return {
    name,
    client,
    cpuMs: () => cpuMs(child.pid ?? 0),
    rssMb: () => rssMb(child.pid ?? 0),
    async stop() {
      client.close();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function portOf(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const port = /^port (\d+)$/m.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', (code) =>
      reject(new Error(`The ${name} server ended (${String(code)}) before it listened.`)),
    );
  });
}

/** utime and stime: fields 14 and 15, counted behind the name, which may hold blanks. */
function cpuMs(pid: number): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')
      .at(-1)
      ?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

function rssMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}
