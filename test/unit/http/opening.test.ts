import { afterEach, describe, expect, it } from 'vitest';
import { makeOpening } from '../../../src/http/opening.js';
import { listen, type RunningServer } from '../../../src/http/server.js';

describe('a port that is held while the service starts', () => {
  let server: RunningServer | undefined;

  afterEach(async () => server?.stop(0));

  it('says that the process lives, sends everybody away with 503 until it is open, and answers after that', async () => {
    const opening = makeOpening('1.2.3');
    server = await listen(opening.listener, '127.0.0.1', 0);
    const url = `http://127.0.0.1:${server.port}`;

    const alive = await fetch(`${url}/healthz`);
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok', version: '1.2.3' }]);
    for (const path of ['/readyz', '/scim/v2/Users']) {
      const early = await fetch(url + path);
      expect([early.status, early.headers.get('retry-after')]).toEqual([503, '2']);
      await early.body?.cancel();
    }

    opening.open((_request, response) => response.end('open'));
    expect(await (await fetch(`${url}/readyz`)).text()).toBe('open');
  });
});
