import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeHttpApp } from '../../../src/http/app.js';
import { listen } from '../../../src/http/server.js';
import { makeVendorHooksRouter } from '../../../src/http/vendor-hooks.js';
import { decryptSecret } from '../../../src/lib/crypto.js';
import { makeWebhooks } from '../../../src/report/hints/webhooks.js';
import { makeHintStore } from '../../../src/store/report/hints.js';
import { secretContext } from '../../../src/tenancy/account.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

let world: ConsoleWorld;
let story: Story;
let server: Awaited<ReturnType<typeof listen>>;
let url: string;
const hints = () => makeHintStore(world.services.database);
const account = () => ({ tenantId: story.tenantId, accountId: story.account.id });

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  const app = makeHttpApp({
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    health: { ready: {}, version: 'test' },
    trustProxy: false,
    mounts: [
      {
        path: '/hooks',
        router: makeVendorHooksRouter({ ...world.engine.vendorHints, requestsPerMinute: 40 }),
      },
    ],
  });
  server = await listen(app, '127.0.0.1', 0);
  const { vendors } = world.engine;
  const publicUrl = `http://127.0.0.1:${server.port}`;
  const webhooks = makeWebhooks({ hints: hints(), vendors, publicUrl, clock: world.services.clock });
  await webhooks.register(account(), 'test');
  ({ url } = await webhooks.register(account(), 'test'));
});
afterAll(async () => {
  await server?.stop(0);
  await story?.stop();
  await world?.close();
});
beforeEach(() => sql`delete from vendor_hints`.execute(db()));

const db = () => world.services.database.forTenant(story.tenantId);

async function kept(): Promise<readonly string[]> {
  const { rows } = await sql<{
    hint: string;
  }>`select kind || ' ' || coalesce(email, '') as hint from vendor_hints
    order by kind, email`.execute(db());
  return rows.map(({ hint }) => hint);
}

/** As if their time had come. */
async function work(): Promise<void> {
  await sql`update vendor_hints set due_at = date_trunc('second', now()) - interval '1 second'`.execute(db());
  await world.engine.vendorHints.hints.work();
}

async function marks(): Promise<readonly string[]> {
  const rows = await db()
    .selectFrom('dirty_subjects')
    .select('subject_id')
    .where('reason', '=', 'webhook')
    .execute();
  return rows.map((row) => row.subject_id);
}

async function comparisonAskedAt(): Promise<Date | null> {
  const row = await db()
    .selectFrom('accounts')
    .select('reconcile_due_at')
    .where('id', '=', story.account.id)
    .executeTakeFirstOrThrow();
  return row.reconcile_due_at;
}

/** What the vendor lists, with the tokens that it shows in clear. */
async function registered(): Promise<readonly { url: string; events: readonly string[]; token: string }[]> {
  const { secrets, config, tenantId, id } = await world.services.accounts.byName(story.tenantId, 'aircall');
  const plain = decryptSecret(secrets, world.services.keyring, secretContext(tenantId, id));
  const { apiId, apiToken } = JSON.parse(plain) as { apiId: string; apiToken: string };
  const authorization = `Basic ${Buffer.from(`${apiId}:${apiToken}`).toString('base64')}`;
  const response = await fetch(`${String(config['baseUrl'])}/v1/webhooks`, { headers: { authorization } });
  const { webhooks } = (await response.json()) as { webhooks: Awaited<ReturnType<typeof registered>> };
  return webhooks;
}

const send = (body: unknown, to = url): Promise<Response> =>
  fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('a vendor’s webhook', () => {
  it('is registered once, for events about people only, and its token is kept as a hash', async () => {
    const webhooks = await registered();
    expect(webhooks.length).toBe(1);
    expect(webhooks[0]).toMatchObject({
      url,
      events: ['user.created.v2', 'user.deleted.v2', 'user.connected.v2'],
    });
    const stored = await hints().webhookOf(account());
    expect(stored?.tokenHash.length).toBe(32);
  });

  it('says that somebody was deleted by hand: the person is looked at again, and the agent made anew', async () => {
    const before = story.sandbox.snapshot().users.find(({ email }) => email === 'ada.lovelace@acme.example');
    await story.sandbox.dashboard.deleteUser({ userId: before?.id ?? 0 });
    await story.sandbox.dashboard.webhooksIdle();
    expect(await kept()).toEqual(['deleted ada.lovelace@acme.example']);

    await work();
    expect(await marks()).toEqual([story.people.get('Ada Lovelace')]);
    expect(await comparisonAskedAt()).not.toBeNull();

    await story.drain();
    const after = story.sandbox.snapshot().users.find(({ email }) => email === 'ada.lovelace@acme.example');
    expect(after?.id).toBeGreaterThan(before?.id ?? 0);
    await story.sandbox.dashboard.webhooksIdle();
  });

  it('says what we did ourselves, too: then nothing is done', async () => {
    await db().updateTable('accounts').set({ reconcile_due_at: null, reconcile_trigger: null }).execute();
    const ada = story.sandbox.snapshot().users.find(({ email }) => email === 'ada.lovelace@acme.example');
    const before = await marks();
    const deliveries = {
      resource: 'user',
      event: 'user.created.v2',
      timestamp: 1,
      data: { id: ada?.id, email: ada?.email },
    };
    const webhooks = await registered();
    expect((await send({ ...deliveries, token: webhooks[0]?.token })).status).toBe(204);
    await work();
    expect(await marks()).toEqual(before);
    expect(await comparisonAskedAt()).toBeNull();
  });

  it('says that somebody signed in: their invitation needs nobody any more, and nothing else follows', async () => {
    const ada = story.sandbox.snapshot().users.find(({ email }) => email === 'ada.lovelace@acme.example');
    const token = (await registered())[0]?.token;
    const data = { id: ada?.id, email: ada?.email };
    const event = { resource: 'user', event: 'user.connected.v2', timestamp: 1, token, data };
    const before = await marks();

    expect((await send(event)).status).toBe(204);
    expect((await send(event)).status).toBe(204);

    const accepted = await db()
      .selectFrom('links')
      .select('accepted_at')
      .where('provider_user_id', '=', String(ada?.id))
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    expect(accepted?.accepted_at).toBeInstanceOf(Date);
    expect(await marks()).toEqual(before);
    expect(await kept()).toEqual([]);
  });

  it('said twice, late, and in the wrong order is one look each, and a whole account is read no more often for it', async () => {
    const token = (await registered())[0]?.token;
    const about = (event: string) => ({
      resource: 'user',
      event,
      timestamp: 1,
      token,
      data: { id: 4_711, email: 'zoe@elsewhere.example' },
    });
    for (const event of [
      'user.deleted.v2',
      'user.created.v2',
      'user.deleted.v2',
      'user.created.v2',
      'user.created',
    ])
      expect((await send(about(event))).status).toBe(204);
    expect(await kept()).toEqual(['created zoe@elsewhere.example', 'deleted zoe@elsewhere.example']);
    await work();
    expect(await kept()).toEqual([]);
    const asked = await comparisonAskedAt();
    const [last] = await world.engine.comparisons.view.runs(story.tenantId, { limit: 1 });
    expect(asked?.getTime()).toBe((last?.startedAt.getTime() ?? 0) + 10 * 60_000);
  });

  it('without its token, with a body of no known shape, or of nobody is 404 and keeps nothing', async () => {
    const right = { resource: 'user', event: 'user.deleted.v2', timestamp: 1, data: { id: 1, email: null } };
    const elsewhere = url.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
    const token = (await registered())[0]?.token;
    const statuses = await Promise.all([
      send({ ...right, token: 'x'.repeat(32) }),
      send(right),
      send({ hello: 'world' }),
      send([]),
      send({ ...right, token }, elsewhere),
      send({ ...right, token }, url.replace(/[^/]+$/, 'no-uuid')),
    ]).then((answers) => answers.map(({ status }) => status));
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404]);
    expect((await send({ ...right, token, event: 'call.created' })).status).toBe(204);
    expect(await kept()).toEqual([]);
  });

  it('more than a delivery can be is refused unread, and so are too many of them', async () => {
    expect((await send({ data: 'x'.repeat(70_000) })).status).toBe(413);
    const statuses: number[] = [];
    for (let count = 0; count < 45; count += 1) statuses.push((await send({})).status);
    expect(statuses.at(-1)).toBe(429);
  });
});
