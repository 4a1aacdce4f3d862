import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, onTestFinished, test } from 'vitest';

import { openReceiver, openSandbox, until } from './support.js';

describe('managing webhooks', () => {
  test('a created webhook has a UUID, a readable token, and no numeric id until it is read', async () => {
    const { call, url } = await openSandbox();

    const created = await call('POST', '/v1/webhooks', { url: 'https://example.com/hook', custom_name: 'x' });

    const { webhook } = created.body;
    expect(webhook).toMatchObject({ url: 'https://example.com/hook', active: true, custom_name: 'x' });
    expect(webhook.webhook_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/u);
    expect(webhook.token).toMatch(/^[0-9a-f]{32}$/u);
    expect(webhook.direct_link).toBe(`${url}/v1/webhooks/${webhook.webhook_id}`);
    expect(webhook).not.toHaveProperty('id');
    const read = (await call('GET', `/v1/webhooks/${webhook.webhook_id}`)).body.webhook;
    expect(read).toEqual({ ...webhook, id: read.id });
    expect((await call('GET', `/v1/webhooks/${read.id}`)).body.webhook).toEqual(read);
  });

  test('the list’s meta lacks the two links', async () => {
    const { call } = await openSandbox();
    await call('POST', '/v1/webhooks', { url: 'https://example.com/hook' });

    const { body } = await call('GET', '/v1/webhooks');

    expect(body.webhooks).toHaveLength(1);
    expect(body.meta).toEqual({ count: 1, total: 1, current_page: 1, per_page: 20 });
  });

  test('an update without events hears all of them again; an action edits the list', async () => {
    const { call } = await openSandbox();
    const body = { url: 'https://example.com/hook', events: ['user.created.v2'] };
    const { webhook } = (await call('POST', '/v1/webhooks', body)).body;
    const path = `/v1/webhooks/${webhook.webhook_id}`;
    const eventsAfter = async (query: string, change: object): Promise<string[]> =>
      (await call('PUT', path + query, change)).body.webhook.events;

    const added = await eventsAfter('?events_action=add', { events: ['user.deleted.v2'] });
    const removed = await eventsAfter('?events_action=remove', { events: ['user.created.v2'] });
    const reset = await eventsAfter('', { custom_name: 'only the name' });

    expect(added).toEqual(['user.created.v2', 'user.deleted.v2']);
    expect(removed).toEqual(['user.deleted.v2']);
    expect(reset.length).toBeGreaterThan(2);
    expect(await call('PUT', `${path}?events_action=set`, {})).toMatchObject({ status: 400 });
  });

  test('a deleted webhook is gone, and a hundred is the most', async () => {
    const { call } = await openSandbox();
    const urls = Array.from({ length: 100 }, (_, index) => `https://example.com/${index}`);
    const created = await Promise.all(urls.map((url) => call('POST', '/v1/webhooks', { url })));
    expect(await call('POST', '/v1/webhooks', { url: 'https://example.com/101' })).toMatchObject({
      status: 422,
    });

    const path = `/v1/webhooks/${created[0]?.body.webhook.webhook_id}`;
    expect(await call('DELETE', path)).toMatchObject({ status: 204 });
    expect(await call('GET', path)).toMatchObject({ status: 404 });
  });
});

describe('delivery', () => {
  test('tells of created and deleted users, with the token in the body and no numbers', async () => {
    const { call, sandbox, createUser } = await openSandbox();
    const { url, received } = await openReceiver();
    const { webhook } = (await call('POST', '/v1/webhooks', { url })).body;

    const id = await createUser('ada@example.com');
    await call('PUT', `/v2/users/${id}`, { last_name: 'Lovelace' });
    await call('DELETE', `/v1/users/${id}`);
    await sandbox.dashboard.webhooksIdle();

    expect(received.map(({ event, data }) => [event, data.id])).toEqual([
      ['user.created.v2', id],
      ['user.deleted.v2', id],
    ]);
    expect(received[0]).toMatchObject({ resource: 'user', token: webhook.token, timestamp: 1_800_000_000 });
    expect(received[0]?.data).not.toHaveProperty('numbers');
  });

  test('tells only of the events that were asked for', async () => {
    const { call, sandbox, createUser } = await openSandbox();
    const { url, received } = await openReceiver();
    await call('POST', '/v1/webhooks', { url, events: ['user.deleted.v2'] });

    await call('DELETE', `/v1/users/${await createUser('ada@example.com')}`);
    await sandbox.dashboard.webhooksIdle();

    expect(received.map(({ event }) => event)).toEqual(['user.deleted.v2']);
  });

  test('webhookDuplicates: each event arrives that many times more', async () => {
    const { call, sandbox, createUser } = await openSandbox({ webhookDuplicates: 2 });
    const { url, received } = await openReceiver();
    await call('POST', '/v1/webhooks', { url });

    await createUser('ada@example.com');
    await sandbox.dashboard.webhooksIdle();

    expect(received).toHaveLength(3);
    expect(new Set(received.map((delivery) => JSON.stringify(delivery))).size).toBe(1);
  });

  test('webhookOrder reversed and webhookBatchMs: events of one batch arrive last first', async () => {
    const { call, sandbox } = await openSandbox({ webhookOrder: 'reversed', webhookBatchMs: 100 });
    const { url, received } = await openReceiver();
    await call('POST', '/v1/webhooks', { url });

    const { userIds } = await sandbox.dashboard.addUsers({ count: 3 });
    await sandbox.dashboard.webhooksIdle();

    expect(received.map(({ data }) => data.id)).toEqual(userIds.toReversed());
  });

  test('webhookRetryMs: a refused delivery is tried again', async () => {
    const { call, sandbox, createUser } = await openSandbox({ webhookRetryMs: 1, webhookBatchMs: 0 });
    const { url, received } = await openReceiver([500, 302]);
    await call('POST', '/v1/webhooks', { url });

    await createUser('ada@example.com');
    await sandbox.dashboard.webhooksIdle();

    expect(received).toHaveLength(3);
    expect(sandbox.snapshot().deliveries).toEqual({ delivered: 1, failed: 0, dropped: 0 });
  });

  test('webhookAttempts: after the last attempt the webhook is switched off', async () => {
    const { call, sandbox, createUser } = await openSandbox({ webhookAttempts: 2, webhookRetryMs: 1 });
    const { url, received } = await openReceiver([500, 500, 500]);
    const { webhook } = (await call('POST', '/v1/webhooks', { url })).body;

    await createUser('ada@example.com');
    await sandbox.dashboard.webhooksIdle();
    await createUser('eve@example.com');
    await sandbox.dashboard.webhooksIdle();

    expect(received).toHaveLength(2);
    expect(sandbox.snapshot().deliveries).toMatchObject({ failed: 1 });
    const read = await call('GET', `/v1/webhooks/${webhook.webhook_id}`);
    expect(read.body.webhook.active).toBe(false);
  });

  test('webhookTimeoutMs: a receiver that does not answer counts as a failure', async () => {
    const { call, sandbox, createUser } = await openSandbox({ webhookTimeoutMs: 20, webhookAttempts: 1 });
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    await call('POST', '/v1/webhooks', { url: `http://localhost:${port}/` });

    await createUser('ada@example.com');
    await until(() => sandbox.snapshot().deliveries.failed === 1);

    expect(sandbox.snapshot().deliveries).toEqual({ delivered: 0, failed: 1, dropped: 0 });
  });

  test('never leaves this machine', async () => {
    const { call, sandbox, createUser } = await openSandbox();
    for (const url of [
      'https://127.0.0.1/',
      'http://192.0.2.1/',
      'http://127.example.com/',
      'http://localhost.example.com/',
    ]) {
      await call('POST', '/v1/webhooks', { url });
    }

    await createUser('ada@example.com');
    await sandbox.dashboard.webhooksIdle();

    expect(sandbox.snapshot().deliveries).toEqual({ delivered: 0, failed: 0, dropped: 4 });
  });

  test('teamEvents: teams are told of only when switched on', async () => {
    const eventsWith = async (teamEvents: boolean): Promise<string[]> => {
      const { call, sandbox } = await openSandbox({ teamEvents });
      const { url, received } = await openReceiver();
      await call('POST', '/v1/webhooks', { url });
      const { body } = await call('POST', '/v1/teams', { name: 'New' });
      await call('DELETE', `/v1/teams/${body.team.id}`);
      await sandbox.dashboard.webhooksIdle();
      return received.map(({ event }) => event);
    };

    expect(await eventsWith(false)).toEqual([]);
    expect(await eventsWith(true)).toEqual(['team.created', 'team.destroyed']);
  });
});
