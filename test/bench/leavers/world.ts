import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RequestLogEntry } from '../../../src/sandbox/request-log.js';

/** The built service with its simulated phone system, in a process of its own, as `npm start` runs it. */
export interface LeaversWorld {
  /** Adds people who are to have an agent. Their SCIM ids. */
  hire(prefix: string, count: number): Promise<readonly string[]>;
  /** Until each of them has an agent in a team. */
  untilPlaced(ids: readonly string[]): Promise<void>;
  /** Deactivates somebody. Milliseconds from the answer to the first removal that the vendor sees. */
  dismiss(id: string): Promise<number>;
  pause(ms: number): Promise<void>;
  close(): Promise<void>;
}

const GROUP = 'Sales US';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const WRITERS = 8;
const MEMBERS_AT_ONCE = 1_000;
const PATIENCE_MS = 10 * 60_000;

export async function openLeaversWorld(): Promise<LeaversWorld> {
  const dataDir = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-bench-leavers-')));
  const [port, sandboxPort] = await Promise.all([freePort(), freePort()]);
  const main = join(import.meta.dirname, '../../../src/main.js');
  const child = spawn(process.execPath, [main, 'serve', '--json', '--demo'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: dataDir,
      DATA_DIR: dataDir,
      PORT: String(port),
      PATCHBAY_SANDBOX_PORT: String(sandboxPort),
      PATCHBAY_LOG_LEVEL: 'error',
    },
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const scim = callScim(await readyLine(child));
  const emails = new Map<string, string>();
  const close = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  return {
    pause: async (ms) => void (await pause(ms)),
    close,
    async hire(prefix, count) {
      const ids = await addUsers(scim, emails, { prefix, count });
      await addMembers(scim, ids);
      return ids;
    },
    untilPlaced: (ids) =>
      until(async () => {
        const { users } = await vendorState(dataDir);
        const placed = new Set(users.flatMap(({ email, teamIds }) => (teamIds.length > 0 ? [email] : [])));
        return ids.every((id) => placed.has(emails.get(id) ?? ''));
      }, 'everybody is in their team'),
    async dismiss(id) {
      const { users } = await vendorState(dataDir);
      const agent = users.find(({ email }) => email === emails.get(id));
      if (agent === undefined) throw new Error('The leaver has no agent.');
      const Operations = [{ op: 'replace', value: { active: false } }];
      await scim('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations });
      const answeredAt = Date.now();
      let removedAt = 0;
      await until(async () => {
        const log = await requestsOf(dataDir);
        const first = log.find((entry) => entry.at >= answeredAt - 1_000 && isRemoval(entry, agent.id));
        removedAt = first?.at ?? 0;
        return first !== undefined;
      }, 'the first removal');
      return Math.max(0, removedAt - answeredAt);
    },
  };
}

/** The vendor is told to take something: out of a team, or down to the least role. */
function isRemoval({ method, path }: RequestLogEntry, agentId: number): boolean {
  return (method === 'DELETE' || method === 'PUT') && path.endsWith(`/users/${String(agentId)}`);
}

type Scim = (method: string, path: string, body?: object) => Promise<{ readonly id?: string }>;

function callScim({ scimBaseUrl, token }: Ready): Scim {
  return async (method, path, body) => {
    const response = await fetch(scimBaseUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as { readonly id?: string });
  };
}

async function addUsers(
  scim: Scim,
  emails: Map<string, string>,
  { prefix, count }: { readonly prefix: string; readonly count: number },
): Promise<readonly string[]> {
  const ids: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) {
      const userName = `${prefix}${String(number)}@demo.example`;
      const name = { givenName: prefix, familyName: `Person ${String(number)}` };
      const user = {
        userName,
        name,
        emails: [{ value: userName, primary: true, type: 'work' }],
        active: true,
      };
      const { id = '' } = await scim('POST', '/Users', user);
      ids[number] = id;
      emails.set(id, userName);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, work));
  return ids;
}

async function addMembers(scim: Scim, ids: readonly string[]): Promise<void> {
  const filter = encodeURIComponent(`displayName eq "${GROUP}"`);
  const found = (await scim('GET', `/Groups?filter=${filter}`)) as {
    readonly Resources?: readonly { readonly id: string }[];
  };
  const known = found.Resources?.[0]?.id;
  const { id = '' } =
    known === undefined ? await scim('POST', '/Groups', { displayName: GROUP }) : { id: known };
  for (let from = 0; from < ids.length; from += MEMBERS_AT_ONCE) {
    const value = ids.slice(from, from + MEMBERS_AT_ONCE).map((one) => ({ value: one }));
    const Operations = [{ op: 'add', path: 'members', value }];
    await scim('PATCH', `/Groups/${id}`, { schemas: [PATCH], Operations });
  }
}

interface VendorState {
  readonly users: readonly {
    readonly id: number;
    readonly email: string;
    readonly teamIds: readonly number[];
  }[];
}

async function vendorState(dataDir: string): Promise<VendorState> {
  const { sandboxPort, dashboardKey } = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as {
    readonly sandboxPort: number;
    readonly dashboardKey: string;
  };
  const response = await fetch(`http://127.0.0.1:${String(sandboxPort)}/_dashboard/state`, {
    headers: { 'x-dashboard-key': dashboardKey },
  });
  return (await response.json()) as VendorState;
}

async function requestsOf(dataDir: string): Promise<readonly RequestLogEntry[]> {
  const log = await readFile(join(dataDir, 'sandbox/aircall-requests.jsonl'), 'utf8').catch(() => '');
  // What stands behind the last line break is still being written.
  const lines = log.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as RequestLogEntry);
}

interface Ready {
  readonly scimBaseUrl: string;
  readonly token: string;
}

function readyLine(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const line = /^\{.*\}$/m.exec(output)?.[0];
      if (line !== undefined) resolve(JSON.parse(line) as Ready);
    });
    child.once('exit', (code) =>
      reject(new Error(`The service ended (${String(code)}) before it was ready.`)),
    );
  });
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Did not happen: ${what}.`);
    await pause(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
