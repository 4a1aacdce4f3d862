import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { largeTenant } from '../support/large-tenant.js';
import type { FigureRow } from './context.js';
import type { Cost } from './comparing/child.js';

const TEAMS = 500;
const FULL = { few: 10_000, many: 100_000, rounds: 3 };
const SMOKE = { few: 500, many: 5_000, rounds: 1 };
/** Ten times as many people may cost so many times as much. */
const GROWTH_MAX = 12;
const PARSES_MAX = 5;
const PEAK_MAX_MB = 600;

/** Rules, plan and findings of a whole account, pure, in a process of its own each time. */
export async function measureComparing(isSmoke: boolean): Promise<readonly FigureRow[]> {
  const { few, many, rounds } = isSmoke ? SMOKE : FULL;
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-comparing-'));
  try {
    const small = await costOf(folder, few, rounds);
    const large = await costOf(folder, many, rounds);
    return describe({ few, many, small, large });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The cheapest of the rounds: a busy machine only ever adds. The memory of the worst. */
async function costOf(folder: string, people: number, rounds: number): Promise<Cost> {
  const at = join(folder, String(people));
  await mkdir(at);
  for (const [name, part] of Object.entries(largeTenant(people, TEAMS))) {
    await writeFile(join(at, `${name}.json`), JSON.stringify(part));
  }
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round += 1) costs.push(await runChild(at));
  const [first] = costs;
  if (first === undefined) throw new Error('There was no round.');
  return {
    ...first,
    parseMs: Math.min(...costs.map(({ parseMs }) => parseMs)),
    compareMs: Math.min(...costs.map(({ compareMs }) => compareMs)),
    peakMb: Math.max(...costs.map(({ peakMb }) => peakMb)),
  };
}

async function runChild(at: string): Promise<Cost> {
  const child = new URL('comparing/child.js', import.meta.url).pathname;
  // As the service is started.
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-semi-space-size=16', child, at]);
  return JSON.parse(stdout) as Cost;
}

function describe(measured: {
  readonly few: number;
  readonly many: number;
  readonly small: Cost;
  readonly large: Cost;
}): readonly FigureRow[] {
  const { few, many, small, large } = measured;
  const growth = large.compareMs / small.compareMs;
  const parses = large.compareMs / large.parseMs;
  const size = `${many} agents x ${TEAMS} teams`;
  return [
    {
      figure: `comparing ${many} agents against ${few}`,
      measured: `${growth.toFixed(1)}x`,
      bar: `<= ${GROWTH_MAX}x`,
      isMet: growth <= GROWTH_MAX,
      detail: `CPU ${large.compareMs.toFixed(0)} ms and ${small.compareMs.toFixed(0)} ms; ${large.changes} changes, ${large.findings} findings`,
    },
    {
      figure: `comparing ${size} against parsing its JSON`,
      measured: `${parses.toFixed(2)}x`,
      bar: `< ${PARSES_MAX}x`,
      isMet: parses < PARSES_MAX,
      detail: `reading and parsing takes ${large.parseMs.toFixed(0)} ms CPU`,
    },
    {
      figure: `peak memory of comparing ${size}`,
      measured: `${large.peakMb.toFixed(0)} MB`,
      bar: `< ${PEAK_MAX_MB} MB`,
      isMet: large.peakMb < PEAK_MAX_MB,
      detail: 'resident, of a process of its own',
    },
  ];
}
