import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeSmartfloSandbox } from '../../../src/sandbox/smartflo/sandbox.js';
import { smartfloSandboxSettingsSchema } from '../../../src/sandbox/smartflo/settings.js';

const source = readFileSync(new URL('../../../src/sandbox/smartflo/README.md', import.meta.url), 'utf8');
const readme = source.replaceAll(/ +\|/gu, ' |');

test('the README lists every switch with its default, and no other', () => {
  const defaults = smartfloSandboxSettingsSchema.parse({});
  const expected = Object.entries(defaults).map(
    ([name, value]) => `| \`${name}\` | \`${JSON.stringify(value)}\` |`,
  );

  const listed = readme.match(/^\| `\w+` \| `[^`]+` \|/gmu) ?? [];

  expect([...listed].sort()).toEqual(expected.sort());
});

test('the README names every Dashboard action', () => {
  const actions = Object.keys(makeSmartfloSandbox().dashboard);

  expect(actions.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
