import { createServer, type RequestListener, type Server } from 'node:http';

export interface SandboxAddress {
  /** Origin without a trailing slash, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
}

export interface SandboxServer {
  start(at: { readonly host: string; readonly port: number }): Promise<SandboxAddress>;
  /** Cuts every connection, idle or not, as a crashed vendor would; resolves when the port is free. */
  stop(): Promise<void>;
  /** Aborted when the server stops: whatever waits on behalf of a request must give up. */
  stopSignal(): AbortSignal;
}

/** Longer than any client keeps an idle connection, so that the sandbox never races a reuse. */
const KEEP_ALIVE_MS = 120_000;

export function makeSandboxServer(listener: RequestListener): SandboxServer {
  let server: Server | undefined;
  let stopping = new AbortController();

  async function listen(created: Server, host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      created.once('error', reject);
      created.listen(port, host, resolve);
    });
    const address = created.address();
    if (address === null || typeof address === 'string') throw new Error('The sandbox has no TCP address.');
    return address.port;
  }

  return {
    stopSignal: () => stopping.signal,
    async start({ host, port }) {
      if (server !== undefined) throw new Error('This sandbox is already started; stop it first.');
      const created = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
      stopping = new AbortController();
      const bound = await listen(created, host, port);
      server = created;
      const name = host === '0.0.0.0' ? '127.0.0.1' : host;
      return { url: `http://${name.includes(':') ? `[${name}]` : name}:${bound}`, port: bound };
    },
    async stop() {
      const running = server;
      server = undefined;
      stopping.abort();
      if (running === undefined) return;
      await new Promise<void>((resolve) => {
        running.close(() => resolve());
        running.closeAllConnections();
      });
    },
  };
}
