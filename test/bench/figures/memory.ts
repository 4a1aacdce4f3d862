import { randomUUID } from 'node:crypto';
import { CONNECTIONS, makeNumbers, type Figure } from '../context.js';
import type { LoadRequest } from '../load.js';
import { addMember, createUser, findUser, getUser, page, setActive } from '../requests.js';

const BAR_MB = 300;

/** Resident memory of the service under a steady mix of everything on the large tenant: the highest seen. */
export const memory: Figure = {
  name: 'memory',
  async measure({ patchbay, large, hugeGroup, scale }) {
    const numbers = makeNumbers(11);
    const run = randomUUID().slice(0, 8);
    let sent = 0;
    const mix: readonly (() => LoadRequest)[] = [
      () => page(large, 1 + numbers(large.users)),
      () => findUser(large, numbers(large.users)),
      () => getUser(large, numbers(large.users)),
      () => setActive(large, numbers(large.users), numbers(2) === 0),
      () => createUser(large, `${run}-${String((sent += 1))}@memory.test`),
      () => addMember(large, hugeGroup.id, large.userId(numbers(large.users))),
    ];
    let highest = 0;
    for (let round = 0; round < scale.rounds * 3; round += 1) {
      await patchbay.client.run(scale.requests, CONNECTIONS, (number) =>
        (mix[number % mix.length] ?? mix[0]!)(),
      );
      highest = Math.max(highest, patchbay.rssMb());
    }
    return [
      {
        figure: `memory at steady load on ${String(large.users)} users`,
        measured: `${highest.toFixed(0)} MB`,
        bar: `< ${String(BAR_MB)} MB`,
        isMet: highest < BAR_MB,
        detail: `highest of ${String(scale.rounds * 3)} readings`,
      },
    ];
  },
};
