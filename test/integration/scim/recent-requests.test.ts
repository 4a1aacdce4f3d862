import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeScimRecorder, RING_SIZE, type ScimRecorder } from '../../../src/administration/scim-recorder.js';
import type { ScimExchange, ScimRequestQuery } from '../../../src/administration/scim-requests.js';
import { makeScimRequestStore, makeScimRequestsView } from '../../../src/store/console/scim-requests.js';
import { serveScim, startScim, type ScimClient, type ScimFixture } from '../../support/scim.js';

let fixture: ScimFixture;
let served: Awaited<ReturnType<typeof serveScim>>;
let recorder: ScimRecorder;
let client: ScimClient;
let clients = 0;

beforeAll(async () => {
  fixture = await startScim();
  recorder = makeScimRecorder({
    store: makeScimRequestStore(fixture.database),
    now: () => fixture.clock.now(),
    log: pino({ level: 'silent' }),
    gatherMs: 60_000,
  });
  served = await serveScim(fixture, { observe: recorder.observe, limits: { requestsPerMinute: 5_000 } });
});
afterAll(async () => {
  await served.stop();
  await fixture.close();
});
beforeEach(async () => {
  clients += 1;
  const { tenantId, token } = await fixture.addClient(`inspected-${String(clients)}`);
  client = fixture.clientFor(tenantId, token, served.baseUrl);
});

const ALL: ScimRequestQuery = { failedOnly: false, method: null, search: '', after: null, limit: 1_000 };

/** An exchange is told when its connection has taken the last byte: the client may be a moment ahead of that. */
async function kept(count: number, query: Partial<ScimRequestQuery> = {}, tenantId = client.tenantId) {
  const view = makeScimRequestsView(fixture.database);
  for (let round = 0; round < 1_000; round += 1) {
    await recorder.flush();
    if ((await view.list(tenantId, ALL)).rows.length >= count) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return (await view.list(tenantId, { ...ALL, ...query })).rows;
}

describe('recent SCIM requests', () => {
  it('are kept with what was sent and answered, without passwords', async () => {
    const sent = { userName: 'ada@x.example', password: 'Correct-Horse', displayName: 'Ada' };
    await client.post('/Users', sent, { 'user-agent': 'Okta SCIM Client' });
    const [row] = await kept(1);
    expect(row).toMatchObject({
      method: 'POST',
      path: '/Users',
      query: '',
      status: 201,
      userAgent: 'Okta SCIM Client',
    });
    expect(row?.actor).toMatch(/^scim:/);
    expect(JSON.parse(row?.requestBody ?? '')).toMatchObject({ userName: 'ada@x.example', password: '•••' });
    expect(JSON.parse(row?.responseBody ?? '')).toMatchObject({ userName: 'ada@x.example' });
    expect(JSON.stringify(row)).not.toContain('Correct-Horse');
    expect(row?.requestBytes).toBe(JSON.stringify(sent).length);
  });

  it('show refusals with their reason, unreadable bodies and rate limits included', async () => {
    await client.post('/Users', { displayName: 'nobody' });
    await client.get('/Users/00000000-0000-4000-8000-000000000000');
    await fetch(`${served.baseUrl}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.token}`, 'content-type': 'application/scim+json' },
      body: '{ "userName": ',
    });
    const rows = await kept(3);
    expect(rows.map(({ status }) => status)).toEqual([400, 404, 400]);
    expect(rows[2]?.responseBody).toContain('userName');
    expect(rows[0]?.responseBody).toContain('not valid JSON');
  });

  it('decode filters, mask secrets in them, and are found by text, outcome and method', async () => {
    await client.get(`/Users?filter=${encodeURIComponent('userName eq "grace@x.example"')}&count=2`);
    await client.get(`/Users?filter=${encodeURIComponent('password eq "hunter2"')}`);
    await client.post('/Groups', { displayName: 'Support 100%' });
    const rows = await kept(3);
    expect(rows[2]?.query).toBe('filter=userName eq "grace@x.example"&count=2');
    expect(JSON.stringify(rows)).not.toContain('hunter2');
    expect(await kept(3, { search: 'grace@x' })).toHaveLength(1);
    expect(await kept(3, { search: '100%' })).toHaveLength(1);
    expect(await kept(3, { search: '%' })).toHaveLength(1);
    expect(await kept(3, { method: 'POST' })).toHaveLength(1);
    expect((await kept(3, { failedOnly: true })).map(({ status }) => status)).toEqual([400]);
  });

  it('stay with their tenant', async () => {
    await client.get('/Users');
    const other = await fixture.addClient('curious');
    expect(await kept(0, {}, other.tenantId)).toEqual([]);
    const [row] = await kept(1);
    const view = makeScimRequestsView(fixture.database);
    expect(await view.find(client.tenantId, row?.id ?? '')).not.toBeNull();
    expect(await view.find(other.tenantId, row?.id ?? '')).toBeNull();
    expect(await view.find(client.tenantId, 'x')).toBeNull();
  });

  it('are a ring: a flood of good requests is bounded and hides no failure', async () => {
    const { tenantId } = client;
    for (let batch = 0; batch < 3; batch += 1) {
      recorder.observe(exchange(tenantId, { status: 409, url: `/Users/failure-${String(batch)}` }));
      for (let index = 0; index < RING_SIZE; index += 1) recorder.observe(exchange(tenantId, {}));
      await recorder.flush();
    }
    const rows = await kept(RING_SIZE + 3);
    expect(rows.filter(({ status }) => status === 200)).toHaveLength(RING_SIZE);
    expect(rows.filter(({ status }) => status === 409)).toHaveLength(3);
  });

  it('keep long bodies as their size only, and any text that a client may send', async () => {
    const { tenantId } = client;
    await client.post('/Users', { userName: 'long@x.example', title: 'x'.repeat(70_000) });
    recorder.observe(
      exchange(tenantId, { url: '/Users/%00%E0%A4?filter=%zz', requestBody: { a: '\0\ud800' } }),
    );
    const rows = await kept(2);
    const long = rows.find(({ method }) => method === 'POST');
    expect(long?.requestBody).toBeNull();
    expect(long?.requestBytes).toBeGreaterThan(70_000);
    expect(rows).toHaveLength(2);
  });

  it('cut a body that is long to read, with a word that it was cut', async () => {
    await client.post('/Users', { userName: 'cut@x.example', title: 'y'.repeat(20_000) });
    const [row] = await kept(1);
    expect(row?.requestBody?.length).toBeLessThan(8_100);
    expect(row?.requestBody).toContain('cut here');
  });

  it('are forgotten after 30 days', async () => {
    const old = new Date(fixture.clock.now().getTime() - 31 * 86_400_000);
    recorder.observe(exchange(client.tenantId, { at: old }));
    recorder.observe(exchange(client.tenantId, {}));
    expect(await kept(2)).toHaveLength(2);
    await recorder.forgetOld();
    expect(await kept(1)).toHaveLength(1);
  });

  it('never hold up or fail a request when they cannot be written', async () => {
    const broken = makeScimRecorder({
      store: { keep: () => Promise.reject(new Error('down')), forgetBefore: () => Promise.resolve() },
      now: () => fixture.clock.now(),
      log: pino({ level: 'silent' }),
      gatherMs: 60_000,
    });
    broken.observe(exchange(client.tenantId, {}));
    await expect(broken.close()).resolves.toBeUndefined();
  });
});

function exchange(tenantId: string, part: Partial<ScimExchange>): ScimExchange {
  return {
    tenantId,
    actor: 'scim:okta',
    at: fixture.clock.now(),
    durationMs: 3.4,
    method: 'GET',
    url: '/Users',
    status: 200,
    requestBody: undefined,
    requestBytes: 0,
    responseBody: '{}',
    responseBytes: 2,
    userAgent: 'x',
    correlationId: null,
    ...part,
  };
}
