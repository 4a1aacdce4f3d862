import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeContacts } from '../../../src/mail/contacts.js';
import { makeMailDelivery, NO_SERVER } from '../../../src/mail/deliver.js';
import type { Mail } from '../../../src/mail/ports.js';
import { openMailServer, type MailServer } from '../../../src/mail/smtp.js';
import { appendMail } from '../../../src/store/mail/append-mail.js';
import { makeMailContactStore } from '../../../src/store/mail/contacts.js';
import { makeDueMailStore, makeOutboxView } from '../../../src/store/mail/outbox.js';
import { openDirectory, type DirectoryFixture } from '../../support/directory.js';
import { startSmtp, type SmtpServer } from '../../support/smtp.js';

const FROM = 'Patchbay <patchbay@acme.example>';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let fixture: DirectoryFixture;
let smtp: SmtpServer;
let server: MailServer;
let tenantId: string;

beforeEach(async () => {
  fixture = await openDirectory();
  tenantId = await fixture.addTenant('acme');
  smtp = await startSmtp();
  server = openMailServer({ url: smtp.url, from: FROM });
});

afterEach(async () => {
  server.close();
  await smtp.stop();
  await fixture.close();
});

function deliverer(send: MailServer['send'] | null = server.send) {
  return makeMailDelivery({
    outbox: makeDueMailStore(fixture.database),
    contacts: makeMailContactStore(fixture.database),
    send,
    open: (text) => {
      if (!text.startsWith('sealed:')) throw new Error('unreadable');
      return text.slice('sealed:'.length);
    },
    clock: fixture.clock,
    random: () => 0.5,
  });
}

async function post(mail: Partial<Mail> = {}, tenant = tenantId): Promise<boolean> {
  const whole: Mail = {
    kind: 'approval',
    recipients: ['it@acme.example'],
    subject: 'A plan waits',
    text: 'Twelve people would lose access.',
    dedupeKey: null,
    ...mail,
  };
  return appendMail(fixture.database.forTenant(tenant), tenant, whole, fixture.clock.now());
}

async function listed(tenant = tenantId) {
  const { rows } = await makeOutboxView(fixture.database).list(tenant, {
    state: null,
    after: null,
    limit: 50,
  });
  return rows;
}

const contacts = () =>
  makeContacts({
    contacts: makeMailContactStore(fixture.database),
    newId: fixture.newId,
    now: () => fixture.clock.now(),
  });

describe('e-mails', () => {
  it('that hold a secret are encrypted while they wait, and nothing is left of the text afterwards', async () => {
    const texts = async () =>
      (
        await fixture.database.forTenant(tenantId).selectFrom('mail_outbox').select('body_text').execute()
      ).map(({ body_text: text }) => text);
    await post({ text: 'sealed:the link', isSealed: true });
    await post({ text: 'no secret' });
    await deliverer()();
    expect(smtp.received.map(({ parsed }) => parsed.text?.trim()).toSorted()).toEqual([
      'no secret',
      'the link',
    ]);
    expect((await texts()).toSorted()).toEqual(['', 'no secret']);

    await post({ text: 'sealed:late', isSealed: true });
    fixture.clock.advance(4 * DAY_MS);
    await deliverer(null)();
    expect((await texts()).filter((text) => text !== 'no secret')).toEqual(['', '']);
  });

  it('that no key of the service opens fail alone', async () => {
    await post({ text: 'another key', isSealed: true });
    await post({ text: 'no secret' });
    await deliverer()();

    expect(smtp.received).toHaveLength(1);
    expect((await listed()).find(({ state }) => state === 'failed')?.lastError).toContain(
      'PATCHBAY_ENCRYPTION_KEYS',
    );
  });

  it('arrive with text, HTML, attachment and every letter of a strange name', async () => {
    const name = 'Zoë "x" <b>Ω</b>, 王小明 👩🏽‍💻 \u202Eevil';
    await post({
      subject: `${name}\r\nBcc: everybody@elsewhere.example`,
      text: `${name} waits.\n.\nStill the same text.`,
      html: `<p>${name.replaceAll('<', '&lt;')}</p>`,
      attachments: [
        {
          name: 'report-ö.html',
          contentType: 'text/html; charset=utf-8',
          text: `<p>${'ü'.repeat(5_000)}</p>`,
        },
      ],
    });
    await deliverer()();

    const [mail] = smtp.received;
    expect(smtp.received).toHaveLength(1);
    expect(mail?.to).toEqual(['it@acme.example']);
    expect(mail?.parsed.from).toEqual({ name: 'Patchbay', address: 'patchbay@acme.example' });
    expect(mail?.parsed.subject).toBe(`${name} Bcc: everybody@elsewhere.example`);
    expect(mail?.parsed.text?.trimEnd()).toBe(`${name} waits.\n.\nStill the same text.`);
    expect(mail?.parsed.html).toContain(name.replaceAll('<', '&lt;'));
    const [attachment] = mail?.parsed.attachments ?? [];
    expect(attachment?.filename).toBe('report-ö.html');
    expect(new TextDecoder().decode(attachment?.content as ArrayBuffer)).toBe(`<p>${'ü'.repeat(5_000)}</p>`);
    expect(mail?.raw).toMatch(/^Auto-Submitted: auto-generated/im);
    expect(await listed()).toMatchObject([
      { state: 'sent', deliveredTo: ['it@acme.example'], attempts: 1, lastError: null },
    ]);
  });

  it('are there exactly if the transaction that tells of something is', async () => {
    const lost = fixture.database
      .forTenant(tenantId)
      .transaction()
      .execute(async (trx) => {
        await appendMail(
          trx,
          tenantId,
          { kind: 'approval', recipients: null, subject: 'x', text: 'x', dedupeKey: null },
          fixture.clock.now(),
        );
        throw new Error('rolled back');
      });
    await expect(lost).rejects.toThrow('rolled back');
    expect(await listed()).toEqual([]);
  });

  it('with a key are written once for a tenant', async () => {
    const other = await fixture.addTenant('other', 0);
    const dedupeKey = 'certificate:1:2026-12-24';
    expect([await post({ dedupeKey }), await post({ dedupeKey }), await post({ dedupeKey }, other)]).toEqual([
      true,
      false,
      true,
    ]);
    await deliverer()();
    expect(await post({ dedupeKey })).toBe(false);
    expect(smtp.received).toHaveLength(2);
    expect(await listed(other)).toHaveLength(1);
  });

  it('are tried again later and later when the server asks for it, and given up after three days', async () => {
    smtp.answer = () => '451 come back later';
    await post();
    const deliver = deliverer();
    const tries: number[] = [];
    for (let minute = 0; minute < 4 * 24 * 60; minute += 70) {
      await deliver();
      const [mail] = await listed();
      tries.push(mail?.attempts ?? 0);
      if (mail?.state !== 'due') break;
      fixture.clock.advance(70 * MINUTE_MS);
    }
    const [mail] = await listed();
    expect(mail).toMatchObject({ state: 'failed', deliveredTo: [] });
    expect(mail?.lastError).toContain('451');
    expect(mail?.attempts).toBeGreaterThan(50);
    expect(mail?.attempts).toBeLessThan(70);
    expect(tries.slice(0, 2)).toEqual([1, 2]);
  });

  it('go to everybody once, though one recipient is asked for again', async () => {
    smtp.answer = (to) =>
      to.startsWith('slow') ? '450 greylisted' : to.startsWith('gone') ? '550 no such user' : null;
    await post({ recipients: ['first@acme.example', 'gone@acme.example', 'slow@acme.example'] });
    await deliverer()();
    expect(await listed()).toMatchObject([{ state: 'due', deliveredTo: ['first@acme.example'] }]);

    smtp.answer = (to) => (to.startsWith('gone') ? '550 no such user' : null);
    fixture.clock.advance(10 * MINUTE_MS);
    await deliverer()();
    expect(smtp.received.map(({ to }) => to[0])).toEqual(['first@acme.example', 'slow@acme.example']);
    const [mail] = await listed();
    expect(mail).toMatchObject({ state: 'failed', deliveredTo: ['first@acme.example', 'slow@acme.example'] });
    expect(mail?.lastError).toContain('gone@acme.example: 550 no such user');
  });

  it('are sent by one of several senders at work at once', async () => {
    for (let number = 0; number < 40; number += 1) await post({ subject: `Number ${number}` });
    await Promise.all([deliverer()(), deliverer()(), deliverer()()]);
    const subjects = smtp.received.map(({ parsed }) => parsed.subject);
    expect(subjects.toSorted()).toEqual(
      Array.from({ length: 40 }, (_, number) => `Number ${number}`).toSorted(),
    );
  });

  it('that a killed sender had taken are sent by the next one', async () => {
    await post();
    const at = fixture.clock.now();
    await makeDueMailStore(fixture.database).claim(at, new Date(at.getTime() + MINUTE_MS), 10);
    await deliverer()();
    expect(smtp.received).toHaveLength(0);
    fixture.clock.advance(2 * MINUTE_MS);
    await deliverer()();
    expect(smtp.received).toHaveLength(1);
  });

  it('wait without a mail server, and say so in the end', async () => {
    await post();
    await deliverer(null)();
    expect(await listed()).toMatchObject([{ state: 'due', attempts: 0 }]);
    fixture.clock.advance(3 * DAY_MS);
    await deliverer(null)();
    expect(await listed()).toMatchObject([{ state: 'failed', lastError: NO_SERVER }]);
    fixture.clock.advance(91 * DAY_MS);
    await deliverer(null)();
    expect(await listed()).toEqual([]);
  });

  it('wait while nothing answers at all', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    await new Promise((resolve) => silent.close(resolve));
    const nobody = openMailServer({ url: `smtp://127.0.0.1:${port}`, from: FROM });
    await post();
    await deliverer(nobody.send)();
    const [mail] = await listed();
    expect(mail).toMatchObject({ state: 'due', attempts: 1 });
    expect(mail?.lastError).toContain('ECONNREFUSED');
    await expect(nobody.check()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('of one tenant are not seen by another', async () => {
    const other = await fixture.addTenant('other', 0);
    await post();
    expect(await listed(other)).toEqual([]);
  });
});

describe('the mail server', () => {
  it('is signed in to, and its refusal is told without the password', async () => {
    const guarded = await startSmtp({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, callback) =>
        username === 'us' && password === 'right'
          ? callback(null, { user: 'us' })
          : callback(new Error('Wrong password')),
    });
    const at = guarded.url.replace('smtp://', '');
    const right = openMailServer({ url: `smtp://us:right@${at}`, from: FROM });
    const wrong = openMailServer({ url: `smtp://us:secret-word@${at}`, from: FROM });
    await right.check();
    await post();
    await deliverer(wrong.send)();
    const [mail] = await listed();
    expect(mail).toMatchObject({ state: 'due' });
    expect(mail?.lastError).not.toContain('secret-word');
    fixture.clock.advance(10 * MINUTE_MS);
    await deliverer(right.send)();
    expect(guarded.received).toHaveLength(1);
    expect(wrong.name).toBe(at);
    await guarded.stop();
  });
});

describe('contacts', () => {
  it('get what they chose, everything when they chose nothing, and owners where nobody chose', async () => {
    const save = (email: string, kinds: readonly string[]) =>
      contacts().save({ tenantId, email, kinds, actor: 'test' });
    await save('all@acme.example', []);
    await save('certificates@acme.example', ['certificate']);
    await post({ recipients: null, kind: 'certificate', subject: 'certificate' });
    await post({ recipients: null, kind: 'report', subject: 'report' });
    await deliverer()();
    expect(smtp.received.map(({ to, parsed }) => `${parsed.subject} ${to[0]}`)).toEqual([
      'certificate all@acme.example',
      'certificate certificates@acme.example',
      'report all@acme.example',
    ]);

    const [all] = await contacts().list(tenantId);
    await contacts().remove({ tenantId, contactId: all?.id ?? '', actor: 'test' });
    fixture.clock.advance(MINUTE_MS);
    await post({ recipients: null, kind: 'report' });
    await deliverer()();
    expect((await listed())[0]).toMatchObject({ state: 'failed' });
    expect((await listed())[0]?.lastError).toContain('nobody to send it to');

    await fixture.database
      .forTenant(tenantId)
      .insertInto('console_users')
      .values({
        tenant_id: tenantId,
        id: fixture.newId(),
        kind: 'local',
        login_name: 'ada',
        email: 'ada@acme.example',
        display_name: 'Ada',
        role: 'owner',
        password_hash: 'x',
        totp_secret: 'x',
        created_at: fixture.clock.now(),
      })
      .execute();
    await post({ recipients: null, kind: 'report', subject: 'to the owner' });
    await deliverer()();
    expect(smtp.received.at(-1)?.to).toEqual(['ada@acme.example']);
  });

  it('are known by their address, however it is written, and one bad address changes nothing', async () => {
    await contacts().save({ tenantId, email: 'It@Acme.example', kinds: [], actor: 'test' });
    await contacts().save({ tenantId, email: ' it@acme.example ', kinds: ['report'], actor: 'test' });
    expect(await contacts().list(tenantId)).toMatchObject([{ email: 'It@Acme.example', kinds: ['report'] }]);
    for (const email of [
      '',
      'nobody',
      'a@b.example, c@d.example',
      'a@b.example\r\nBcc: c@d.example',
      '<a@b.example>',
    ]) {
      await expect(contacts().save({ tenantId, email, kinds: [], actor: 'test' })).rejects.toMatchObject({
        kind: 'invalid',
      });
    }
    await expect(
      contacts().save({ tenantId, email: 'a@b.example', kinds: ['everything'], actor: 'test' }),
    ).rejects.toMatchObject({ kind: 'invalid' });
    expect(await contacts().list(tenantId)).toHaveLength(1);
    await expect(
      contacts().remove({ tenantId, contactId: fixture.newId(), actor: 'test' }),
    ).rejects.toMatchObject({ kind: 'notFound' });
  });
});
