import type { FigureRow } from './context.js';
import { openLeaversWorld, type LeaversWorld } from './leavers/world.js';

interface LeaversScale {
  /** In each of the two conditions. */
  readonly leavers: number;
  readonly joiners: number;
  /** Milliseconds from one leaver to the next: so long that one is done before the other comes. */
  readonly apartMs: number;
}

const FULL: LeaversScale = { leavers: 12, joiners: 5_000, apartMs: 6_000 };
const SMOKE: LeaversScale = { leavers: 2, joiners: 40, apartMs: 4_000 };
/** "Within seconds": what a person would still call at once. */
const BAR_MS = 5_000;

/** Wall-clock time in the built service, from the answer to the IdP to the first removal that the vendor sees. */
export async function measureLeavers(
  isSmoke: boolean,
  say: (line: string) => void,
): Promise<readonly FigureRow[]> {
  const scale = isSmoke ? SMOKE : FULL;
  const world = await openLeaversWorld();
  try {
    say(`leavers: hiring ${String(2 * scale.leavers)} people`);
    const people = await world.hire('person', 2 * scale.leavers);
    await world.untilPlaced(people);
    const idle = await dismiss(world, people.slice(0, scale.leavers), scale);
    say(`leavers: ${String(scale.joiners)} joiners arrive`);
    await world.hire('joiner', scale.joiners);
    const busy = await dismiss(world, people.slice(scale.leavers), scale);
    return [row('an idle account', idle), row(`${String(scale.joiners)} joiners waiting`, busy)];
  } finally {
    await world.close();
  }
}

async function dismiss(
  world: LeaversWorld,
  people: readonly string[],
  { apartMs }: LeaversScale,
): Promise<readonly number[]> {
  const waits: number[] = [];
  for (const id of people) {
    const begun = Date.now();
    waits.push(await world.dismiss(id));
    await world.pause(Math.max(0, apartMs - (Date.now() - begun)));
  }
  return waits.toSorted((one, other) => one - other);
}

function row(condition: string, sorted: readonly number[]): FigureRow {
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const [median, worst] = [at(0.5), at(0.99)];
  return {
    figure: `ms from the answer to the IdP to the first removal, ${condition}`,
    measured: `${String(median)} median, ${String(worst)} p99`,
    bar: `<= ${String(BAR_MS)}`,
    isMet: worst <= BAR_MS,
    detail: `${String(sorted.length)} leavers: ${sorted.join(', ')}`,
  };
}
