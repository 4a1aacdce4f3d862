import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDomainRecheck } from '../../../src/sso/domain-recheck.js';
import type { ResolveTxt } from '../../../src/sso/domain-record.js';
import { appendMail } from '../../../src/store/mail/append-mail.js';
import { makeDomainStore } from '../../../src/store/sso/domains.js';
import { makeTestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { idpFields, addTenant, startSso, type SsoWorld } from '../../support/sso-world.js';
import { makeTestIdp } from '../../support/idp.js';

const clock = makeTestClock('2026-03-02T09:00:00.000Z');
const records = new Map<string, readonly (readonly string[])[] | Error>();
const SLOW = Object.assign(new Error('slow'), { code: 'ETIMEOUT' });
let database: TestDatabase;
let world: SsoWorld;
let tenant: Awaited<ReturnType<typeof addTenant>>;
let count = 0;

const resolveTxt: ResolveTxt = (name) => {
  const found = records.get(name);
  if (found instanceof Error) return Promise.reject(found);
  return found === undefined
    ? Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))
    : Promise.resolve(found);
};

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startSso({ url: database.url, clock, resolveTxt });
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

  describe('that another tenant has proven before', () => {
    const DAYS_MS = 86_400_000;
    const name = () => `sold-${count}.test`;
    const look = (tenantId: string) => world.domains.verify(tenantId, name(), 'admin');
    let buyer: typeof tenant;
    let mine: Awaited<ReturnType<typeof claim>>;
    let theirs: typeof mine;

    beforeEach(async () => {
      mine = await claim(name());
      records.set(mine.recordName, [[mine.recordValue]]);
      await look(tenant.id);
      buyer = await addTenant(world, `buyer-${count}`);
      theirs = await world.domains.claim(buyer.id, name(), 'admin');
    });

    it('is theirs as long as their record stands, and whoever asks is told which value to take out', async () => {
      records.set(mine.recordName, [[mine.recordValue], [theirs.recordValue]]);

      for (const days of [0, 30]) {
        clock.advance(days * DAYS_MS);
        await expect(look(buyer.id)).rejects.toMatchObject({
          kind: 'conflict',
          message: expect.stringContaining(
            `take the other value out of the TXT record at ${mine.recordName}`,
          ),
        });
      }
      expect(await world.domains.signInFor(`jane@${name()}`)).toMatchObject({ tenantSlug: tenant.slug });
    });

    it('waits two weeks from the moment their record was found to be gone, and is then the new owner’s', async () => {
      records.set(mine.recordName, [[theirs.recordValue]]);
      const lostAt = clock.now();
      await expect(look(buyer.id)).rejects.toMatchObject({
        kind: 'conflict',
        message: expect.stringContaining(
          new Date(lostAt.getTime() + 14 * DAYS_MS).toISOString().slice(0, 10),
        ),
      });
      expect((await world.domains.list(tenant.id))[0]).toMatchObject({ lostAt });

      clock.advance(14 * DAYS_MS - 1);
      await expect(look(buyer.id)).rejects.toMatchObject({ kind: 'conflict' });
      expect(await world.domains.signInFor(`jane@${name()}`)).toMatchObject({ tenantSlug: tenant.slug });

      clock.advance(1);
      expect(await look(buyer.id)).toMatchObject({ verifiedAt: clock.now(), problem: null });
      expect(await world.domains.signInFor(`jane@${name()}`)).toMatchObject({ tenantSlug: buyer.slug });
      const [before] = await world.domains.list(tenant.id);
      expect(before).toMatchObject({ verifiedAt: null, lostAt: null });
      expect(before?.problem).toContain('Another organisation proved');
      const outbox = world.database.forTenant(tenant.id).selectFrom('mail_outbox').select('subject');
      expect(await outbox.execute()).toEqual([
        { subject: `${name()} is proven by another organisation now` },
      ]);
    });

    it('stays theirs when their record comes back in time', async () => {
      records.set(mine.recordName, [[theirs.recordValue]]);
      await expect(look(buyer.id)).rejects.toMatchObject({ kind: 'conflict' });
      records.set(mine.recordName, [[mine.recordValue]]);
      await look(tenant.id);
      clock.advance(30 * DAYS_MS);
      records.set(mine.recordName, [[theirs.recordValue]]);

      await expect(look(buyer.id)).rejects.toMatchObject({ kind: 'conflict' });
      expect(await world.domains.signInFor(`jane@${name()}`)).toMatchObject({ tenantSlug: tenant.slug });
    });

    it('stays theirs while DNS does not answer, however long', async () => {
      records.set(mine.recordName, SLOW);
      clock.advance(30 * DAYS_MS);

      await expect(look(buyer.id)).rejects.toMatchObject({ kind: 'unavailable' });
      expect((await world.domains.list(tenant.id))[0]).toMatchObject({ lostAt: null });
    });
  });

  it('keeps its proof when the record is gone and when DNS does not answer, and says since when it is gone', async () => {
    const view = await claim('fading.test');
    records.set(view.recordName, [[view.recordValue]]);
    await world.domains.verify(tenant.id, 'fading.test', 'admin');

    records.set(view.recordName, SLOW);
    await expect(world.domains.verify(tenant.id, 'fading.test', 'admin')).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect((await world.domains.list(tenant.id))[0]).toMatchObject({ lostAt: null, problem: null });

    records.delete(view.recordName);
    const gone = await world.domains.verify(tenant.id, 'fading.test', 'admin');
    expect(gone).toMatchObject({ verifiedAt: expect.any(Date), lostAt: clock.now() });
    expect(gone.problem).toContain('any more');
    expect(await world.domains.signInFor('jane@fading.test')).not.toBeNull();

    records.set(view.recordName, [[view.recordValue]]);
    expect(await world.domains.verify(tenant.id, 'fading.test', 'admin')).toMatchObject({
      lostAt: null,
      problem: null,
    });
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
    await world.domains.remove(tenant.id, 'gone.test', 'admin', null);

    await expect(world.domains.verify(tenant.id, 'gone.test', 'admin')).rejects.toMatchObject({
      kind: 'notFound',
    });
  });
});

describe('a proven domain', () => {
  const HOUR_MS = 3_600_000;
  const asked: string[] = [];
  let record: { readonly recordName: string; readonly recordValue: string };

  const recheck = () =>
    makeDomainRecheck({
      store: makeDomainStore(world.database),
      resolveTxt: (name) => {
        asked.push(name);
        return resolveTxt(name);
      },
      writeMail: (tenantId, mail) =>
        appendMail(world.database.forTenant(tenantId), tenantId, mail, clock.now()),
      publicUrl: 'https://patchbay.example.test',
      now: () => clock.now(),
    })();

  async function later(hours: number) {
    clock.advance(hours * HOUR_MS);
    await Promise.all([recheck(), recheck()]);
    const [found] = await world.domains.list(tenant.id);
    return found!;
  }

  const mails = () =>
    world.database
      .forTenant(tenant.id)
      .selectFrom('mail_outbox')
      .select(['kind', 'subject', 'body_text'])
      .execute();

  async function told(): Promise<readonly string[]> {
    const events = world.database.forTenant(tenant.id).selectFrom('audit_events').select('action');
    return (await events.where('action', 'like', 'domain.proof%').orderBy('id').execute()).map(
      ({ action }) => action,
    );
  }

  beforeEach(async () => {
    record = await world.domains.claim(tenant.id, `watched-${count}.test`, 'admin');
    records.set(record.recordName, [[record.recordValue]]);
    await world.domains.verify(tenant.id, `watched-${count}.test`, 'admin');
    // Those of the tests before have no records any more.
    await recheck();
    asked.length = 0;
  });

  const looks = () => asked.filter((name) => name === record.recordName).length;

  it('is looked for once a day, by however many processes', async () => {
    for (const hours of [23, 1, 23, 1]) await later(hours);
    expect(looks()).toBe(2);
    expect((await world.domains.list(tenant.id))[0]?.checkedAt).toEqual(clock.now());
    expect([await mails(), await told()]).toEqual([[], []]);
  });

  it('whose record is gone is told at once here, and by e-mail once a second look misses it, and only once', async () => {
    records.delete(record.recordName);
    const first = await later(24);
    expect(first).toMatchObject({ lostAt: clock.now(), verifiedAt: expect.any(Date) });
    expect(await mails()).toEqual([]);

    for (const hours of [1, 24, 24]) expect((await later(hours)).lostAt).toEqual(first.lostAt);
    const [mail, ...more] = await mails();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ kind: 'security', subject: `The DNS record of ${first.domain} is gone` });
    expect(mail?.body_text).toContain(record.recordValue);
    expect(await told()).toEqual(['domain.proof-lost']);
    expect(await world.domains.signInFor(`jane@${first.domain}`)).toMatchObject({ tenantSlug: tenant.slug });
  });

  it('whose record comes back is as it was, and is told anew when it goes again', async () => {
    records.delete(record.recordName);
    await later(24);
    records.set(record.recordName, [[record.recordValue]]);
    expect(await later(1)).toMatchObject({ lostAt: null, problem: null });
    expect(await mails()).toEqual([]);

    records.set(record.recordName, [['another value']]);
    expect((await later(24)).problem).toContain('another value');
    await later(1);
    expect(await mails()).toHaveLength(1);
    expect(await told()).toEqual(['domain.proof-lost', 'domain.proof-found', 'domain.proof-lost']);
  });

  it('is not lost while DNS does not answer, and is asked for again an hour later', async () => {
    records.set(record.recordName, SLOW);
    expect(await later(24)).toMatchObject({ lostAt: null });
    await later(1);
    expect([looks(), await mails()]).toEqual([2, []]);
  });
});
