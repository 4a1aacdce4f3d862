import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type HttpClient,
  HttpClientError,
  type HttpClientOptions,
  makeHttpClient,
} from '../../../src/lib/http-client.js';

const open: { server: Server; client: HttpClient }[] = [];

afterEach(async () => {
  for (const { server, client } of open.splice(0)) {
    client.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function serve(listener: RequestListener, options: Partial<HttpClientOptions> = {}) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = makeHttpClient({
    allowLoopback: true,
    timeoutMs: 300_000,
    maxResponseBytes: 1_000,
    maxConnections: 4,
    ...options,
  });
  open.push({ server, client });
  const { port } = server.address() as AddressInfo;
  return { client, port, url: `http://127.0.0.1:${port}/path`, requests };
}

async function failureOf(request: Promise<unknown>): Promise<{ failure: string; mayHaveArrived: boolean }> {
  const error = await request.then(() => undefined).catch((reason: unknown) => reason);
  if (!(error instanceof HttpClientError))
    throw new Error('An HttpClientError was expected.', { cause: error });
  return { failure: error.failure, mayHaveArrived: error.mayHaveArrived };
}

describe('an answer', () => {
  it('comes back with status, headers and body, whatever the status', async () => {
    const { client, url, requests } = await serve((request, response) => {
      request.pipe(response.writeHead(422, { 'X-Seen': request.headers['x-ask'] }));
    });
    const answer = await client.request({ method: 'POST', url, headers: { 'X-Ask': 'yes' }, body: 'päth' });
    expect(answer.status).toBe(422);
    expect(answer.headers['x-seen']).toBe('yes');
    expect(answer.body.toString()).toBe('päth');
    expect(requests).toEqual(['POST /path']);
  });

  it('may be as large as the limit and not a byte larger', async () => {
    const { client, url } = await serve((request, response) => {
      response.end(Buffer.alloc(Number(request.headers['x-size'])));
    });
    const ask = (size: string) => client.request({ method: 'GET', url, headers: { 'X-Size': size } });
    expect((await ask('1000')).body.length).toBe(1_000);
    expect(await failureOf(ask('1001'))).toEqual({ failure: 'tooLarge', mayHaveArrived: true });
  });

  it('that redirects is refused, and nothing is sent to the new address', async () => {
    const { client, url, requests } = await serve((_, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await failureOf(client.request({ method: 'GET', url }))).toEqual({
      failure: 'redirect',
      mayHaveArrived: true,
    });
    expect(requests).toEqual(['GET /path']);
  });
});

describe('a failure', () => {
  it('before the connection stands says that nothing has arrived', async () => {
    const { client, url } = await serve(() => undefined);
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    expect(await failureOf(client.request({ method: 'POST', url: url.replace(/:\d+/, `:${port}`) }))).toEqual(
      {
        failure: 'unreachable',
        mayHaveArrived: false,
      },
    );
  });

  it('after the request was sent says that it may have arrived', async () => {
    const { client, url } = await serve((request) => request.socket.destroy());
    expect(await failureOf(client.request({ method: 'POST', url, body: 'x' }))).toEqual({
      failure: 'connectionLost',
      mayHaveArrived: true,
    });
  });

  it('in the middle of the body is not an answer', async () => {
    const { client, url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      response.socket?.end();
    });
    expect(await failureOf(client.request({ method: 'GET', url }))).toEqual({
      failure: 'connectionLost',
      mayHaveArrived: true,
    });
  });

  it('is a timeout when the head, or the rest of the body, does not come', async () => {
    const { client, url } = await serve((request, response) => {
      if (request.method === 'GET') response.writeHead(200).write('half');
    });
    const silent = client.request({ method: 'POST', url, timeoutMs: 2_000 });
    const stalled = client.request({ method: 'GET', url, timeoutMs: 2_000 });
    expect(await failureOf(silent)).toEqual({ failure: 'timeout', mayHaveArrived: true });
    expect(await failureOf(stalled)).toEqual({ failure: 'timeout', mayHaveArrived: true });
  });

  it('is a cancellation when the caller cancels', async () => {
    const cancel = new AbortController();
    const { client, url } = await serve(() => cancel.abort());
    const request = client.request({ method: 'GET', url, signal: cancel.signal });
    expect(await failureOf(request)).toEqual({ failure: 'aborted', mayHaveArrived: true });
  });
});

describe('an address that must not be reached', () => {
  it.each([
    ['ftp://example.com/', 'invalidUrl'],
    ['nonsense', 'invalidUrl'],
    ['https://user:secret@example.com/', 'invalidUrl'],
    ['https://10.0.0.1/', 'refusedAddress'],
    ['https://[fd00::1]/', 'refusedAddress'],
    ['https://[::ffff:169.254.169.254]/latest/meta-data', 'refusedAddress'],
    ['https://0x7f.1/', 'refusedAddress'],
    ['https://2130706433/', 'refusedAddress'],
    ['http://8.8.8.8/', 'refusedAddress'],
    ['https://localhost/', 'refusedAddress'],
  ])('is refused before anything is sent: %s', async (url, failure) => {
    const { client } = await serve(() => undefined, { allowLoopback: false });
    expect(await failureOf(client.request({ method: 'GET', url }))).toEqual({
      failure,
      mayHaveArrived: false,
    });
  });

  it('is this machine, unless that is allowed', async () => {
    const { client, url, requests } = await serve((_, response) => response.end(), { allowLoopback: false });
    expect(await failureOf(client.request({ method: 'GET', url }))).toEqual({
      failure: 'refusedAddress',
      mayHaveArrived: false,
    });
    expect(requests).toEqual([]);
  });

  it('is a name with one forbidden address among good ones', async () => {
    const { client, port, requests } = await serve((_, response) => response.end(), {
      allowLoopback: false,
      resolve: () =>
        Promise.resolve([
          { address: '8.8.8.8', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    const request = client.request({ method: 'GET', url: `https://rebinding.example:${port}/` });
    expect(await failureOf(request)).toEqual({ failure: 'refusedAddress', mayHaveArrived: false });
    expect(requests).toEqual([]);
  });

  it('is no public host over an unencrypted connection, even where loopback is allowed', async () => {
    const { client } = await serve(() => undefined, {
      resolve: () => Promise.resolve([{ address: '8.8.8.8', family: 4 }]),
    });
    const request = client.request({ method: 'GET', url: 'http://public.example/' });
    expect(await failureOf(request)).toEqual({ failure: 'refusedAddress', mayHaveArrived: false });
  });

  it('cannot be swapped in after the check: the checked address is the connected one', async () => {
    const asked: string[] = [];
    const { client, port, requests } = await serve((_, response) => response.end(), {
      resolve: (hostname) => {
        asked.push(hostname);
        const address = asked.length === 1 ? '127.0.0.1' : '10.0.0.1';
        return Promise.resolve([{ address, family: 4 }]);
      },
    });
    const answer = await client.request({ method: 'GET', url: `http://vendor.example:${port}/` });
    expect(answer.status).toBe(200);
    expect(asked).toEqual(['vendor.example']);
    expect(requests).toEqual(['GET /']);
  });

  it('is not named with its path, which may hold personal data', async () => {
    const { client } = await serve(() => undefined);
    const request = client.request({ method: 'GET', url: 'https://10.0.0.1/users/ann@example.com' });
    await expect(request).rejects.toThrow(/^(?!.*ann@example).*10\.0\.0\.1/);
  });
});
