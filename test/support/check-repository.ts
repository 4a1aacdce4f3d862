import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Where packages come from is the business of the machine that installs them: no tracked file may say it. A
 * lockfile with download addresses would send every later install to the registry of whoever wrote it.
 */
const publicRegistries = [
  // In pieces, or this file would be the first to be found.
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['npm', 'pkg', 'github', 'com'],
].map((labels) => labels.join('.'));

export interface RepositoryFile {
  readonly path: string;
  readonly content: string;
}

/** `machineRegistry`: the registry that this machine installs from, if known. One sentence for each problem. */
export function findRepositoryProblems(
  files: readonly RepositoryFile[],
  machineRegistry: string | undefined,
): readonly string[] {
  const own = URL.parse(machineRegistry ?? '')?.host;
  const hosts = [...publicRegistries, ...(own === undefined ? [] : [own])];
  return files.flatMap(({ path, content }) => [
    ...hosts
      .filter((host) => content.includes(host))
      .map((host) => `${path}: names the package registry ${host}.`),
    ...(path.endsWith('package-lock.json') ? findLockfileProblems(path, content) : []),
  ]);
}

interface LockedPackage {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function findLockfileProblems(path: string, content: string): readonly string[] {
  const { packages } = JSON.parse(content) as { packages: Readonly<Record<string, LockedPackage>> };
  return [...findAddresses(path, packages), ...findMissingPlatforms(path, packages)];
}

/** `resolved` may only point into this checkout (a workspace or a folder), never to an address. */
function findAddresses(path: string, packages: Readonly<Record<string, LockedPackage>>): readonly string[] {
  return Object.entries(packages)
    .filter(([, { resolved }]) => resolved?.includes(':') === true)
    .map(([name]) => `${path}: holds a download address for ${name}. Remove its "resolved" line.`);
}

/** npm leaves out the binaries of platforms that its registry did not offer, and `npm ci` then refuses the lockfile. */
function findMissingPlatforms(
  path: string,
  packages: Readonly<Record<string, LockedPackage>>,
): readonly string[] {
  const locked = new Set(Object.keys(packages).map((place) => place.split('node_modules/').at(-1)));
  return Object.values(packages)
    .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
    .filter((name) => !locked.has(name))
    .map((name) => `${path}: ${name} is missing, so npm ci refuses it. Add its version, os and cpu.`);
}

function readTrackedFiles(root: string): readonly RepositoryFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\0')
    .filter((path) => path !== '')
    .flatMap((path) => readIfPresent(root, path));
}

/** A tracked file that was just deleted or is a link to nowhere has no content to check. */
function readIfPresent(root: string, path: string): readonly RepositoryFile[] {
  try {
    return [{ path, content: readFileSync(join(root, path), 'utf8') }];
  } catch {
    return [];
  }
}

if (import.meta.main) {
  const files = readTrackedFiles(resolve(import.meta.dirname, '../..'));
  const problems = findRepositoryProblems(files, process.env['npm_config_registry']);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
