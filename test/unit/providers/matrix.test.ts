import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { capabilityMatrix, matrixMarkdown } from '../../../src/providers/matrix.js';
import { PROVIDERS } from '../../../src/providers/registry.js';

const providers = Object.values(PROVIDERS);

test('the README shows the capabilities that the providers declare', () => {
  const readme = readFileSync(path.join(import.meta.dirname, '../../../README.md'), 'utf8');
  const tidy = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');

  expect(tidy(readme)).toContain(tidy(matrixMarkdown(providers)));
});

test('of a phone system without an API, nothing is said to be done by Patchbay', () => {
  const index = providers.findIndex(({ id }) => id === 'vxt');
  const cells = capabilityMatrix(providers).map((row) => row.cells[index]);

  expect(cells).not.toContain('yes');
  expect(cells[0]).toBe('a person, confirmed');
});
