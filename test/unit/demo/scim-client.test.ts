import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeScimClient, type ScimClient } from '../../../src/demo/scim-client.js';

describe('the demo’s SCIM client', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** Answers with these statuses one after another; null cuts the connection. */
  async function answering(...statuses: readonly (number | null)[]): Promise<ScimClient> {
    let asked = 0;
    server = createServer((request, response) => {
      const status = statuses[asked++] ?? 500;
      if (status === null) request.socket.destroy();
      else response.writeHead(status).end('{}');
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return makeScimClient({ baseUrl: `http://127.0.0.1:${port}`, authorization: 'x', userAgent: 'test' });
  }

  it('asks again where an IdP would: after a cut connection, 429 and 503', async () => {
    const scim = await answering(null, 429, 503, 200);
    expect((await scim.get('/Users')).status).toBe(200);
  });

  it('takes a conflict on the second try for what it is: the first try had arrived', async () => {
    const scim = await answering(null, 409);
    expect((await scim.send('POST', '/Users', {})).status).toBe(409);
  });

  it('fails on a conflict at once, and on any other refusal', async () => {
    await expect((await answering(409)).send('POST', '/Users', {})).rejects.toThrow('POST /Users: 409');
    await expect((await answering(null, 400)).get('/Users')).rejects.toThrow('400');
  });
});
