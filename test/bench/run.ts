import { parseArgs } from 'node:util';
import { measureConsole } from './console.js';
import { measureComparing } from './comparing.js';
import { FULL, SMOKE, type Figure, type FigureRow } from './context.js';
import { againstFloor } from './figures/against-floor.js';
import { cpu } from './figures/cpu.js';
import { filters } from './figures/filters.js';
import { groupPut } from './figures/group-put.js';
import { growth } from './figures/growth.js';
import { memory } from './figures/memory.js';
import { measureLeavers } from './leavers.js';
import { measurePacing } from './pacing.js';
import { openBench } from './setup.js';

const FIGURES: readonly Figure[] = [againstFloor, growth, groupPut, cpu, filters, memory];
const PACING = 'pacing';
const CONSOLE = 'console';
const COMPARING = 'comparing';
const LEAVERS = 'leavers';

/** `npm run bench`, with `-- --only <name>` for one group of figures and `-- --smoke` for a short trial. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { smoke: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const isChosen = (name: string): boolean => values.only === undefined || values.only === name;
  const chosen = FIGURES.filter(({ name }) => isChosen(name));
  if (chosen.length === 0 && ![PACING, CONSOLE, COMPARING, LEAVERS].some(isChosen)) {
    const names = [...FIGURES.map(({ name }) => name), PACING, CONSOLE, COMPARING, LEAVERS].join(', ');
    throw new Error(`There is no figure "${values.only ?? ''}". Choose one of: ${names}.`);
  }
  const rows = [
    ...(chosen.length > 0 ? await measureServers(chosen, values.smoke) : []),
    ...(isChosen(PACING) ? await measureEngine(values.smoke) : []),
    ...(isChosen(COMPARING) ? await measureWholeAccounts(values.smoke) : []),
    ...(isChosen(LEAVERS) ? await measureService(values.smoke) : []),
    ...(isChosen(CONSOLE) ? await measurePages(values.smoke) : []),
  ];
  process.stdout.write(table(rows));
  if (values.smoke)
    process.stdout.write('A trial run: too short and too small to say anything about the bars.\n');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function measureServers(chosen: readonly Figure[], isSmoke: boolean): Promise<readonly FigureRow[]> {
  const bench = await openBench(isSmoke ? SMOKE : FULL, say);
  try {
    const rows: FigureRow[] = [];
    for (const figure of chosen) {
      say(`measuring: ${figure.name}`);
      rows.push(...(await figure.measure(bench.context)));
    }
    return rows;
  } finally {
    await bench.close();
  }
}

/** The engine has a database, a clock and a vendor of its own. */
function measureEngine(isSmoke: boolean): Promise<readonly FigureRow[]> {
  say(`measuring: ${PACING}`);
  return measurePacing(isSmoke);
}

/** The pure core in processes of its own: neither database nor vendor. */
function measureWholeAccounts(isSmoke: boolean): Promise<readonly FigureRow[]> {
  say(`measuring: ${COMPARING}`);
  return measureComparing(isSmoke);
}

/** The built service, with its queue and all. */
function measureService(isSmoke: boolean): Promise<readonly FigureRow[]> {
  say(`measuring: ${LEAVERS}`);
  return measureLeavers(isSmoke, say);
}

/** The console with a database of its own. */
function measurePages(isSmoke: boolean): Promise<readonly FigureRow[]> {
  say(`measuring: ${CONSOLE}`);
  return measureConsole(isSmoke);
}

function table(rows: readonly FigureRow[]): string {
  const lines = [
    ['figure', 'measured', 'bar', '', ''],
    ...rows.map((row) => [row.figure, row.measured, row.bar, row.isMet ? 'met' : 'MISSED', row.detail]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

await main();
