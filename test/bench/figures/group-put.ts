import { median, type BenchContext, type Figure } from '../context.js';
import type { LoadRequest } from '../load.js';

interface GroupBody {
  readonly members: { readonly value: string }[];
}

/** A full group PUT that changes one member, as Okta sends it: everything the GET returned, with one exchanged. */
export const groupPut: Figure = {
  name: 'group-put',
  async measure(context) {
    const { patchbay, medium, middleGroup, scale } = context;
    const path = `/scim/v2/Groups/${middleGroup.id}`;
    const get: LoadRequest = { method: 'GET', path, token: medium.token, status: 200 };
    const times: number[] = [];
    const parses: number[] = [];
    let written = 0;
    // The first rounds warm up both: their code is compiled by and by.
    for (let round = -scale.rounds; round < scale.rounds * 3; round += 1) {
      const group = JSON.parse((await patchbay.client.send(get)).text) as GroupBody;
      const place = round + scale.rounds;
      group.members[place] = { value: medium.userId(medium.users - 1 - place) };
      const body = JSON.stringify(group);
      const bytes = Buffer.from(body);
      const since = await transactionNow(context);
      const startedMs = performance.now();
      await patchbay.client.send({ method: 'PUT', path, token: medium.token, body: bytes, status: 200 });
      const tookMs = performance.now() - startedMs;
      written = Math.max(written, await rowsWrittenSince(context, since));
      const parseStartedMs = performance.now();
      JSON.stringify(JSON.parse(body));
      if (round < 0) continue;
      times.push(tookMs);
      parses.push(performance.now() - parseStartedMs);
    }
    const ratio = median(times) / median(parses);
    const figure = `PUT group of ${String(middleGroup.members)}, one changed`;
    return [
      {
        figure: `${figure}: membership rows written`,
        measured: String(written),
        bar: '<= 1',
        isMet: written === 1,
        detail: 'rows of this group that were not there before',
      },
      {
        figure: `${figure}: time / JSON parse and stringify of the body`,
        measured: ratio.toFixed(2),
        bar: '<= 3',
        isMet: ratio <= 3,
        detail: `${median(times).toFixed(1)} ms against ${median(parses).toFixed(1)} ms`,
      },
    ];
  },
};

async function transactionNow({ superuser }: BenchContext): Promise<string> {
  const { rows } = await superuser.query<{ now: string }>('select pg_current_xact_id()::text as now');
  return rows[0]?.now ?? '0';
}

/** Membership rows of the group that a later transaction wrote, by their hidden column xmin. */
async function rowsWrittenSince({ superuser, middleGroup }: BenchContext, since: string): Promise<number> {
  const { rows } = await superuser.query<{ written: string }>(
    'select count(*) as written from scim_memberships where group_id = $1 and xmin::text::bigint > $2::bigint',
    [middleGroup.id, since],
  );
  return Number(rows[0]?.written);
}
