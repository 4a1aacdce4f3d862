import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { makeAircallSandbox } from '../../../src/sandbox/aircall/sandbox.js';
import type { AircallSandboxSettingsInput } from '../../../src/sandbox/aircall/settings.js';
import { makeRequestLog } from '../../../src/sandbox/request-log.js';
import {
  apiClient,
  openReceiver,
  openSandbox,
  START_MS,
  temporaryDirectory,
  until,
  type Fixture,
} from './support.js';

function files(): { stateFile: string; requestLogFile: string } {
  const directory = temporaryDirectory();
  return { stateFile: join(directory, 'aircall.json'), requestLogFile: join(directory, 'requests.jsonl') };
}

describe('an orderly restart', () => {
  test('forgets nothing: people, teams, numbers, calls, webhooks, faults, clock', async () => {
    const kept = files();
    const first = await openSandbox({}, kept);
    const userId = await first.createUser('ada@example.com', { role_ids: ['supervisor'] });
    const gone = await first.createUser('eve@example.com');
    await first.call('POST', `/v1/teams/${first.company.teamIds['Support']}/users/${userId}`);
    await first.call('DELETE', `/v1/users/${gone}`);
    await first.call('POST', '/v1/webhooks', { url: 'http://192.0.2.1/' });
    await first.sandbox.dashboard.addCalls({ count: 3, userId, numberId: first.company.numberIds['Flow']! });
    await first.sandbox.dashboard.setApiUser({ userId });
    await first.sandbox.dashboard.advanceClock({ ms: 5000 });
    await first.sandbox.faults.set([{ kind: 'error', nth: 2, match: { path: 'ping' } }]);
    await first.call('GET', '/v1/ping');
    await first.sandbox.dashboard.webhooksIdle();
    await first.sandbox.stop();

    const second = await openSandbox({}, kept);

    expect(second.sandbox.snapshot()).toEqual(first.sandbox.snapshot());
    expect(second.company).toEqual(first.company);
    expect(second.sandbox.requestLog.entries()).toEqual(first.sandbox.requestLog.entries());
    expect(await second.call('GET', '/v1/ping')).toMatchObject({ status: 503 });
    expect((await second.call('GET', `/v1/calls/search?user_id=${userId}`)).body.meta.total).toBe(3);
    expect(await second.createUser('eve@example.com')).toBeGreaterThan(gone);
  });

  test('delivers the events that were still queued', async () => {
    const kept = files();
    const { url, received } = await openReceiver();
    const first = await openSandbox({}, kept);
    await first.call('POST', '/v1/webhooks', { url });
    await first.sandbox.stop();
    await first.sandbox.dashboard.inviteUser({
      email: 'ada@example.com',
      firstName: 'Ada',
      lastName: 'Byron',
    });
    expect(received).toEqual([]);

    const second = await openSandbox({}, kept);
    await second.sandbox.dashboard.webhooksIdle();

    expect(received).toMatchObject([{ event: 'user.created.v2', data: { email: 'ada@example.com' } }]);
  });

  test('of the same instance serves again, on a port of its own', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.stop();
    await fixture.sandbox.stop();

    const { url } = await fixture.sandbox.start();

    expect(await apiClient(url, fixture.company)('GET', '/v1/ping')).toMatchObject({ status: 200 });
    await expect(fixture.sandbox.start()).rejects.toThrow(/already started/u);
  });

  test('the request log is appended to and numbering goes on', async () => {
    const kept = files();
    const first = await openSandbox({}, kept);
    await first.call('GET', '/v1/ping');
    await first.sandbox.stop();
    appendFileSync(kept.requestLogFile, '{"seq":2,"half wri');

    const second = await openSandbox({}, kept);
    await second.call('GET', '/v1/company');

    const lines = readFileSync(kept.requestLogFile, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => [JSON.parse(line).seq, JSON.parse(line).path])).toEqual([
      [1, '/v1/ping'],
      [2, '/v1/company'],
    ]);
  });
});

describe('a process killed at once', () => {
  async function startProcess(
    kept: ReturnType<typeof files>,
  ): Promise<{ child: ChildProcess; call: Fixture['call'] }> {
    const loader = join(import.meta.dirname, 'typescript-loader.ts');
    const script = join(import.meta.dirname, 'sandbox-process.ts');
    const child = spawn(process.execPath, ['--import', loader, script, kept.stateFile, kept.requestLogFile], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    const { url, ...pair } = JSON.parse(String(line));
    return { child, call: apiClient(url, pair) };
  }

  test('forgets nothing that was answered, and log and state agree on every effect', async () => {
    const kept = files();
    const { child, call } = await startProcess(kept);
    const answered: number[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let index = 0; index < 1000; index += 1) {
        const email = `p${writer}-${index}@example.com`;
        const { body } = await call('POST', '/v2/users', { email, first_name: 'P', last_name: 'Q' });
        answered.push(body.user.id);
      }
    });
    const stopped = Promise.allSettled(writers);
    await until(() => answered.length >= 60);
    child.kill('SIGKILL');
    await stopped;

    const second = await openSandbox({}, kept);

    const ids = second.sandbox.snapshot().users.map((user) => user.id);
    expect(answered.filter((id) => !ids.includes(id))).toEqual([]);
    const logged = second.sandbox.requestLog.entries().flatMap((entry) => entry.effects);
    const created = ids.filter((id) => id !== second.company.ownerId).map((id) => `user.created ${id}`);
    expect(logged.sort()).toEqual(created.sort());
    expect(await second.createUser('after@example.com')).toBeGreaterThan(Math.max(...ids));
  });
});

test('a crash between saving and logging loses no log entry and doubles none', async () => {
  const kept = files();
  const first = await openSandbox({}, kept);
  await first.call('POST', '/v1/teams', { name: 'One' });
  await first.call('POST', '/v1/teams', { name: 'Two' });
  const [one, two] = readFileSync(kept.requestLogFile, 'utf8').trimEnd().split('\n');
  const logAfterRestart = async (): Promise<string[]> => {
    const again = makeAircallSandbox({ ...kept });
    await again.stop();
    return readFileSync(kept.requestLogFile, 'utf8').trimEnd().split('\n');
  };

  expect(await logAfterRestart()).toEqual([one, two]);
  writeFileSync(kept.requestLogFile, `${one}\n`);
  expect(await logAfterRestart()).toEqual([one, two]);
});

describe('switch durability', () => {
  const emails = (file: string): string[] =>
    existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8')).users.map((user: { email: string }) => user.email)
      : [];

  test('each-write: the file holds a change before its answer is sent, readable for the owner only', async () => {
    const kept = files();
    const { createUser } = await openSandbox({ durability: 'each-write' }, kept);

    for (const name of ['a', 'b', 'c']) {
      await createUser(`${name}@example.com`);
      expect(emails(kept.stateFile)).toContain(`${name}@example.com`);
    }
    expect(statSync(kept.stateFile).mode & 0o077).toBe(0);
  });

  test('debounced: the file follows soon, and is complete after a stop', async () => {
    const kept = files();
    const { createUser, sandbox } = await openSandbox({ durability: 'debounced' }, kept);

    await createUser('ada@example.com');
    await until(() => emails(kept.stateFile).includes('ada@example.com'));
    await createUser('eve@example.com');
    await sandbox.stop();

    expect(emails(kept.stateFile)).toContain('eve@example.com');
  });

  test('none: the file is written by an orderly stop only', async () => {
    const kept = files();
    const { createUser, sandbox } = await openSandbox({ durability: 'none' }, kept);

    await createUser('ada@example.com');
    expect(existsSync(kept.stateFile)).toBe(false);
    await sandbox.stop();

    expect(emails(kept.stateFile)).toContain('ada@example.com');
  });
});

test('a change that cannot be saved is not answered as done', async () => {
  const directory = temporaryDirectory();
  const stateFile = join(directory, 'gone', 'aircall.json');
  const { call, sandbox } = await openSandbox({}, { stateFile });
  const { rmSync, mkdirSync } = await import('node:fs');
  rmSync(join(directory, 'gone'), { recursive: true });

  expect(await call('POST', '/v1/teams', { name: 'New' })).toMatchObject({ status: 500 });

  mkdirSync(join(directory, 'gone'));
  await sandbox.stop();
  expect(JSON.parse(readFileSync(stateFile, 'utf8')).teams).toHaveLength(3);
});

test('an unusable state file is refused by name', () => {
  const { stateFile } = files();
  writeFileSync(stateFile, '{"half');
  expect(() => makeAircallSandbox({ stateFile })).toThrow(`${stateFile} is not JSON`);
  writeFileSync(stateFile, '{"format":"other"}');
  expect(() => makeAircallSandbox({ stateFile })).toThrow(`${stateFile} is not a state file`);
});

test('two sandboxes in one process know nothing of each other', async () => {
  const settings: AircallSandboxSettingsInput = { requestsPerMinute: 2 };
  const [one, other] = [await openSandbox(settings), await openSandbox(settings)];
  await one.sandbox.faults.set([{ kind: 'reset', nth: 5 }]);
  await one.createUser('ada@example.com');
  await one.call('GET', '/v1/ping');

  expect(await one.call('GET', '/v1/ping')).toMatchObject({ status: 429 });
  expect(await other.call('GET', '/v2/users')).toMatchObject({ status: 200, body: { meta: { total: 1 } } });
  expect(other.sandbox.faults.list()).toEqual([]);
  expect(other.sandbox.requestLog.lastSeq()).toBe(1);
  expect(await apiClient(other.url, one.company)('GET', '/v1/ping')).toMatchObject({ status: 403 });
});

test('stop frees the port at once although a client keeps its connection', async () => {
  const { sandbox, call, url } = await openSandbox();
  await call('GET', '/v1/ping');

  await sandbox.stop();

  await expect(fetch(`${url}/v1/ping`)).rejects.toThrow('fetch failed');
  const again = makeAircallSandbox();
  onTestFinished(() => again.stop());
  expect((await again.start({ port: Number(new URL(url).port) })).url).toBe(url);
});

test('a taken port is an error', async () => {
  const { url } = await openSandbox();
  const second = makeAircallSandbox();

  await expect(second.start({ port: Number(new URL(url).port) })).rejects.toThrow(/EADDRINUSE/u);
});

test('switch requestLogKept: memory holds the newest entries', () => {
  const log = makeRequestLog({ file: undefined, kept: 4 });
  for (let index = 0; index < 20; index += 1) {
    log.add({
      at: START_MS,
      method: 'GET',
      path: '/',
      query: '',
      status: 200,
      effects: [],
      fault: null,
      isRateLimited: false,
    });
  }

  const seqs = log.entries().map((entry) => entry.seq);
  expect(seqs.length).toBeLessThanOrEqual(5);
  expect(seqs.at(-1)).toBe(20);
  expect(log.entries({ after: 18 }).map((entry) => entry.seq)).toEqual([19, 20]);
});

test('switch publicUrl: links carry it', async () => {
  const { call } = await openSandbox({ publicUrl: 'http://sandbox.test:8080/' });
  await call('POST', '/v1/teams', { name: 'New' });

  const { body } = await call('GET', '/v1/teams?per_page=1');

  expect(body.meta.next_page_link).toBe('http://sandbox.test:8080/v1/teams?per_page=1&page=2');
});

test('switch seed: generated ids repeat with the seed', async () => {
  const idWith = async (seed: number): Promise<string> =>
    (await (await openSandbox({ seed })).call('POST', '/v1/webhooks', { url: 'http://192.0.2.1/' })).body
      .webhook.webhook_id;

  expect(await idWith(1)).toBe(await idWith(1));
  expect(await idWith(1)).not.toBe(await idWith(2));
});

test('an unknown setting is refused', () => {
  const settings = { requestPerMinute: 5 } as AircallSandboxSettingsInput;

  expect(() => makeAircallSandbox({ settings })).toThrow(/requestPerMinute/u);
});
