import { expect, it } from 'vitest';
import { STYLESHEET } from '../../../src/console/assets/stylesheet.js';

it('the colours of the screen are all that dark and light differ in, so that neither changes what stands where', () => {
  const [before = '', block = '', ...more] = STYLESHEET.split('@media (prefers-color-scheme: dark) {');
  expect(more).toEqual([]);
  expect(`${before}${block}`).not.toMatch(/prefers-color-scheme|light-dark\(/u);
  const dark = /^\s*:root \{([^}]*)\}\s*\}/u.exec(block)?.[1] ?? '';
  const declared = dark
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  expect(declared.length).toBeGreaterThan(10);
  for (const one of declared) expect(one).toMatch(/^--[a-z-]+: #[0-9a-f]{6}$|^--shadow: none$/u);
  const uses = [...STYLESHEET.matchAll(/([a-z-]+): [^;{}]*var\(--shadow\)/gu)].map(
    ([, property]) => property,
  );
  expect(new Set(uses)).toEqual(new Set(['box-shadow']));
});
