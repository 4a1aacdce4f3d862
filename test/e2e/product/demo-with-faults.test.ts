import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE } from '../../../src/demo/cast.js';
import type { FaultRuleInput } from '../../../src/sandbox/fault-rules.js';
import type { RequestLogEntry } from '../../../src/sandbox/request-log.js';
import { makeInstallation, type Installation } from '../../support/installation.js';
import { until } from '../../support/service-process.js';

const LIMIT_PER_MINUTE = 1_200;

/** Some at moments that cannot be missed, the rest by chance; the sandbox's dice are seeded. */
const CERTAIN: readonly FaultRuleInput[] = [
  { name: 'lost create', kind: 'lost-response', match: { method: 'POST', path: '^/v2/users$' }, nth: 3 },
  { name: 'lost team', kind: 'lost-response', match: { method: 'POST', path: '^/v1/teams$' }, nth: 2 },
  { name: 'lost grant', kind: 'lost-response', match: { method: 'POST', path: '^/v1/teams/.+' }, nth: 9 },
  { name: 'gateway', kind: 'error', status: 504, applies: true, match: { method: 'POST' }, nth: 20 },
  { name: 'too many', kind: 'error', status: 429, headers: { 'Retry-After': '1' }, nth: 90 },
  { name: 'list fails', kind: 'error', status: 502, match: { path: '^/v2/users$', method: 'GET' }, nth: 2 },
];
/** Whatever concerns one person or one team: a list that fails rests the whole account, and this test would too. */
const ONE = { path: '^/v[12]/(users|teams)(/.+|$)' };
const BY_CHANCE: readonly FaultRuleInput[] = [
  { name: 'error', kind: 'error', status: 503, match: { ...ONE, method: 'POST' }, probability: 0.05 },
  { name: 'loss', kind: 'lost-response', match: { ...ONE, method: 'POST' }, probability: 0.01 },
  { name: 'look-up', kind: 'error', match: { path: '^/v2/users/.+', method: 'GET' }, probability: 0.08 },
  { name: 'removal', kind: 'error', match: { method: 'DELETE' }, probability: 0.2 },
];

describe('the morning against an ill phone system', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await makeInstallation({
      PATCHBAY_SANDBOX_RATE_LIMIT_PER_MINUTE: String(LIMIT_PER_MINUTE),
    });
    await installation.serve();
  });

  afterAll(() => installation.remove());

  it('ends with exactly what everybody should hold, and nobody twice, through errors, lost answers and 429s', async () => {
    const { dashboard } = installation;
    await dashboard.setFaults([...CERTAIN, ...BY_CHANCE]);

    const playing = installation.run(['demo', '--json']);
    await until(async () => (await dashboard.logged()).length > 120, 'half of the joiners');
    await spendTheMinute(installation);
    const { code, stdout, stderr } = await playing;

    expect([code, stderr]).toEqual([0, expect.stringContaining('60/60')]);
    expect(JSON.parse(stdout).mismatches).toEqual([]);
    const requests = await dashboard.requests();
    for (const { name = '' } of CERTAIN) expect([name, hits(requests, name)]).toEqual([name, 1]);
    for (const { name = '' } of BY_CHANCE.slice(0, 3))
      expect([name, hits(requests, name) > 0]).toEqual([name, true]);
    expect(ourRefusals(requests)).toBeGreaterThan(0);

    const effects = requests.flatMap((request) => request.effects).map((effect) => effect.split(' ')[0]);
    const count = (name: string) => effects.filter((effect) => effect === name).length;
    expect([count('user.created'), count('team.created'), count('user.deleted')]).toEqual([
      PEOPLE.length,
      4,
      0,
    ]);
    const { users } = await dashboard.state();
    expect(new Set(users.map(({ email }) => email.toLowerCase())).size).toBe(users.length);
  });

  it('and the whole account, read once more, is as it should be', async () => {
    await installation.dashboard.setFaults([]);
    const { plan, verdict } = await installation.runJson([
      'plan',
      '--tenant',
      'demo',
      '--account',
      'aircall',
    ]);
    expect([changesOf(plan), plan.drift, verdict]).toEqual([[], [], { type: 'allowed' }]);
  });
});

/** All but tasks: a plan names what waits for a person each time, such as people who are on no number. */
function changesOf(plan: { readonly changes: readonly { readonly action: string }[] }): readonly unknown[] {
  return plan.changes.filter(({ action }) => action !== 'manual');
}

function hits(requests: readonly RequestLogEntry[], name: string): number {
  return requests.filter(({ fault }) => fault?.rule === name).length;
}

/** Requests of ours that met the limit; the other integration asks for nothing but pings. */
function ourRefusals(requests: readonly RequestLogEntry[]): number {
  return requests.filter(({ isRateLimited, path }) => isRateLimited && path !== '/v1/ping').length;
}

/** What a customer's other integration may do at any time: it uses up all that the company's limit leaves. */
async function spendTheMinute({ dashboard }: Installation): Promise<void> {
  const { apiId, apiToken } = await dashboard.action<{ apiId: string; apiToken: string }>('createApiKey', {});
  const headers = { authorization: `Basic ${Buffer.from(`${apiId}:${apiToken}`).toString('base64')}` };
  const ping = `${await dashboard.apiUrl()}/v1/ping`;
  for (let sent = 0; sent <= 2 * LIMIT_PER_MINUTE; sent += 1) {
    const answer = await fetch(ping, { headers });
    await answer.body?.cancel();
    if (answer.headers.get('x-aircallapi-remaining') === '0') return;
  }
  throw new Error('The company has no limit.');
}
