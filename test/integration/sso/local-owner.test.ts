import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { totpCode, totpStep } from '../../../src/sso/totp.js';
import { makeTestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { addTenant, startSso, type SsoWorld } from '../../support/sso-world.js';

const PASSWORD = 'correct horse battery staple';
const clock = makeTestClock('2026-03-02T09:00:00.000Z');
let database: TestDatabase;
let world: SsoWorld;
let tenant: Awaited<ReturnType<typeof addTenant>>;
let secrets: Awaited<ReturnType<SsoWorld['localOwners']['create']>>;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startSso({ url: database.url, clock });
});

afterAll(async () => {
  await world.stop();
  await database.drop();
});

beforeEach(async () => {
  count += 1;
  clock.advance(3_600_000);
  tenant = await addTenant(world, `tenant-${count}`);
  secrets = await world.localOwners.create({ tenant, loginName: 'Root', password: PASSWORD, actor: 'cli' });
  world.notices.length = 0;
});

function code(offset = 0): string {
  return totpCode(secrets.totpSecret, totpStep(clock.now()) + offset);
}

function signIn(input: { password?: string; code?: string; loginName?: string; tenantSlug?: string } = {}) {
  return world.localOwners.signIn({
    tenantSlug: tenant.slug,
    loginName: 'root',
    password: PASSWORD,
    code: code(),
    previous: null,
    ...input,
  });
}

async function actions(): Promise<readonly string[]> {
  const rows = await world.database
    .system()
    .selectFrom('audit_events')
    .select('action')
    .where('tenant_id', '=', tenant.id)
    .orderBy('id')
    .execute();
  return rows.map(({ action }) => action);
}

describe('a local owner', () => {
  it('gets in with password and code, and everybody is told', async () => {
    const { token } = await signIn();

    expect(await world.sessions.find(token)).toMatchObject({
      actor: { kind: 'person', role: 'owner', isLocal: true },
    });
    expect(await actions()).toEqual(['console.local-owner-created', 'console.break-glass-signed-in']);
    expect(world.notices).toMatchObject([
      { tenantId: tenant.id, title: 'Somebody signed in past your identity provider' },
    ]);
    expect(world.warnings.at(-1)).toMatchObject({ tenantId: tenant.id, means: 'authenticator' });
  });

  it.each([
    ['a wrong password', { password: 'correct horse battery stable' }],
    ['a wrong code', { code: '000000' }],
    ['no code', { code: '' }],
    ['an unknown name', { loginName: 'admin' }],
    ['an unknown tenant', { tenantSlug: 'nobody' }],
  ])('does not get in with %s, and is not told what was wrong', async (_name, input) => {
    const refusal = await signIn(input).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ kind: 'unauthenticated' });
    expect((refusal as Error).message).toBe(
      'Name, password and code do not fit together. Each code from the app is good once; wait for the next one.',
    );
  });

  it('can use each code once, also when two try at the same moment', async () => {
    const tries = await Promise.allSettled([signIn(), signIn(), signIn()]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(signIn({ code: code(-1) })).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(await signIn({ code: code(1) })).toBeTruthy();
  });

  it('can use each recovery code once, in any writing', async () => {
    const [one = '', two = ''] = secrets.recoveryCodes;
    await signIn({ code: one.toLowerCase().replaceAll('-', ' ') });
    await expect(signIn({ code: one })).rejects.toMatchObject({ kind: 'unauthenticated' });
    await signIn({ code: two });

    expect(world.notices.at(-1)?.text).toContain('Recovery codes left: 8');
  });

  it('spends no recovery code on a wrong password', async () => {
    const [one = ''] = secrets.recoveryCodes;
    await expect(signIn({ code: one, password: 'wrong' })).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(await signIn({ code: one })).toBeTruthy();
  });

  it('is slowed down after five failures, also when guesses come all at once, and a recovery code still opens', async () => {
    const guesses = await Promise.allSettled(Array.from({ length: 12 }, () => signIn({ code: '000000' })));
    const kinds = guesses.map((guess) =>
      guess.status === 'rejected' ? (guess.reason as { kind: string }).kind : 'in',
    );
    expect(kinds.filter((kind) => kind === 'unauthenticated')).toHaveLength(5);
    expect(kinds.filter((kind) => kind === 'rateLimited')).toHaveLength(7);

    await expect(signIn()).rejects.toMatchObject({ kind: 'rateLimited' });
    clock.advance(60_001);
    await expect(signIn({ code: '000000' })).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(signIn()).rejects.toMatchObject({ kind: 'rateLimited' });
    expect(await signIn({ code: secrets.recoveryCodes[0]! })).toBeTruthy();
    expect(await signIn()).toBeTruthy();
  });

  it('needs a long password and a fresh name', async () => {
    const create = (input: object) =>
      world.localOwners.create({ tenant, loginName: 'other', password: PASSWORD, actor: 'cli', ...input });

    await expect(create({ password: 'Sh0rt!' })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(create({ password: 'aaaaaaaaaaaaaaaaaaaa' })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(create({ loginName: 'root' })).rejects.toMatchObject({ kind: 'conflict' });
    await expect(create({ loginName: '../x' })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('can be replaced, with the sessions, but not removed as the last owner', async () => {
    const { token } = await signIn();
    const remove = (loginName: string) => world.localOwners.remove({ tenant, loginName, actor: 'cli' });
    await expect(remove('root')).rejects.toMatchObject({ kind: 'conflict' });
    await expect(remove('nobody')).rejects.toMatchObject({ kind: 'notFound' });

    await world.localOwners.create({ tenant, loginName: 'second', password: PASSWORD, actor: 'cli' });
    await remove('Root');
    expect(world.notices.map(({ title }) => title)).toEqual([
      'Somebody signed in past your identity provider',
      'A way past your identity provider was added',
      'A way past your identity provider was removed',
    ]);
    expect(world.notices.at(-1)?.text).toContain('"root"');
    expect(await world.sessions.find(token)).toBeNull();
    expect((await world.users.list(tenant.id)).map(({ loginName }) => loginName)).toEqual(['second']);
  });

  it('can end every session of the tenant at once, and no other tenant', async () => {
    const { token } = await signIn();
    const other = await addTenant(world, `other-${count}`);
    const { url } = await world.setupLinks.create({ tenantId: other.id, label: 'IT', actor: 'cli' });
    const { session } = await world.setupLinks.open(url.split('/').at(-1) ?? '', null);

    expect(await world.sessions.endAll(tenant.id, 'cli')).toBe(1);
    expect(await world.sessions.find(token)).toBeNull();
    expect(await world.sessions.find(session.token)).not.toBeNull();
    expect(await actions()).toContain('console.all-sessions-ended');
  });

  it('leaves no secret in the database', async () => {
    const rows = await world.database.system().selectFrom('console_users').selectAll().execute();
    const text = JSON.stringify(rows);

    expect(text).not.toContain(secrets.totpSecret);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(secrets.recoveryCodes[0]);
    expect(text).toContain('$argon2id$v=19$m=65536,t=3,p=1$');
  });
});
