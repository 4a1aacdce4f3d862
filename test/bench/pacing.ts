import type { FigureRow } from './context.js';
import {
  LIMIT_PER_MINUTE,
  NUMBERS_PER_TEAM,
  openPacingWorld,
  TEAMS,
  type PacingWorld,
} from './pacing/world.js';

interface PacingScale {
  readonly people: number;
  readonly joiners: number;
  readonly leavers: number;
  readonly planned: number;
}

const FULL: PacingScale = { people: 500, joiners: 5_000, leavers: 12, planned: 2_000 };
const SMOKE: PacingScale = { people: 24, joiners: 40, leavers: 2, planned: 100 };
/** Users, teams and numbers on one page of the vendor's list. */
const PAGE_SIZE = 50;
const MINUTE_MS = 60_000;
/** Requests from one leaver to the next. */
const APART = 9;

/** Requests, waits and planning of the engine against the sandbox: how near they come to the best possible. */
export async function measurePacing(isSmoke: boolean): Promise<readonly FigureRow[]> {
  const scale = isSmoke ? SMOKE : FULL;
  const world = await openPacingWorld();
  try {
    const people = await world.addPeople('person', scale.people);
    return [
      ...(await onboarding(world, scale)),
      await leaversFirst(world, people, scale),
      await planning(world, scale),
    ];
  } finally {
    await world.close();
  }
}

/** From nobody to everybody in their team, and seen to be so. */
async function onboarding(world: PacingWorld, { people }: PacingScale): Promise<readonly FigureRow[]> {
  const startedMs = world.clock.ms();
  await world.drain();
  const minutes = (world.clock.ms() - startedMs) / MINUTE_MS;
  const requests = world.sandbox.requestLog.entries();
  const refused = requests.filter(({ isRateLimited }) => isRateLimited).length;
  const least = leastRequests(people);
  const ratio = requests.length / least;
  const share = requests.length / minutes / LIMIT_PER_MINUTE;
  const { users, teams } = world.sandbox.snapshot();
  const placed = teams.reduce((sum, team) => sum + team.memberIds.length, 0);
  if (users.length !== people + 1 || placed !== people) throw new Error('Not everybody was onboarded.');
  return [
    row(`requests to onboard ${String(people)} people / least possible`, ratio.toFixed(3), '<= 1.02', ratio <= 1.02,
      `${String(requests.length)} of ${String(least)}: look-up, create, team; a reading before, one after`), // prettier-ignore
    row('share of the allowed rate used while there is work', share.toFixed(3), '>= 0.97', share >= 0.97,
      `${minutes.toFixed(1)} min at ${String(LIMIT_PER_MINUTE)} a minute`), // prettier-ignore
    row(
      '429s at steady state',
      String(refused),
      '0',
      refused === 0,
      `of ${String(requests.length)} requests`,
    ),
  ];
}

/**
 * A look-up, a create and one team a person; the account read before anybody is created and once when all is done,
 * each time its lists and who is on each number.
 */
function leastRequests(people: number): number {
  const numbers = TEAMS.length * NUMBERS_PER_TEAM;
  const reading = (users: number): number => pages(users) + pages(TEAMS.length) + pages(numbers) + numbers;
  return 3 * people + reading(1) + reading(people + 1);
}

function pages(rows: number): number {
  return Math.ceil(rows / PAGE_SIZE);
}

/** People leave one after another, at any moment of a mass of joiners being worked on. */
async function leaversFirst(
  world: PacingWorld,
  people: readonly string[],
  { joiners, leavers }: PacingScale,
): Promise<FigureRow> {
  await world.addPeople('joiner', joiners);
  const links = await world.deps.links.listLive(world.account, {
    subjectIds: people.slice(0, leavers),
    providerUserIds: [],
  });
  const queue = [...links];
  const left: { readonly providerUserId: string; readonly seq: number }[] = [];
  const stop = new AbortController();
  let count = 0;
  world.onRequest = async () => {
    count += 1;
    // Half-way the last reading is too old for newcomers: leavers come while the next one is made, too.
    if (count === Math.floor((leavers * APART) / 2)) await world.clock.sleep(10 * MINUTE_MS);
    if (count > (leavers + 4) * APART) stop.abort();
    if (count % APART !== 0) return;
    const next = queue.shift();
    if (next === undefined) return;
    await world.deactivate(next.subjectId);
    left.push({ providerUserId: next.providerUserId, seq: world.sandbox.requestLog.lastSeq() });
  };
  await world.drain(stop.signal);
  world.onRequest = () => Promise.resolve();
  const waits = left.map((leaver) => requestsBefore(world, leaver));
  const most = Math.max(...waits);
  return row(`requests between a leaver's answer and their first removal, ${String(joiners)} joiners wait`,
    String(most), '<= 2', most <= 2, `the most of ${String(waits.length)} leavers: ${waits.join(', ')}`); // prettier-ignore
}

function requestsBefore(
  world: PacingWorld,
  { providerUserId, seq }: { providerUserId: string; seq: number },
): number {
  const later = world.sandbox.requestLog.entries({ after: seq });
  const first = later.findIndex(
    ({ method, path }) =>
      (method === 'DELETE' || method === 'PUT') && path.endsWith(`/users/${providerUserId}`),
  );
  return first === -1 ? Infinity : first;
}

/** The same people, reported only: directory, rules, plan, verdict and rows, without a request for each. */
async function planning(world: PacingWorld, { planned }: PacingScale): Promise<FigureRow> {
  await world.setPolicy('report-only');
  await world.addPeople('planned', planned);
  const marks = await world.deps.marks.listReady(world.account, { now: world.clock.now(), limit: 1_000_000 });
  const startedCpu = process.cpuUsage();
  const startedMs = performance.now();
  await world.drain();
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(startedCpu);
  const rate = marks.length / seconds;
  const bar = (20 * LIMIT_PER_MINUTE) / 60;
  return row('people planned per second by one process', rate.toFixed(0), `>= ${bar.toFixed(0)}`, rate >= bar,
    `${String(marks.length)} in ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s CPU; 20 times the requests the vendor allows`); // prettier-ignore
}

function row(figure: string, measured: string, bar: string, isMet: boolean, detail: string): FigureRow {
  return { figure, measured, bar, isMet, detail };
}
