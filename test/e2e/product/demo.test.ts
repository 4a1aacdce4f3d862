import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeInstallation, type Installation } from '../../support/installation.js';
import { complaintsIn } from '../../support/scim-calls.js';

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

  it('passes again, and once more, against a running service: everybody is where they were, nobody doubled', async () => {
    const service = await installation.serve();
    for (const play of [1, 2]) {
      const { mismatches, aftermath } = await installation.runJson(['demo']);
      expect([play, mismatches, aftermath.held, aftermath.parked.length]).toEqual([play, [], [], 4]);
    }
    expect((await installation.dashboard.state()).users).toHaveLength(61);
    const end = await service.end('SIGTERM');
    expect([end.code, complaintsIn(end)]).toEqual([0, []]);
  });
});
