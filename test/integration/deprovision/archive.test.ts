import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import S3rver from '@20minutes/s3rver';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeDirectorySink } from '../../../src/archive/directory.js';
import { makeDownload } from '../../../src/archive/download.js';
import { makeBucketSink } from '../../../src/archive/s3.js';
import type { ArchiveSink } from '../../../src/deprovision/archive/ports.js';
import { hashOf } from '../../../src/deprovision/archive/transfer.js';
import type { Certificate } from '../../../src/deprovision/proof/certificate.js';
import { makeGuardedAgents, makeHttpClient } from '../../../src/lib/http-client.js';
import { makeArchiveObjectStore } from '../../../src/store/retention/archive-objects.js';
import { makeLeaverDecisionStore } from '../../../src/store/retention/leaver-decisions.js';
import { makeLegalHolds } from '../../../src/deprovision/legal-holds.js';
import { makePurge } from '../../../src/deprovision/purge.js';
import { makePurgeStore } from '../../../src/store/retention/purges.js';
import { makeLegalHoldStore } from '../../../src/store/retention/legal-holds.js';
import { makeLeaverDecisions } from '../../../src/deprovision/leaver-decisions.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';
import { heldMemory } from '../../support/held-memory.js';
import { openRecordingsHost, type RecordingsHost } from '../../support/recordings-host.js';

vi.setConfig({ testTimeout: 1_800_000 });

const DAY_MS = 86_400_000;
/** Ten thousand with ARCHIVE_RECORDINGS=10000: each is forced onto the disk, which takes minutes. */
const MANY = Number(process.env['ARCHIVE_RECORDINGS'] ?? 1_500);
const CREDENTIAL = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

describe('the archive of a leaver’s recordings', () => {
  const client = makeHttpClient({
    allowLoopback: true,
    maxConnections: 8,
    timeoutMs: 300_000,
    maxResponseBytes: 100_000_000,
  });
  let folder: string;
  let store: { readonly s3: S3rver; readonly port: number };
  let host: RecordingsHost;
  let engine: EngineFixture;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archive-'));
    const s3 = new S3rver({
      port: 0,
      address: '127.0.0.1',
      silent: true,
      directory: join(folder, 's3'),
      configureBuckets: [{ name: 'calls', configs: [] }],
    });
    const { port } = await s3.run();
    store = { s3, port };
  });

  afterEach(async () => {
    await engine.close();
    await host.close();
  });

  afterAll(async () => {
    client.close();
    await store.s3.close();
    await rm(folder, { recursive: true, force: true });
  });

  const bucket = (): ArchiveSink =>
    makeBucketSink({
      settings: {
        bucket: 'calls',
        region: 'us-east-1',
        endpoint: `http://127.0.0.1:${String(store.port)}`,
        pathStyle: true,
        prefix: 'leavers/',
      },
      credential: CREDENTIAL,
      ...makeGuardedAgents({ allowLoopback: true, maxConnections: 4 }),
    });

  /** Ada with so many recorded calls, on the way out. */
  async function open(sink: ArchiveSink, calls: number, bytesEach = 2_000): Promise<void> {
    host = await openRecordingsHost(bytesEach);
    engine = await openEngine({
      settings: { graceDays: 0, archive: { policy: 'audio' } },
      archive: (database) => ({
        objects: makeArchiveObjectStore(database),
        openSink: () => Promise.resolve(sink),
        download: makeDownload(client),
      }),
    });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.requestReconcile();
    await engine.settle();
    const id = await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Bea', ['Sales']);
    await engine.settle();
    const now = engine.directory.clock.now().getTime();
    const records = Array.from({ length: calls }, (_, index) => ({
      callId: String(index + 1),
      startedAt: now - 100 * DAY_MS + index * 60_000,
      numberDigits: '+33100000000',
      durationSeconds: 60,
      recordingUrl: `${host.url}/${String(index + 1)}`,
      voicemailUrl: null,
    }));
    engine.vendor.calls.set(engine.vendor.byEmail(emailOf('Ada'))!.providerUserId, records);
    await engine.setActive(id, false);
  }

  /** Time passes until nothing is waited for any more. */
  async function settle(hours: number): Promise<void> {
    for (let hour = 0; hour < hours; hour += 1) {
      await engine.settle(200);
      if ((await deletion()).state === 'verified') return;
      engine.directory.clock.advance(61 * 60_000);
    }
  }

  interface Row {
    readonly id: string;
    readonly state: string;
    readonly hold_reason: string | null;
    readonly certificate: Certificate | null;
  }
  const deletion = async (): Promise<Row> => (await engine.query<Row>('select * from deletions'))[0]!;
  const objects = (): Promise<readonly { call_id: string; object_key: string; sha256: string }[]> =>
    engine.query("select * from archive_objects where state = 'stored' order by call_id::int");
  const isDeleted = (): boolean => engine.vendor.byEmail(emailOf('Ada')) === undefined;

  it('holds every recording byte for byte before the agent is gone, in a bucket', async () => {
    const sink = bucket();
    await open(sink, 60);
    let storedAtCall = 0;
    engine.vendor.onRequest = async (request) => {
      if (request.call === 'write' && request.operation.type === 'delete-agent')
        storedAtCall = (await objects()).length;
    };
    await settle(1);

    expect(isDeleted()).toBe(true);
    expect(storedAtCall).toBe(60);
    for (const { call_id, object_key, sha256 } of await objects()) {
      expect(sha256).toBe(host.sha256(call_id));
      expect(await hashOf((await sink.read(object_key))!)).toBe(sha256);
      expect(object_key).toMatch(/\.mp3$/);
    }
    const { id, certificate } = await deletion();
    expect(certificate).toMatchObject({
      isClean: true,
      archive: { stored: 60, rehashed: 60, damaged: 0, bytes: 120_000 },
      proof: { samples: { asked: 5, answered: 5 } },
    });
    expect(await sink.read(`${id}/manifest.json`)).not.toBeNull();
    expect(await sink.read(`${id}/certificate.json`)).not.toBeNull();
  });

  it('takes recordings of many parts, in a bucket and in a directory', async () => {
    for (const sink of [bucket(), makeDirectorySink(join(folder, 'files'))]) {
      await open(sink, 1, 12_000_000);
      await settle(1);
      expect((await objects())[0]?.sha256).toBe(host.sha256('1'));
      expect((await deletion()).certificate?.archive).toMatchObject({ stored: 1, rehashed: 1 });
      if (sink.place.startsWith('s3:')) {
        await engine.close();
        await host.close();
      }
    }
  });

  it('asks for a fresh link when one has expired, and never takes half a recording for a whole one', async () => {
    await open(makeDirectorySink(join(folder, 'expiring')), 10);
    host.fault = (id, attempt) => (attempt > 1 ? null : id === '3' ? 'expired' : id === '5' ? 'cut' : null);
    await settle(3);

    expect(host.requests.get('3')).toBeGreaterThan(1);
    expect((await objects()).map(({ call_id, sha256 }) => sha256 === host.sha256(call_id))).toEqual(
      Array<boolean>(10).fill(true),
    );
    const files = await readdir(join(folder, 'expiring', (await deletion()).id));
    expect(files.filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('that cannot be completed holds the deletion instead of losing a recording, until a person lets it go', async () => {
    await open(makeDirectorySink(join(folder, 'missing')), 3);
    host.fault = (id) => (id === '2' ? 'refuse' : null);
    await settle(12);

    expect(isDeleted()).toBe(false);
    expect(await deletion()).toMatchObject({ state: 'held' });
    expect((await deletion()).hold_reason).toContain('1 of 3 recordings could not be fetched');

    const { database, clock } = engine.directory;
    const decisions = makeLeaverDecisions({
      store: makeLeaverDecisionStore(database),
      now: () => clock.now(),
    });
    await decisions.waive({
      tenantId: engine.account.tenantId,
      deletionId: (await deletion()).id,
      actor: 'boss',
      reason: 'Lost at the vendor.',
    });
    await settle(1);
    expect(isDeleted()).toBe(true);
    expect((await deletion()).certificate).toMatchObject({
      isClean: false,
      archive: { stored: 2, waived: 1 },
    });
  });

  it('gives up a recording when its class expires: announced before, audited after, and not under a legal hold', async () => {
    const sink = bucket();
    await open(sink, 2);
    await settle(1);
    const { database, clock, newId } = engine.directory;
    const purge = makePurge({
      purges: makePurgeStore(database),
      archive: { openSink: () => Promise.resolve(sink) },
      clock,
      newId,
      log: pino({ level: 'silent' }),
      noticeUrl: (id) => `https://patchbay.example/removals/${id}`,
    });
    await engine.query(
      "update archive_objects set expires_at = now() - interval '1 day' where call_id = '1'",
    );
    const [one, two] = await objects();
    const holds = makeLegalHolds({ store: makeLegalHoldStore(database), newId, now: () => clock.now() });
    const [{ subject_id: personId }] = (await engine.query<{ subject_id: string }>(
      'select subject_id from deletions',
    )) as [{ subject_id: string }];
    await purge();
    expect(await sink.read(one!.object_key)).not.toBeNull();
    expect(await engine.query('select state, object_count from retention_purges')).toEqual([
      { state: 'announced', object_count: 1 },
    ]);
    const mails = () =>
      engine.query<{ subject: string; body_text: string; attachments: readonly { text: string }[] }>(
        "select subject, body_text, attachments from mail_outbox where kind = 'recordings'",
      );
    const [mail] = await mails();
    expect(mail?.subject).toMatch(
      /^1 recording of leavers will be removed from the archive of Phones on \d/u,
    );
    expect(mail?.body_text).toContain('set a legal hold on the person before that day');
    expect(mail?.body_text).toContain('https://patchbay.example/removals/');
    expect(mail?.attachments[0]?.text).toContain(one!.object_key);
    await purge();
    expect(await mails()).toHaveLength(1);

    const { tenantId } = engine.account;
    await holds.set({ tenantId, personId, reason: 'Case 17', until: null, actor: 'legal' });
    await engine.query("update retention_purges set due_at = now() - interval '1 hour'");
    await purge();
    expect(await sink.read(one!.object_key)).not.toBeNull();

    await holds.release({ tenantId, personId, actor: 'legal' });
    await purge();
    await engine.query("update retention_purges set due_at = now() - interval '1 hour'");
    await purge();
    expect(await sink.read(one!.object_key)).toBeNull();
    expect(await sink.read(two!.object_key)).not.toBeNull();
    const audit = await engine.query<{ action: string }>(
      "select action from audit_events where action like 'retention.%' order by id",
    );
    expect(audit.map(({ action }) => action)).toEqual([
      'retention.announced',
      'retention.removed',
      'retention.announced',
      'retention.removed',
    ]);
  });

  it('announces nothing that lies where the archive is no longer, and says that it is there', async () => {
    const sink = bucket();
    await open(sink, 2);
    await settle(1);
    const { database, clock, newId } = engine.directory;
    const purge = makePurge({
      purges: makePurgeStore(database),
      archive: { openSink: () => Promise.resolve(sink) },
      clock,
      newId,
      log: pino({ level: 'silent' }),
      noticeUrl: (id) => id,
    });
    await engine.query("update archive_objects set expires_at = now() - interval '1 day'");
    await engine.query("update archive_objects set place = 'elsewhere'");
    await purge();
    expect(await engine.query('select id from retention_purges')).toEqual([]);
    await engine.query("update archive_objects set place = '" + sink.place + "' where call_id = '1'");
    await purge();
    expect(await engine.query('select object_count from retention_purges')).toEqual([{ object_count: 1 }]);
    const [mail] = await engine.query<{ body_text: string }>('select body_text from mail_outbox');
    expect(mail?.body_text).toContain(
      '1 more have expired in an archive that this phone system does not use',
    );
  });

  it('that is down stops this deletion only, and says so', async () => {
    const broken: ArchiveSink = { ...bucket(), write: () => Promise.reject(new Error('the disk is full')) };
    await open(broken, 2);
    const before = engine.vendor.byEmail(emailOf('Bea'));
    await settle(6);

    expect(isDeleted()).toBe(false);
    expect(before).toBeDefined();
    expect((await deletion()).hold_reason).toContain('the disk is full');
    expect(await engine.query("select state from accounts where state = 'paused'")).toEqual([]);
  });

  it('takes many recordings with 3 % failing downloads in flat memory, complete, and the certificate says so', async () => {
    await open(makeDirectorySink(join(folder, 'many')), MANY, 4_000);
    host.fault = (id, attempt) => (Number(id) % 33 === 0 && attempt < 3 ? 'refuse' : null);
    // Measured from where everything is warm: what matters is that nothing grows with the number of recordings.
    let warm = 0;
    let peak = 0;
    const resident = { warm: 0, peak: 0 };
    const watch = setInterval(() => {
      if (host.requests.size < MANY / 3) return;
      const held = heldMemory();
      const { rss } = process.memoryUsage();
      if (warm === 0) [warm, resident.warm] = [held, rss];
      peak = Math.max(peak, held);
      resident.peak = Math.max(resident.peak, rss);
    }, 1_000);
    try {
      await settle(12);
    } finally {
      clearInterval(watch);
    }

    expect((await deletion()).certificate).toMatchObject({
      isClean: true,
      manifest: { calls: MANY, recordings: MANY },
      archive: { stored: MANY, rehashed: MANY, damaged: 0, waived: 0 },
    });
    expect(engine.vendor.writes().filter(({ type }) => type === 'delete-agent')).toHaveLength(1);
    const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
    console.log(
      `archive of ${String(MANY)} recordings: held memory grew by ${megabytes(peak - warm)}, resident by ${megabytes(resident.peak - resident.warm)}`,
    );
    expect(warm).toBeGreaterThan(0);
    expect(peak - warm).toBeLessThan(50_000_000);
  });
});
