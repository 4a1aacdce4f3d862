import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AppError } from '../../domain/errors.js';
import type { PostgresBinaries } from './binaries.js';

/** Whose files the database cluster's are, when that is not simply ourselves. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Runs Postgres programs as a user that Postgres accepts: it refuses to run as root. */
export interface Runner {
  /** Undefined when programs run as ourselves. */
  readonly owner: Owner | undefined;
  /** Runs to the end; rejects with the program's own words when it fails. */
  run(program: string, args: readonly string[], stdin?: string): Promise<string>;
  /** Starts a program that outlives us: its own session, so that Ctrl-C in our terminal does not reach it. */
  spawnDetached(program: string, args: readonly string[], logFd: number): ChildProcess;
}

interface Launch {
  readonly prefix: readonly string[];
  readonly owner: Owner | undefined;
}

/**
 * How a root process may start a program as somebody else, weakest first. The capabilities are for a checkout or
 * data folder below a folder that only root may enter (/root is mode 700): without them the user could not even
 * read its own program. `no_setuid_fixup` because access(2), which Postgres asks, ignores capabilities otherwise.
 */
function possibleLaunches(owner: Owner): readonly Launch[] {
  const become = [
    'setpriv',
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--securebits=+no_setuid_fixup',
  ];
  const withCapability = (capability: string): Launch => ({
    prefix: [...become, `--inh-caps=+${capability}`, `--ambient-caps=+${capability}`],
    owner: undefined,
  });
  return [{ prefix: [], owner }, withCapability('dac_read_search'), withCapability('dac_override')];
}

/** A fixed environment: no locale, library path or PG* variable of ours may change what the database does. */
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
} as const;

/** The account that owns `existing` (an earlier cluster), or the system's unprivileged one. Never creates one. */
export async function chooseOwner(existing: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await stat(existing).catch(() => undefined);
  if (found !== undefined && found.uid !== 0) return { uid: found.uid, gid: found.gid };
  const passwd = await readFile('/etc/passwd', 'utf8');
  const fields = passwd
    .split('\n')
    .find((line) => line.startsWith('nobody:'))
    ?.split(':');
  if (fields === undefined) {
    throw new AppError(
      'unavailable',
      'Patchbay runs as root, Postgres refuses to, and this system has no user "nobody" to run it as. ' +
        'Run Patchbay as an ordinary user, or set DATABASE_URL to a Postgres database of your own.',
    );
  }
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/**
 * Finds a way to run the programs that really works on `folder`, by trying.
 * @throws AppError `unavailable` when none does, with what to change.
 */
export async function makeRunner(
  binaries: PostgresBinaries,
  owner: Owner | undefined,
  folder: string,
): Promise<Runner> {
  const launches = owner === undefined ? [{ prefix: [], owner }] : possibleLaunches(owner);
  const failures: unknown[] = [];
  for (const launch of launches) {
    const problem = await probe(launch, binaries, folder);
    if (problem === undefined) return runnerFor(launch, owner);
    failures.push(problem);
  }
  throw cannotRun(binaries, owner, folder, failures);
}

async function probe(launch: Launch, binaries: PostgresBinaries, folder: string): Promise<unknown> {
  const script = 'test -x "$1" && "$2" --version && "$3" --version';
  try {
    await runLaunched(launch, '/bin/sh', ['-c', script, 'sh', folder, binaries.postgres, binaries.initdb]);
    return undefined;
  } catch (error) {
    return error;
  }
}

function cannotRun(
  binaries: PostgresBinaries,
  owner: Owner | undefined,
  folder: string,
  failures: readonly unknown[],
): AppError {
  const who =
    owner === undefined ? 'this user' : `the unprivileged user ${owner.uid}, because Postgres refuses root,`;
  return new AppError(
    'unavailable',
    `The built-in database cannot run here: ${who} must be able to execute ${binaries.postgres} and to enter ${folder}. ` +
      'Set DATA_DIR to a folder where that works, or set DATABASE_URL to a Postgres database of your own. ' +
      'If packages were installed with --ignore-scripts, run: npm rebuild.',
    { cause: new AggregateError(failures, 'Postgres could not be executed.') },
  );
}

function runnerFor(launch: Launch, owner: Owner | undefined): Runner {
  return {
    owner,
    run: (program, args, stdin) => runLaunched(launch, program, args, stdin),
    spawnDetached(program, args, logFd) {
      const [command, ...rest] = commandLine(launch, program, args);
      return spawn(command, rest, {
        ...launch.owner,
        cwd: '/',
        detached: true,
        env: environment,
        stdio: ['ignore', logFd, logFd],
      });
    },
  };
}

function commandLine(launch: Launch, program: string, args: readonly string[]): [string, ...string[]] {
  const [first, ...rest] = [...launch.prefix, program, ...args];
  return [first ?? program, ...rest];
}

async function runLaunched(
  launch: Launch,
  program: string,
  args: readonly string[],
  stdin?: string,
): Promise<string> {
  const [command, ...rest] = commandLine(launch, program, args);
  const running = promisify(execFile)(command, rest, { ...launch.owner, cwd: '/', env: environment });
  // A program that refuses to start closes its input: the refusal is what `running` rejects with.
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(stdin);
  return (await running).stdout;
}
