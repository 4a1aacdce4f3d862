import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { makeHttpClient } from '../../../src/lib/http-client.js';
import type { IdpDeps } from '../../../src/report/idp-port.js';
import { makeTestClock, type TestClock } from '../clock.js';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string;
  readonly form: URLSearchParams;
}

/** A simulated provider on this machine, and what a reader needs to talk to it. Waiting moves the clock of both. */
export interface IdpServer {
  readonly origin: string;
  readonly clock: TestClock;
  readonly deps: IdpDeps;
  /** Method and path of every request, oldest first. */
  readonly requests: string[];
  /** How long the reader waited each time, in milliseconds. */
  readonly waits: number[];
  stop(): Promise<void>;
}

export async function startIdpServer(
  answer: (asked: Asked, origin: string, clock: TestClock) => Answer,
): Promise<IdpServer> {
  const clock = makeTestClock();
  const requests: string[] = [];
  const waits: number[] = [];
  let origin = '';
  const respond = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', origin);
    requests.push(`${request.method} ${url.pathname}`);
    const form = new URLSearchParams(await text(request));
    return answer(
      { method: request.method ?? '', url, authorization: request.headers.authorization ?? '', form },
      origin,
      clock,
    );
  };
  const send = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status = 200, headers = {}, body = null } = await respond(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    void send(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = makeHttpClient({
    allowLoopback: true,
    maxConnections: 4,
    timeoutMs: 300_000,
    maxResponseBytes: 20_000_000,
  });
  return {
    origin,
    clock,
    requests,
    waits,
    deps: {
      http,
      resolve: () => Promise.reject(new Error('Only HTTP is spoken here.')),
      now: () => clock.now().getTime(),
      sleep: (ms) => {
        waits.push(ms);
        clock.advance(ms);
        return Promise.resolve();
      },
    },
    async stop() {
      http.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
