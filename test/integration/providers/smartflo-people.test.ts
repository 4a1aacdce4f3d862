import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWorklist } from '../../../src/administration/worklist.js';
import { smartflo } from '../../../src/providers/smartflo/definition.js';
import type { HttpRequest } from '../../../src/providers/port.js';
import { makeSuccessors } from '../../../src/deprovision/successors.js';
import { makeReadingStore } from '../../../src/store/readings.js';
import { makeSuccessorStore } from '../../../src/store/retention/successors.js';
import { makeWorklistStore } from '../../../src/store/console/worklist.js';
import { startSmartflo, type SmartfloHarness } from '../../contract/smartflo-harness.js';
import { openComparisons, type ComparisonFixture } from '../../support/comparisons.js';
import { groupRule } from '../../support/engine.js';

const ADA = 'ada@example.com';

/**
 * One person's time in Smartflo, by the whole engine with its comparisons over real HTTP. Each test goes on where the
 * one before ended.
 */
let harness: SmartfloHarness;
let fixture: ComparisonFixture;
let ada: string;
const sent: HttpRequest[] = [];
const log: string[] = [];

beforeAll(async () => {
  harness = await startSmartflo();
  const config = smartflo.configSchema.parse({});
  const provider = harness.open({
    // Looks at each person, so that their settings are read.
    config: { userReadsMax: 60 },
    async beforeRequest(_call, _count, request) {
      if (request !== undefined) sent.push(request);
    },
  });
  const toLog = new Writable({
    write: (line: Buffer, _encoding, done) => {
      log.push(line.toString());
      done();
    },
  });
  fixture = await openComparisons({
    settings: { graceDays: 30 },
    overrides: () => ({
      log: pino({ level: 'trace' }, toLog),
      vendors: {
        open: () =>
          Promise.resolve({
            displayName: smartflo.displayName,
            provider,
            capabilities: smartflo.capabilitiesFor(config),
            limits: smartflo.limits,
            protections: [],
            dashboard: smartflo.dashboard,
            dashboardLink: (place) => smartflo.dashboardLink(config, place),
          }),
      },
    }),
  });
  const rule = groupRule('Sales', { teams: ['Support'], role: 'supervisor' });
  const settings = { designation: 'Lead', twoFactor: 'true' };
  await fixture.engine.saveRules([{ ...rule, grant: { ...rule.grant, settings } }]);
  await fixture.reconcile();
  ada = await fixture.engine.addUser('Ada', ['Sales']);
  await fixture.engine.settle();
});

afterAll(async () => {
  await fixture?.engine.close();
  await harness?.[Symbol.asyncDispose]();
});

function inSmartflo() {
  const person = harness.sandbox.snapshot().users.find(({ email }) => email === ADA);
  if (person === undefined) throw new Error(`there is no ${ADA}`);
  return person;
}

interface Task {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly steps: readonly string[];
  readonly link: string;
  readonly days: number;
}

const tasks = (kind: string) =>
  fixture.engine.query<Task>(
    `select id, title, state, steps, link, extract(epoch from due_at - created_at)::float / 86400 as days
      from worklist_items where kind = '${kind}'`,
  );

/** Where in the database a text stands, in columns of any type. */
async function tablesWith(text: string): Promise<readonly string[]> {
  const tables = await fixture.engine.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  );
  expect(tables.length).toBeGreaterThan(30);
  const hex = Buffer.from(text).toString('hex');
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await fixture.engine.query<{ count: string }>(
      `select count(*) from ${name} t
        where position('${text}' in to_jsonb(t)::text) > 0 or position('${hex}' in to_jsonb(t)::text) > 0`,
    );
    if (row?.count !== '0') found.push(name);
  }
  return found;
}

it('the first password of a newcomer stands in the request that makes them, and nowhere else', async () => {
  const bodies = sent.flatMap(({ method, url, body }) =>
    method === 'POST' && url.endsWith('/v1/user') ? [JSON.parse(body ?? '') as { password: string }] : [],
  );
  expect(bodies).toHaveLength(1);
  const password = bodies[0]?.password ?? '';
  await expect(harness.open({ secrets: { email: ADA, password } }).validate()).resolves.toBeDefined();

  expect(await tablesWith(password)).toEqual([]);
  expect(log.join('')).not.toContain(password);
  // The same looks find what is there.
  const known = ['public.audit_events', 'public.changes', 'public.links', 'public.worklist_items'];
  expect(await tablesWith(ADA)).toEqual(expect.arrayContaining(known));
  expect(log.join('')).toContain('change ended');
  expect(sent.filter(({ body }) => body?.includes(password) === true)).toHaveLength(1);
});

it('somebody is asked to tell them how to choose their own, until a person says that it is done', async () => {
  expect(await tasks('choose-password')).toMatchObject([
    {
      state: 'open',
      title: `Tell ${ADA} how to choose a password for Smartflo`,
      link: 'https://smartflo.tatatelebusiness.com/',
      days: 3,
    },
  ]);
  const [task] = await tasks('choose-password');
  expect(task?.steps.join(' ')).toMatch(/"Forgot password" and enter ada@example\.com/u);

  await fixture.reconcile();
  expect(await tasks('choose-password')).toEqual([task]);
  const { clock, database } = fixture.engine.directory;
  const worklist = makeWorklist({ store: makeWorklistStore(database), now: () => clock.now() });
  const { tenantId } = fixture.engine.account;
  clock.advance(60_000);
  await worklist.done({ tenantId, taskId: task?.id ?? '', actor: 'console:ida@example.com' });
  await fixture.reconcile();
  await fixture.reconcile();

  expect(await tasks('choose-password')).toMatchObject([{ id: task?.id, state: 'done' }]);
  expect((await fixture.keys()).filter((key) => key.startsWith('task-'))).toEqual([]);
});

it('what the API has no field for is a task with the exact steps, at the page of the person', async () => {
  const [task] = await tasks('change-setting');

  expect(task).toMatchObject({
    state: 'open',
    title: `Set Two Factor Authentication of ${ADA} to "true" in Smartflo`,
    steps: expect.arrayContaining([
      `In the Smartflo portal open Users and click ${ADA}.`,
      'Click Edit and set Two Factor Authentication to "true".',
    ]),
  });
});

it('a setting that somebody changed in the portal is found, set again, and then as it should be', async () => {
  const key = `setting:${ada}:designation`;
  expect(inSmartflo().designation).toBe('Lead');
  await harness.sandbox.dashboard.editUser({ userId: inSmartflo().id, designation: 'Boss' });

  await fixture.reconcile();

  expect(await fixture.byKey(key)).toMatchObject({
    finding: { class: 'setting', evidence: { expected: 'Lead', found: 'Boss' } },
    resolvedAt: null,
  });
  expect(inSmartflo().designation).toBe('Lead');
  await fixture.reconcile();

  expect(await fixture.keys()).not.toContain(key);
  expect(await fixture.keys('resolved')).toContain(key);
  expect(inSmartflo().designation).toBe('Lead');
});

it('a leaver is blocked, agent and web login, and unblocked when they come back', async () => {
  const blocked = () => [inSmartflo().agent?.isBlocked, inSmartflo().isWebLoginBlocked];
  const patches = () =>
    sent.flatMap(({ method, body }) =>
      method === 'PATCH' && body?.includes('block_') === true ? [JSON.parse(body) as unknown] : [],
    );
  await fixture.engine.setActive(ada, false);
  await fixture.engine.settle();
  expect(blocked()).toEqual([true, true]);
  expect(inSmartflo().departments).toEqual([]);

  await fixture.engine.setActive(ada, true);
  await fixture.engine.settle();

  expect(blocked()).toEqual([false, false]);
  expect(inSmartflo().departments).toEqual(['Support']);
  expect(patches()).toEqual([
    { block_agent: true, block_web_login: true },
    { block_agent: false, block_web_login: false },
  ]);
});

it('a line that rang a leaver alone is led to whoever takes over, until the leaver is back', async () => {
  const { engine } = fixture;
  const { database, clock } = engine.directory;
  const number = '+918065485979';
  const agentOf = (email: string) =>
    harness.sandbox.snapshot().users.find((one) => one.email === email)?.agent?.id;
  const leadsTo = () => harness.sandbox.snapshot().numbers.find(({ did }) => did === number)?.destination;
  await engine.addUser('Bea', ['Sales']);
  const entitlement = { type: 'number', number, kind: 'assigned' } as const;
  await harness.open().write({ type: 'grant', providerUserId: String(inSmartflo().id), entitlement });
  await fixture.reconcile();
  expect(leadsTo()).toBe(`agent||${agentOf(ADA)}`);

  await engine.setActive(ada, false);
  await engine.settle();
  expect(leadsTo()).not.toContain('agent');
  const successors = makeSuccessors({
    store: makeSuccessorStore(database),
    readings: makeReadingStore(database),
    now: () => clock.now(),
  });
  const [{ id: deletionId }] = (await engine.query<{ id: string }>(
    "select id from deletions where state = 'scheduled'",
  )) as [{ id: string }];
  const to = { type: 'person', email: 'bea@example.com' } as const;
  await successors.choose({ tenantId: engine.account.tenantId, deletionId, actor: 'boss', to });
  await engine.settle();
  expect(leadsTo()).toBe(`agent||${agentOf('bea@example.com')}`);
  await fixture.reconcile();
  expect(leadsTo()).toBe(`agent||${agentOf('bea@example.com')}`);

  await engine.setActive(ada, true);
  await engine.settle();
  expect(leadsTo()).not.toContain('agent');
});

it('before they are deleted for good, the manifest lists their calls from the call records', async () => {
  const startedAt = fixture.engine.directory.clock.now().getTime() - 2 * 86_400_000;
  const numberId = harness.numberIds['Main'] ?? 0;
  await harness.sandbox.dashboard.addCalls({
    userId: inSmartflo().id,
    numberId,
    count: 3,
    startedAt,
    spacingSeconds: 3600,
    durationSeconds: 60,
  });
  await fixture.engine.setActive(ada, false);
  await fixture.engine.settle();
  await fixture.engine.query("update deletions set due_at = now() - interval '1 minute'");
  await fixture.engine.query(
    "update links set delete_due_at = now() - interval '1 minute' where ended_at is null",
  );
  await fixture.engine.settle();

  const [deletion] = await fixture.engine.query<{ manifest: { calls: readonly object[] } | null }>(
    "select manifest from deletions where state not in ('cancelled', 'restored')",
  );
  const call = { number: '+918065485979', durationSeconds: 60, hasRecording: true };
  expect(deletion?.manifest).toMatchObject({ email: ADA, isComplete: true, calls: [call, call, call] });
  expect(harness.sandbox.snapshot().users.map(({ email }) => email)).not.toContain(ADA);
});
