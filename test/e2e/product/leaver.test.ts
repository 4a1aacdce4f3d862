import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeInstallation, type Installation } from '../../support/installation.js';
import { callScim, PATCH, type ScimCalls } from '../../support/scim-calls.js';
import { until } from '../../support/service-process.js';

const AT_DEMO = ['aircall', '--tenant', 'demo'];
const CALLS = 7;

describe('a leaver', () => {
  let installation: Installation;
  let scim: ScimCalls;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    installation = await makeInstallation({ PATCHBAY_LOG_LEVEL: 'error' });
    scim = callScim((await installation.serve()).ready);
    for (const name of ['leaver', 'second', 'stays', 'remains']) {
      ids.set(name, await scim.addUser(`${name}@demo.example`, ['Sales EMEA']));
    }
    await until(async () => (await agents()).filter(({ teams }) => teams === 1).length === 4, 'all agents');
  });

  afterAll(() => installation.remove());

  async function agents() {
    const { users } = await installation.dashboard.state();
    return users
      .filter(({ isOwner }) => !isOwner)
      .map(({ id, email, teamIds, roleIds }) => ({
        id,
        name: email.split('@')[0],
        teams: teamIds.length,
        roleIds,
      }));
  }

  async function deactivate(name: string): Promise<void> {
    const Operations = [{ op: 'replace', value: { active: false } }];
    const answer = await scim.send('PATCH', `/Users/${ids.get(name)}`, { schemas: [PATCH], Operations });
    expect(answer.status).toBeLessThan(300);
  }

  const findAgent = async (name: string) => (await agents()).find((agent) => agent.name === name);
  const deletes = async () =>
    (await installation.dashboard.requests()).filter(
      ({ method, path }) => method === 'DELETE' && path.startsWith('/v1/users/'),
    );

  it('is parked by the push alone: no team, the least role, still there, and due in a month', async () => {
    await deactivate('leaver');
    await until(async () => (await findAgent('leaver'))?.teams === 0, 'the leaver is parked');
    expect((await findAgent('leaver'))?.roleIds ?? []).toEqual(
      expect.not.arrayContaining(['admin', 'supervisor']),
    );
    const [due] = await installation.query<{ state: string; days: number }>(
      'select state, round(extract(epoch from due_at - created_at) / 86400)::int as days from deletions',
    );
    expect(due).toEqual({ state: 'scheduled', days: 30 });
    expect(await deletes()).toEqual([]);
  });

  it('where the account grants no grace, is deleted for good exactly once, after all calls were listed in a manifest', async () => {
    const { dashboard } = installation;
    const { numbers } = await dashboard.state();
    const second = await findAgent('second');
    await dashboard.action('addCalls', { count: CALLS, numberId: numbers[0]?.id, userId: second?.id });
    const settings = JSON.stringify({ graceDays: 0 });
    await installation.run(['account', 'settings', ...AT_DEMO, '--file', '-'], { input: settings });

    await deactivate('second');
    await until(async () => (await findAgent('second')) === undefined, 'the agent is gone');
    const state = async () =>
      installation.query<{
        state: string;
        manifest: { calls: unknown[]; isComplete: boolean; email: string };
        hash: string;
      }>(
        "select state, manifest, manifest_hash as hash from deletions where state not in ('scheduled', 'held')",
      );
    await until(async () => (await state())[0]?.state === 'verified', 'the deletion is verified');

    const [{ manifest, hash } = { manifest: null, hash: '' }, ...more] = await state();
    expect(more).toEqual([]);
    expect(manifest).toMatchObject({ isComplete: true, email: 'second@demo.example' });
    expect(manifest?.calls).toHaveLength(CALLS);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const [deleted, ...others] = await deletes();
    expect([deleted?.path, deleted?.status, others]).toEqual([`/v1/users/${second?.id}`, 204, []]);
    const requests = await dashboard.requests();
    // Single calls are looked up again afterwards: the proof that their recordings stayed with the line.
    const listings = requests.filter(({ path }) => /^\/v1\/calls(?!\/\d)/u.test(path));
    expect(listings.length).toBeGreaterThan(0);
    expect(listings.every(({ seq }) => seq < (deleted?.seq ?? 0))).toBe(true);
  });

  it('and nobody else is touched: not the leaver within grace, not those who stay', async () => {
    expect((await agents()).map(({ name, teams }) => `${name} ${teams}`).toSorted()).toEqual([
      'leaver 0',
      'remains 1',
      'stays 1',
    ]);
    const { plan } = await installation.runJson(['plan', '--tenant', 'demo', '--account', 'aircall']);
    expect(plan.changes).toEqual([]);
  });
});
