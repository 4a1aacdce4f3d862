import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeSmartfloSandbox } from '../../../src/sandbox/smartflo/sandbox.js';
import type { SmartfloSandboxSettingsInput } from '../../../src/sandbox/smartflo/settings.js';
import { temporaryDirectory, until } from './support.js';

const OWNER = { email: 'owner@example.com', password: 'Owner-Password-1' };
const START_MS = Date.parse('2026-03-02T09:00:00Z');

function client(url: string, token: string) {
  return async (method: string, path: string, body?: object) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const { status, headers } = response;
    // oxlint-disable-next-line typescript/no-explicit-any
    const answer: any = isJson ? await response.json() : await response.arrayBuffer();
    return { status, retryAfter: headers.get('retry-after'), body: answer };
  };
}

async function open(settings: SmartfloSandboxSettingsInput = {}, kept: object = {}) {
  let now = START_MS;
  const sandbox = makeSmartfloSandbox({
    ...kept,
    now: () => now,
    settings: { requestsPerSecond: null, ...settings },
  });
  const account = await sandbox.dashboard.seedAccount({
    name: 'Example',
    owner: { ...OWNER, name: 'Olive Owner' },
    departments: ['Support'],
    numbers: [{ name: 'Main', did: '+918065485979' }],
  });
  const { url } = await sandbox.start();
  onTestFinished(() => sandbox.stop());
  const call = client(url, account.token);
  return { sandbox, account, url, call, pass: (ms: number) => void (now += ms) };
}

const ada = (more: object = {}) => ({
  create_agent: true, status: 1, name: 'Ada Lovelace', number: '9000000001', email: 'ada@example.com',
  login_id: 'ada@example.com', user_role: 41, password: 'Secret-Password-1', caller_id: [], ...more,
}); // prettier-ignore

describe('the simulated Smartflo, started again,', () => {
  test('forgets nothing that was answered when its process is killed, and gives no id twice', async () => {
    const folder = temporaryDirectory();
    const kept = { stateFile: join(folder, 'smartflo.json'), requestLogFile: join(folder, 'requests.jsonl') };
    const [loader, script] = ['typescript-loader.ts', 'smartflo-process.ts'].map((name) =>
      join(import.meta.dirname, name),
    );
    const child = spawn(
      process.execPath,
      ['--import', loader ?? '', script ?? '', kept.stateFile, kept.requestLogFile],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    const { url, token } = JSON.parse(String(line)) as { url: string; token: string };
    const call = client(url, token);
    const answered: number[] = [];
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let index = 0; index < 1000; index += 1) {
        const email = `p${writer}-${index}@example.com`;
        const { body } = await call('POST', '/v1/user', ada({ email, login_id: email }));
        answered.push(body.data.id as number);
      }
    });
    const stopped = Promise.allSettled(writers);
    await until(() => answered.length >= 20);
    child.kill('SIGKILL');
    await stopped;

    const second = await open({}, kept);

    const ids = second.sandbox.snapshot().users.map(({ id }) => id);
    expect(answered.filter((id) => !ids.includes(id))).toEqual([]);
    const created = ids.filter((id) => id !== second.account.ownerId).map((id) => `user.created ${id}`);
    const logged = second.sandbox.requestLog.entries().flatMap(({ effects }) => effects);
    expect([...logged].sort()).toEqual(created.sort());
    expect(second.account.token).toBe(token);
    const { body } = await second.call('POST', '/v1/user', ada());
    expect(body.data.id).toBeGreaterThan(Math.max(...ids));
  });

  test('finds departments, numbers, calls, sessions, failed logins, faults and its clock again', async () => {
    const kept = { stateFile: join(temporaryDirectory(), 'smartflo.json') };
    const first = await open({}, kept);
    const { ownerId, numberIds } = first.account;
    await first.sandbox.dashboard.addCalls({ count: 2, userId: ownerId, numberId: numberIds['Main'] ?? 0 });
    await first.sandbox.dashboard.assignNumber({ numberId: numberIds['Main'] ?? 0, userId: ownerId });
    await first.sandbox.dashboard.advanceClock({ ms: 5_000 });
    const login = await first.call('POST', '/v1/auth/login', OWNER);
    await first.call('POST', '/v1/auth/login', { ...OWNER, password: 'wrong' });
    await first.sandbox.faults.set([{ kind: 'error', match: { path: 'roles' } }]);
    await first.sandbox.stop();

    const second = await open({}, kept);

    expect(second.sandbox.snapshot()).toEqual(first.sandbox.snapshot());
    const asBefore = client(second.url, login.body.access_token as string);
    expect((await asBefore('GET', '/v1/call/records')).body.count).toBe(2);
    expect((await asBefore('GET', '/v1/roles')).status).toBe(503);
    const wrong = await second.call('POST', '/v1/auth/login', { ...OWNER, password: 'wrong' });
    expect(wrong.body.login_failed_count).toBe(2);
  });
});

describe('a switch of the simulated Smartflo:', () => {
  test.each([
    ['second-window', 'absent', [200, 200, 429, 429, 200]],
    ['token-bucket', 'seconds', [200, 200, 429, 200, 200]],
  ] as const)('the limit as %s, with Retry-After %s', async (rateLimitShape, retryAfter, expected) => {
    const { call, pass } = await open({ requestsPerSecond: 2, rateLimitShape, retryAfter });
    const statuses: number[] = [];
    let hint: string | null = null;
    for (const waitMs of [0, 0, 0, 500, 500]) {
      pass(waitMs);
      const answer = await call('GET', '/v1/roles');
      statuses.push(answer.status);
      if (answer.status === 429) {
        expect(answer.body.success).toBe('false');
        hint = answer.retryAfter;
      }
    }
    expect(statuses).toEqual(expected);
    expect(hint).toBe(retryAfter === 'absent' ? null : '1');
  });

  test('signing in: the password’s days, the session’s end, the lock after failures', async () => {
    const { url, call, pass } = await open({ passwordDays: 7, sessionSeconds: 60, lockAfterFailures: 2 });
    const { body } = await call('POST', '/v1/auth/login', OWNER);
    expect([body.number_of_days_left, body.expires_in]).toEqual([7, 60]);
    const session = client(url, body.access_token as string);
    expect((await session('GET', '/v1/roles')).status).toBe(200);
    pass(61_000);
    expect((await session('GET', '/v1/roles')).status).toBe(401);

    for (const _ of [1, 2]) await call('POST', '/v1/auth/login', { ...OWNER, password: 'wrong' });
    expect((await call('POST', '/v1/auth/login', OWNER)).body.message).toMatch(/locked/);
  });

  test.each([
    [{ duplicateLoginStatus: 409 }, 'POST', '/v1/user', ada({ login_id: OWNER.email }), 409],
    [{ duplicateLoginStatus: 422 }, 'POST', '/v1/user', ada({ login_id: OWNER.email }), 422],
    [{ missingUserStatus: 404 }, 'GET', '/v1/user/999', undefined, 404],
    [{ missingUserStatus: 422 }, 'GET', '/v1/user/999', undefined, 422],
    [{ ownerDeleteStatus: 403 }, 'DELETE', '/v1/user/314001', undefined, 403],
    [{ deleteRoute: 'missing' }, 'DELETE', '/v1/user/314001', undefined, 404],
    [{ numberRequired: true }, 'POST', '/v1/user', ada({ number: undefined }), 422],
    [{ numberRequired: false }, 'POST', '/v1/user', ada({ number: undefined }), 200],
    [{ emojiNames: 'refused' }, 'POST', '/v1/user', ada({ name: 'Ada 🎉' }), 422],
    [{ emojiNames: 'accepted' }, 'POST', '/v1/user', ada({ name: 'Ada 🎉' }), 200],
    [{ departmentNameMax: 7 }, 'POST', '/v1/department', { name: 'Supporters', ring_strategy: 'x' }, 422],
    [{ duplicateDepartmentStatus: 400 }, 'POST', '/v1/department', { name: 'Support', ring_strategy: 'x' }, 400],
    [{ roleRoutes: ['/v1/user_roles'] }, 'GET', '/v1/user_roles', undefined, 200],
    [{ roleRoutes: [] }, 'GET', '/v1/roles', undefined, 404],
  ] as const)('%j answers %s %s', async (settings, method, path, body, status) => {
    const { call } = await open(settings as SmartfloSandboxSettingsInput);
    expect((await call(method, path, body)).status).toBe(status);
  }); // prettier-ignore

  test('what one user’s answer holds: id as text or number, caller ids or none', async () => {
    for (const [userIdType, callerIdsInUser] of [['text', 'shown'], ['number', 'hidden']] as const) {
      const { call, account } = await open({ userIdType, callerIdsInUser });
      const { data } = (await call('GET', `/v1/user/${account.ownerId}`)).body;
      expect(typeof data.id).toBe(userIdType === 'text' ? 'string' : 'number');
      expect('caller_id' in data).toBe(callerIdsInUser === 'shown');
    }
  }); // prettier-ignore

  test('how long lists and how old calls may be, and in whose time they are told', async () => {
    const { sandbox, call, account } = await open({
      usersLimitMax: 2, callsLimitMax: 1, callHistoryDays: 1, utcOffsetMinutes: 60,
    }); // prettier-ignore
    await sandbox.dashboard.addUsers({ count: 3 });
    const calls = { userId: account.ownerId, numberId: account.numberIds['Main'] ?? 0 };
    await sandbox.dashboard.addCalls({ ...calls, count: 2 });
    await sandbox.dashboard.addCalls({ ...calls, count: 1, startedAt: START_MS - 2 * 86_400_000 });

    expect((await call('GET', '/v1/users?limit=50')).body).toMatchObject({ count: 2, has_more: true });
    const { body } = await call('GET', '/v1/call/records?limit=50');
    expect([body.count, body.size]).toEqual([2, 1]);
    // The newest ended with the present moment, after half a minute: 09:00 in UTC.
    expect(body.results[0]).toMatchObject({ date: '2026-03-02', time: '09:59:30' });
  });

  test('recordings: their size, where they are, and that their links end', async () => {
    const { sandbox, call, account, pass, url } = await open({
      recordingBytes: 10, recordingUrlSeconds: 60, publicUrl: 'http://phones.example/',
    }); // prettier-ignore
    const numberId = account.numberIds['Main'] ?? 0;
    await sandbox.dashboard.addCalls({ count: 1, userId: account.ownerId, numberId });
    const link = (await call('GET', '/v1/call/records')).body.results[0].recording_url as string;
    expect(link).toMatch(/^http:\/\/phones\.example\/recordings\//);
    const here = link.replace('http://phones.example', '');
    expect(((await client(url, '')('GET', here)).body as ArrayBuffer).byteLength).toBe(10);
    pass(61_000);
    expect((await client(url, '')('GET', here)).status).toBe(403);
  });

  test.each([
    ['removed', [], null],
    ['kept', ['someone'], 'agent||'],
  ] as const)('rows of a deleted user are %s', async (deletedUserRows, left, destination) => {
    const { sandbox, call, account } = await open({ deletedUserRows });
    const { body } = await call('POST', '/v1/user', ada({ department: [account.departmentIds['Support']] }));
    const userId = body.data.id as number;
    await sandbox.dashboard.assignNumber({ numberId: account.numberIds['Main'] ?? 0, userId });
    await call('DELETE', `/v1/user/${userId}`);

    const { departments, numbers } = sandbox.snapshot();
    expect(departments[0]?.members).toHaveLength(left.length);
    if (destination === null) expect(numbers[0]?.destination).toBeNull();
    else expect(numbers[0]?.destination).toContain(destination);
  });

  test('how much of its log it keeps', async () => {
    const { sandbox, call } = await open({ requestLogKept: 2 });
    for (const _ of [1, 2, 3]) await call('GET', '/v1/roles');
    expect(sandbox.requestLog.entries().map(({ seq }) => seq)).toEqual([2, 3]);
  });
});
