import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port of this machine, says which, and ends on SIGTERM after `close`. */
export function listenAndTell(handler: RequestListener, close: () => Promise<void>): void {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`port ${String((server.address() as AddressInfo).port)}\n`);
  });
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    void close();
  });
}
