import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { isProcessAlive } from '../../src/store/embedded/postmaster.js';
import { FOLDER_PREFIX, removeFolder } from './service-folder.js';

/** The product as it is shipped, for tests that run it in processes of its own. */
export interface BuiltService {
  /** The compiled entry point, in a folder of this run only: nobody else's build can change it half-way. */
  readonly main: string;
  /** Where Node keeps what it compiled: a third of what a short command does. */
  readonly compiled: string;
  /** The run that data folders belong to. */
  readonly run: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly builtService: BuiltService;
  }
}

const root = resolve(import.meta.dirname, '../..');
const builds = join(root, 'node_modules/.cache/patchbay-builds');

/** Builds the sources (types are the business of `npm run check`) and clears away what killed runs left. */
export async function setup(project: TestProject): Promise<void> {
  await mkdir(builds, { recursive: true });
  await removeAbandoned();
  const main = join(buildOf(process.pid), 'src/main.js');
  try {
    const compiler = join(root, 'node_modules/.bin/tsc');
    const options = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', buildOf(process.pid)];
    execFileSync(compiler, options, { cwd: root, stdio: 'pipe' });
  } catch (error) {
    if (!existsSync(main)) throw error;
  }
  const compiled = join(buildOf(process.pid), 'compiled');
  project.provide('builtService', { main, compiled, run: process.pid });
}

/** Ends what the tests of this run left behind, should one of their own processes have been killed. */
export async function teardown(): Promise<void> {
  await removeRun(process.pid);
}

async function removeAbandoned(): Promise<void> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(FOLDER_PREFIX));
  const runs = [
    ...folders.map((name) => Number(name.slice(FOLDER_PREFIX.length).split('-')[0])),
    ...(await readdir(builds)).map(Number),
  ];
  for (const run of new Set(runs)) {
    if (Number.isInteger(run) && !isProcessAlive(run)) await removeRun(run);
  }
}

async function removeRun(run: number): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (name.startsWith(`${FOLDER_PREFIX}${run}-`)) await removeFolder(join(tmpdir(), name), buildOf(run));
  }
  await rm(buildOf(run), { recursive: true, force: true });
}

function buildOf(run: number): string {
  return join(builds, String(run));
}
