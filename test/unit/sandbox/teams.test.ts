import { describe, expect, test } from 'vitest';

import { openSandbox } from './support.js';

describe('teams', () => {
  test('a created team is empty and listed with its members, whose objects lack `available`', async () => {
    const { call, createUser, url } = await openSandbox();
    const userId = await createUser('ada@example.com');

    const { status, body } = await call('POST', '/v1/teams', { name: 'Field' });
    const { id } = body.team;
    expect([status, body.team]).toEqual([
      200,
      {
        id,
        name: 'Field',
        direct_link: `${url}/v1/teams/${id}`,
        created_at: '2027-01-15T08:00:00.000Z',
        users: [],
      },
    ]);

    const added = await call('POST', `/v1/teams/${id}/users/${userId}`);
    expect(added).toMatchObject({ status: 200, body: { team: { id, users: [{ id: userId }] } } });
    const list = await call('GET', '/v1/teams');
    const users = list.body.teams.find((team: { id: number }) => team.id === id).users;
    expect(users).toEqual([
      {
        id: userId,
        direct_link: `${url}/v1/users/${userId}`,
        name: 'Ada Byron',
        email: 'ada@example.com',
        availability_status: 'available',
        default_number_id: null,
        created_at: '2027-01-15T08:00:00.000Z',
        time_zone: 'Etc/UTC',
        language: 'en-US',
        wrap_up_time: 0,
      },
    ]);
  });

  test.each([
    ['blank', ' '],
    ['65 characters', 'x'.repeat(65)],
    ['no text', 7],
  ])('a name that is %s is 400', async (_case, name) => {
    const { call } = await openSandbox();

    expect(await call('POST', '/v1/teams', { name })).toMatchObject({ status: 400 });
  });

  test('a name of 64 characters is accepted', async () => {
    const { call } = await openSandbox();

    expect(await call('POST', '/v1/teams', { name: 'x'.repeat(64) })).toMatchObject({ status: 200 });
  });

  test('cannot be renamed through the API', async () => {
    const { call, company } = await openSandbox();

    const answer = await call('PUT', `/v1/teams/${company.teamIds['Sales']}`, { name: 'New' });

    expect(answer).toMatchObject({ status: 404, body: { message: 'Not Found' } });
  });

  test('a removed member is gone from the team that comes back', async () => {
    const { call, createUser, company } = await openSandbox();
    const path = `/v1/teams/${company.teamIds['Sales']}/users/${await createUser('ada@example.com')}`;
    await call('POST', path);

    expect(await call('DELETE', path)).toMatchObject({ status: 200, body: { team: { users: [] } } });
  });

  test('a member who does not exist is 404', async () => {
    const { call, company } = await openSandbox();

    expect(await call('POST', `/v1/teams/${company.teamIds['Sales']}/users/5`)).toMatchObject({
      status: 404,
    });
  });

  test('a deleted team is gone and rings on no number', async () => {
    const { call, company, sandbox } = await openSandbox();

    expect(await call('DELETE', `/v1/teams/${company.teamIds['Support']}`)).toMatchObject({ status: 204 });

    expect(await call('GET', `/v1/teams/${company.teamIds['Support']}`)).toMatchObject({ status: 404 });
    expect(sandbox.snapshot().numbers.map((number) => number.ringTo.teamIds)).toEqual([[], []]);
  });
});

describe('switches', () => {
  test.each([422, 400] as const)('duplicateTeamNameStatus %d', async (status) => {
    const { call } = await openSandbox({ duplicateTeamNameStatus: status });

    expect(await call('POST', '/v1/teams', { name: 'sales' })).toMatchObject({ status });
  });

  test('teamNameCase sensitive: names that differ in case are different', async () => {
    const { call } = await openSandbox({ teamNameCase: 'sensitive' });

    expect(await call('POST', '/v1/teams', { name: 'sales' })).toMatchObject({ status: 200 });
    expect(await call('POST', '/v1/teams', { name: 'sales' })).toMatchObject({ status: 422 });
  });

  test('teamLimit: a team beyond the plan is 422', async () => {
    const { call } = await openSandbox({ teamLimit: 2 });

    expect(await call('POST', '/v1/teams', { name: 'Third' })).toMatchObject({ status: 422 });
  });

  test.each([
    ['refused', 422],
    ['ok', 200],
  ] as const)('addExistingTeamMember %s', async (addExistingTeamMember, status) => {
    const { call, createUser, company } = await openSandbox({ addExistingTeamMember });
    const path = `/v1/teams/${company.teamIds['Sales']}/users/${await createUser('ada@example.com')}`;
    await call('POST', path);

    expect(await call('POST', path)).toMatchObject({ status });
  });

  test.each([404, 422, 200] as const)('removeMissingTeamMember %d', async (status) => {
    const { call, createUser, company } = await openSandbox({ removeMissingTeamMember: status });
    const path = `/v1/teams/${company.teamIds['Sales']}/users/${await createUser('ada@example.com')}`;

    expect(await call('DELETE', path)).toMatchObject({ status });
  });

  test.each([
    ['removed', []],
    ['kept', ['ada@example.com']],
  ] as const)('deletedUserTeamRows %s', async (deletedUserTeamRows, emails) => {
    const { call, createUser, company } = await openSandbox({ deletedUserTeamRows });
    const id = await createUser('ada@example.com');
    const team = `/v1/teams/${company.teamIds['Sales']}`;
    await call('POST', `${team}/users/${id}`);

    await call('DELETE', `/v1/users/${id}`);

    const { body } = await call('GET', team);
    expect(body.team.users.map((user: { email: string }) => user.email)).toEqual(emails);
  });
});
