import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import { seatWords } from '../../../src/report/model/seat-words.js';
import type { SeatFigures } from '../../../src/report/ports.js';
import { connectByHand } from '../../support/by-hand-story.js';
import { visit } from '../../support/console-visitor.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

const DAY = 86_400;
let world: ConsoleWorld;
let story: Story;
const source = () => ({ tenantId: story.tenantId, type: 'seats', id: story.account.id }) as const;

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  // As if everybody had been there for a year.
  await world.services.database
    .forTenant(story.tenantId)
    .updateTable('links')
    .set({ created_at: new Date(Date.now() - 365 * DAY * 1000) })
    .execute();
  await setSettings({ seatsContracted: 30, seatsMinimum: 40, unusedAfterDays: 60 });
  await call('Ada Lovelace', 5);
  await call('Björn Dahl', 50);
  await call('Chloé Martin', 100);
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});

async function setSettings(change: object): Promise<void> {
  const account = await world.services.accounts.byName(story.tenantId, 'aircall');
  await world.services.accounts.setSettings(account, { ...account.settings, ...change }, 'test');
}

async function call(name: string, daysAgo: number): Promise<void> {
  const { users, numbers } = story.sandbox.snapshot();
  const [first = ''] = name.split(' ');
  const user = users.find((one) => one.name.startsWith(first));
  await story.sandbox.dashboard.addCalls({
    count: 3,
    userId: user?.id ?? null,
    numberId: numbers[0]?.id ?? 0,
    startedAt: Math.floor(Date.now() / 1000) - daysAgo * DAY,
  });
}

async function compare(): Promise<SeatFigures> {
  const outcome = await world.engine.comparisons.compareNow(source(), 'manual');
  if (outcome.type !== 'complete') throw new Error(JSON.stringify(outcome));
  return outcome.figures.seats ?? ({} as SeatFigures);
}

async function found(kind: string): Promise<readonly string[]> {
  const all = await world.engine.comparisons.findings.list(story.tenantId, {
    source: source(),
    state: 'open',
    limit: 500,
  });
  return all
    .flatMap(({ finding }) => (finding.class === kind ? [finding.about.split('@')[0] ?? ''] : []))
    .toSorted();
}

const requestsSince = (seq: number) =>
  story.sandbox.requestLog.entries().filter((one) => one.seq > seq && one.path.startsWith('/v1/calls'));
const lastRequest = (): number => story.sandbox.requestLog.lastSeq();

describe('seats compared with their use', () => {
  it('tells who has not phoned for as long as the settings say, who left, and what the invoice comes to', async () => {
    const seats = await compare();
    const { users } = story.sandbox.snapshot();
    expect(await found('parked-seat')).toEqual(['nils.berg', 'wanda.krol', 'zoe.clark']);
    const unused = await found('unused-seat');
    expect(unused).toContain('chloe.martin');
    expect(unused).not.toContain('ada.lovelace');
    expect(unused).not.toContain('bjorn.dahl');
    expect(seats).toMatchObject({
      held: users.length,
      parked: 3,
      unused: users.length - 3 - 2,
      contracted: 30,
      minimum: 40,
      billed: 40,
      nextInvoice: { amount: 1_200, currency: 'EUR' },
    });
    expect(seats.idleCost?.amount).toBe((3 + (seats.unused ?? 0)) * 30);
  });

  it('says in words what they come to', async () => {
    expect(seatWords(await compare())).toMatch(
      /^\d+ held of 30 planned, 3 by people who left, (\d+ by nobody we know, )?\d+ without use, (\d+ without a call since they were invited, )?40 billed \(the minimum\), next invoice about €1,200$/,
    );
  });

  it('asks one question for each agent, and afterwards only about those who may be without use', async () => {
    const before = lastRequest();
    await compare();
    const asked = requestsSince(before);
    const { users } = story.sandbox.snapshot();
    // Ada called lately; nobody needs to be asked about her. Whoever was asked before is asked about since then.
    expect(asked.length).toBe(users.length - 1);
    const oldest = Math.floor(Date.now() / 1000) - DAY;
    for (const { query } of asked)
      expect(Number(new URLSearchParams(query).get('from'))).toBeGreaterThan(oldest);
  });

  it('somebody who phones again is no finding any more; a parked person who phones is one of the phone system', async () => {
    await call('Chloé Martin', 0);
    await call('Nils Berg', 0);
    await compare();
    expect(await found('unused-seat')).not.toContain('chloe.martin');
    await world.services.lookAgain(story.account);
    await story.drain();
    const critical = await world.engine.comparisons.findings.list(story.tenantId, {
      class: 'parked-active',
      state: 'open',
      limit: 10,
    });
    expect(critical.map(({ finding }) => finding.about)).toEqual(['nils.berg@acme.example']);
  });

  it('more seats than the plan has are told, and are not when the contract has them', async () => {
    await setSettings({ seatsContracted: 5 });
    await compare();
    expect(await found('seats-over-plan')).toEqual(['Seats']);
    await setSettings({ seatsContracted: null, safety: { seatCeiling: null, removalFloor: 5 } });
    const seats = await compare();
    expect(await found('seats-over-plan')).toEqual([]);
    expect(seats.contracted).toBeNull();
  });

  it('a vendor that does not answer is an incomplete run that resolves nothing, and keeps what was learnt', async () => {
    const before = await found('parked-seat');
    await story.sandbox.faults.set([{ kind: 'error', status: 503, match: { path: '/v1/calls/search' } }]);
    const outcome = await world.engine.comparisons.compareNow(source(), 'manual');
    await story.sandbox.faults.clear();
    expect(outcome).toMatchObject({ type: 'incomplete' });
    expect(await found('parked-seat')).toEqual(before);
  });

  it('a paused account is not asked about its calls', async () => {
    const account = await world.services.accounts.byName(story.tenantId, 'aircall');
    await world.services.accounts.setPaused(account, 'test', 'test');
    await expect(world.engine.comparisons.compareNow(source(), 'manual')).rejects.toThrow(AppError);
    await world.services.accounts.setPaused(account, null, 'test');
  });

  it('are compared with the plan only where the vendor lists no calls, and that is said', async () => {
    const { comparisons } = world.engine;
    await connectByHand(world, story.tenantId);
    const account = await world.services.accounts.byName(story.tenantId, 'vxt');
    await world.services.accounts.setSettings(account, { ...account.settings, seatsContracted: 5 }, 'test');
    const vxt = { tenantId: story.tenantId, type: 'seats', id: account.id } as const;
    const outcome = await comparisons.compareNow(vxt, 'manual');
    if (outcome.type !== 'complete') throw new Error(JSON.stringify(outcome));
    const { seats } = outcome.figures;
    expect(seats).toMatchObject({
      use: 'not-listed',
      unused: null,
      noCallSinceInvited: null,
      neverAccepted: expect.any(Number),
      contracted: 5,
      billed: 5,
    });
    expect(seatWords(seats!)).toContain('use not known because this phone system lists no calls');
    const sources = await comparisons.view.sources(story.tenantId);
    expect(
      sources.flatMap(({ source: { type }, name, hasUse }) => (type === 'seats' ? [[name, hasUse]] : [])),
    ).toEqual([
      ['aircall', true],
      ['vxt', false],
    ]);
    const viewer = await visit(world, story.tenantId, 'viewer');
    const { html } = await viewer.get('/comparisons');
    expect(html.split('Seats against the plan')).toHaveLength(2);
    expect(html.split('this phone system lists no calls.')).toHaveLength(2);
    const policies = async (id: string) => (await viewer.get(`/comparisons/seats/${id}/policies`)).html;
    expect(await policies(account.id)).not.toContain('Seats without use');
    expect(await policies(account.id)).toContain('More seats than the plan has');
    expect(await policies(story.account.id)).toContain('Seats without use');
  });

  it('have policies of their own', async () => {
    const { findings } = world.engine.comparisons;
    await findings.setPolicy(source(), { class: 'unused-seat', policy: 'ask', actor: 'test' });
    const chosen = await findings.policies(source());
    expect(chosen.map((one) => [one.class, one.policy])).toEqual([
      ['unused-seat', 'ask'],
      ['parked-seat', 'report'],
      ['seats-over-plan', 'report'],
    ]);
    await expect(
      findings.setPolicy(source(), { class: 'team-added', policy: 'ask', actor: 'test' }),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });
});
