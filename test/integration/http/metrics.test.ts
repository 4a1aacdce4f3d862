import type { AddressInfo } from 'node:net';
import { Router } from 'express';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeHttpApp } from '../../../src/http/app.js';
import { makeMetrics } from '../../../src/http/metrics.js';
import { listen } from '../../../src/http/server.js';
import { readAccountFigures } from '../../../src/store/metrics.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

const stops: (() => Promise<void>)[] = [];
let readings = 0;

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serve(token: string | null): Promise<string> {
  const router = Router();
  router.get('/Users', (_request, response) => {
    response.json({});
  });
  const gauge = {
    name: 'patchbay_account_parked',
    help: 'Parked',
    labels: ['tenant'],
    values: [{ labels: { tenant: 'a"b' }, value: 3 }],
  };
  const app = makeHttpApp({
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    health: { ready: {}, version: 'test' },
    trustProxy: 1,
    metrics: makeMetrics({
      token,
      readGauges: () => {
        readings += 1;
        return Promise.resolve([gauge]);
      },
    }),
    mounts: [{ path: '/scim/v2', router }],
  });
  const server = await listen(app, '127.0.0.1', 0);
  stops.push(() => server.stop(100));
  return `http://127.0.0.1:${String(server.port satisfies AddressInfo['port'])}`;
}

const ask = (origin: string, headers: Record<string, string> = {}) =>
  fetch(`${origin}/metrics`, { headers: { connection: 'close', ...headers } });

describe('metrics', () => {
  it('tell of the process, of requests by part and status, and of accounts', async () => {
    const origin = await serve(null);
    for (const path of ['/scim/v2/Users', '/scim/v2/nothing', '/x'.repeat(50), '/favicon.ico'])
      await fetch(origin + path, { headers: { connection: 'close' } });
    const response = await ask(origin);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).toContain('patchbay_account_parked{tenant="a\\"b"} 3');
    const count = (labels: string) =>
      new RegExp(`duration_seconds_count\\{${labels}\\} (\\d+)`).exec(text)?.[1];
    expect(count('part="scim",method="GET",status="200"')).toBe('1');
    expect(count('part="scim",method="GET",status="404"')).toBe('1');
    expect(count('part="other",method="GET",status="404"')).toBe('2');
  });

  it('without a token are for this machine itself, and for nobody behind a proxy on it', async () => {
    const origin = await serve(null);
    expect((await ask(origin)).status).toBe(200);
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
      expect((await ask(origin, { [name]: '127.0.0.1' })).status, name).toBe(404);
  });

  it('with a token are for whoever shows it, and for nobody else', async () => {
    const origin = await serve('a-token-of-some-length');
    const bearer = (word: string) => ask(origin, { authorization: `Bearer ${word}` });
    expect((await ask(origin)).status).toBe(404);
    expect((await bearer('a-token-of-some-lengtH')).status).toBe(404);
    expect((await bearer('a-token-of-some-length-more')).status).toBe(404);
    expect((await bearer('a-token-of-some-length')).status).toBe(200);
  });

  it('ask the database once for several scrapers in a row', async () => {
    const origin = await serve(null);
    readings = 0;
    await Promise.all([ask(origin), ask(origin), ask(origin)]);
    expect(readings).toBe(1);
  });
});

describe('figures of accounts', () => {
  let world: ConsoleWorld;
  let story: Story;
  beforeAll(async () => {
    world = await openConsole(await createTestDatabase());
    story = await tellStory(world);
  });
  afterAll(async () => {
    await story?.stop();
    await world?.close();
  });

  it('are what the console says', async () => {
    const [found, ...more] = await readAccountFigures(world.services.database, new Date());
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      tenant: 'acme',
      account: 'aircall',
      isPaused: false,
      agents: 28,
      parked: 3,
      waiting: 0,
      heldPlans: 1,
      oldestWaitSeconds: null,
    });
    expect(found?.openTasks).toBeGreaterThan(0);
    expect(found?.reconcileAgeSeconds).toBeGreaterThanOrEqual(0);
  });
});
