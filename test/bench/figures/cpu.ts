import { randomUUID } from 'node:crypto';
import { CONNECTIONS, makeNumbers, type BenchContext, type Figure, type FigureRow } from '../context.js';
import type { LoadRequest } from '../load.js';
import type { BenchServer } from '../server-process.js';
import { addMember, createUser, findUser, page } from '../requests.js';

interface CpuFigure {
  readonly figure: string;
  readonly barMs: number;
  readonly requests: number;
  readonly stockRequests: number;
  readonly ours: (number: number) => LoadRequest;
  readonly stocks: (number: number) => LoadRequest;
}

/** CPU time of the server process for a request; the clock ticks in 10 ms, so many requests share the error. */
async function cpuPerRequest(
  server: BenchServer,
  requests: number,
  make: (number: number) => LoadRequest,
): Promise<number> {
  const warmUp = Math.ceil(requests / 5);
  await server.client.run(warmUp, CONNECTIONS, make);
  const before = server.cpuMs();
  await server.client.run(requests, CONNECTIONS, (number) => make(warmUp + number));
  return (server.cpuMs() - before) / requests;
}

/** Server CPU per request on the medium tenant, and the stock scimmy server's for the same. */
export const cpu: Figure = {
  name: 'cpu',
  async measure(context) {
    const { medium, middleGroup, scale } = context;
    const numbers = makeNumbers(3);
    const run = randomUUID().slice(0, 8);
    const outsider = (number: number): string =>
      medium.userId(middleGroup.members + (number % (medium.users - middleGroup.members)));
    await addStockGroup(context);
    const someone = (): number => numbers(medium.users);
    const figures: readonly CpuFigure[] = [
      {
        figure: 'page of 100',
        barMs: 5,
        requests: scale.requests,
        stockRequests: Math.ceil(scale.requests / 20),
        ours: () => page(medium, 1 + numbers(1_000)),
        stocks: () => page(medium, 1 + numbers(1_000)),
      },
      {
        figure: 'userName eq',
        barMs: 2,
        requests: scale.requests * 3,
        stockRequests: Math.ceil(scale.requests / 3),
        ours: () => findUser(medium, someone()),
        stocks: () => findUser(medium, someone()),
      },
      {
        figure: `add one member to ${String(middleGroup.members)}`,
        barMs: 3,
        requests: scale.requests,
        stockRequests: 2,
        ours: (number) => addMember(medium, middleGroup.id, outsider(number)),
        stocks: (number) => ({ ...addMember(medium, STOCK_GROUP, outsider(number)), status: 200 }),
      },
      {
        figure: 'POST',
        barMs: 4,
        requests: scale.requests,
        stockRequests: Math.ceil(scale.requests / 3),
        ours: (number) => createUser(medium, `${run}-cpu-${String(number)}@bench.test`),
        stocks: (number) => createUser(medium, `${run}-stock-${String(number)}@bench.test`),
      },
    ];
    const rows: FigureRow[] = [];
    for (const each of figures) rows.push(await measureOne(context, each));
    return rows;
  },
};

const STOCK_GROUP = '11111111-1111-4111-8111-111111111111';

async function measureOne({ patchbay, stock, medium }: BenchContext, each: CpuFigure): Promise<FigureRow> {
  const ours = await cpuPerRequest(patchbay, each.requests, each.ours);
  const stocks = await cpuPerRequest(stock, each.stockRequests, each.stocks);
  return {
    figure: `CPU a request at ${String(medium.users)} users: ${each.figure}`,
    measured: `${ours.toFixed(2)} ms`,
    bar: `<= ${String(each.barMs)} ms`,
    isMet: ours <= each.barMs,
    detail: `stock scimmy ${stocks.toFixed(1)} ms, ${(stocks / ours).toFixed(0)} times as much`,
  };
}

async function addStockGroup({ superuser, medium, middleGroup }: BenchContext): Promise<void> {
  const members = Array.from({ length: middleGroup.members }, (_, number) => ({
    value: medium.userId(number),
  }));
  const resource = { displayName: 'Stock', members };
  await superuser.query(
    'insert into stock_groups (id, resource) values ($1, $2) on conflict (id) do update set resource = excluded.resource',
    [STOCK_GROUP, JSON.stringify(resource)],
  );
}
