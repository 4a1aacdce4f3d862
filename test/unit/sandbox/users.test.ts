import { describe, expect, test } from 'vitest';

import { openSandbox } from './support.js';

const ada = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Byron' };

describe('creating a user', () => {
  test('answers the recorded v2 shape: one name, no role, the next extension', async () => {
    const { call, url } = await openSandbox();

    const { status, body } = await call('POST', '/v2/users', {
      ...ada,
      role_ids: ['admin'],
      wrap_up_time: 15,
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      user: {
        id: body.user.id,
        name: 'Ada Byron',
        email: 'ada@example.com',
        direct_link: `${url}/v2/users/${body.user.id}`,
        language: 'en-US',
        created_at: '2027-01-15T08:00:00.000Z',
        time_zone: 'Etc/UTC',
        state: 'always_opened',
        wrap_up_time: 15,
        extension: '002',
        availability_status: 'available',
        available: false,
        default_number_id: null,
        substatus: 'always_opened',
      },
    });
  });

  test('is an invitation: pending for the Dashboard, an ordinary user for the API', async () => {
    const { call, createUser, sandbox } = await openSandbox();

    const id = await createUser('ada@example.com', { role_ids: ['supervisor'] });

    const { body } = await call('GET', '/v2/users');
    expect(body.users.map((user: { id: number }) => user.id)).toContain(id);
    const person = sandbox.snapshot().users.find((user) => user.id === id);
    expect(person).toMatchObject({ invitation: 'pending', roleIds: ['supervisor'], firstName: 'Ada' });
  });

  test.each([
    ['no e-mail', { email: undefined }],
    ['an e-mail that is none', { email: 'ada' }],
    ['no first name', { first_name: undefined }],
    ['a blank last name', { last_name: ' ' }],
    ['a text as wrap-up time', { wrap_up_time: '15' }],
    ['role ids that are not text', { role_ids: [1] }],
    ['an unknown role', { role_ids: ['king'] }],
    ['an unknown inviter', { inviter_user_id: 5 }],
    ['an unknown availability status', { availability_status: 'asleep' }],
  ])('with %s is 400 and creates nobody', async (_name, change) => {
    const { call, sandbox } = await openSandbox();

    const { status, body } = await call('POST', '/v2/users', { ...ada, ...change });

    expect([status, body.error]).toEqual([400, 'Bad Request']);
    expect(sandbox.snapshot().users).toHaveLength(1);
  });

  test('with a role that makes an Owner is refused', async () => {
    const { call, sandbox } = await openSandbox();

    expect(await call('POST', '/v2/users', { ...ada, role_ids: ['owner'] })).toMatchObject({ status: 422 });
    expect(sandbox.snapshot().users).toHaveLength(1);
  });

  test('never gives an id twice', async () => {
    const { call, createUser } = await openSandbox();
    const first = await createUser('ada@example.com');

    await call('DELETE', `/v1/users/${first}`);

    expect(await createUser('ada@example.com')).toBeGreaterThan(first);
  });
});

describe('reading and updating a user', () => {
  test('goes by id or by e-mail address, whatever its case', async () => {
    const { call, createUser } = await openSandbox();
    const id = await createUser('ada+x@example.com');

    for (const ref of [String(id), 'ada%2Bx%40example.com', 'ADA+X@example.com']) {
      expect((await call('GET', `/v2/users/${ref}`)).body.user.id).toBe(id);
    }
    const { body } = await call('PUT', '/v2/users/ada+x@example.com', { last_name: 'Lovelace' });
    expect(body.user).toMatchObject({ id, name: 'Ada Lovelace' });
  });

  test('a partial update leaves the rest alone', async () => {
    const { call, createUser, sandbox } = await openSandbox();
    const id = await createUser('ada@example.com', { role_ids: ['admin'], time_zone: 'Europe/Paris' });

    const { status, body } = await call('PUT', `/v2/users/${id}`, { wrap_up_time: 30 });

    expect(status).toBe(200);
    expect(body.user).toMatchObject({ wrap_up_time: 30, name: 'Ada Byron', time_zone: 'Europe/Paris' });
    expect(sandbox.snapshot().users.at(-1)).toMatchObject({ roleIds: ['admin'] });
  });

  test('an update that is refused changes nothing', async () => {
    const { call, createUser, sandbox } = await openSandbox();
    const id = await createUser('ada@example.com');
    const before = sandbox.snapshot();

    const answers = [
      await call('PUT', `/v2/users/${id}`, { first_name: 'Eve', role_ids: ['king'] }),
      await call('PUT', `/v2/users/${id}`, { first_name: 'Eve', email: 'owner@example.com' }),
    ];

    expect(answers.map((answer) => answer.status)).toEqual([400, 400]);
    expect(sandbox.snapshot()).toEqual(before);
  });

  test('availability can be closed and is listed', async () => {
    const { call, createUser, sandbox } = await openSandbox();
    const id = await createUser('ada@example.com');
    await sandbox.dashboard.setAvailability({ userId: id, availability: 'in_call' });

    const { body } = await call('PUT', `/v2/users/${id}`, { availability_status: 'unavailable' });

    expect(body.user).toMatchObject({ availability_status: 'unavailable', substatus: 'always_closed' });
    expect((await call('GET', `/v1/users/${id}/availability`)).body).toEqual({ availability: 'in_call' });
    const list = await call('GET', '/v1/users/availabilities');
    expect(list.body.users).toContainEqual({ id, availability: 'in_call' });
  });
});

describe('deleting a user', () => {
  test('is 204, and the id is unknown from then on', async () => {
    const { call, createUser, sandbox } = await openSandbox();
    const id = await createUser('ada@example.com');

    const { status, body } = await call('DELETE', `/v1/users/${id}`);

    expect([status, body]).toEqual([204, '']);
    for (const ref of [id, 'ada@example.com']) {
      expect(await call('GET', `/v2/users/${ref}`)).toMatchObject({ status: 404 });
    }
    expect(await call('DELETE', `/v1/users/${id}`)).toMatchObject({ status: 404 });
    expect(sandbox.snapshot().deletedUsers).toMatchObject([{ id, deletedAt: 1_800_000_000_000 }]);
  });

  test('goes by id only: an e-mail address in a v1 path is unknown', async () => {
    const { call, createUser, sandbox } = await openSandbox();
    await createUser('ada@example.com');

    expect(await call('DELETE', '/v1/users/ada@example.com')).toMatchObject({ status: 404 });
    expect(sandbox.snapshot().users).toHaveLength(2);
  });

  test('an Owner is refused', async () => {
    const { call, company, sandbox } = await openSandbox();

    expect(await call('DELETE', `/v1/users/${company.ownerId}`)).toMatchObject({ status: 422 });
    expect(sandbox.snapshot().users).toHaveLength(1);
  });
});
