import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { idpFields, addTenant, startSso, type SsoWorld } from '../../support/sso-world.js';
import { makeTestIdp } from '../../support/idp.js';

const clock = makeTestClock('2026-03-02T09:00:00.000Z');
const records = new Map<string, readonly (readonly string[])[] | Error>();
let database: TestDatabase;
let world: SsoWorld;
let tenant: Awaited<ReturnType<typeof addTenant>>;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startSso({
    url: database.url,
    clock,
    resolveTxt(name) {
      const found = records.get(name);
      if (found instanceof Error) return Promise.reject(found);
      return found === undefined
        ? Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))
        : Promise.resolve(found);
    },
  });
});

afterAll(async () => {
  await world.stop();
  await database.drop();
});

beforeEach(async () => {
  count += 1;
  records.clear();
  tenant = await addTenant(world, `tenant-${count}`);
});

const tokenOf = (url: string) => url.split('/').at(-1) ?? '';

async function createLink(input: object = {}) {
  const { url, link } = await world.setupLinks.create({
    tenantId: tenant.id,
    label: 'IT of Acme',
    actor: 'msp',
    ...input,
  });
  return { token: tokenOf(url), link, url };
}

describe('a setup link', () => {
  it('opens a session that is good for this set-up and nothing else', async () => {
    const { token, url } = await createLink();
    const { link, session } = await world.setupLinks.open(token, null);

    expect(url).toMatch(/^https:\/\/patchbay\.example\.test\/setup\/[\w-]{43}$/);
    expect(link).toMatchObject({ state: 'open', openedCount: 1, progress: { step: 'idp' } });
    expect(await world.sessions.find(session.token)).toMatchObject({
      tenantId: tenant.id,
      actor: { kind: 'setup', setupLinkId: link.id },
    });
  });

  it('is counted, and closed after the last opening, also when several open it at once', async () => {
    const { token } = await createLink({ maxOpens: 3 });
    const opened = await Promise.allSettled(
      Array.from({ length: 8 }, () => world.setupLinks.open(token, null)),
    );

    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await expect(world.setupLinks.open(token, null)).rejects.toThrow('as often as allowed');
    expect((await world.setupLinks.list(tenant.id))[0]).toMatchObject({ openedCount: 3, state: 'usedUp' });
  });

  it('expires, and its sessions with it', async () => {
    const { token } = await createLink({ days: 0.1 });
    const { session } = await world.setupLinks.open(token, null);
    clock.advance(0.1 * 86_400_000);

    await expect(world.setupLinks.open(token, null)).rejects.toThrow('has expired');
    expect(await world.sessions.find(session.token)).toBeNull();
  });

  it('can be withdrawn, and its sessions end at once', async () => {
    const { token, link } = await createLink();
    const { session } = await world.setupLinks.open(token, null);
    await world.setupLinks.revoke(tenant.id, link.id, 'msp');

    await expect(world.setupLinks.open(token, null)).rejects.toThrow('was withdrawn');
    expect(await world.sessions.find(session.token)).toBeNull();
    await expect(world.setupLinks.revoke(tenant.id, link.id, 'msp')).rejects.toMatchObject({
      kind: 'notFound',
    });
  });

  it('ends with the set-up', async () => {
    const { token, link } = await createLink();
    const { session } = await world.setupLinks.open(token, null);
    await world.setupLinks.complete(tenant.id, link.id, 'setup-link');

    await expect(world.setupLinks.open(token, null)).rejects.toThrow('set-up is complete');
    expect(await world.sessions.find(session.token)).toBeNull();
  });

  it('that is wrong or cut off opens nothing', async () => {
    const { token } = await createLink();

    for (const wrong of [
      '',
      token.slice(1),
      `${token}x`,
      token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'),
    ]) {
      await expect(world.setupLinks.open(wrong, null)).rejects.toThrow('not known here');
    }
  });

  it('can be resumed where it was left, and two windows do not undo each other', async () => {
    const { token } = await createLink();
    const { link } = await world.setupLinks.open(token, null);
    const connection = await world.connections.create({
      tenant,
      name: 'okta',
      idpKind: 'okta',
      actor: 'setup-link',
    });
    const progress = {
      ...link.progress,
      step: 'metadata',
      done: ['idp', 'service-provider'],
      idpKind: 'okta',
    };
    await world.setupLinks.save(link, progress, connection.id);

    await expect(world.setupLinks.save(link, link.progress, null)).rejects.toMatchObject({ kind: 'stale' });
    const again = await world.setupLinks.open(token, null);
    expect(again.link).toMatchObject({
      connectionId: connection.id,
      progress: { step: 'metadata', idpKind: 'okta' },
      openedCount: 2,
    });
    await expect(world.setupLinks.save(again.link, { step: 'sideways' }, null)).rejects.toMatchObject({
      kind: 'invalid',
    });
  });

  it('is not stored as such, and is told of in the audit trail', async () => {
    const { token, link } = await createLink();
    await world.setupLinks.open(token, null);
    const rows = await world.database.system().selectFrom('setup_links').selectAll().execute();
    const events = await world.database
      .system()
      .selectFrom('audit_events')
      .select('action')
      .where('target_id', '=', link.id)
      .orderBy('id')
      .execute();

    expect(JSON.stringify(rows)).not.toContain(token);
    expect(events.map(({ action }) => action)).toEqual(['setup-link.created', 'setup-link.opened']);
  });

  it('refuses impossible limits', async () => {
    for (const input of [{ days: 0 }, { days: 400 }, { maxOpens: 0 }, { maxOpens: 1.5 }, { label: ' ' }]) {
      await expect(createLink(input)).rejects.toMatchObject({ kind: 'invalid' });
    }
  });
});

describe('a domain', () => {
  const claim = (domain = 'acme.test') => world.domains.claim(tenant.id, domain, 'admin');

  it('is proven by its TXT record, however DNS cuts it, and says until then what is missing', async () => {
    const view = await claim('Acme.TEST.');
    expect(view).toMatchObject({
      domain: 'acme.test',
      recordName: '_patchbay-challenge.acme.test',
      verifiedAt: null,
    });
    expect((await world.domains.verify(tenant.id, 'acme.test', 'admin')).problem).toContain('no TXT record');

    records.set(view.recordName, [
      ['something else'],
      [view.recordValue.slice(0, 20), view.recordValue.slice(20)],
    ]);
    expect(await world.domains.verify(tenant.id, 'acme.test', 'admin')).toMatchObject({
      problem: null,
      verifiedAt: clock.now(),
    });
  });

  it('keeps its record when it is claimed again', async () => {
    expect((await claim()).recordValue).toBe((await claim()).recordValue);
  });

  it('is not proven by the record of another tenant, and belongs to one tenant only', async () => {
    const mine = await claim('shared.test');
    const other = await addTenant(world, `other-${count}`);
    const theirs = await world.domains.claim(other.id, 'shared.test', 'admin');
    records.set(mine.recordName, [[theirs.recordValue]]);
    expect((await world.domains.verify(tenant.id, 'shared.test', 'admin')).problem).toContain(
      'another value',
    );

    records.set(mine.recordName, [[theirs.recordValue], [mine.recordValue]]);
    await world.domains.verify(tenant.id, 'shared.test', 'admin');
    await expect(world.domains.verify(other.id, 'shared.test', 'admin')).rejects.toMatchObject({
      kind: 'conflict',
    });
  });

  it('loses its proof with the record, and keeps it when DNS does not answer', async () => {
    const view = await claim('fading.test');
    records.set(view.recordName, [[view.recordValue]]);
    await world.domains.verify(tenant.id, 'fading.test', 'admin');

    records.set(view.recordName, Object.assign(new Error('slow'), { code: 'ETIMEOUT' }));
    await expect(world.domains.verify(tenant.id, 'fading.test', 'admin')).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect((await world.domains.list(tenant.id))[0]?.verifiedAt).not.toBeNull();

    records.delete(view.recordName);
    expect((await world.domains.verify(tenant.id, 'fading.test', 'admin')).verifiedAt).toBeNull();
  });

  it('leads its people to the sign-in of their tenant once it is proven, not before', async () => {
    await world.connections.create({
      tenant,
      name: 'okta',
      source: { fields: idpFields(makeTestIdp()) },
      actor: 'test',
    });
    const view = await claim('people.test');
    expect(await world.domains.signInFor('jane@people.test')).toBeNull();

    records.set(view.recordName, [[view.recordValue]]);
    await world.domains.verify(tenant.id, 'people.test', 'admin');
    expect(await world.domains.signInFor('Jane@PEOPLE.test')).toEqual({
      tenantSlug: tenant.slug,
      connections: ['okta'],
    });
    expect(await world.domains.signInFor('jane@other.test')).toBeNull();
    expect(await world.domains.signInFor('jane')).toBeNull();
  });

  it.each([
    '',
    'localhost',
    '10.0.0.1',
    'a b.test',
    'https://acme.test',
    'x'.repeat(300),
    '-acme.test',
    '*.acme.test',
  ])('%j is refused', async (domain) => {
    await expect(claim(domain)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('can be taken off the list', async () => {
    await claim('gone.test');
    await world.domains.remove(tenant.id, 'gone.test', 'admin');

    await expect(world.domains.verify(tenant.id, 'gone.test', 'admin')).rejects.toMatchObject({
      kind: 'notFound',
    });
  });
});
