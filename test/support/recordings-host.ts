import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The storage host of a vendor: recordings under links, with the ways in which downloads fail. */
export interface RecordingsHost {
  readonly url: string;
  /** What the bytes under this link are. */
  sha256(id: string): string;
  /** Asked for each request; what happens instead of a whole answer. */
  fault: (id: string, attempt: number) => 'refuse' | 'cut' | 'expired' | null;
  readonly requests: Map<string, number>;
  close(): Promise<void>;
}

export async function openRecordingsHost(bytesEach: number): Promise<RecordingsHost> {
  const requests = new Map<string, number>();
  const host = { fault: (): ReturnType<RecordingsHost['fault']> => null } as Pick<RecordingsHost, 'fault'>;
  const server: Server = createServer((request, response) => {
    const id = (request.url ?? '').slice(1).split('?')[0] ?? '';
    const attempt = (requests.get(id) ?? 0) + 1;
    requests.set(id, attempt);
    const body = bytesOf(id, bytesEach);
    switch (host.fault(id, attempt)) {
      case 'refuse':
        response.writeHead(503).end();
        return;
      case 'expired':
        response.writeHead(403).end();
        return;
      case 'cut':
        response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': body.length });
        response.write(body.subarray(0, body.length / 2), () => response.destroy());
        return;
      case null:
        response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': body.length }).end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(host, {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    sha256: (id: string) => createHash('sha256').update(bytesOf(id, bytesEach)).digest('hex'),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** Different for every id, and quick to make. */
function bytesOf(id: string, size: number): Buffer {
  const seed = createHash('sha256').update(id).digest();
  return Buffer.alloc(size, seed);
}
