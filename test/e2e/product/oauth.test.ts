import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeInstallation, type Installation } from '../../support/installation.js';

let installation: Installation;

beforeAll(async () => {
  installation = await makeInstallation();
});

afterAll(() => installation.remove());

interface Made {
  readonly id: string;
  readonly clientId: string;
  readonly secret: string | null;
  readonly tokenEndpoint: string;
  readonly scimBaseUrl: string;
}

async function buyToken({ clientId, tokenEndpoint }: Made, secret: string): Promise<Response> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
  });
  return fetch(tokenEndpoint, { method: 'POST', body });
}

async function listUsers({ scimBaseUrl }: Made, token: string): Promise<number> {
  const answer = await fetch(`${scimBaseUrl}/Users`, { headers: { authorization: `Bearer ${token}` } });
  await answer.body?.cancel();
  return answer.status;
}

it('an OAuth client made by command gets its IdP in, its secrets overlap, and revoked it gets nobody in', async () => {
  const service = await installation.start(['serve', '--no-demo']);
  await service.said(/Ctrl\+C stops/);
  await installation.runJson(['tenant', 'create', 'acme']);
  const oauth = (...args: string[]) => installation.runJson(['oauth', ...args, '--tenant', 'acme']);

  const made = (await oauth('create', 'Entra', '--token-minutes', '120')) as Made;
  const granted = await buyToken(made, made.secret ?? '');
  const { access_token: token, expires_in: seconds } = (await granted.json()) as Record<string, unknown>;
  expect([granted.status, seconds]).toEqual([200, 7_200]);
  expect(await listUsers(made, String(token))).toBe(200);

  const second = (await oauth('secret', 'add', made.id)) as { id: string; secret: string };
  expect((await buyToken(made, second.secret)).status).toBe(200);
  expect((await buyToken(made, made.secret ?? '')).status).toBe(200);
  await oauth('secret', 'revoke', second.id);
  expect((await buyToken(made, second.secret)).status).toBe(401);

  await oauth('revoke', made.id);
  expect((await buyToken(made, made.secret ?? '')).status).toBe(401);
  const listed = await installation.run(['oauth', 'list', '--tenant', 'acme']);
  expect([listed.code, listed.stdout]).toEqual([0, expect.stringMatching(/Entra.*patchbay-.*revoked 20/)]);
  expect(listed.stdout).not.toContain(made.secret ?? '-');
});

it('a client that proves itself by tokens of its IdP has no secret, and half a federation is refused by name', async () => {
  const federation = ['--issuer', 'https://idp.example/v2.0', '--subject', 'abc', '--audience', 'api://x'];
  const keys = ['--jwks-url', 'https://idp.example/keys'];
  const create = ['oauth', 'create', 'Workload', '--tenant', 'acme', ...federation];
  const half = await installation.run(create);
  expect([half.code, half.stdout]).toEqual([2, '']);
  expect(half.stderr).toMatch(/JWKS.*Copy it whole/);
  expect(await installation.runJson([...create, ...keys])).toMatchObject({ secret: null });
  const [, client] = await installation.runJson(['oauth', 'list', '--tenant', 'acme']);
  expect(client.client.federation).toMatchObject({ issuer: 'https://idp.example/v2.0', subject: 'abc' });
  const cleared = ['oauth', 'federation', 'clear', client.client.id, '--tenant', 'acme'];
  expect(await installation.runJson(cleared)).toEqual({ federation: null });
});

it('a life of access tokens that no IdP accepts is refused and makes no client', async () => {
  const end = await installation.run([
    ...['oauth', 'create', 'Short', '--tenant', 'acme', '--token-minutes', '5'],
  ]);
  expect([end.code, end.stdout]).toEqual([2, '']);
  expect(end.stderr).toMatch(/between 3600 and 21600 seconds/);
  const names = (await installation.runJson(['oauth', 'list', '--tenant', 'acme'])).map(
    ({ client }: { client: { name: string } }) => client.name,
  );
  expect(names).not.toContain('Short');
});
