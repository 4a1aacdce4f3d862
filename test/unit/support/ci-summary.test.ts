import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summarize } from '../../support/ci-summary.js';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-summary-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function summaryOf(files: Readonly<Record<string, unknown>>) {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), JSON.stringify(content));
  }
  return summarize(folder);
}

function report(...statuses: readonly string[]) {
  const assertionResults = statuses.map((status, index) => ({ status, fullName: `test ${index}` }));
  const status = statuses.includes('failed') ? 'failed' : 'passed';
  return { testResults: [{ name: 'a.test.ts', status, message: '', assertionResults }] };
}

describe('the summary of a CI run', () => {
  it('adds up tests and steps', async () => {
    const files = { 'check.exit': 0, 'unit.exit': 0, 'unit.json': report('passed', 'passed') };
    expect(await summaryOf(files)).toEqual({ passed: 4, failures: [] });
  });

  it('counts a failed test once, not again for its step', async () => {
    const files = { 'unit.exit': 1, 'unit.json': report('passed', 'failed') };
    expect(await summaryOf(files)).toEqual({ passed: 1, failures: ['unit: test 1 (failed)'] });
  });

  it('says why a test failed, on one line', async () => {
    const failed = { status: 'failed', fullName: 'adds', failureMessages: ['Error: 2\n    at b.test.ts:1'] };
    const file = { name: 'b.test.ts', status: 'failed', message: '', assertionResults: [failed] };
    const files = { 'unit.exit': 1, 'unit.json': { testResults: [file] } };
    expect((await summaryOf(files)).failures[0]).toBe('unit: adds (failed): Error: 2 at b.test.ts:1');
  });

  it.each(['pending', 'skipped', 'todo', 'disabled'])(
    'counts a test that is %s as failed',
    async (status) => {
      const files = { 'unit.exit': 0, 'unit.json': report('passed', status) };
      expect((await summaryOf(files)).failures).toEqual([`unit: test 1 (${status})`]);
    },
  );

  it('counts a step that failed beside its tests: a crash, or an error outside of any test', async () => {
    const withReport = { 'unit.exit': 1, 'unit.json': report('passed') };
    expect((await summaryOf(withReport)).failures).toEqual(['unit: ended with exit code 1']);
    const withoutReport = { 'unit.exit': 0, 'bench.exit': 124 };
    expect((await summaryOf(withoutReport)).failures).toEqual(['bench: ended with exit code 124']);
  });

  it('counts a file that does not load', async () => {
    const broken = {
      name: 'b.test.ts',
      status: 'failed',
      message: 'SyntaxError\nat x',
      assertionResults: [],
    };
    const testResults = [broken, ...report('passed').testResults];
    const files = { 'unit.exit': 1, 'unit.json': { testResults } };
    expect((await summaryOf(files)).failures).toEqual(['unit: b.test.ts: SyntaxError']);
  });

  it('is a failure when nothing ran', async () => {
    expect(await summaryOf({})).toEqual({ passed: 0, failures: ['Nothing passed at all.'] });
  });
});
