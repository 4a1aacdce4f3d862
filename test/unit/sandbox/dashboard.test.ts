import { describe, expect, test } from 'vitest';

import { openSandbox, send, type Answer } from './support.js';

const key = 'dashboard-key';

async function withDashboard() {
  const fixture = await openSandbox({ dashboardKey: key });
  const headers = { 'x-dashboard-key': key, 'content-type': 'application/json' };
  const visit = (method: string, path: string, body?: unknown): Promise<Answer> =>
    send(method, `${fixture.url}/_dashboard${path}`, headers, body);
  return { ...fixture, visit };
}

describe('the Dashboard in process', () => {
  test('sees and changes what the API hides: roles, ownership, invitation, teams', async () => {
    const { sandbox, createUser, company } = await openSandbox();
    const userId = await createUser('ada@example.com');
    const [support, sales] = [company.teamIds['Support']!, company.teamIds['Sales']!];

    await sandbox.dashboard.setRole({ userId, roleIds: ['supervisor'] });
    await sandbox.dashboard.setOwner({ userId, isOwner: true });
    await sandbox.dashboard.acceptInvitations({ userIds: [userId] });
    await sandbox.dashboard.setTeamMembers({ teamId: support, userIds: [userId, company.ownerId] });
    await sandbox.dashboard.moveTeamMember({ userId, fromTeamId: support, toTeamId: sales });
    await sandbox.dashboard.editUser({ userId, firstName: 'Augusta' });

    const { users, teams } = sandbox.snapshot();
    expect(users.find((user) => user.id === userId)).toMatchObject({
      name: 'Augusta Byron',
      roleIds: ['supervisor'],
      isOwner: true,
      invitation: 'accepted',
      teamIds: [sales],
    });
    expect(teams.map((team) => team.memberIds)).toEqual([[company.ownerId], [userId]]);
  });

  test('expires invitations of those who have not accepted', async () => {
    const { sandbox, createUser, company } = await openSandbox();
    const userId = await createUser('ada@example.com');

    await sandbox.dashboard.expireInvitations({});

    const { users } = sandbox.snapshot();
    expect(users.map((user) => [user.id, user.invitation])).toEqual([
      [company.ownerId, 'accepted'],
      [userId, 'expired'],
    ]);
  });

  test('invites, renames teams, adds and deletes numbers, as the API then shows', async () => {
    const { sandbox, call, company } = await openSandbox();
    const { userId } = await sandbox.dashboard.inviteUser({
      email: 'ada@example.com',
      firstName: 'Ada',
      lastName: 'Byron',
    });
    const { numberId } = await sandbox.dashboard.addNumber({
      name: 'New',
      digits: '+44 20 7946 0000',
      country: 'GB',
    });
    await sandbox.dashboard.deleteNumber({ numberId: company.numberIds['Flow']! });
    await sandbox.dashboard.renameTeam({ teamId: company.teamIds['Sales']!, name: 'Field' });
    const { teamId } = await sandbox.dashboard.addTeam({ name: 'Sales' });
    await sandbox.dashboard.deleteTeam({ teamId: company.teamIds['Support']! });

    expect((await call('GET', `/v2/users/${userId}`)).body.user.name).toBe('Ada Byron');
    expect((await call('GET', `/v1/numbers/${numberId}`)).body.number).toMatchObject({ country: 'GB' });
    const { teams, numbers } = sandbox.snapshot();
    expect(teams.map(({ id, name }) => [id, name])).toEqual([
      [company.teamIds['Sales'], 'Field'],
      [teamId, 'Sales'],
    ]);
    expect(numbers.map(({ name }) => name)).toEqual(['Classic', 'New']);
  });

  test('deletes a person, but an Owner only without the ownership', async () => {
    const { sandbox, company } = await openSandbox();
    const userId = company.ownerId;

    await expect(sandbox.dashboard.deleteUser({ userId })).rejects.toThrow(/422/u);
    await sandbox.dashboard.setOwner({ userId, isOwner: false });
    await sandbox.dashboard.deleteUser({ userId });

    expect(sandbox.snapshot()).toMatchObject({ users: [], deletedUsers: [{ id: userId }] });
  });

  test('refuses what does not exist and changes nothing', async () => {
    const { sandbox, company } = await openSandbox();
    const before = sandbox.snapshot();
    const numberId = company.numberIds['Flow']!;

    await expect(sandbox.dashboard.setRingTo({ numberId, teamIds: [1] })).rejects.toThrow(/404/u);
    await expect(sandbox.dashboard.setRingTo({ numberId, userIds: [1] })).rejects.toThrow(/404/u);
    await expect(sandbox.dashboard.setTeamMembers({ teamId: 1, userIds: [] })).rejects.toThrow(/404/u);
    await expect(sandbox.dashboard.setRole({ userId: company.ownerId, roleIds: ['king'] })).rejects.toThrow(
      /400/u,
    );
    await expect(sandbox.dashboard.advanceClock({ ms: -1 })).rejects.toThrow();

    expect(sandbox.snapshot()).toEqual(before);
  });

  test('a company is seeded once; a second time its own data come back', async () => {
    const { sandbox, company } = await openSandbox();
    const owner = { email: 'other@example.com', firstName: 'O', lastName: 'O' };

    const again = await sandbox.dashboard.seedCompany({ name: 'Other', owner });

    expect(again).toEqual(company);
    expect(sandbox.snapshot()).toMatchObject({
      companyName: 'Example',
      users: [{ email: 'owner@example.com' }],
    });
  });
});

describe('the Dashboard over HTTP', () => {
  test('is not there without a key in the settings', async () => {
    const { url } = await openSandbox();

    const answer = await send('GET', `${url}/_dashboard/state`, { 'x-dashboard-key': '' });

    expect(answer).toMatchObject({ status: 404 });
  });

  test('is closed to a wrong key and to the API credential', async () => {
    const { url, call } = await withDashboard();

    expect(await send('GET', `${url}/_dashboard/state`, { 'x-dashboard-key': 'wrong' })).toMatchObject({
      status: 401,
    });
    expect(await call('GET', '/_dashboard/state')).toMatchObject({ status: 401 });
  });

  test('answers the same view and runs the same actions', async () => {
    const { visit, sandbox, createUser, company } = await withDashboard();
    const userId = await createUser('ada@example.com');
    const teamIds = [company.teamIds['Sales']];

    const answers = [
      await visit('POST', '/actions/acceptInvitations', {}),
      await visit('POST', '/actions/setRingTo', {
        numberId: company.numberIds['Flow'],
        teamIds,
        userIds: [userId],
      }),
      await visit('POST', '/actions/advanceClock', { ms: 1000 }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[2]?.body).toEqual({ result: { now: 1_800_000_001_000 } });
    const { body } = await visit('GET', '/state');
    expect(body).toEqual(JSON.parse(JSON.stringify(sandbox.snapshot())));
    expect(body.users[1].invitation).toBe('accepted');
  });

  test('refuses bad input with a reason', async () => {
    const { visit } = await withDashboard();

    expect(await visit('POST', '/actions/setRingTo', { numberId: 'x' })).toMatchObject({ status: 400 });
    expect(await visit('POST', '/actions/setRingTo', { numberId: 1 })).toMatchObject({ status: 404 });
    expect(await visit('POST', '/actions/toString', {})).toMatchObject({ status: 404 });
    expect(await visit('PUT', '/faults', { rules: [{ kind: 'nonsense' }] })).toMatchObject({ status: 400 });
  });

  test('serves the request log from a position on, and is not in it', async () => {
    const { visit, call } = await withDashboard();
    for (const path of ['/v1/ping', '/v1/company', '/v1/teams?page=1']) await call('GET', path);

    const { body } = await visit('GET', '/requests?after=1&limit=2');

    expect(body.lastSeq).toBe(3);
    expect(body.requests).toMatchObject([
      {
        seq: 2,
        at: 1_800_000_000_000,
        method: 'GET',
        path: '/v1/company',
        query: '',
        status: 200,
        effects: [],
      },
      { seq: 3, path: '/v1/teams', query: 'page=1', fault: null, isRateLimited: false },
    ]);
  });

  test('sets, shows and clears the fault script', async () => {
    const { visit, call } = await withDashboard();

    await visit('PUT', '/faults', { rules: [{ kind: 'error', status: 500, times: 1 }] });
    expect(await call('GET', '/v1/ping')).toMatchObject({ status: 500 });

    expect((await visit('GET', '/faults')).body.faults).toMatchObject([{ matched: 1, fired: 1 }]);
    expect(await visit('DELETE', '/faults')).toMatchObject({ status: 204 });
    expect((await visit('GET', '/faults')).body).toEqual({ faults: [] });
  });
});
