import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeSmartfloSandbox } from '../../../src/sandbox/smartflo/sandbox.js';
import { smartfloSandboxSettingsSchema } from '../../../src/sandbox/smartflo/settings.js';
import { makeVxtSandbox } from '../../../src/sandbox/vxt/sandbox.js';
import { vxtSandboxSettingsSchema } from '../../../src/sandbox/vxt/settings.js';

describe.each([
  {
    vendor: 'smartflo',
    defaults: smartfloSandboxSettingsSchema.parse({}),
    actions: () => Object.keys(makeSmartfloSandbox().dashboard),
  },
  {
    vendor: 'vxt',
    defaults: vxtSandboxSettingsSchema.parse({}),
    actions: () => Object.keys(makeVxtSandbox().dashboard),
  },
])('the README of the sandbox for $vendor', ({ vendor, defaults, actions }) => {
  const source = readFileSync(new URL(`../../../src/sandbox/${vendor}/README.md`, import.meta.url), 'utf8');
  const readme = source.replaceAll(/ +\|/gu, ' |');

  test('lists every switch with its default, and no other', () => {
    const expected = Object.entries(defaults).map(
      ([name, value]) => `| \`${name}\` | \`${JSON.stringify(value)}\` |`,
    );

    const listed = readme.match(/^\| `\w+` \| `[^`]+` \|/gmu) ?? [];

    expect([...listed].sort()).toEqual(expected.sort());
  });

  test('names every Dashboard action', () => {
    expect(actions().filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});
