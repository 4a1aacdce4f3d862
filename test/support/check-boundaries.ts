import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Imports point inward, and never in a circle. Run by `npm run check`; type-only imports count like any other.
 *
 *   domain, lib             nothing else of ours
 *   use cases               domain, lib, the provider port, and another use case's ports.ts only
 *   adapters                domain, lib, use cases, the provider port; never another adapter
 *   config                  domain, lib; itself known to the composition root only
 *   composition root        everything
 */
const useCases = [
  'directory',
  'reconcile',
  'deprovision',
  'sso',
  'report',
  'tenancy',
  'administration',
  'manual',
  'rules',
  'mail',
];
const adapters = ['archive', 'scim', 'console', 'api', 'http', 'store', 'jobs', 'idp', 'sandbox', 'demo'];

/** Where a file stands: the name of its layer, and its kind, which decides what it may import. */
interface Place {
  readonly name: string;
  readonly kind: 'core' | 'port' | 'useCase' | 'adapter' | 'config' | 'root' | 'migration' | 'unknown';
  /** Whether the file holds nothing but what a use case asks of others. */
  readonly isPorts: boolean;
}

function placeOf(file: string): Place {
  return { ...layerOf(file), isPorts: file.endsWith('/ports.ts') };
}

function layerOf(file: string): Omit<Place, 'isPorts'> {
  const [top = '', folder = '', inner = '', ...deeper] = file.split('/');
  if (top === 'db') return { name: 'db', kind: 'migration' };
  if (top !== 'src') return { name: top, kind: 'unknown' };
  if (inner === '') return { name: 'composition root', kind: 'root' };
  if (folder === 'app') return { name: 'composition root', kind: 'root' };
  if (folder === 'domain' || folder === 'lib') return { name: folder, kind: 'core' };
  if (folder === 'config') return { name: folder, kind: 'config' };
  // The audit trail is written in the transaction that does the thing: one adapter with the store.
  if (folder === 'audit') return { name: 'store', kind: 'adapter' };
  if (useCases.includes(folder)) return { name: folder, kind: 'useCase' };
  if (adapters.includes(folder)) return { name: folder, kind: 'adapter' };
  if (folder !== 'providers') return { name: folder, kind: 'unknown' };
  if (deeper.length > 0 || !inner.endsWith('.ts')) return { name: `providers/${inner}`, kind: 'adapter' };
  return inner === 'registry.ts' ? { name: 'registry', kind: 'root' } : { name: 'providers', kind: 'port' };
}

const permitted: Readonly<Record<Place['kind'], readonly string[]>> = {
  core: [],
  port: ['domain', 'lib'],
  config: ['domain', 'lib'],
  useCase: ['domain', 'lib', 'providers'],
  adapter: ['domain', 'lib', 'providers', ...useCases],
  root: [],
  migration: [],
  unknown: [],
};

function isPermitted(from: Place, to: Place): boolean {
  if (from.kind === 'unknown' || to.kind === 'unknown') return false;
  if (from.kind === 'useCase' && to.kind === 'useCase' && to.isPorts) return true;
  return from.name === to.name || from.kind === 'root' || permitted[from.kind].includes(to.name);
}

/** Relative specifiers of `import`, `import type`, `export from`, `import()` and `import('x').Type`. */
const specifierPattern = /\b(?:from|import)\s*\(?\s*(['"`])(\.[^'"`\n]*)\1/g;
/** What would reach our files without naming their path: subpath imports, the package's own name, absolute paths. */
const indirectPattern = /\b(?:from|import)\s*\(?\s*(['"`])((?:#|\/|file:|patchbay\b)[^'"`\n]*)\1/g;

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every rule broken below `root`, one sentence each. */
export function findBoundaryProblems(root: string): readonly string[] {
  const files = ['src', 'db'].flatMap((folder) => listSources(root, folder));
  const problems: string[] = [];
  const imports: Import[] = [];
  for (const file of files) {
    const content = readFileSync(join(root, file), 'utf8');
    if (placeOf(file).kind === 'unknown') problems.push(`${file}: this folder has no place in the layout.`);
    for (const [, , specifier] of content.matchAll(indirectPattern)) {
      problems.push(`${file}: import our own files by relative path, not as ${specifier}.`);
    }
    for (const [, , specifier = ''] of content.matchAll(specifierPattern)) {
      const to = resolveSource(root, file, specifier);
      if (to === undefined) problems.push(`${file}: ${specifier} does not exist.`);
      else imports.push({ from: file, to });
    }
  }
  return [...problems, ...imports.flatMap(describeForbidden), ...findCycles(files, imports)];
}

function describeForbidden({ from, to }: Import): readonly string[] {
  const [fromPlace, toPlace] = [placeOf(from), placeOf(to)];
  if (isPermitted(fromPlace, toPlace)) return [];
  return [`${from}: ${fromPlace.name} must not import ${toPlace.name} (${to}).`];
}

function listSources(root: string, folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted();
}

function resolveSource(root: string, from: string, specifier: string): string | undefined {
  const target = resolve(root, dirname(from), specifier).replace(/\.js$/, '');
  const found = ['.ts', '.tsx', ''].map((extension) => target + extension).find((path) => existsSync(path));
  return found === undefined ? undefined : relative(root, found);
}

/** Depth first; a file met again while it is still being followed closes a circle. */
function findCycles(files: readonly string[], imports: readonly Import[]): readonly string[] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const finished = new Set<string>();
  const problems: string[] = [];
  const follow = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      problems.push(`Imports in a circle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}.`);
      return;
    }
    if (finished.has(file)) return;
    for (const { to } of targets.get(file) ?? []) follow(to, [...path, file]);
    finished.add(file);
  };
  for (const file of files) follow(file, []);
  return problems;
}

if (import.meta.main) {
  const problems = findBoundaryProblems(resolve(import.meta.dirname, '../..'));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
