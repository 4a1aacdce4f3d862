import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { writePrivate } from './credentials.js';
import type { ClusterPaths } from './paths.js';
import type { Runner } from './runner.js';

/** The port to start on: the wanted or last used one while it is free, otherwise any free one, remembered. */
export async function choosePort(
  paths: ClusterPaths,
  runner: Runner,
  wanted: number | undefined,
): Promise<number> {
  const remembered = Number(await readFile(paths.port, 'utf8').catch(() => ''));
  const preferred = wanted ?? (Number.isInteger(remembered) ? remembered : 0);
  const port = (await tryListen(preferred)) ?? (await tryListen(0));
  if (port === undefined) throw new Error('No free port on 127.0.0.1.');
  if (port !== remembered) await writePrivate(paths.port, String(port), runner);
  return port;
}

/** The port that was free (0 asks for any), or undefined when it is taken. */
function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
}
