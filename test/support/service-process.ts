import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';

/** How a process ended. `code` is null after a signal. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of the product in a process of its own. */
export interface ServiceProcess {
  readonly pid: number;
  readonly output: { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<ProcessEnd>;
  isRunning(): boolean;
  /** The first match in what it prints. Throws with all that it said when it ends, or says nothing, before. */
  said(pattern: RegExp, stream?: 'stdout' | 'stderr'): Promise<string>;
  /** Sends the signal and waits for the end. */
  end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<ProcessEnd>;
}

export interface ProcessOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Longer than any start takes on a slow machine; a hang fails the test instead of the run. */
const PATIENCE_MS = 900_000;
/** After a polite signal the product has its own deadline, which is shorter. */
const END_PATIENCE_MS = 300_000;

/** Starts the built product with nothing of this process's environment but what a shell needs. */
export function startProcess({ args, cwd, env, input }: ProcessOptions): ServiceProcess {
  const { main, compiled } = inject('builtService');
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: cwd,
      LANG: 'C.UTF-8',
      NODE_COMPILE_CACHE: compiled,
      ...env,
    },
    stdio: 'pipe',
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (chunk: string) => (output[name] += chunk));
  }
  // A command that does not read its input may be gone before it is sent.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    ...output,
  }));
  const running: ServiceProcess = {
    pid: child.pid ?? 0,
    output,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    said: (pattern, stream = 'stdout') => waitForOutput(running, pattern, stream),
    async end(signal) {
      if (running.isRunning()) child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), END_PATIENCE_MS);
      try {
        return await ended;
      } finally {
        clearTimeout(timer);
      }
    },
  };
  return running;
}

async function waitForOutput(
  running: ServiceProcess,
  pattern: RegExp,
  stream: 'stdout' | 'stderr',
): Promise<string> {
  const find = () => pattern.exec(running.output[stream])?.[0];
  let hasEnded = false;
  void running.ended.then(() => (hasEnded = true));
  await until(() => hasEnded || find() !== undefined, `${String(pattern)} on ${stream}`);
  const found = find();
  if (found !== undefined) return found;
  const { code, signal, stdout, stderr } = await running.ended;
  throw new Error(
    `The process ended with ${code ?? signal} before it said ${pattern}:\n${stdout}\n${stderr}`,
  );
}

/** Asks again until the answer is yes. Throws after a quarter of an hour, naming what did not come. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Did not happen in ${patienceMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
