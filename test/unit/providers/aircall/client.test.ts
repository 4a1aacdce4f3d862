import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../../src/domain/errors.js';
import { NOW, scripted, SECRETS } from './scripted.js';

const user = { user: { id: 7, email: 'o/neil+x@example.com', name: "O'Neil" } };

test('authenticates, asks for JSON, and keeps an address one part of the path', async () => {
  const { provider, sent } = scripted(() => user);

  await provider.findAgent({ by: 'email', email: 'o/neil+x@example.com' });

  expect(sent).toEqual([
    {
      method: 'GET',
      url: 'https://api.example.com/v2/users/o%2Fneil%2Bx%40example.com',
      headers: {
        authorization: `Basic ${Buffer.from(`${SECRETS.apiId}:${SECRETS.apiToken}`).toString('base64')}`,
        accept: 'application/json',
      },
    },
  ]);
});

test('names the content type on every write, with a body or without', async () => {
  const { provider, sent } = scripted(({ method }) => (method === 'DELETE' ? { status: 204 } : user));

  await provider.write({ type: 'update-agent', providerUserId: '7', fields: { givenName: 'Ann' } });
  await provider.write({ type: 'delete-agent', providerUserId: '7' });

  expect(sent.map(({ method, body, headers }) => [method, body, headers['content-type']])).toEqual([
    ['PUT', '{"first_name":"Ann"}', 'application/json'],
    ['DELETE', undefined, 'application/json'],
  ]);
});

test('sends nothing that the budget does not allow', async () => {
  const wait = new AppError('rateLimited', 'Later.', { retryAt: new Date(NOW) });
  const { provider, sent } = scripted(() => user, { take: () => Promise.reject(wait) });

  await expect(provider.findAgent({ by: 'id', providerUserId: '7' })).rejects.toBe(wait);

  expect(sent).toEqual([]);
});

test('an error shows neither the credential nor what the answer held', async () => {
  const answers = [
    'jane.doe@example.com says <html>',
    { user: { id: 'x', email: 'jane.doe@example.com', name: 'Jane' } },
    { status: 500, body: 'jane.doe@example.com' },
    { status: 403, body: '{"message":"Forbidden"}' },
    { status: 404, body: '{"error":"Not Found","troubleshoot":"jane.doe@example.com"}' },
  ];
  for (const answer of answers) {
    const { provider } = scripted(() => answer);

    const error: unknown = await provider
      .write({ type: 'update-agent', providerUserId: '7', fields: { givenName: 'Ann' } })
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(AppError);
    expect(inspect(error, { depth: 10 })).not.toMatch(/jane|0123456789abcdef|Basic|id-4711/i);
  }
});

describe('an answer about somebody else is no answer:', () => {
  const other = { user: { id: 8, email: 'other@example.com', name: 'Other' } };

  test('to a look-up', async () => {
    const { provider } = scripted(() => other);

    await expect(provider.findAgent({ by: 'id', providerUserId: '7' })).rejects.toMatchObject({
      kind: 'contract',
    });
    await expect(provider.findAgent({ by: 'email', email: 'a@example.com' })).rejects.toMatchObject({
      kind: 'contract',
    });
  });

  test('to a create or an update', async () => {
    const { provider } = scripted(({ method }) =>
      method === 'GET' ? { status: 404, body: '{"error":"Not Found"}' } : other,
    );
    const profile = { email: 'a@example.com', givenName: 'A', familyName: 'B' };

    await expect(provider.write({ type: 'create-agent', profile, role: 'agent' })).rejects.toMatchObject({
      kind: 'contract',
    });
    await expect(
      provider.write({ type: 'update-agent', providerUserId: '7', fields: { role: 'agent' } }),
    ).rejects.toMatchObject({ kind: 'contract' });
  });
});

test.each([304, 302, 199])('%i is no success', async (status) => {
  const { provider } = scripted(() => ({ status, body: JSON.stringify(user) }));

  await expect(provider.findAgent({ by: 'id', providerUserId: '7' })).rejects.toMatchObject({
    kind: 'contract',
  });
});

test('a web page in place of an answer is no success', async () => {
  const { provider } = scripted(({ url }) =>
    url.includes('/v1/teams?') ? teams : '<html>Please sign in to the guest network</html>',
  );
  const meta = { total: 1, current_page: 1, per_page: 50 };
  const teams = { teams: [{ id: 3, name: 'Sales', users: [] }], meta };
  const entitlement = { type: 'team', team: 'Sales' } as const;

  for (const operation of [
    { type: 'delete-agent', providerUserId: '7' },
    { type: 'grant', providerUserId: '7', entitlement },
    { type: 'update-agent', providerUserId: '7', fields: { role: 'agent' } },
  ] as const) {
    await expect(provider.write(operation)).rejects.toMatchObject({ kind: 'contract' });
  }
});
