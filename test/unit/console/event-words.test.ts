import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { eventWords } from '../../../src/console/parts/event-words.js';

it('every action that the code writes into the audit trail is said in words', () => {
  const root = resolve(import.meta.dirname, '../../../src');
  const actions = globSync('**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\baction: '([a-z_-]+\.[a-z_-]+)'/gu)].map(
      ([, action = '']) => action,
    ),
  );
  expect(actions.length).toBeGreaterThan(20);
  expect(actions.filter((action) => eventWords(action) === action)).toEqual([]);
});
