import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultRuleInput } from '../../../src/sandbox/fault-rules.js';
import { uniformAt } from '../../../src/sandbox/prng.js';
import { makeInstallation, type Installation } from '../../support/installation.js';
import { callScim, PATCH } from '../../support/scim-calls.js';
import { until, type ServiceProcess } from '../../support/service-process.js';

const SEED = Number(process.env['CRASH_SEED'] ?? randomInt(1_000_000));
/** More with `npm run crash`. */
const KILLS = Math.ceil(Number(process.env['CRASH_KILLS'] ?? 6) / 2);
const LEAVERS = 6;
const STAYERS = 3;

/** The two moments that matter most: the phone system was asked to delete, and how that ended nobody here knows. */
const HANGING: readonly FaultRuleInput[] = [
  {
    name: 'deleted, not answered',
    kind: 'timeout',
    applies: true,
    match: { method: 'DELETE', path: '^/v1/users/' },
    nth: 1,
  },
  { name: 'neither', kind: 'timeout', match: { method: 'DELETE', path: '^/v1/users/' }, nth: 3 },
];

type Moment = { readonly hanging: string } | { readonly requests: number };

/** Then so many requests after the start, a deletion being about five of them. */
const MOMENTS: readonly Moment[] = [
  ...HANGING.map(({ name = '' }) => ({ hanging: name })),
  ...Array.from({ length: KILLS }, (_, index) => ({
    requests: 1 + Math.floor(uniformAt(SEED, 7, index) * 14),
  })),
];

describe(`kill -9 while leavers are deleted for good (CRASH_SEED=${SEED})`, () => {
  let installation: Installation;

  beforeAll(async () => {
    console.log(`kill -9 (CRASH_SEED=${SEED}):`, JSON.stringify(MOMENTS));
    installation = await makeInstallation({ PATCHBAY_LOG_LEVEL: 'warn' });
    const service = await installation.serve();
    const ids = await hire(installation, service.ready);
    await allowDeletions(installation);
    await installation.dashboard.setFaults(HANGING);
    await dismiss(service.ready, ids.slice(0, LEAVERS));
    await killAndRestart(installation, service);
    await until(() => isDone(installation), 'every deletion verified');
  });

  afterAll(() => installation.remove());

  it('everybody who left is deleted exactly once, and nobody else', async () => {
    const requests = await installation.dashboard.requests();
    const deleted = requests
      .flatMap(({ effects }) => effects)
      .filter((effect) => effect.startsWith('user.deleted'));
    expect([deleted.length, new Set(deleted).size]).toEqual([LEAVERS, LEAVERS]);
    const { users, deletedUsers } = await installation.dashboard.state();
    for (const { name } of HANGING)
      expect(requests.filter(({ fault }) => fault?.rule === name)).toHaveLength(1);
    expect([users.length, deletedUsers.length]).toEqual([STAYERS + 1, LEAVERS]);
  });

  it('no deletion is asked for again once it has happened', async () => {
    const done = new Set<string>();
    for (const { method, path, effects } of await installation.dashboard.requests()) {
      if (method !== 'DELETE' || !path.startsWith('/v1/users/')) continue;
      expect([path, done.has(path)]).toEqual([path, false]);
      if (effects.length > 0) done.add(path);
    }
    expect(done.size).toBe(LEAVERS);
  });

  it('each has its manifest, which was there before the phone system was asked to delete', async () => {
    const rows = await installation.query<{ complete: string; hash: string | null }>(
      "select manifest->>'isComplete' as complete, manifest_hash as hash from deletions",
    );
    expect(rows).toHaveLength(LEAVERS);
    for (const row of rows)
      expect(row).toEqual({ complete: 'true', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

interface Ready {
  readonly scimBaseUrl: string;
  readonly token: string | null;
}

async function hire({ dashboard }: Installation, ready: Ready): Promise<readonly string[]> {
  const scim = callScim(ready);
  const ids: string[] = [];
  for (let number = 0; number < LEAVERS + STAYERS; number += 1) {
    ids.push(await scim.addUser(`person${number}@demo.example`, ['Sales US']));
  }
  const arrived = async () =>
    (await dashboard.state()).users.filter(({ teamIds }) => teamIds.length === 1).length;
  await until(async () => (await arrived()) === ids.length, 'all agents');
  return ids;
}

/** No grace, and limits that let this many go at once. */
async function allowDeletions(installation: Installation): Promise<void> {
  const safety = { removalFloor: 100, removalsPerHourMax: 1_000, directoryShrinkShareMax: 1 };
  const input = JSON.stringify({ graceDays: 0, safety });
  await installation.run(['account', 'settings', 'aircall', '--tenant', 'demo', '--file', '-'], { input });
}

async function dismiss(ready: Ready, ids: readonly string[]): Promise<void> {
  const Operations = [{ op: 'replace', value: { active: false } }];
  for (const id of ids) await callScim(ready).send('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations });
}

/** Kills until every moment was used, or all deletions are done. */
async function killAndRestart(installation: Installation, first: ServiceProcess): Promise<void> {
  let service = first;
  for (const moment of MOMENTS) {
    const from = (await installation.dashboard.logged()).length;
    const isThere = async () => {
      const logged = await installation.dashboard.logged();
      if ('requests' in moment) return logged.length >= from + moment.requests;
      return logged.some(({ fault }) => fault?.rule === moment.hanging);
    };
    await until(async () => (await isThere()) || (await isDone(installation)), JSON.stringify(moment));
    if ('hanging' in moment)
      await until(() => hasFired(installation, moment.hanging), 'the counter is saved');
    await service.end('SIGKILL');
    service = await installation.start(['serve', '--demo']);
  }
}

/** Whether a restart would know: otherwise the same request would hang again. */
async function hasFired({ dashboard }: Installation, hanging: string): Promise<boolean> {
  return (await dashboard.savedFaults()).some(({ name, fired }) => name === hanging && fired > 0);
}

async function isDone(installation: Installation): Promise<boolean> {
  const rows = await installation.query<{ state: string }>('select state from deletions');
  return rows.filter(({ state }) => state === 'verified').length === LEAVERS;
}
