import { randomUUID } from 'node:crypto';
import {
  CONNECTIONS,
  makeNumbers,
  median,
  type BenchContext,
  type Figure,
  type FigureRow,
} from '../context.js';
import type { LoadRequest } from '../load.js';
import { createUser, findUser, getUser, newPerson, page, setActive } from '../requests.js';

interface Contest {
  readonly figure: string;
  readonly bar: number;
  readonly requests: number;
  readonly ours: (number: number) => LoadRequest;
  readonly floors: (number: number) => LoadRequest;
}

/** Throughput of the service relative to the floor's, in alternating rounds: the median of the rounds' ratios. */
async function contest(
  context: BenchContext,
  { figure, bar, requests, ours, floors }: Contest,
): Promise<FigureRow> {
  const { patchbay, floor, scale } = context;
  const [ourRates, floorRates]: [number[], number[]] = [[], []];
  const [ourCpuMs, floorCpuMs] = [patchbay.cpuMs(), floor.cpuMs()];
  // The first round warms up both.
  for (let round = 0; round <= scale.rounds; round += 1) {
    const offset = round * requests;
    const our = await patchbay.client.run(requests, CONNECTIONS, (number) => ours(offset + number));
    const floors_ = await floor.client.run(requests, CONNECTIONS, (number) => floors(offset + number));
    if (round === 0 && scale.rounds > 1) continue;
    ourRates.push(our.requests / our.seconds);
    floorRates.push(floors_.requests / floors_.seconds);
  }
  const sent = (scale.rounds + 1) * requests;
  const ratio = median(ourRates.map((rate, round) => rate / (floorRates[round] ?? Number.NaN)));
  return {
    figure,
    measured: ratio.toFixed(2),
    bar: `>= ${bar.toFixed(1)}`,
    isMet: ratio >= bar,
    detail:
      `${median(ourRates).toFixed(0)} req/s, floor ${median(floorRates).toFixed(0)} req/s; server CPU ` +
      `${((patchbay.cpuMs() - ourCpuMs) / sent).toFixed(2)} ms, floor ${((floor.cpuMs() - floorCpuMs) / sent).toFixed(2)} ms`,
  };
}

/** Reads and one-row writes relative to the floor on the same Postgres, over 10 connections. */
export const againstFloor: Figure = {
  name: 'floor',
  async measure(context) {
    const { medium, scale } = context;
    const { tenantId } = medium;
    const numbers = makeNumbers();
    const picks = Array.from({ length: (scale.rounds + 1) * scale.requests }, () => numbers(medium.users));
    const pick = (number: number): number => picks[number % picks.length] ?? 0;
    const get = (path: string): LoadRequest => ({ method: 'GET', path, status: 200 });
    const run = randomUUID().slice(0, 8);
    const floorIds = await floorUsers(context);
    const contests: readonly Contest[] = [
      {
        figure: 'GET by id, relative to the floor',
        bar: 0.6,
        requests: scale.requests,
        ours: (number) => getUser(medium, pick(number)),
        floors: (number) => get(`/users/${tenantId}/by-id/${medium.userId(pick(number))}`),
      },
      {
        figure: 'GET userName eq, relative to the floor',
        bar: 0.6,
        requests: scale.requests,
        ours: (number) => findUser(medium, pick(number)),
        floors: (number) => get(`/users/${tenantId}/by-name/${medium.userName(pick(number))}`),
      },
      {
        figure: 'page of 100 users, relative to the floor',
        bar: 0.6,
        requests: Math.ceil(scale.requests / 4),
        ours: (number) => page(medium, 1 + (pick(number) % 1_000)),
        floors: (number) => get(`/users/${tenantId}/page/${String(pick(number) % 1_000)}`),
      },
      {
        figure: 'POST user, relative to the floor',
        bar: 0.5,
        requests: scale.requests,
        ours: (number) => createUser(medium, `${run}-${String(number)}@bench.test`),
        floors: (number) => floorCreate(`${run}-${String(number)}@bench.test`),
      },
      {
        figure: 'PATCH active, relative to the floor',
        bar: 0.5,
        requests: scale.requests,
        ours: (number) =>
          setActive(medium, number % medium.users, Math.floor(number / medium.users) % 2 === 1),
        floors: (number) => floorPatch(floorIds[number % floorIds.length] ?? '', number % 2 === 0),
      },
    ];
    const rows: FigureRow[] = [];
    for (const each of contests) rows.push(await contest(context, each));
    return rows;
  },
};

function floorCreate(userName: string): LoadRequest {
  const body = JSON.stringify({ id: randomUUID(), ...newPerson(userName) });
  return { method: 'POST', path: '/users', body, status: 201 };
}

function floorPatch(id: string, active: boolean): LoadRequest {
  return { method: 'PATCH', path: `/users/${id}`, body: JSON.stringify({ active }), status: 200 };
}

async function floorUsers({ superuser, scale }: BenchContext): Promise<readonly string[]> {
  const { rows } = await superuser.query<{ id: string }>(
    `insert into floor_users (id, user_name, active, resource)
     select gen_random_uuid(), 'floor-' || n, true, (select resource from scim_users limit 1)
     from generate_series(1, $1) as n returning id`,
    [Math.max(100, scale.medium / 10)],
  );
  return rows.map((row) => row.id);
}
