import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { aircallSandboxSettingsSchema } from '../../../src/sandbox/aircall/settings.js';
import { faultRuleSchema, pageDefects } from '../../../src/sandbox/fault-rules.js';
import { makeAircallSandbox } from '../../../src/sandbox/aircall/sandbox.js';

const source = readFileSync(new URL('../../../src/sandbox/README.md', import.meta.url), 'utf8');
const readme = source.replaceAll(/ +\|/gu, ' |');

test('the README lists every switch with its default, and no other', () => {
  const defaults = aircallSandboxSettingsSchema.parse({});
  const expected = Object.entries(defaults).map(
    ([name, value]) => `| \`${name}\` | \`${JSON.stringify(value)}\` |`,
  );

  const listed = readme.match(/^\| `\w+` \| `[^`]+` \|/gmu) ?? [];

  expect([...listed].sort()).toEqual(expected.sort());
});

test('the README names every fault kind, page defect and Dashboard action', () => {
  const kinds = faultRuleSchema.options.flatMap((option) => [...option.shape.kind.values]);
  const { webhooksIdle: _waiting, ...actions } = makeAircallSandbox().dashboard;

  const missing = [...kinds, ...pageDefects, ...Object.keys(actions)].filter(
    (name) => !readme.includes(`\`${name}\``),
  );

  expect(missing).toEqual([]);
});

test('every switch has a test that names it', () => {
  const files = [
    'edge',
    'user-switches',
    'teams',
    'numbers',
    'calls',
    'webhooks',
    'rate-limit',
    'faults',
    'dashboard',
    'restart',
  ];
  const tests = files
    .map((name) => readFileSync(new URL(`${name}.test.ts`, import.meta.url), 'utf8'))
    .join('\n');

  const untested = Object.keys(aircallSandboxSettingsSchema.shape).filter((name) => !tests.includes(name));

  expect(untested).toEqual([]);
});
