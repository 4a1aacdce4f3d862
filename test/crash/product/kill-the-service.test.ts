import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GROUPS, PEOPLE } from '../../../src/demo/cast.js';
import { uniformAt } from '../../../src/sandbox/prng.js';
import { makeInstallation, type Installation } from '../../support/installation.js';
import { until, type ServiceProcess } from '../../support/service-process.js';

/** 30 with `npm run crash`. */
const KILLS = Number(process.env['CRASH_KILLS'] ?? 6);
/** Printed, so that a failure can be played again: CRASH_SEED=... */
const SEED = Number(process.env['CRASH_SEED'] ?? randomInt(1_000_000));

/** When the service dies: so long after it was started, or so many requests to the phone system later. */
type Moment =
  | { readonly after: 'milliseconds'; readonly count: number }
  | { readonly after: 'requests'; readonly count: number };

const MOMENTS: readonly Moment[] = Array.from({ length: KILLS }, (_, index) => {
  const chance = (stream: number) => uniformAt(SEED, stream, index);
  return chance(0) < 0.5
    ? { after: 'milliseconds', count: Math.floor(chance(1) * 2_500) }
    : { after: 'requests', count: Math.floor(chance(1) * 40) };
});

describe(`kill -9 of the service at ${KILLS} random moments of the demo (CRASH_SEED=${SEED})`, () => {
  let installation: Installation;
  let killed = 0;
  const plays: { code: number | null; stderr: string; result: unknown }[] = [];

  beforeAll(
    async () => {
      console.log(`kill -9 at these moments (CRASH_SEED=${SEED}):`, MOMENTS.map(describeMoment).join(', '));
      installation = await makeInstallation({ PATCHBAY_LOG_LEVEL: 'warn' });
      let service: ServiceProcess = await installation.serve();
      while (killed < KILLS) {
        // Played again until every kill has found its moment: the morning moves people even then.
        await waitUntilReady(installation);
        const demo = await installation.start(['demo', '--json']);
        await demo.said(/People are pushed/, 'stderr');
        while (killed < KILLS && (await hasCome(installation, MOMENTS[killed], demo))) {
          await service.end('SIGKILL');
          killed += 1;
          service = await installation.start(['serve', '--demo']);
        }
        const { code, stdout, stderr } = await demo.ended;
        plays.push({ code, stderr, result: code === 0 ? JSON.parse(stdout) : stdout });
      }
      await waitUntilReady(installation);
    },
    1_200_000 + KILLS * 60_000,
  );

  afterAll(() => installation.remove());

  it('every morning ends with exactly what everybody should hold', () => {
    expect(killed).toBe(KILLS);
    for (const play of plays) {
      expect(play).toMatchObject({ code: 0, result: { mismatches: [], aftermath: { held: [] } } });
    }
    expect(plays.at(-1)?.result).toMatchObject({ aftermath: { parked: { length: 4 } } });
  });

  it('nobody was created twice, and nobody deleted within the grace period', async () => {
    const requests = await installation.dashboard.requests();
    const effects = requests.flatMap((request) => request.effects);
    const deletes = requests.filter(
      ({ method, path }) => method === 'DELETE' && path.startsWith('/v1/users/'),
    );
    expect(deletes).toEqual([]);
    expect(effects.filter((effect) => effect.startsWith('user.deleted'))).toEqual([]);
    expect(effects.filter((effect) => effect.startsWith('user.created'))).toHaveLength(PEOPLE.length);
    expect(effects.filter((effect) => effect.startsWith('team.created'))).toHaveLength(4);
  });

  it('nothing that the IdP was told is stored was lost', async () => {
    const { token, scimBaseUrl } = await readScim(installation);
    const total = async (path: string) => {
      const answer = await fetch(`${scimBaseUrl}${path}?count=0`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return ((await answer.json()) as { totalResults: number }).totalResults;
    };
    expect([await total('/Users'), await total('/Groups')]).toEqual([PEOPLE.length, GROUPS.length]);
  });

  it('the whole account, read once more, is at rest: no change, no drift, nothing held, four leavers parked', async () => {
    const account = ['--tenant', 'demo', '--account', 'aircall'];
    const { plan } = await installation.runJson(['plan', ...account]);
    // A plan names what waits for a person each time, such as people who are on no number.
    const isChange = ({ action }: { action: string }): boolean => action !== 'manual';
    expect([plan.changes.filter(isChange), plan.drift]).toEqual([[], []]);
    const reconciled = await installation.runJson(['reconcile', ...account]);
    expect([reconciled.state, reconciled.tally.filter(isChange), reconciled.heldPlans]).toEqual([
      'applied',
      [],
      [],
    ]);
  });
});

function describeMoment({ after, count }: Moment): string {
  return after === 'requests' ? `${count} requests` : `${count} ms`;
}

/** Whether the moment came before the demo was over. */
async function hasCome(
  installation: Installation,
  moment: Moment | undefined,
  demo: ServiceProcess,
): Promise<boolean> {
  if (moment === undefined) return false;
  if (moment.after === 'milliseconds') await Promise.race([pause(moment.count), demo.ended]);
  else {
    const from = (await installation.dashboard.logged()).length;
    const isThere = async () => (await installation.dashboard.logged()).length >= from + moment.count;
    await until(async () => !demo.isRunning() || (await isThere()), describeMoment(moment));
  }
  return demo.isRunning();
}

async function waitUntilReady({ url }: Installation): Promise<void> {
  await until(
    async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok === true,
    'the service is ready',
  );
}

async function readScim(installation: Installation): Promise<{ token: string; scimBaseUrl: string }> {
  return installation.runJson(['token', 'create', '--tenant', 'demo']);
}
