import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSuccessors } from '../../src/deprovision/successors.js';
import type { Certificate } from '../../src/deprovision/proof/certificate.js';
import { makeAircallSandbox, type AircallSandbox } from '../../src/sandbox/aircall/sandbox.js';
import { makeReadingStore } from '../../src/store/readings.js';
import { makeSuccessorStore } from '../../src/store/retention/successors.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../support/engine.js';
import { sandboxVendors, type SandboxAccount } from '../support/sandbox-vendor.js';
import type { ChildOrder } from './drain-child.js';

/** The changes of one drain, in their order. */
const CHANGES = ['park', 'revoke', 'update', 'restore', 'create-team', 'create', 'grant'];
/** The moments between the steps of each. */
const STEPS = ['started', 'written', 'ended'] as const;
const APPLYING = CHANGES.flatMap((change) => STEPS.map((step) => `${change}:${step}`));

/** Every moment between two steps of manifest, archive, deletion and proof, in their order. */
const DELETING = [
  'delete:judged',
  'manifest:saved',
  'delete:manifest',
  'archive:wanted',
  'archive:written',
  'archive:recorded',
  'delete:archived',
  'handover:recorded',
  'delete:handed-over',
  'delete:documented',
  'delete:begun',
  'delete:called',
  'delete:recorded',
  'verify:proved',
  'verify:checked',
  'verify:rehashed',
  'verify:documented',
  'delete:verified',
];

interface Outcome {
  readonly exitSignal: NodeJS.Signals | null;
  readonly checkpoints: readonly string[];
  readonly report: string | null;
}

describe('a worker that is killed', () => {
  let engine: EngineFixture;
  let sandbox: AircallSandbox;
  let address: SandboxAccount;
  let closeVendors: () => void;
  let folder: string;
  let numberId = 0;
  let round = 0;

  beforeAll(async () => {
    sandbox = makeAircallSandbox({ settings: { requestsPerMinute: null } });
    const { apiId, apiToken, numberIds } = await sandbox.dashboard.seedCompany({
      name: 'Example',
      owner: { email: 'owner@example.com', firstName: 'Olive', lastName: 'Owner' },
      teams: ['Sales', 'Support'],
      numbers: [{ name: 'Paris', digits: '+33 1 76 11 11 11', country: 'FR', ringsTeams: [] }],
    });
    numberId = numberIds['Paris'] ?? 0;
    folder = await mkdtemp(join(tmpdir(), 'drain-'));
    address = { url: (await sandbox.start()).url, apiId, apiToken };
    const { vendors, close } = sandboxVendors(address);
    closeVendors = close;
    const safety = { removalFloor: 1_000, removalsPerHourMax: 10_000, flapsPerDayMax: 1_000 };
    engine = await openEngine({
      settings: { safety, taskWithoutNumber: false, archive: { policy: 'audio' } },
      overrides: () => ({ vendors }),
    });
    const squads = groupRule('Squads', { teams: ['Squad {title}'] });
    await engine.saveRules([
      groupRule('Sales', { teams: ['Sales'] }),
      groupRule('Support', { teams: ['Support'] }),
      squads,
    ]);
    await engine.addUser('Anchor', ['Sales']);
    await engine.join('Support');
    await engine.join('Squads');
    await engine.requestReconcile();
    await engine.settle();
  });

  afterAll(async () => {
    closeVendors();
    await engine.close();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function work(dieAt: string | null): Promise<Outcome> {
    const order: ChildOrder = {
      databaseUrl: engine.directory.testDatabase.url,
      account: engine.account,
      sandbox: address,
      dieAt,
      archiveFolder: join(folder, 'archive'),
    };
    const file = join(import.meta.dirname, 'drain-child.ts');
    const loader = join(import.meta.dirname, '../support/source-loader.ts');
    const child = spawn(process.execPath, ['--import', loader, file, JSON.stringify(order)], {
      // To read the sources is most of what a short-lived process does: once is enough.
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const lines = (await text(child.stdout)).split('\n');
    const [, exitSignal] = await exited;
    const after = (word: string): readonly string[] =>
      lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
    return { exitSignal, checkpoints: after('checkpoint'), report: after('report')[0] ?? null };
  }

  interface Cast {
    readonly joiner: string;
    readonly squad: string;
    readonly mover: string;
    readonly leaver: string;
    readonly returner: string;
    readonly doomed: string;
  }

  /** Brings people into the states from which one drain has to do everything there is to do. */
  async function stage(): Promise<Cast> {
    round += 1;
    const name = (role: string): string => `${role}${round}`;
    const mover = await engine.addUser(name('Mover'), ['Sales']);
    const leaver = await engine.addUser(name('Leaver'), ['Sales']);
    const returner = await engine.addUser(name('Returner'), ['Sales']);
    const doomed = await engine.addUser(name('Doomed'), ['Sales']);
    await engine.settle();
    const doomedAgent = sandbox.snapshot().users.find(({ email }) => email === emailOf(name('Doomed')));
    await sandbox.dashboard.addCalls({
      userId: doomedAgent?.id ?? 0,
      numberId,
      count: 2,
      startedAt: Math.floor(Date.now() / 1_000) - 30 * 86_400,
      recordingBytes: 1_000,
    });
    await engine.setActive(returner, false);
    await engine.setActive(doomed, false);
    await engine.settle();
    await engine.query(
      `update deletions set due_at = now() - interval '1 hour' where subject_id = '${doomed}'`,
    );
    await engine.query(
      `update links set delete_due_at = now() - interval '1 hour' where subject_id = '${doomed}'`,
    );
    await engine.addUser(name('Joiner'), ['Sales', 'Squads'], { title: String(round) });
    await engine.join('Support', mover);
    await engine.leave('Sales', mover);
    await engine.setActive(leaver, false);
    await engine.setActive(returner, true);
    return {
      joiner: emailOf(name('Joiner')),
      squad: `Squad ${round}`,
      mover: emailOf(name('Mover')),
      leaver: emailOf(name('Leaver')),
      returner: emailOf(name('Returner')),
      doomed: emailOf(name('Doomed')),
    };
  }

  function teamsOf(email: string): readonly string[] | null {
    const { users, teams } = sandbox.snapshot();
    const found = users.filter((user) => user.email === email);
    expect(found.length, `agents of ${email}`).toBeLessThanOrEqual(1);
    const [user] = found;
    if (user === undefined) return null;
    return teams
      .filter(({ id }) => user.teamIds.includes(id))
      .map(({ name }) => name)
      .toSorted();
  }

  async function expectEnd(cast: Cast, requestsBefore: number): Promise<void> {
    expect({
      joiner: teamsOf(cast.joiner),
      mover: teamsOf(cast.mover),
      leaver: teamsOf(cast.leaver),
      returner: teamsOf(cast.returner),
      doomed: teamsOf(cast.doomed),
    }).toEqual({
      joiner: ['Sales', cast.squad].toSorted(),
      mover: ['Support'],
      leaver: [],
      returner: ['Sales'],
      doomed: null,
    });
    const calls = sandbox.requestLog.entries({ after: requestsBefore });
    expect(
      calls.filter(({ method, path }) => method === 'DELETE' && path.startsWith('/v1/users/')),
    ).toHaveLength(1);
    expect(
      calls.flatMap(({ effects }) => effects).filter((effect) => effect.startsWith('user.created')),
    ).toHaveLength(1);
    expect(await engine.query('select * from dirty_subjects')).toEqual([]);
    expect(await engine.query("select id from changes where state in ('planned', 'applying')")).toEqual([]);
    const states = await engine.query<{ email: string; state: string }>(
      `select email, state from links where email like '%${round}@example.com' order by email`,
    );
    expect(Object.fromEntries(states.map(({ email, state }) => [email, state]))).toMatchObject({
      [cast.joiner]: 'active',
      [cast.mover]: 'active',
      [cast.leaver]: 'parked',
      [cast.returner]: 'active',
      [cast.doomed]: 'deleted',
    });
  }

  it('would pass every one of these moments if nothing killed it', async () => {
    const cast = await stage();
    const before = sandbox.requestLog.lastSeq();

    const outcome = await work(null);

    expect(outcome).toMatchObject({ exitSignal: null, report: '{"type":"idle"}' });
    expect([...new Set(outcome.checkpoints)].toSorted()).toEqual([...APPLYING, ...DELETING].toSorted());
    await expectEnd(cast, before);
  });

  /** A process after the other, each killed at its moment; the last one is left to finish. */
  async function killAtEach(moments: readonly string[]): Promise<void> {
    for (const moment of moments) {
      const killed = await work(moment);
      expect({ moment, ...killed }).toMatchObject({ moment, exitSignal: 'SIGKILL', report: null });
    }
    expect(await work(null)).toMatchObject({ exitSignal: null, report: '{"type":"idle"}' });
  }

  it('at every moment of a deletion, one after the other, deletes once and keeps every recording', async () => {
    const cast = await stage();
    const before = sandbox.requestLog.lastSeq();

    await killAtEach(DELETING);

    await expectEnd(cast, before);
    const [row] = await engine.query<{ certificate: Certificate }>(
      `select d.certificate from deletions d join links l on l.id = d.link_id where l.email = '${cast.doomed}'`,
    );
    expect(row?.certificate).toMatchObject({
      isClean: true,
      manifest: { calls: 2, recordings: 2 },
      archive: { stored: 2, rehashed: 2, damaged: 0 },
    });
  });

  it('at every moment between the choice of a successor and their write, gives them once what was left', async () => {
    round += 1;
    const heir = `Heir${round}`;
    const holder = await engine.addUser(`Holder${round}`, ['Sales', 'Squads'], { title: `H${round}` });
    await engine.addUser(heir, ['Sales']);
    await engine.settle();
    await engine.requestReconcile();
    await engine.settle();
    await engine.setActive(holder, false);
    await engine.settle();
    const [deletion] = await engine.query<{ id: string }>(
      `select id from deletions where subject_id = '${holder}'`,
    );
    const { database, clock } = engine.directory;
    const successors = makeSuccessors({
      store: makeSuccessorStore(database),
      readings: makeReadingStore(database),
      now: () => clock.now(),
    });
    const { tenantId } = engine.account;
    const to = { type: 'person', email: emailOf(heir) } as const;
    const before = sandbox.requestLog.lastSeq();
    await successors.choose({ tenantId, deletionId: deletion?.id ?? '', actor: 'boss', to });

    await killAtEach(['handover:recorded', 'grant:started', 'grant:written', 'grant:ended']);

    expect(teamsOf(emailOf(heir))).toEqual(['Sales', `Squad H${round}`]);
    const given = sandbox.requestLog.entries({ after: before }).flatMap(({ effects }) => effects);
    expect(given.filter((effect) => effect.startsWith('team.'))).toHaveLength(1);
    expect(await engine.query("select id from changes where state in ('planned', 'applying')")).toEqual([]);
  });

  it.each(STEPS)(
    'when a change of each kind has %s, leaves nothing behind that the next one cannot finish',
    async (step) => {
      const cast = await stage();
      const before = sandbox.requestLog.lastSeq();

      await killAtEach(CHANGES.map((change) => `${change}:${step}`));

      await expectEnd(cast, before);
    },
  );
});
