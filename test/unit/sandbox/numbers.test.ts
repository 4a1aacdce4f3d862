import { describe, expect, test } from 'vitest';

import { openSandbox, type Fixture } from './support.js';

async function emailsOn({ call }: Fixture, numberId: number | undefined): Promise<string[]> {
  const { body } = await call('GET', `/v1/numbers/${numberId}`);
  return body.number.users.map((user: { email: string }) => user.email);
}

async function withMember(settings = {}): Promise<{ fixture: Fixture; userId: number }> {
  const fixture = await openSandbox(settings);
  const userId = await fixture.createUser('ada@example.com');
  await fixture.call('POST', `/v1/teams/${fixture.company.teamIds['Support']}/users/${userId}`);
  return { fixture, userId };
}

describe('numbers', () => {
  test('are listed without users and retrieved with them', async () => {
    const { fixture, userId } = await withMember();

    const { body } = await fixture.call('GET', '/v1/numbers');
    expect(body.numbers).toHaveLength(2);
    expect(body.numbers[0]).not.toHaveProperty('users');
    expect(body.numbers[0]).toMatchObject({ name: 'Classic', digits: '+33 1 76 11 11 11', priority: null });
    const one = await fixture.call('GET', `/v1/numbers/${fixture.company.numberIds['Classic']}`);
    expect(one.body.number.users).toMatchObject([{ id: userId, name: 'Ada Byron' }]);
  });

  test('follow the team in Ring to as its members come and go', async () => {
    const { fixture, userId } = await withMember();
    const classic = fixture.company.numberIds['Classic'];

    expect(await emailsOn(fixture, classic)).toEqual(['ada@example.com']);
    const numbers = await fixture.call('GET', `/v2/users/${userId}/numbers`);
    expect(numbers.body.numbers).toMatchObject([
      { name: 'Classic', flow_editor_enabled: false },
      { name: 'Flow', flow_editor_enabled: true },
    ]);
    expect(numbers.body.meta.total).toBe(2);

    await fixture.call('DELETE', `/v1/teams/${fixture.company.teamIds['Support']}/users/${userId}`);

    expect(await emailsOn(fixture, classic)).toEqual([]);
    expect((await fixture.call('GET', '/v2/users/ada@example.com/numbers')).body.numbers).toEqual([]);
  });

  test('take name, priority and messages, and nothing else', async () => {
    const { call, company } = await openSandbox();
    const path = `/v1/numbers/${company.numberIds['Classic']}`;

    const { status, body } = await call('PUT', path, {
      name: 'Paris',
      priority: 1,
      messages: { welcome: 'https://example.com/a.mp3' },
      digits: '+1',
      users: [1],
      time_zone: 'Etc/UTC',
    });

    expect(status).toBe(200);
    expect(body.number).toMatchObject({
      name: 'Paris',
      priority: 1,
      messages: { welcome: 'https://example.com/a.mp3' },
      digits: '+33 1 76 11 11 11',
      users: [],
      time_zone: 'Europe/Paris',
    });
    expect(await call('PUT', path, { priority: 2 })).toMatchObject({ status: 400 });
    expect(await call('PUT', path, { priority: null })).toMatchObject({
      body: { number: { priority: null } },
    });
  });

  test('cannot be created, deleted or assigned through the API', async () => {
    const { call, company } = await openSandbox();
    const path = `/v1/numbers/${company.numberIds['Classic']}`;

    for (const [method, target] of [
      ['POST', '/v1/numbers'],
      ['DELETE', path],
      ['POST', `${path}/users/${company.ownerId}`],
    ] as const) {
      expect(await call(method, target, {})).toMatchObject({ status: 404, body: { message: 'Not Found' } });
    }
  });
});

describe('switches', () => {
  test.each([
    ['with-team-members', ['ada@example.com', 'direct@example.com']],
    ['direct-only', ['direct@example.com']],
  ] as const)('smartflowsNumberUsers %s', async (smartflowsNumberUsers, emails) => {
    const { fixture, userId } = await withMember({ smartflowsNumberUsers });
    const direct = await fixture.createUser('direct@example.com');
    const flow = fixture.company.numberIds['Flow']!;
    const teamIds = [fixture.company.teamIds['Support']!];
    await fixture.sandbox.dashboard.setRingTo({ numberId: flow, teamIds, userIds: [direct] });

    expect(await emailsOn(fixture, flow)).toEqual(emails);
    expect(await emailsOn(fixture, fixture.company.numberIds['Classic'])).toEqual(['ada@example.com']);
    const seen = await fixture.call('GET', `/v2/users/${userId}/numbers`);
    expect(seen.body.numbers).toHaveLength(emails.length);
    const rings = fixture.sandbox.snapshot().numbers.find((number) => number.id === flow)?.ringingUserIds;
    expect(rings).toEqual([userId, direct]);
  });

  test.each([
    [false, []],
    [true, ['ada@example.com']],
  ] as const)('dataAccessInNumberUsers %s', async (dataAccessInNumberUsers, emails) => {
    const fixture = await openSandbox({ dataAccessInNumberUsers });
    const userId = await fixture.createUser('ada@example.com');
    const numberId = fixture.company.numberIds['Classic']!;
    await fixture.sandbox.dashboard.setDataAccess({ numberId, userIds: [userId] });

    expect(await emailsOn(fixture, numberId)).toEqual(emails);
    const seen = await fixture.call('GET', `/v2/users/${userId}/numbers`);
    expect(seen.body.numbers).toHaveLength(emails.length);
  });

  test('numberTimeZoneWrite accepted: a number takes a time zone', async () => {
    const { call, company } = await openSandbox({ numberTimeZoneWrite: 'accepted' });

    const { body } = await call('PUT', `/v1/numbers/${company.numberIds['Flow']}`, { time_zone: 'Etc/UTC' });

    expect(body.number.time_zone).toBe('Etc/UTC');
  });
});

test('membership of a rung team beats outbound-only', async () => {
  const { fixture, userId } = await withMember();
  const numberId = fixture.company.numberIds['Classic']!;
  await fixture.sandbox.dashboard.setOutbound({ numberId, userIds: [userId] });

  expect(fixture.sandbox.snapshot().numbers[0]).toMatchObject({
    outboundUserIds: [userId],
    ringingUserIds: [userId],
  });
});

test('a deleted user leaves every place on a number', async () => {
  const { fixture, userId } = await withMember();
  const numberId = fixture.company.numberIds['Classic']!;
  await fixture.sandbox.dashboard.setRingTo({ numberId, userIds: [userId] });
  await fixture.sandbox.dashboard.setOutbound({ numberId, userIds: [userId] });
  await fixture.sandbox.dashboard.setDataAccess({ numberId, userIds: [userId] });

  await fixture.call('DELETE', `/v1/users/${userId}`);

  expect(fixture.sandbox.snapshot().numbers[0]).toMatchObject({
    ringTo: { userIds: [] },
    outboundUserIds: [],
    dataAccessUserIds: [],
  });
});
