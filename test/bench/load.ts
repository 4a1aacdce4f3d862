import { Agent, request as httpRequest } from 'node:http';

export interface LoadRequest {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly body?: string | Buffer;
  /** What is expected; anything else ends the run. */
  readonly status: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A closed loop of requests over keep-alive connections to one server. */
export interface LoadClient {
  /** Sends `count` requests over `connections`; `make` gets numbers from 0. */
  run(count: number, connections: number, make: (number: number) => LoadRequest): Promise<LoadResult>;
  send(request: LoadRequest): Promise<Answer>;
  close(): void;
}

export function makeLoadClient(port: number): LoadClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const send = (request: LoadRequest): Promise<Answer> => exchange(agent, port, request);
  return {
    send,
    async run(count, connections, make) {
      let next = 0;
      const work = async (): Promise<void> => {
        for (let number = next++; number < count; number = next++) await send(make(number));
      };
      const startedMs = performance.now();
      await Promise.all(Array.from({ length: connections }, work));
      return { requests: count, seconds: (performance.now() - startedMs) / 1_000 };
    },
    close: () => agent.destroy(),
  };
}

function exchange(agent: Agent, port: number, request: LoadRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        agent,
        host: '127.0.0.1',
        port,
        method: request.method,
        path: request.path,
        headers: {
          ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
          ...(request.body === undefined
            ? {}
            : { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(request.body) }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const status = incoming.statusCode ?? 0;
          if (status === request.status) resolve({ status, text });
          else
            reject(new Error(`${request.method} ${request.path}: ${String(status)} ${text.slice(0, 500)}`));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}
