import { describe, expect, it } from 'vitest';
import { tellProgress } from '../../../src/app/commands/comparison-outcome.js';
import { makeProgress, renderTable, type Terminal } from '../../../src/app/terminal.js';

function record(isInteractive: boolean): { terminal: Terminal; written: string[] } {
  const written: string[] = [];
  const terminal = {
    out: () => undefined,
    err: (text: string) => written.push(text),
    isInteractive,
    columns: 80,
  };
  return { terminal, written };
}

describe('renderTable', () => {
  it('aligns columns by what is seen, not by code units', () => {
    const table = renderTable(['who', 'what'], [['Zoë', 'x'], ['e\u0301', 'y'], ['王小明', 'z']]); // prettier-ignore
    const columns = table.split('\n').slice(2).map((line) => line.slice(-1)); // prettier-ignore
    expect(columns).toEqual(['x', 'y', 'z']);
    expect(table.split('\n')[4]).toBe('王小明  z');
    expect(table.split('\n')[3]).toBe('e\u0301       y');
  });
});

describe('makeProgress', () => {
  it('prints a line per quarter where nobody watches', () => {
    const { terminal, written } = record(false);
    const progress = makeProgress(terminal);
    for (let done = 0; done <= 100; done += 1) progress('Pushing', done, 100);
    expect(written).toHaveLength(5);
    expect(written.at(-1)).toMatch(/\[#{24}\] 100\/100\n$/);
  });

  it('redraws one line on a terminal and ends it when the step is done', () => {
    const { terminal, written } = record(true);
    const progress = makeProgress(terminal);
    progress('Pushing', 1, 2);
    progress('Pushing', 2, 2);
    progress('Next', 0, 1);
    expect(written.map((text) => text.startsWith('\r'))).toEqual([true, true, true]);
    expect(written[1]?.endsWith('\n')).toBe(true);
  });
});

it('a comparison tells its steps: a bar where there is an end, else a line for each', () => {
  const { terminal, written } = record(false);
  const tell = tellProgress(terminal);
  tell({ phase: 'reading the identity provider' });
  tell({ phase: 'reading the identity provider', done: 100 });
  for (const done of [1, 2, 3, 4]) tell({ phase: 'looking up calls', done, total: 4 });
  expect(written[0]).toBe('reading the identity provider…\n');
  expect(written.slice(1).every((line) => line.startsWith('looking up calls '))).toBe(true);
  expect(written.at(-1)).toContain('4/4');
});
