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
    mounts: [{ path: '/part', router }],
  });
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  servers.push(server);
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/part`, lines };
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
