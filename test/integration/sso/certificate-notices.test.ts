import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificateNotices } from '../../../src/sso/certificate-notices.js';
import { appendMail } from '../../../src/store/mail/append-mail.js';
import { makeTestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { certify, makeTestIdp } from '../../support/idp.js';
import { addTenant, idpFields, startSso, type SsoWorld } from '../../support/sso-world.js';

const DAY_MS = 86_400_000;
const clock = makeTestClock('2026-03-02T09:00:00.000Z');
const idp = makeTestIdp();

let database: TestDatabase;
let world: SsoWorld;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startSso({ url: database.url, clock });
});
afterAll(async () => {
  await world.stop();
  await database.drop();
});

const certificate = (days: number) =>
  certify(idp.key.privateKey, {
    notBefore: new Date(clock.now().getTime() - DAY_MS),
    notAfter: new Date(clock.now().getTime() + days * DAY_MS),
  });

function run() {
  const notices = makeCertificateNotices({
    connections: world.store,
    writeMail: (tenantId, mail) =>
      appendMail(world.database.forTenant(tenantId), tenantId, mail, clock.now()),
    publicUrl: 'https://patchbay.example.test',
    now: () => clock.now(),
  });
  return notices();
}

async function subjects(tenantId: string): Promise<readonly string[]> {
  const rows = await world.database
    .forTenant(tenantId)
    .selectFrom('mail_outbox')
    .select(['subject', 'kind', 'body_text'])
    .orderBy('created_at')
    .execute();
  expect(rows.every(({ kind }) => kind === 'certificate')).toBe(true);
  return rows.map(({ subject }) => subject);
}

async function connect(slug: string, certificates: readonly string[]) {
  const tenant = await addTenant(world, slug);
  const source = { fields: idpFields(idp, certificates) };
  await world.connections.create({
    tenant,
    name: 'okta',
    label: 'Okta',
    idpKind: 'okta',
    source,
    actor: 'test',
  });
  return tenant;
}

describe('a certificate that runs out', () => {
  it('is told by e-mail 60, 30 and 7 days ahead and when it has, once each, by however many processes', async () => {
    const tenant = await connect('acme', [certificate(61)]);
    expect(await run()).toBe(0);
    for (const days of [2, 15, 15, 10, 12, 1, 9]) {
      clock.advance(days * DAY_MS);
      await Promise.all([run(), run()]);
    }

    expect(await subjects(tenant.id)).toEqual([
      'Single sign-on "Okta": the certificate runs out in 59 days',
      'Single sign-on "Okta": the certificate runs out in 29 days',
      'Single sign-on "Okta": the certificate runs out in 7 days',
      'Single sign-on "Okta": the certificate has run out',
    ]);
    const [{ body_text: text } = { body_text: '' }] = await world.database
      .forTenant(tenant.id)
      .selectFrom('mail_outbox')
      .select('body_text')
      .execute();
    expect(text).toContain('Sign On > SAML Signing Certificates');
    expect(text).toContain('https://patchbay.example.test/console/sso/connections/okta');
  });

  it('is not told of where another one takes over, nor of a connection that is off', async () => {
    const covered = await connect('covered', [certificate(5), certificate(400)]);
    const off = await connect('off', [certificate(5)]);
    await world.connections.setState(off, 'okta', 'disabled', 'test');
    await run();

    expect(await subjects(covered.id)).toEqual([]);
    expect(await subjects(off.id)).toEqual([]);
  });
});
