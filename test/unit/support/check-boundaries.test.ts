import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBoundaryProblems } from '../../support/check-boundaries.js';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchbay-boundaries-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return findBoundaryProblems(root);
}

/** An empty file at the end of every import of these tests. */
const targets = Object.fromEntries(
  [
    'domain/plan',
    'lib/clock',
    'config/config',
    'directory/users',
    'reconcile/account',
    'reconcile/ports',
    'store/database',
    'scim/router',
    'providers/port',
    'providers/registry',
    'providers/aircall/client',
    'providers/vxt/client',
    'audit/record',
    'app/services',
  ].map((name) => [`src/${name}.ts`, 'export {};\n']),
);

function importing(from: string, to: string): Readonly<Record<string, string>> {
  const up = '../'.repeat(from.split('/').length - 1);
  return { ...targets, [`src/${from}.ts`]: `import '${up}${to}.js';\n` };
}

describe('import boundaries', () => {
  it.each([
    ['domain/a', 'lib/clock'],
    ['lib/a', 'domain/plan'],
    ['domain/a', 'reconcile/ports'],
    ['config/a', 'store/database'],
    ['directory/a', 'store/database'],
    ['directory/a', 'reconcile/account'],
    ['directory/a', 'providers/aircall/client'],
    ['directory/a', 'config/config'],
    ['scim/a', 'store/database'],
    ['scim/a', 'audit/record'],
    ['store/a', 'config/config'],
    ['providers/aircall/a', 'providers/vxt/client'],
    ['providers/aircall/a', 'providers/registry'],
    ['providers/port', 'providers/aircall/client'],
    ['sandbox/a', 'providers/aircall/client'],
    ['store/a', 'app/services'],
  ])('%s must not import %s', async (from, to) => {
    const problems = await problemsOf(importing(from, to));
    expect(problems).toEqual([
      expect.stringMatching(`^src/${from}.ts: .* must not import .*\\(src/${to}.ts\\)`),
    ]);
  });

  it.each([
    ['directory/a', 'domain/plan'],
    ['directory/a', 'lib/clock'],
    ['directory/a', 'providers/port'],
    ['directory/a', 'reconcile/ports'],
    ['directory/deep/er/a', 'directory/users'],
    ['scim/a', 'directory/users'],
    ['store/a', 'audit/record'],
    ['providers/aircall/a', 'providers/port'],
    ['providers/registry', 'providers/aircall/client'],
    ['app/deep/a', 'store/database'],
    ['main', 'config/config'],
    ['config/a', 'domain/plan'],
  ])('%s may import %s', async (from, to) => {
    expect(await problemsOf(importing(from, to))).toEqual([]);
  });

  it.each([
    "import type { A } from '../store/database.js';",
    "import {\n  type A,\n  b,\n} from '../store/database.js';",
    "export * from '../store/database.js';",
    "export type { A } from '../store/database.js';",
    "const a = await import('../store/database.js');",
    'const a = await import(`../store/database.js`);',
    "let a: import('../store/database.js').A;",
    'import a from "../store/database.js";',
    "import'../store/database.js';",
  ])('are seen through every way of importing: %s', async (line) => {
    expect(await problemsOf({ ...targets, 'src/domain/a.ts': line })).toHaveLength(1);
  });

  it.each(["import '#store';", "import 'patchbay/dist/a.js';", "import('/src/a.js');"])(
    'cannot be evaded with %s',
    async (line) => {
      expect(await problemsOf({ 'src/domain/a.ts': line })).toEqual([
        expect.stringContaining('import our own files by relative path'),
      ]);
    },
  );

  it('allow packages and everything else that is not ours', async () => {
    const content = "import 'node:fs';\nimport { z } from 'zod';\n";
    expect(await problemsOf({ 'src/domain/a.ts': content })).toEqual([]);
  });

  it('hold for migrations, which must not change with the code', async () => {
    const problems = await problemsOf({
      ...targets,
      'db/migrations/1.ts': "import '../../src/domain/plan.js';",
    });
    expect(problems).toEqual([expect.stringContaining('db must not import domain')]);
  });

  it('want a place in the layout for every folder, and a file behind every import', async () => {
    expect(await problemsOf({ 'src/utils/a.ts': '', 'src/lib/b.ts': "import './gone.js';" })).toEqual([
      'src/lib/b.ts: ./gone.js does not exist.',
      'src/utils/a.ts: this folder has no place in the layout.',
    ]);
  });
});

describe('circles', () => {
  it('are found across files, through types and re-exports, and named once', async () => {
    const problems = await problemsOf({
      'src/domain/a.ts': "import type { B } from './b.js';",
      'src/domain/b.ts': "export * from './deep/c.js';",
      'src/domain/deep/c.ts': "import('../a.js');",
      'src/domain/d.ts': "import './a.js';",
    });
    expect(problems).toEqual([
      'Imports in a circle: src/domain/a.ts -> src/domain/b.ts -> src/domain/deep/c.ts -> src/domain/a.ts.',
    ]);
  });

  it('are not seen where two ways lead to one file', async () => {
    expect(
      await problemsOf({
        'src/domain/a.ts': "import './b.js';\nimport './c.js';",
        'src/domain/b.ts': "import './d.js';",
        'src/domain/c.ts': "import './d.js';",
        'src/domain/d.ts': '',
      }),
    ).toEqual([]);
  });
});
