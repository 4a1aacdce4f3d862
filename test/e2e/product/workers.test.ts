import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeInstallation, type Installation } from '../../support/installation.js';
import { callScim, complaintsIn, PATCH, type ScimCalls } from '../../support/scim-calls.js';
import { until, type ServiceProcess } from '../../support/service-process.js';

const ACCOUNT = ['--tenant', 'demo', '--account', 'aircall'];
const NAMES = ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay', 'gus', 'hal'];

describe('work outside of the service', () => {
  let installation: Installation;
  let scim: ScimCalls;
  let workers: readonly ServiceProcess[];
  const ids = new Map<string, string>();

  beforeAll(async () => {
    installation = await makeInstallation({ PATCHBAY_LOG_LEVEL: 'warn' });
    scim = callScim((await installation.serve(['--demo', '--no-work'])).ready);
    workers = await Promise.all([installation.start(['worker']), installation.start(['worker'])]);
    for (const worker of workers) await worker.said(/works on its accounts/);
  });

  afterAll(() => installation.remove());

  const agents = async () => {
    const { users } = await installation.dashboard.state();
    return users.filter(({ isOwner }) => !isOwner);
  };
  const teamsOf = async (name: string) =>
    (await agents()).find(({ email }) => email === `${name}@demo.example`)?.teamIds.length;
  const reconcile = (...args: string[]) => installation.run(['reconcile', ...ACCOUNT, ...args]);

  async function deactivate(names: readonly string[]): Promise<void> {
    const Operations = [{ op: 'replace', value: { active: false } }];
    for (const name of names) {
      await scim.send('PATCH', `/Users/${ids.get(name)}`, { schemas: [PATCH], Operations });
    }
  }

  it('several workers share it: everybody arrives, nobody twice', async () => {
    for (const name of NAMES) ids.set(name, await scim.addUser(`${name}@demo.example`, ['Sales US']));
    await until(
      async () => (await agents()).filter(({ teamIds }) => teamIds.length === 1).length === 8,
      'all agents',
    );
    const created = (await installation.dashboard.requests()).flatMap(({ effects }) => effects);
    expect(created.filter((effect) => effect.startsWith('user.created'))).toHaveLength(NAMES.length);
  });

  it('workers stop at SIGINT with exit code 0 and without complaint', async () => {
    for (const worker of workers) {
      const end = await worker.end('SIGINT');
      expect([end.code, complaintsIn(end)]).toEqual([0, []]);
    }
  });

  it('reconcile puts right what was changed at the vendor, shows how far it is, and prints the plan', async () => {
    const { teams, users } = await installation.dashboard.state();
    const team = teams.find(({ name }) => name === 'Sales US');
    const eve = users.find(({ email }) => email === 'eve@demo.example');
    await installation.dashboard.action('setTeamMembers', {
      teamId: team?.id,
      userIds: team?.memberIds.filter((id) => id !== eve?.id),
    });
    expect(await teamsOf('eve')).toBe(0);

    const end = await reconcile();

    expect(end.code).toBe(0);
    expect(end.stdout).toMatch(/eve@demo\.example\n +\+ grant team "Sales US"/);
    expect(end.stdout).toMatch(/Applied: 1 of 1\./);
    expect(end.stdout).toMatch(/The comparison found \d+ differences? [^]*\nteam-removed +1 /);
    expect(end.stderr).toMatch(/Changes are applied +\[#{24}\] 1\/1/);
    expect(await teamsOf('eve')).toBe(1);
  });

  it('a comparison that is killed half-way resolves nothing; the next one is whole', async () => {
    const list = async (what: string) => installation.runJson([what, 'list', ...ACCOUNT]);
    const openFindings = async (): Promise<readonly string[]> =>
      (await list('findings')).map(({ finding }: { finding: { class: string } }) => finding.class);
    // What the last comparison found and its plan put right.
    expect(await openFindings()).toContain('team-removed');
    const last = (await installation.dashboard.requests()).at(-1)?.seq ?? 0;
    const sinceThen = () => installation.dashboard.requests(last);
    const match = { method: 'GET', path: '^/v1/teams$' };
    await installation.dashboard.setFaults([{ kind: 'timeout', match, times: 1 }]);
    const hanging = await installation.start(['reconcile', ...ACCOUNT]);
    await until(
      async () => (await sinceThen()).some(({ path }) => path.startsWith('/v2/users')),
      'a reading that has begun',
    );
    expect((await hanging.end('SIGKILL')).signal).toBe('SIGKILL');
    await installation.dashboard.setFaults([]);
    expect((await list('comparisons'))[0]).toMatchObject({ state: 'running', figures: null });
    expect(await openFindings()).toContain('team-removed');

    expect((await reconcile()).code).toBe(0);

    expect((await list('comparisons')).slice(0, 2)).toMatchObject([
      { state: 'complete', reason: null },
      { state: 'incomplete', reason: expect.stringContaining('interrupted'), figures: null },
    ]);
    expect(await openFindings()).not.toContain('team-removed');
    expect((await sinceThen()).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('reconcile waits while another worker has the account, and takes its turn afterwards', async () => {
    const lease = (holder: string, until: string) =>
      installation.query(`update accounts set lease_holder = ${holder}, lease_until = ${until}`);
    await lease("'another-machine#1#x'", "now() + interval '1 hour'");
    const before = (await installation.dashboard.requests()).at(-1)?.seq ?? 0;
    const waiting = await installation.start(['reconcile', ...ACCOUNT, '--json']);
    await waiting.said(/Another worker has the account/, 'stderr');
    expect(await installation.dashboard.requests(before)).toEqual([]);
    await lease('null', 'null');
    const { code, stdout } = await waiting.ended;
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { state: 'applied', changeCount: 0, heldPlans: [] },
    ]);
  });

  it('reconcile ends with 3 when the plan is held; once it is approved, it is carried out', async () => {
    await deactivate(NAMES.slice(0, 5));

    const held = await reconcile();

    expect([held.code, held.stdout]).toEqual([3, expect.stringMatching(/HELD, nothing is applied/)]);
    const [, planId = ''] =
      /patchbay plans show (\S+) --tenant demo --account aircall/.exec(held.stdout) ?? [];
    expect(await teamsOf('ada')).toBe(1);
    const { digest } = await installation.runJson(['plans', 'show', planId, ...ACCOUNT]);
    await installation.runJson(['plans', 'approve', planId, ...ACCOUNT, '--digest', digest]);
    const { approvals } = await installation.runJson(['plans', 'show', planId, ...ACCOUNT]);
    expect(approvals).toMatchObject([{ approver: expect.stringMatching(/^cli:/) as string }]);

    const done = await reconcile('--json');

    expect([done.code, JSON.parse(done.stdout).heldPlans]).toEqual([0, []]);
    for (const name of NAMES)
      expect([name, await teamsOf(name)]).toEqual([name, NAMES.indexOf(name) < 5 ? 0 : 1]);
  });

  it('reconcile says so when the account is paused, and writes nothing where it is report-only', async () => {
    const account = (...args: string[]) => installation.run(['account', ...args, '--tenant', 'demo']);
    await account('pause', 'aircall');
    const paused = await reconcile();
    expect([paused.code, paused.stdout]).toEqual([1, '']);
    expect(paused.stderr).toMatch(/paused.*patchbay account resume/s);

    await account('resume', 'aircall');
    await account('policy', 'aircall', '--set', 'report-only');
    await deactivate(['hal']);
    const before = (await installation.dashboard.requests()).at(-1)?.seq ?? 0;
    const reported = await reconcile('--json');
    expect([reported.code, JSON.parse(reported.stdout)]).toMatchObject([0, { state: 'reported' }]);
    const since = await installation.dashboard.requests(before);
    expect(since.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});
