import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { aircallConfigSchema } from '../../../src/providers/aircall/settings.js';
import { PROVIDERS } from '../../../src/providers/registry.js';
import { smartfloConfigSchema } from '../../../src/providers/smartflo/settings.js';
import { vxtConfigSchema } from '../../../src/providers/vxt/settings.js';

const SCHEMAS = { aircall: aircallConfigSchema, smartflo: smartfloConfigSchema, vxt: vxtConfigSchema };
const HEADING = '## What is not known, and how to find out';

interface Row {
  readonly setting: string;
  readonly standard: string;
  readonly how: string;
}

/** The rows of the vendor's table, without the padding that the formatter adds. */
function tableOf(vendor: string): readonly Row[] {
  const file = path.join(import.meta.dirname, `../../../src/providers/${vendor}/README.md`);
  const [, after = ''] = readFileSync(file, 'utf8').split(`${HEADING}\n`);
  const [section = ''] = after.split('\n## ');
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [, setting = '', standard = '', how = ''] = line.split(/(?<!\\)\|/u).map((cell) => cell.trim());
      return { setting: inCode(setting), standard: inCode(standard).replaceAll(String.raw`\|`, '|'), how };
    });
}

const inCode = (cell: string): string => /^`(.*)`$/u.exec(cell)?.[1] ?? `not in code: ${cell}`;

/** Settings by the names of the table: what belongs together is listed one by one, behind a dot. */
function leavesOf(value: unknown, name: string): readonly (readonly [string, string])[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return [[name, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, one]) => leavesOf(one, name === '' ? key : `${name}.${key}`));
}

test('every vendor has its settings compared with its list', () => {
  expect(Object.keys(SCHEMAS).toSorted()).toEqual(Object.keys(PROVIDERS).toSorted());
});

describe.each(Object.entries(SCHEMAS))('what is not known about %s', (vendor, schema) => {
  const rows = tableOf(vendor);
  const defaults = new Map(leavesOf(schema.parse({}), ''));

  test('is listed as settings that exist, each once, with their defaults and how to find out', () => {
    const listed = rows.map(({ setting, standard }) => [setting, standard]);

    expect(listed).toEqual(rows.map(({ setting }) => [setting, defaults.get(setting)]));
    expect(new Set(rows.map(({ setting }) => setting)).size).toBe(rows.length);
    expect(rows.filter(({ how }) => how.length < 8)).toEqual([]);
  });

  test('leaves out nothing that the settings call unverified', () => {
    const unverified = Object.entries(schema.shape).flatMap(([name, one]) =>
      one.description?.startsWith('Unverified') === true ? [name] : [],
    );
    const expected = [...defaults.keys()].filter((leaf) => unverified.includes(leaf.split('.')[0] ?? ''));
    const listed = new Set(rows.map(({ setting }) => setting));

    expect(unverified.length).toBeGreaterThan(5);
    expect(expected.filter((leaf) => !listed.has(leaf))).toEqual([]);
  });
});
