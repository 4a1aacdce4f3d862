import { describe, expect, test } from 'vitest';

import { openSandbox } from './support.js';

const ada = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Byron' };

test('createStatus 201: creates answer as documented', async () => {
  const { call, company } = await openSandbox({ createStatus: 201 });

  const user = await call('POST', '/v2/users', ada);
  const team = await call('POST', '/v1/teams', { name: 'New' });
  const member = await call('POST', `/v1/teams/${company.teamIds['Sales']}/users/${user.body.user.id}`);
  const webhook = await call('POST', '/v1/webhooks', { url: 'http://127.0.0.1:9/' });

  expect([user, team, member, webhook].map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
});

test('userFields documented: the fields that the samples lack are missing', async () => {
  const { call } = await openSandbox({ userFields: 'documented' });

  const created = await call('POST', '/v2/users', ada);
  const read = await call('GET', '/v2/users/ada@example.com');

  for (const field of ['state', 'extension', 'default_number_id']) {
    expect(created.body.user).not.toHaveProperty(field);
    expect(read.body.user).not.toHaveProperty(field);
  }
  expect(created.body.user).not.toHaveProperty('substatus');
  expect(read.body.user).toHaveProperty('substatus');
});

test('allowedRoleIds: other values than the default are the valid ones', async () => {
  const { call } = await openSandbox({ allowedRoleIds: ['1', '2'], ownerRoleId: '3' });

  const statuses = [];
  for (const [index, role] of ['2', 'admin', '3'].entries()) {
    const email = `ada${index}@example.com`;
    statuses.push((await call('POST', '/v2/users', { ...ada, email, role_ids: [role] })).status);
  }

  expect(statuses).toEqual([200, 400, 422]);
});

test('apiKeyActor owner: an Owner can be made through the API', async () => {
  const { call, sandbox } = await openSandbox({ apiKeyActor: 'owner' });

  expect(await call('POST', '/v2/users', { ...ada, role_ids: ['owner', 'admin'] })).toMatchObject({
    status: 200,
  });
  expect(sandbox.snapshot().users.at(-1)).toMatchObject({ isOwner: true, roleIds: ['admin'] });
});

describe('duplicate e-mail', () => {
  test.each([400, 409, 422] as const)('duplicateEmailStatus %d', async (status) => {
    const { call, sandbox } = await openSandbox({ duplicateEmailStatus: status });
    await call('POST', '/v2/users', ada);

    const again = await call('POST', '/v2/users', { ...ada, email: 'ADA@example.com' });

    expect([again.status, Object.keys(again.body)]).toEqual([status, ['error', 'troubleshoot']]);
    expect(sandbox.snapshot().users).toHaveLength(2);
  });

  test('deletedEmail refused: the address of a deleted user stays taken', async () => {
    const { call, createUser } = await openSandbox({ deletedEmail: 'refused' });
    await call('DELETE', `/v1/users/${await createUser('ada@example.com')}`);

    expect(await call('POST', '/v2/users', ada)).toMatchObject({ status: 400 });
  });

  test('emailCase lowered: addresses are stored in lower case', async () => {
    const kept = await openSandbox();
    const lowered = await openSandbox({ emailCase: 'lowered' });
    const body = { ...ada, email: 'Ada@Example.com' };

    expect((await kept.call('POST', '/v2/users', body)).body.user.email).toBe('Ada@Example.com');
    expect((await lowered.call('POST', '/v2/users', body)).body.user.email).toBe('ada@example.com');
  });
});

test('invalidRoleStatus 422', async () => {
  const { call } = await openSandbox({ invalidRoleStatus: 422 });

  expect(await call('POST', '/v2/users', { ...ada, role_ids: ['king'] })).toMatchObject({ status: 422 });
});

test.each([400, 405, 422] as const)('ownerDeleteStatus %d', async (status) => {
  const { call, company } = await openSandbox({ ownerDeleteStatus: status });

  expect(await call('DELETE', `/v1/users/${company.ownerId}`)).toMatchObject({ status });
});

test.each([
  ['ignored', 200, '002', null],
  ['accepted', 200, '777', 300_001],
  ['refused', 400, '002', null],
] as const)('extensionWrite %s', async (extensionWrite, status, extension, number) => {
  const { call, createUser } = await openSandbox({ extensionWrite });
  const id = await createUser('ada@example.com');

  const answer = await call('PUT', `/v2/users/${id}`, { extension: '777', default_number_id: 300_001 });

  expect(answer.status).toBe(status);
  const { body } = await call('GET', `/v2/users/${id}`);
  expect(body.user).toMatchObject({ extension, default_number_id: number });
});

test.each([
  ['accepted', 200, 'new@example.com'],
  ['ignored', 200, 'ada@example.com'],
  ['refused', 400, 'ada@example.com'],
] as const)('emailWrite %s', async (emailWrite, status, email) => {
  const { call, createUser } = await openSandbox({ emailWrite });
  const id = await createUser('ada@example.com');

  const answer = await call('PUT', `/v2/users/${id}`, { email: 'new@example.com' });

  expect(answer.status).toBe(status);
  expect((await call('GET', `/v2/users/${email}`)).body.user).toMatchObject({ id, email });
});

test('emojiNames: emojis in names are refused unless switched', async () => {
  const strict = await openSandbox();
  const lenient = await openSandbox({ emojiNames: 'accepted' });
  const body = { ...ada, first_name: 'Ada 🎉' };

  expect(await strict.call('POST', '/v2/users', body)).toMatchObject({ status: 400 });
  expect(
    await strict.call('POST', '/v2/users', { ...ada, first_name: 'Zoë 2', last_name: "O'Néill ©" }),
  ).toMatchObject({
    status: 200,
  });
  expect(await lenient.call('POST', '/v2/users', body)).toMatchObject({ status: 200 });
});

test('seats and seatOverage: a user beyond the plan is billed at once, or refused', async () => {
  const billed = await openSandbox({ seats: 1 });
  const refused = await openSandbox({ seats: 1, seatOverage: 'refuse' });

  const id = await billed.createUser('ada@example.com');
  await billed.call('DELETE', `/v1/users/${id}`);

  expect(billed.sandbox.snapshot().invoices).toMatchObject([{ userId: id }]);
  expect(await refused.call('POST', '/v2/users', ada)).toMatchObject({ status: 422 });
  expect(refused.sandbox.snapshot().invoices).toEqual([]);
});

describe('apiUserDelete: deleting the user whom the credential counts as', () => {
  test.each([
    ['revokes-keys', 204, 403],
    ['refused', 422, 200],
    ['allowed', 204, 200],
  ] as const)('%s', async (apiUserDelete, status, afterwards) => {
    const { call, createUser, sandbox } = await openSandbox({ apiUserDelete });
    const id = await createUser('bot@example.com');
    await sandbox.dashboard.setApiUser({ userId: id });

    expect(await call('DELETE', `/v1/users/${id}`)).toMatchObject({ status });
    expect(await call('GET', '/v1/ping')).toMatchObject({ status: afterwards });
  });
});

test('invitationDays: an invitation runs out when the clock passes it, and can be sent again', async () => {
  const { createUser, sandbox } = await openSandbox({ invitationDays: 2 });
  const id = await createUser('ada@example.com');
  const invitation = (): string | undefined =>
    sandbox.snapshot().users.find((user) => user.id === id)?.invitation;

  await sandbox.dashboard.advanceClock({ ms: 2 * 86_400_000 - 1 });
  expect(invitation()).toBe('pending');
  await sandbox.dashboard.advanceClock({ ms: 1 });
  expect(invitation()).toBe('expired');
  await sandbox.dashboard.resendInvitation({ userId: id });
  expect(invitation()).toBe('pending');
});
