import type { BenchGroup, BenchTenant } from '../dataset.js';
import {
  CONNECTIONS,
  makeNumbers,
  median,
  type BenchContext,
  type Figure,
  type FigureRow,
} from '../context.js';
import type { LoadRequest } from '../load.js';
import { addMember, cursorPage, findUser, page, removeMembers, setActive } from '../requests.js';

interface Comparison {
  readonly figure: string;
  readonly bar: number;
  readonly requests: number;
  readonly large: (number: number) => LoadRequest;
  readonly small: (number: number) => LoadRequest;
  /** Undoes a round, unmeasured. */
  readonly afterRound?: (start: number, end: number) => readonly LoadRequest[];
}

/** Time for a request on much data relative to the same on little: the median of alternating rounds. */
async function compare(context: BenchContext, comparison: Comparison): Promise<FigureRow> {
  const { figure, bar, requests } = comparison;
  const { client } = context.patchbay;
  const [larges, smalls]: [number[], number[]] = [[], []];
  for (let round = 0; round <= context.scale.rounds; round += 1) {
    const start = round * requests;
    const large = await client.run(requests, CONNECTIONS, (number) => comparison.large(start + number));
    const small = await client.run(requests, CONNECTIONS, (number) => comparison.small(start + number));
    for (const request of comparison.afterRound?.(start, start + requests) ?? []) await client.send(request);
    if (round === 0 && context.scale.rounds > 1) continue;
    larges.push((large.seconds * 1_000) / requests);
    smalls.push((small.seconds * 1_000) / requests);
  }
  const ratio = median(larges.map((time, round) => time / (smalls[round] ?? Number.NaN)));
  return {
    figure,
    measured: ratio.toFixed(2),
    bar: `<= ${bar.toFixed(1)}`,
    isMet: ratio <= bar,
    detail: `${median(larges).toFixed(3)} ms against ${median(smalls).toFixed(3)} ms a request`,
  };
}

/** Cost must not grow with the directory. */
export const growth: Figure = {
  name: 'growth',
  async measure(context) {
    const { small, large, hugeGroup, tinyGroup, scale } = context;
    const numbers = makeNumbers(7);
    const picks = Array.from({ length: (scale.rounds + 1) * scale.requests }, () => numbers(large.users));
    const pick = (number: number, tenant: BenchTenant): number =>
      (picks[number % picks.length] ?? 0) % tenant.users;
    const flip = (tenant: BenchTenant) => (number: number) =>
      setActive(tenant, number % tenant.users, Math.floor(number / tenant.users) % 2 === 1);
    const ends = await cursorsAtBothEnds(context);
    const half = Math.ceil(scale.requests / 4);
    const newcomer = (group: BenchGroup) => (number: number) =>
      addMember(
        large,
        group.id,
        large.userId(hugeGroup.members + (number % (large.users - hugeGroup.members))),
      );
    const comparisons: readonly Comparison[] = [
      {
        figure: `PATCH add one member, group of ${String(hugeGroup.members)} / ${String(tinyGroup.members)}`,
        bar: 1.3,
        requests: half,
        large: newcomer(hugeGroup),
        small: newcomer(tinyGroup),
        afterRound: (start, end) => [
          removeMembers(
            large,
            tinyGroup.id,
            Array.from({ length: end - start }, (_, index) =>
              large.userId(hugeGroup.members + ((start + index) % (large.users - hugeGroup.members))),
            ),
          ),
        ],
      },
      {
        figure: `GET userName eq, ${String(large.users)} users / ${String(small.users)}`,
        bar: 1.3,
        requests: scale.requests,
        large: (number) => findUser(large, pick(number, large)),
        small: (number) => findUser(small, pick(number, small)),
      },
      {
        figure: `PATCH user, ${String(large.users)} users / ${String(small.users)}`,
        bar: 1.3,
        requests: scale.requests,
        large: flip(large),
        small: flip(small),
      },
      {
        figure: `page of 100 by cursor, end / start of ${String(large.users)} users`,
        bar: 1.3,
        requests: half,
        large: () => cursorPage(large, ends.last),
        small: () => cursorPage(large, ends.first),
      },
      {
        figure: `page of 100 by startIndex, end / start of ${String(large.users)} users`,
        bar: 3,
        requests: Math.ceil(scale.requests / 10),
        large: () => page(large, large.users - 100),
        small: () => page(large, 1),
      },
    ];
    const rows: FigureRow[] = [];
    for (const each of comparisons) rows.push(await compare(context, each));
    return rows;
  },
};

/** Cursors of the second page and of the last full one, found by walking the whole list. */
async function cursorsAtBothEnds({
  patchbay,
  large,
}: BenchContext): Promise<{ first: string; last: string }> {
  const cursors: string[] = [];
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const { text } = await patchbay.client.send(cursorPage(large, cursor, 200));
    const next = (JSON.parse(text) as { nextCursor?: string }).nextCursor;
    if (next !== undefined) cursors.push(next);
    cursor = next;
  }
  return { first: cursors[0] ?? '', last: cursors.at(-1) ?? '' };
}
