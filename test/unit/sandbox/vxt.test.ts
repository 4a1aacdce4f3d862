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

  /** What a browser sends from a page of the sandbox, unless it is told otherwise. */
  const submit = (url: string, path: string, fields: Record<string, string>, origin = url) =>
    fetch(url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields),
    });

  test('lets a person do on its pages whatever a step may ask for', async () => {
    const sandbox = await seeded();
    const { url } = await sandbox.start();
    const done = async (path: string, fields: Record<string, string>) => {
      const answer = await submit(url, path, fields);
      expect([path, answer.status]).toEqual([path, 303]);
      expect((await fetch(url + (answer.headers.get('location') ?? ''))).status).toBe(200);
    };
    const member = () => sandbox.snapshot().members.find(({ id }) => id === 2);
    const number = `/settings/phone-numbers/${encodeURIComponent(LINE)}`;
    await done('/settings/users/invite', { email: ADA, name: 'Ada Lovelace' });
    await done('/settings/users/2/accept', {});
    const named = { name: 'Ada King', newEmail: ADA };
    await done('/settings/users/2/save', { ...named, role: 'Member', permissions: 'Manage User' });
    expect(member()).toMatchObject({ name: 'Ada King', permissions: ['Manage User'], status: 'Active' });
    await done('/settings/users/2/save', { ...named, role: 'Admin' });
    expect(member()).toMatchObject({ role: 'Admin', permissions: [] });
    await done('/settings/users/2/save', { ...named, newEmail: 'king@example.com', role: 'Member' });
    expect(member()).toMatchObject({ role: 'Member', email: 'king@example.com' });
    for (const list of ['assigned', 'callerId', 'callFlow'] as const) {
      await done(`${number}/access`, { email: 'king@example.com', list, isGiven: 'yes' });
      expect(sandbox.snapshot().numbers[0]?.[list]).toEqual(['king@example.com']);
      await done(`${number}/access`, { email: 'king@example.com', list, isGiven: '' });
      expect(sandbox.snapshot().numbers[0]?.[list]).toEqual([]);
    }
    await done('/records/export', { email: 'king@example.com' });
    await done('/settings/users/2/remove', { typed: 'king@example.com' });

    const { members, journal } = sandbox.snapshot();
    expect(members).toHaveLength(1);
    expect(journal.slice(-2).map(({ action }) => action)).toEqual(['records-exported', 'removed']);
  });

  test('offers on its pages a form for each of these, and says what it refuses', async () => {
    const sandbox = await seeded();
    await sandbox.dashboard.inviteMember({ email: ADA, name: 'Ada "the first"' });
    const { url } = await sandbox.start();
    const formsOf = async (path: string) =>
      [...(await (await fetch(url + path)).text()).matchAll(/action="([^"]+)"/gu)].map(([, to]) => to);
    expect(await formsOf('/settings/users')).toEqual(['/settings/users/invite']);
    expect(await formsOf('/settings/users/2')).toEqual(
      ['accept', 'save', 'remove'].map((verb) => `/settings/users/2/${verb}`),
    );
    const number = `/settings/phone-numbers/${encodeURIComponent(LINE)}`;
    expect(new Set(await formsOf(number))).toEqual(new Set([`${number}/access`]));
    expect(await formsOf('/records')).toEqual(['/records/export']);

    const refused = await submit(url, '/settings/users/2/remove', { typed: 'bob@example.com' });
    expect([refused.status, await refused.text()]).toEqual([
      422,
      expect.stringContaining(`Type ${ADA} to remove this member.`),
    ]);
    expect((await submit(url, '/settings/users/invite', { email: 'nobody', name: '' })).status).toBe(422);
    expect((await fetch(`${url}/settings/users/9`)).status).toBe(422);
    expect(sandbox.snapshot().members).toHaveLength(2);
  });

  test('takes no form from another site', async () => {
    const sandbox = await seeded();
    const { url } = await sandbox.start();
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      const answer = await submit(url, '/settings/users/invite', { email: ADA, name: 'Ada' }, origin);
      expect([origin, answer.status]).toEqual([origin, 403]);
    }
    expect(sandbox.snapshot().members).toHaveLength(1);
  });
});
