import { describe, expect, test } from 'vitest';

import { recordingBytes } from '../../../src/sandbox/aircall/recordings.js';
import type { AircallSandboxSettingsInput } from '../../../src/sandbox/aircall/settings.js';
import { openSandbox, send, START_MS, type Fixture } from './support.js';

const START = START_MS / 1000;

interface WithCalls extends Fixture {
  readonly userId: number;
  readonly numberId: number;
}

async function withCalls(count: number, settings: AircallSandboxSettingsInput = {}): Promise<WithCalls> {
  const fixture = await openSandbox(settings);
  const userId = await fixture.createUser('ada@example.com');
  const numberId = fixture.company.numberIds['Classic']!;
  await fixture.sandbox.dashboard.addCalls({ count, userId, numberId });
  return { ...fixture, userId, numberId };
}

async function totalOf({ call }: Fixture, path: string): Promise<number> {
  return (await call('GET', path)).body.meta.total;
}

describe('listing and searching calls', () => {
  test('a call carries the documented keys and an abridged user', async () => {
    const { call, userId, numberId } = await withCalls(1);

    const { body } = await call('GET', '/v1/calls');

    const [only] = body.calls;
    expect(only).toMatchObject({
      direction: 'inbound',
      status: 'done',
      started_at: START - 30,
      ended_at: START,
      duration: 30,
      user: { id: userId, name: 'Ada Byron', email: 'ada@example.com' },
      number: { id: numberId },
    });
    expect((await call('GET', `/v1/calls/${only.id}`)).body.call.id).toBe(only.id);
  });

  test('search finds by user, direction, phone number and all of the tags', async () => {
    const fixture = await withCalls(3);
    const { numberId } = fixture;
    await fixture.sandbox.dashboard.addCalls({
      count: 2,
      numberId,
      direction: 'outbound',
      rawDigits: '+1 555 0100',
      tags: ['a', 'b'],
    });

    expect(await totalOf(fixture, '/v1/calls')).toBe(5);
    expect(await totalOf(fixture, `/v1/calls/search?user_id=${fixture.userId}`)).toBe(3);
    expect(await totalOf(fixture, '/v1/calls/search?direction=outbound')).toBe(2);
    expect(await totalOf(fixture, '/v1/calls/search?phone_number=%2B15550100')).toBe(2);
    expect(await totalOf(fixture, '/v1/calls/search?tags[]=a&tags[]=b')).toBe(2);
    expect(await totalOf(fixture, '/v1/calls/search?tags[]=a&tags[]=c')).toBe(0);
    expect(await fixture.call('GET', '/v1/calls/search?user_id=ada')).toMatchObject({ status: 400 });
  });

  test('the plain list does not filter by user', async () => {
    const fixture = await withCalls(3);

    expect(await totalOf(fixture, `/v1/calls?user_id=${fixture.company.ownerId}`)).toBe(3);
  });

  test('from and to are inclusive', async () => {
    const fixture = await withCalls(10);
    const last = START - 30;

    expect(await totalOf(fixture, `/v1/calls?from=${last}`)).toBe(1);
    expect(await totalOf(fixture, `/v1/calls/search?from=${last - 60}&to=${last - 60}`)).toBe(1);
    expect(await totalOf(fixture, `/v1/calls?to=${last - 1}`)).toBe(9);
  });

  test('come oldest first whatever order they were added in', async () => {
    const { call, sandbox, numberId } = await withCalls(2);
    await sandbox.dashboard.addCalls({ count: 1, numberId, startedAt: START - 5000 });

    const { body } = await call('GET', '/v1/calls?order=asc');

    expect(body.calls.map((row: { started_at: number }) => row.started_at)).toEqual([
      START - 5000,
      START - 90,
      START - 30,
    ]);
  });

  test('stay when their user is deleted', async () => {
    const fixture = await withCalls(2);

    await fixture.call('DELETE', `/v1/users/${fixture.userId}`);

    expect(await totalOf(fixture, '/v1/calls')).toBe(2);
    expect(fixture.sandbox.snapshot().callCount).toBe(2);
  });
});

describe('switches', () => {
  test('callQueryLimit and callTotal: records beyond the limit are out of reach', async () => {
    const capped = await withCalls(25, { callQueryLimit: 20 });
    const real = await withCalls(25, { callQueryLimit: 20, callTotal: 'real' });

    for (const [fixture, total] of [
      [capped, 20],
      [real, 25],
    ] as const) {
      const { body } = await fixture.call('GET', '/v1/calls?per_page=15&page=2');
      expect(body.meta).toMatchObject({ count: 5, total, next_page_link: null });
      expect((await fixture.call('GET', '/v1/calls?per_page=15&page=3')).body.calls).toEqual([]);
    }
  });

  test('callHistoryDays: older calls are not listed', async () => {
    const fixture = await withCalls(1, { callHistoryDays: 10 });
    await fixture.sandbox.dashboard.advanceClock({ ms: 10 * 86_400_000 - 31_000 });
    expect(await totalOf(fixture, '/v1/calls')).toBe(1);

    await fixture.sandbox.dashboard.advanceClock({ ms: 2000 });

    expect(await totalOf(fixture, '/v1/calls?from=0')).toBe(0);
  });

  test.each([
    ['ignored', 2],
    ['supported', 0],
  ] as const)('callSearchByNumber %s', async (callSearchByNumber, total) => {
    const fixture = await withCalls(2, { callSearchByNumber });
    const other = fixture.company.numberIds['Flow'];

    expect(await totalOf(fixture, `/v1/calls/search?number_id=${other}`)).toBe(total);
  });

  test.each([
    ['null', null, 0],
    ['kept', { email: 'ada@example.com' }, 2],
  ] as const)('deletedUserInCalls %s', async (deletedUserInCalls, user, total) => {
    const fixture = await withCalls(2, { deletedUserInCalls });
    await fixture.call('DELETE', `/v1/users/${fixture.userId}`);

    const { body } = await fixture.call('GET', '/v1/calls');
    if (user === null) expect(body.calls[0].user).toBeNull();
    else expect(body.calls[0].user).toMatchObject(user);
    expect(await totalOf(fixture, `/v1/calls/search?user_id=${fixture.userId}`)).toBe(total);
  });
});

describe('recordings', () => {
  async function linkOf({ call }: Fixture): Promise<string> {
    return (await call('GET', '/v1/calls')).body.calls[0].recording;
  }

  async function download(url: string): Promise<{ status: number; bytes: Buffer }> {
    const response = await fetch(url);
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  test('are served without a credential, the same bytes every time, of the size set', async () => {
    const fixture = await withCalls(1, { recordingBytes: 5000 });
    const { body } = await fixture.call('GET', '/v1/calls');

    const { status, bytes } = await download(body.calls[0].recording);

    expect([status, bytes.length]).toEqual([200, 5000]);
    expect(bytes.equals(recordingBytes(body.calls[0].id, 5000))).toBe(true);
    expect(bytes.equals(recordingBytes(body.calls[0].id + 1, 5000))).toBe(false);
  });

  test('recordingUrlSeconds: a link stops working after an hour and a fresh one works', async () => {
    const fixture = await withCalls(1);
    const link = await linkOf(fixture);

    await fixture.sandbox.dashboard.advanceClock({ ms: 3_599_999 });
    expect(await download(link)).toMatchObject({ status: 200 });
    await fixture.sandbox.dashboard.advanceClock({ ms: 1 });
    expect(await download(link)).toMatchObject({ status: 403 });
    expect(await download(await linkOf(fixture))).toMatchObject({ status: 200 });
  });

  test('a tampered link is refused', async () => {
    const fixture = await withCalls(2);
    const link = new URL(await linkOf(fixture));
    const later = new URL(link);
    later.searchParams.set('expires', String(Number(link.searchParams.get('expires')) + 1));
    const other = new URL(link);
    other.pathname = other.pathname.replace(/\d+$/u, (id) => String(Number(id) + 1));

    for (const forged of [later, other]) expect((await send('GET', forged.href, {})).status).toBe(403);
  });

  test('recordingDelaySeconds: there is none until it was processed', async () => {
    const fixture = await withCalls(1, { recordingDelaySeconds: 60 });
    expect(await linkOf(fixture)).toBeNull();

    await fixture.sandbox.dashboard.advanceClock({ ms: 60_000 });

    expect(await download(await linkOf(fixture))).toMatchObject({ status: 200 });
  });

  test('a call that was not recorded has none', async () => {
    const fixture = await openSandbox();
    const numberId = fixture.company.numberIds['Flow']!;
    await fixture.sandbox.dashboard.addCalls({ count: 1, numberId, recordingBytes: null });

    expect(await linkOf(fixture)).toBeNull();
  });
});
