import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeInstallation, type Installation, type RunningService } from '../../support/installation.js';
import { callScim, complaintsIn } from '../../support/scim-calls.js';
import { until } from '../../support/service-process.js';

const SYSTEMS = ['aircall', 'smartflo', 'vxt'];
/** In the Okta app of the wizard kind. */
const LEAVER = 'kasia.oneill';
const TELEPHONY = 'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User';

describe('the demo', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await makeInstallation();
  });

  afterAll(() => installation.remove());

  it('starts a service for itself where none runs, plays, and stops it again, without a line of the log', async () => {
    const played = await installation.run(['demo']);
    expect([played.code, played.stderr.split('\n').filter((line) => line.startsWith('{'))]).toEqual([0, []]);
    expect(played.stderr).toMatch(/Nothing is running at .*: starting the demo/);
    expect(played.stderr).toMatch(/Leavers are parked +\[#{24}\] 60\/60/);
    expect(played.stdout).toMatch(/^ada\.oneill@demo\.example +supervisor +Sales EMEA$/m);
    expect(played.stdout).toMatch(/Parked, to be deleted for good after the grace period \(4\)/);
    expect(played.stdout).toMatch(/shows exactly what it should for all 60 people/);
    expect(existsSync(join(installation.dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
  });

  it('passes again, with two more phone systems: one push, three outcomes, nobody doubled', async () => {
    const service = await installation.serve(['--demo', '--systems', SYSTEMS.join(',')], {
      PATCHBAY_SANDBOX_RATE_LIMIT_PER_MINUTE: '6000',
    });
    const { mismatches, aftermath, views, report } = await installation.runJson(['demo']);
    expect([mismatches, aftermath.held]).toEqual([[], []]);
    const shown = (views as View[]).map(({ system, holdings }) => [system, holdings.length]);
    expect(shown).toEqual(SYSTEMS.map((system) => [system, 60]));
    const html = await readFile(report, 'utf8');
    expect(SYSTEMS.filter((system) => !html.includes(system))).toEqual([]);
    expect((await installation.dashboard.state()).users).toHaveLength(61);
    await expectStates(service, 'ada.oneill', { aircall: 'active', smartflo: 'active', vxt: 'active' });
    // Parked: at Smartflo by its suspend, at VXT once the imported list showed that nothing is left.
    await until(
      async () => (await statesOf(service, LEAVER))['vxt'] === 'parked',
      'the leaver parked at VXT',
    );
    await expectStates(service, LEAVER, { aircall: 'parked', smartflo: 'parked', vxt: 'parked' });
    const end = await service.end('SIGTERM');
    expect([end.code, complaintsIn(end)]).toEqual([0, []]);
    // Twice 60 people more than above, one of the systems at the pace of people.
  });
});

interface View {
  readonly system: string;
  readonly holdings: readonly unknown[];
}

/** What the product itself says of a person in each phone system. */
async function statesOf({ ready }: RunningService, name: string): Promise<Readonly<Record<string, string>>> {
  const filter = encodeURIComponent(`userName eq "${name}@demo.example"`);
  const query = `/Users?filter=${filter}&attributes=${TELEPHONY}:accounts`;
  const { body } = await callScim(ready).send('GET', query);
  const accounts = body.Resources[0][TELEPHONY].accounts as { display: string; status: string }[];
  return Object.fromEntries(accounts.map(({ display, status }) => [display, status]));
}

async function expectStates(service: RunningService, name: string, states: object): Promise<void> {
  expect(await statesOf(service, name)).toEqual(states);
}
