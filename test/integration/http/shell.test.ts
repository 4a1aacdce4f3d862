import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from 'express';
import { pino, type Logger } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { makeHttpApp } from '../../../src/http/app.js';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly path?: string;
  readonly status?: number;
  readonly requestId?: string;
}

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function serve(level: 'info' | 'debug'): Promise<{ url: string; lines: Line[] }> {
  const lines: Line[] = [];
  const log: Logger = pino({ level }, { write: (text: string) => void lines.push(JSON.parse(text) as Line) });
  const router = Router();
  router.get('/fine', (request, response) => {
    response.json({ id: 'id' in request ? request.id : null });
  });
  router.get('/broken', () => {
    throw new Error('secret cause');
  });
  const app = makeHttpApp({
    log,
    now: () => new Date(),
    health: { ready: {}, version: 'test' },
    trustProxy: false,
    mounts: [
      { path: '/part', router },
      { path: '/data', router: dataRouter(), sendsOwnHeaders: true },
    ],
  });
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  servers.push(server);
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/part`, lines };
}

function dataRouter(): Router {
  const router = Router();
  router.get('/fine', (_request, response) => {
    response.json({});
  });
  router.get('/broken', () => {
    throw new Error('secret cause');
  });
  return router;
}

const get = (url: string): Promise<Response> => fetch(url, { headers: { connection: 'close' } });

describe('the HTTP shell', () => {
  it('puts the security headers on every answer, errors included', async () => {
    const { url } = await serve('info');
    for (const path of ['/fine', '/broken', '/nothing']) {
      const { headers } = await get(url + path);
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('strict-transport-security'), path).toMatch(/max-age=\d+/);
      expect(headers.get('referrer-policy'), path).toBe('same-origin');
      expect(headers.has('x-powered-by'), path).toBe(false);
    }
  });

  it('leaves the headers to a part that sends its own, until that part passes a request on', async () => {
    const { url } = await serve('info');
    const data = url.replace('/part', '/data');
    expect((await get(`${data}/fine`)).headers.has('content-security-policy')).toBe(false);
    for (const path of ['/nothing', '/broken']) {
      expect((await get(data + path)).headers.has('content-security-policy'), path).toBe(true);
    }
  });

  it('logs what such a part was asked, once', async () => {
    const { url, lines } = await serve('debug');
    for (const path of ['fine', 'nothing']) await get(`${url.replace('/part', '/data')}/${path}`);
    await expect
      .poll(() => lines.map(({ path, status }) => ({ path, status })))
      .toEqual([
        { path: '/data/fine', status: 200 },
        { path: '/data/nothing', status: 404 },
      ]);
  });

  it('logs failures of ours with the id that the request was given, and never a query', async () => {
    const { url, lines } = await serve('info');
    await get(`${url}/fine?filter=jane@example.test`);
    await get(`${url}/broken?filter=jane@example.test`);
    await expect
      .poll(() => lines.filter((line) => line.path !== undefined))
      .toEqual([
        expect.objectContaining({
          level: 50,
          path: '/part/broken',
          status: 500,
          requestId: expect.any(String) as string,
        }),
      ]);
    expect(JSON.stringify(lines)).not.toContain('jane');
  });

  it('logs every request when debugging', async () => {
    const { url, lines } = await serve('debug');
    const { id } = (await (await get(`${url}/fine?filter=jane@example.test`)).json()) as { id: string };
    await expect
      .poll(() => lines)
      .toEqual([expect.objectContaining({ level: 20, path: '/part/fine', status: 200, requestId: id })]);
    expect(JSON.stringify(lines)).not.toContain('jane');
  });
});
