import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeMailDelivery } from '../../../src/mail/deliver.js';
import { openMailServer } from '../../../src/mail/smtp.js';
import { buildDestinations, buildReportDelivery } from '../../../src/app/report-delivery.js';
import type { DestinationWish } from '../../../src/report/delivery/destinations.js';
import { reportSchema } from '../../../src/report/model/report.js';
import { makeMailContactStore } from '../../../src/store/mail/contacts.js';
import { makeDueMailStore } from '../../../src/store/mail/outbox.js';
import { makeTestClock, type TestClock } from '../../support/clock.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { startSmtp } from '../../support/smtp.js';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let world: ConsoleWorld;
let story: Story;
let clock: TestClock;
let receiver: Server;
let received: Received[];
let status: number;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});
beforeEach(async () => {
  clock = makeTestClock(new Date());
  received = [];
  status = 204;
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => {
    receiver.close(resolve);
    receiver.closeAllConnections();
  });
  const db = world.services.database.forTenant(story.tenantId);
  const destinations = buildDestinations(services());
  for (const { id } of await destinations.list(story.tenantId)) {
    await destinations.remove({ tenantId: story.tenantId, destinationId: id, actor: 'test' });
  }
  await db.deleteFrom('mail_outbox').execute();
});

const services = () => ({ ...world.services, clock });
const address = (path: string) => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`;

async function subscribe(more: Partial<DestinationWish>) {
  const wish: DestinationWish = {
    tenantId: story.tenantId, name: 'IT', kind: 'webhook', targets: [address('/hook')], cron: '0 7 * * 1',
    timeZone: 'Europe/Paris', quietWhenUnchanged: true, actor: 'test', ...more,
  }; // prettier-ignore
  const { destination, secret } = await buildDestinations(services()).create(wish);
  const delivery = buildReportDelivery({ services: services(), publicUrl: 'https://patchbay.acme.example' });
  const key = { tenantId: destination.tenantId, destinationId: destination.id };
  return { destination, secret: secret ?? '', delivery, key };
}

const deliveries = () => buildDestinations(services()).deliveries(story.tenantId);

describe('a webhook', () => {
  it('carries the whole report, signed as Standard Webhooks says, the same id on every try', async () => {
    const { secret, delivery, key } = await subscribe({});
    status = 503;
    expect(await delivery.run(key)).toBe(true);
    await delivery.deliverDue();
    expect(await deliveries()).toMatchObject([
      { state: 'due', attempts: 1, lastError: 'The receiver answered 503.' },
    ]);
    await delivery.deliverDue();
    expect(received).toHaveLength(1);

    status = 200;
    clock.advance(5 * 60_000);
    await delivery.deliverDue();
    expect(await deliveries()).toMatchObject([{ state: 'sent', attempts: 2, lastError: null }]);
    await delivery.deliverDue();
    expect(received).toHaveLength(2);

    const [first, second] = received.map(({ headers, body, path }) => {
      const [id, timestamp] = [headers['webhook-id'] as string, headers['webhook-timestamp'] as string];
      const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
      expect(headers['webhook-signature']).toBe(
        `v1,${mac.update(`${id}.${timestamp}.${body}`).digest('base64')}`,
      );
      expect(path).toBe('/hook');
      return { id, timestamp: Number(timestamp), body };
    });
    expect(first?.id).toBe(second?.id);
    expect((second?.timestamp ?? 0) - (first?.timestamp ?? 0)).toBe(300);
    const message = JSON.parse(second?.body ?? '') as { type: string; id: string; data: unknown };
    expect([message.type, message.id]).toEqual(['patchbay.report', second?.id]);
    expect(reportSchema.parse(message.data).organisation.slug).toBe('acme');
  });

  it('is given up after three days', async () => {
    status = 500;
    const { delivery, key } = await subscribe({});
    await delivery.run(key);
    for (let hour = 0; hour < 90; hour += 6) {
      await delivery.deliverDue();
      clock.advance(6 * 3_600_000 + 1);
    }
    expect(await deliveries()).toMatchObject([{ state: 'failed', lastError: 'The receiver answered 500.' }]);
    const tries = received.length;
    await delivery.deliverDue();
    expect(received).toHaveLength(tries);
  });

  it('goes to no private address where loopback is not allowed', async () => {
    const { key } = await subscribe({});
    const delivery = buildReportDelivery({ services: { ...services(), allowLoopback: false } });
    await delivery.run(key);
    await delivery.deliverDue();
    expect(received).toEqual([]);
    expect((await deliveries())[0]).toMatchObject({ state: 'due', attempts: 1 });
    expect((await deliveries())[0]?.lastError).toContain('Nothing was sent to 127.0.0.1');
    const strict = buildDestinations({ ...services(), allowLoopback: false });
    const wish = {
      tenantId: story.tenantId, kind: 'webhook', cron: '0 7 * * 1', timeZone: 'UTC', quietWhenUnchanged: true, actor: 'x',
    } as const; // prettier-ignore
    for (const url of [
      'http://hooks.example.com/x',
      'https://u:p@hooks.example.com',
      'file:///etc/passwd',
      'nothing',
    ]) {
      await expect(strict.create({ ...wish, name: url.slice(0, 9), targets: [url] })).rejects.toMatchObject({
        kind: 'invalid',
      });
    }
  });

  it('two senders at once send it once', async () => {
    const { delivery, key } = await subscribe({});
    await delivery.run(key);
    const other = buildReportDelivery({ services: services() });
    await Promise.all([delivery.deliverDue(), other.deliverDue(), delivery.deliverDue()]);
    expect(received).toHaveLength(1);
  });
});

describe('a destination that wants only news', () => {
  it('hears nothing when nothing changed, and then of everything since the last report it got', async () => {
    const { delivery, key } = await subscribe({});
    expect(await delivery.run(key)).toBe(true);
    clock.advance(HOUR_MS);
    expect(await delivery.run(key)).toBe(false);
    clock.advance(HOUR_MS);
    expect(await delivery.run(key, { isForced: true })).toBe(true);
    await delivery.deliverDue();
    const [first, second] = received.map(({ body }) =>
      reportSchema.parse((JSON.parse(body) as { data: unknown }).data),
    );
    expect(second?.period.from).toBe(first?.period.to);
    expect(second?.isQuiet).toBe(true);
  });

  it('hears it all the same when it wants everything, and nothing while it is paused', async () => {
    const { destination, delivery, key } = await subscribe({ quietWhenUnchanged: false });
    expect(await delivery.run(key)).toBe(true);
    clock.advance(DAY_MS);
    expect(await delivery.run(key)).toBe(true);
    await buildDestinations(services()).setActive(
      { tenantId: story.tenantId, destinationId: destination.id, actor: 'test' },
      false,
    );
    clock.advance(DAY_MS);
    expect(await delivery.run(key)).toBe(false);
  });
});

describe('a chat', () => {
  it('is told what needs somebody, and its address is kept as a secret', async () => {
    const { destination, delivery, key } = await subscribe({
      kind: 'slack',
      targets: [address('/services/T0/B0/secret-word')],
    });
    expect(JSON.stringify(destination)).not.toContain('secret-word');
    await delivery.run(key);
    await delivery.deliverDue();
    const [message] = received;
    expect(message?.path).toBe('/services/T0/B0/secret-word');
    const { text, blocks } = JSON.parse(message?.body ?? '') as {
      text: string;
      blocks: { type: string; text: { type: string; text: string } }[];
    };
    expect(text).toMatch(/^Acme Ltd: \d+ things? needs? you$/);
    expect(blocks.length).toBeGreaterThan(1);
    expect(blocks.every((block) => block.type === 'section' && block.text.text.length <= 3_000)).toBe(true);
    expect(message?.body).toContain('A plan for aircall waits for approval');
  });
});

describe('an e-mail', () => {
  it('arrives with the report attached, through the outbox', async () => {
    const smtp = await startSmtp();
    const server = openMailServer({ url: smtp.url, from: 'Patchbay <patchbay@acme.example>' });
    const { delivery, key } = await subscribe({
      kind: 'email',
      targets: ['it@acme.example', 'cfo@acme.example'],
    });
    await delivery.run(key);
    await delivery.deliverDue();
    await delivery.deliverDue();
    const { database } = world.services;
    await makeMailDelivery({
      outbox: makeDueMailStore(database), contacts: makeMailContactStore(database), send: server.send, clock, random: () => 0,
      open: (text) => text,
    })(); // prettier-ignore
    server.close();
    await smtp.stop();

    expect(smtp.received.map(({ to }) => to[0])).toEqual(['it@acme.example', 'cfo@acme.example']);
    const mail = smtp.received[0]?.parsed;
    expect(mail?.subject).toMatch(/^Acme Ltd: /);
    expect(mail?.text).toContain('A plan for aircall waits for approval');
    expect(mail?.html).toContain('https://patchbay.acme.example/console/plans/');
    expect(mail?.attachments).toHaveLength(1);
    expect(mail?.attachments[0]?.filename).toMatch(/^patchbay-acme-.*\.html$/);
    const attached = new TextDecoder().decode(mail?.attachments[0]?.content as ArrayBuffer);
    expect(attached).toMatch(/^<!doctype html>/);
    expect(attached).toContain('Trends of the last 30 days');
  });
});

describe('subscribing', () => {
  it('with a bad schedule, address, name or time zone changes nothing', async () => {
    const bad: readonly Partial<DestinationWish>[] = [
      { cron: 'every day' }, { cron: '0 7 * *' }, { cron: '* * * * * *' }, { cron: '61 7 * * 1' }, { timeZone: 'Mars' },
      { name: '  ' }, { targets: [] }, { targets: [address('/a'), address('/b')] }, { kind: 'email', targets: ['a@b.example, c@d.example'] },
    ]; // prettier-ignore
    for (const more of bad) await expect(subscribe(more)).rejects.toMatchObject({ kind: 'invalid' });
    await subscribe({});
    await expect(subscribe({})).rejects.toMatchObject({ kind: 'conflict' });
    expect(await buildDestinations(services()).list(story.tenantId)).toHaveLength(1);
  });

  it('of one tenant is not seen or changed by another', async () => {
    const { destination } = await subscribe({});
    const other = await world.services.tenants.create({ slug: `other-${Date.now()}`, actor: 'test' });
    const theirs = buildDestinations(services());
    expect(await theirs.list(other.id)).toEqual([]);
    const action = { tenantId: other.id, destinationId: destination.id, actor: 'test' };
    await expect(theirs.remove(action)).rejects.toMatchObject({ kind: 'notFound' });
    await expect(theirs.setActive(action, false)).rejects.toMatchObject({ kind: 'notFound' });
  });
});
