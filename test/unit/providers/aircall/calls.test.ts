import { expect, test } from 'vitest';
import { NOW, scripted } from './scripted.js';

const LIMIT = 10;
const SECONDS = 40;
const FROM = NOW / 1000 - SECONDS;

/** A call every second, at most LIMIT of them at once; whether a window holds its last second is not documented. */
test.each([true, false])(
  'no call falls between two queries (windows hold their end: %s)',
  async (holdsEnd) => {
    const all = Array.from({ length: SECONDS }, (_, index) => ({ id: index + 1, started_at: FROM + index }));
    const { provider } = scripted(
      ({ url }) => {
        const { searchParams } = new URL(url);
        const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
        const found = all.filter(
          ({ started_at: at }) => at >= from && (at < to || (at === to && (holdsEnd || from === to))),
        );
        const shown = found.slice(0, LIMIT);
        return { calls: shown, meta: { total: shown.length, current_page: 1, per_page: 50 } };
      },
      { config: { callsPerQueryMax: LIMIT } },
    );

    const listed: string[] = [];
    for await (const call of provider.calls!({ providerUserId: '7', from: FROM * 1000, to: NOW })) {
      listed.push(call.callId);
    }

    expect(listed).toEqual(all.map(({ id }) => String(id)));
  },
);
