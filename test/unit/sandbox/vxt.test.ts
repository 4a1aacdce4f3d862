import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeVxtSandbox, type VxtSandbox } from '../../../src/sandbox/vxt/sandbox.js';
import type { VxtSandboxSettingsInput } from '../../../src/sandbox/vxt/settings.js';

const ADA = 'ada@example.com';
const LINE = '+6491234567';
const KEY = 'dashboard-key';

describe('the simulated VXT', () => {
  let folder: string;
  let stateFile: string;
  const running: VxtSandbox[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vxt-'));
    stateFile = join(folder, 'vxt.json');
  });

  afterEach(async () => {
    for (const sandbox of running.splice(0)) await sandbox.stop();
    await rm(folder, { recursive: true });
  });

  async function seeded(settings: VxtSandboxSettingsInput = {}): Promise<VxtSandbox> {
    const sandbox = makeVxtSandbox({ stateFile, settings });
    running.push(sandbox);
    await sandbox.dashboard.seedOrganisation({
      name: 'Example <Law>',
      admin: { email: 'olive@example.com', name: 'Olive Owner' },
      numbers: [{ name: 'Reception', number: LINE }],
    });
    return sandbox;
  }

  const refusedWith = (error: string) => ({ reply: { status: 422, body: { error } } });

  test('removes a member only by their own address, and takes them off every number', async () => {
    const { dashboard, snapshot } = await seeded();
    await dashboard.inviteMember({ email: ADA, name: 'Ada Lovelace' });
    await dashboard.setAccess({ number: LINE, email: ADA, list: 'assigned', isGiven: true });

    await expect(dashboard.removeMember({ email: ADA, typed: 'bob@example.com' })).rejects.toMatchObject(
      refusedWith(`Type ${ADA} to remove this member.`),
    );
    expect(snapshot().numbers[0]?.assigned).toEqual([ADA]);
    await dashboard.removeMember({ email: ADA, typed: 'ADA@example.com' });

    expect(snapshot().members.map(({ email }) => email)).toEqual(['olive@example.com']);
    expect(snapshot().numbers[0]?.assigned).toEqual([]);
  });

  test('keeps its last Admin, and gives single permissions to Members only', async () => {
    const { dashboard, snapshot } = await seeded();
    await dashboard.inviteMember({ email: ADA, name: 'Ada Lovelace' });
    const last = refusedWith('The last Admin of the organisation has to stay one.');
    const olive = 'olive@example.com';

    await expect(dashboard.setRole({ email: olive, role: 'Member' })).rejects.toMatchObject(last);
    await expect(dashboard.removeMember({ email: olive, typed: olive })).rejects.toMatchObject(last);
    await dashboard.setPermissions({ email: ADA, permissions: ['Manage User'] });
    await dashboard.setRole({ email: ADA, role: 'Admin' });
    await expect(
      dashboard.setPermissions({ email: ADA, permissions: ['Manage User'] }),
    ).rejects.toMatchObject(refusedWith('An Admin holds every permission.'));

    expect(snapshot().members.at(-1)).toMatchObject({ role: 'Admin', permissions: [] });
  });

  test.each([
    ['pending', 'Invited'],
    ['accepted-at-once', 'Active'],
  ] as const)('an invitation is %s', async (invitations, status) => {
    const { dashboard, snapshot } = await seeded({ invitations });
    await dashboard.inviteMember({ email: ADA, name: 'Ada Lovelace' });
    expect(snapshot().members.at(-1)?.status).toBe(status);

    await dashboard.acceptInvitation({ email: ADA });

    expect(snapshot().members.at(-1)?.status).toBe('Active');
  });

  test('forgets nothing that was answered, even without an orderly stop, and gives no id twice', async () => {
    const { dashboard } = await seeded();
    await dashboard.inviteMember({ email: ADA, name: 'Ada Lovelace' });
    await dashboard.advanceClock({ ms: 1000 });
    await dashboard.removeMember({ email: ADA, typed: ADA });

    const again = await seeded();
    await again.dashboard.inviteMember({ email: ADA, name: 'Ada King' });

    const ids = again.snapshot().journal.map(({ action, email }) => `${action} ${email}`);
    expect(ids).toEqual([`invited ${ADA}`, `removed ${ADA}`, `invited ${ADA}`]);
    expect(again.snapshot().members.map(({ id }) => id)).toEqual([1, 3]);
    expect(again.snapshot().now - Date.now()).toBeGreaterThan(0);
  });

  test('takes no foreign file for its own', async () => {
    await writeFile(stateFile, '{"format":"smartflo-sandbox-1"}');
    expect(() => makeVxtSandbox({ stateFile })).toThrow(/is not a state file of this sandbox/);
  });

  test('keeps as much of its journal as it is told to', async () => {
    const { dashboard, snapshot } = await seeded({ journalKept: 2 });
    for (const name of ['A', 'B', 'C']) await dashboard.setName({ email: 'olive@example.com', name });
    expect(snapshot().journal.map(({ detail }) => detail)).toEqual(['B', 'C']);
  });

  test('shows what is there to whoever looks, runs nothing of it, and acts only for its key', async () => {
    const sandbox = await seeded({ dashboardKey: KEY });
    await sandbox.dashboard.inviteMember({ email: ADA, name: '<script>alert(1)</script>' });
    const { url } = await sandbox.start();

    for (const path of ['/settings/users', '/settings/phone-numbers', '/records']) {
      const page = await fetch(url + path);
      const html = await page.text();
      expect([path, page.status]).toEqual([path, 200]);
      expect(html).toContain(path === '/settings/phone-numbers' ? LINE : ADA);
      expect(html).not.toContain('<script');
    }
    const csv = await (await fetch(`${url}/settings/users/members.csv`)).text();
    expect(csv.split('\r\n')[2]).toBe(`${ADA},<script>alert(1)</script>,Member,Invited,,,,`);

    const send = (key: string) =>
      fetch(`${url}/_dashboard/actions/removeMember`, {
        method: 'POST',
        headers: { 'x-dashboard-key': key, 'content-type': 'application/json' },
        body: JSON.stringify({ email: ADA, typed: ADA }),
      });
    expect((await send('wrong-key')).status).toBe(401);
    expect(sandbox.snapshot().members).toHaveLength(2);
    expect((await send(KEY)).status).toBe(200);
    expect(sandbox.snapshot().members).toHaveLength(1);
  });
});
