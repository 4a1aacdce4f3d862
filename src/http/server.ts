import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestListener } from 'node:http';
import { AppError } from '../domain/errors.js';

/** Longer than a proxy in front keeps an idle connection (60 s is usual): none reuses one that is just being closed. */
const KEEP_ALIVE_MS = 75_000;

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** Stops accepting, lets running requests finish for `graceMs`, then cuts the rest. */
  stop(graceMs: number): Promise<void>;
}

/** Binds a listener. Throws AppError `unavailable` that says what to do when the port is taken or not allowed. */
export async function listen(listener: RequestListener, host: string, port: number): Promise<RunningServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  // An IdP must get its answer within 60 s (Okta); slower senders are cut.
  server.requestTimeout = 60_000;
  server.headersTimeout = 15_000;
  await bind(server, host, port);
  const address = server.address() as AddressInfo;
  return { host, port: address.port, stop: (graceMs) => stopServer(server, graceMs) };
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explainBind(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function explainBind(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new AppError(
      'unavailable',
      `Port ${port} on ${host} is in use by another program. Stop that program, or choose another port: PORT=${port + 1} npm start`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new AppError(
      'unavailable',
      `This user may not listen on port ${port}. Choose a port above 1023 with PORT.`,
      {
        cause: error,
      },
    );
  }
  return new AppError(
    'unavailable',
    `Cannot listen on ${host}:${port} (${error.code ?? error.message}). Check HOST and PORT.`,
    {
      cause: error,
    },
  );
}

async function stopServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last request is answered now would be kept, and waited for until the grace ends.
  server.keepAliveTimeout = 1;
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
