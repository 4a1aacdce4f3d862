import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeInstallation, type Installation, type RunningService } from '../../support/installation.js';
import { callScim, complaintsIn } from '../../support/scim-calls.js';
import { until, type ServiceProcess } from '../../support/service-process.js';

const ACCOUNT = ['--tenant', 'demo', '--account', 'aircall'];

describe('the first run', () => {
  let installation: Installation;
  let first: ServiceProcess;
  let token: string;
  let running: RunningService;

  beforeAll(async () => {
    installation = await makeInstallation();
    first = await installation.start(['serve', '--demo']);
    await first.said(/Ctrl\+C stops/);
  });

  afterAll(() => installation.remove());

  it('prints addresses that answer and a token that opens them', async () => {
    const { stdout } = first.output;
    const find = (pattern: RegExp) => pattern.exec(stdout)?.[1] ?? `not found: ${pattern}`;
    token = find(/SCIM token +(\S+)/);
    const scim = callScim({ scimBaseUrl: find(/SCIM base URL +(\S+)/), token });
    await scim.addUser('kept@demo.example');
    const page = await fetch(find(/Console +(\S+)/), { redirect: 'manual' });
    expect(page.status).toBeLessThan(500);
    await page.body?.cancel();
    expect(find(/Phone system +(\S+)/)).toBe(await installation.dashboard.apiUrl());
    expect(stdout).toMatch(/1200 requests a minute; the real one allows 120/);
  });

  it('stops at SIGINT with exit code 0, with its database, and without a word', async () => {
    const end = await first.end('SIGINT');
    expect([end.code, complaintsIn(end)]).toEqual([0, []]);
    expect(existsSync(join(installation.dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
  });

  it('is found again by the second start: the same token, the same data', async () => {
    running = await installation.serve();
    expect(running.ready.token).toBe(token);
    expect(await callScim(running.ready).count('/Users')).toBe(1);
  });

  it('a second start beside it names the busy port and leaves the running demo alone', async () => {
    const before = await installation.dashboard.apiUrl();
    const again = await installation.run(['serve', '--demo']);
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toMatch(`Port ${installation.port} on 127.0.0.1 is in use`);
    expect(again.stderr).toMatch(/choose another port: PORT=/);
    const elsewhere = await installation.run(['serve', '--demo'], {
      env: { PORT: '0', PATCHBAY_SANDBOX_PORT: '0' },
    });
    expect([elsewhere.code, elsewhere.stdout]).toEqual([1, '']);
    expect(elsewhere.stderr).toMatch(/runs already, in another process.*DATA_DIR=/);
    expect(await installation.dashboard.apiUrl()).toBe(before);
  });

  it('gives out tokens beside the running instance: one JSON object with token and scimBaseUrl', async () => {
    const { stdout, code } = await installation.run(['token', 'create', '--tenant', 'demo', '--json']);
    expect([code, stdout.trim().split('\n')]).toEqual([0, [expect.any(String)]]);
    const made = JSON.parse(stdout) as { token: string; scimBaseUrl: string };
    expect(made.scimBaseUrl).toBe(running.ready.scimBaseUrl);
    expect(await callScim(made).count('/Users')).toBe(1);
  });

  it('is in good health, says the doctor', async () => {
    const { code, stdout } = await installation.run(['doctor', '--json']);
    const findings = JSON.parse(stdout) as { check: string; result: string; remedy: string | null }[];
    const remarks = findings.filter(({ result }) => result !== 'ok');
    // A first run has no mail server, which is no ill health.
    expect([code, remarks]).toEqual([0, [expect.objectContaining({ check: 'mail', result: 'warning' })]]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['port', 'database', 'clock', 'rules of demo', 'account demo/aircall']),
    );
  });

  it('shows a plan without writing anything, neither at the vendor nor for the workers', async () => {
    const { dashboard } = installation;
    await installation.run(['account', 'pause', 'aircall', '--tenant', 'demo']);
    await callScim(running.ready).addUser('planned@demo.example', ['Support FR']);
    const before = (await dashboard.requests()).at(-1)?.seq ?? 0;
    const rows = await fingerprint(installation);

    const shown = await installation.run(['plan', ...ACCOUNT, '--detailed-exitcode']);

    expect([shown.code, shown.stderr]).toEqual([3, '']);
    expect(shown.stdout).toMatch(/\+ create agent planned Example as agent\n +\S/);
    const requests = await dashboard.requests(before);
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(await fingerprint(installation)).toEqual(rows);
  });

  it('carries out what the plan showed as soon as the account may be written to', async () => {
    await installation.run(['account', 'resume', 'aircall', '--tenant', 'demo']);
    const emails = async () => (await installation.dashboard.state()).users.map(({ email }) => email);
    await until(async () => (await emails()).includes('planned@demo.example'), 'the planned agent');
  });
});

/**
 * What every table holds. Not the request budget, which a look at the vendor costs as well, nor what a running
 * service notes by itself: the audit's seals, the last use of tokens.
 */
async function fingerprint(installation: Installation): Promise<Readonly<Record<string, string>>> {
  const tables = await installation.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'
     and table_type = 'BASE TABLE' and table_name not in ('account_pace', 'audit_events', 'api_tokens')`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await installation.query<{ rows: string }>(
      `select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as rows from ${name} t`,
    );
    found[name] = row?.rows ?? '';
  }
  return found;
}
