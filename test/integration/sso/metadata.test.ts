import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeHttpClient } from '../../../src/lib/http-client.js';
import { makeMetadataFetch } from '../../../src/sso/metadata-fetch.js';
import { certificateInfo } from '../../../src/sso/saml/certificates.js';
import { certify, makeSigningKey, makeTestIdp } from '../../support/idp.js';
import { makeTestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  addTenant,
  codeOn,
  idpFields,
  makeBrowser,
  serveMetadata,
  signIn,
  startSso,
  type SsoWorld,
} from '../../support/sso-world.js';

const idp = makeTestIdp();
const next = makeSigningKey({ commonName: 'Next' });
const clock = makeTestClock(new Date());
let database: TestDatabase;
let world: SsoWorld;
let served: Awaited<ReturnType<typeof serveMetadata>>;
let metadata: string;
let tenant: Awaited<ReturnType<typeof addTenant>>;
let base: string;
let sp: { entityId: string; acsUrl: string };
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startSso({ url: database.url, clock });
});

afterAll(async () => {
  await world.stop();
  await database.drop();
});

beforeEach(async () => {
  count += 1;
  clock.set(new Date());
  metadata = idp.metadata();
  served = await serveMetadata(() => metadata);
  tenant = await addTenant(world, `tenant-${count}`);
  base = `/sso/tenant-${count}/okta`;
  const settings = { roleRules: [{ attribute: 'groups', value: 'Owners', role: 'owner' }] };
  const source = { metadataUrl: served.url };
  sp = (await world.connections.create({ tenant, name: 'okta', source, settings, actor: 'test' }))
    .serviceProvider;
});

afterEach(() => served.stop());

function enter(key = idp.key) {
  return signIn(makeBrowser(world), base, (inResponseTo) =>
    idp.respond({ sp, inResponseTo, key, attributes: { groups: ['Owners'] } }),
  );
}

/** As if the metadata was last read an hour ago. */
async function readLongAgo(): Promise<void> {
  await world.database
    .system()
    .updateTable('sso_connections')
    .set({ metadata_tried_at: new Date(Date.now() - 3_600_000) })
    .where('tenant_id', '=', tenant.id)
    .execute();
}

const fingerprints = async () =>
  (await world.connections.view(tenant, 'okta')).idp?.certificates.map(({ fingerprint }) => fingerprint);

describe('metadata by address', () => {
  it('gives the connection its IdP', async () => {
    const view = await world.connections.view(tenant, 'okta');

    expect(view).toMatchObject({ state: 'active', idp: { entityId: idp.entityId, ssoUrl: idp.ssoUrl } });
    expect((await enter()).headers.get('location')).toBe('/');
  });

  it('is read again once when a signature does not fit, so that a roll-over locks nobody out', async () => {
    metadata = idp.metadata({ certificates: [idp.key.certificate, next.certificate] });
    await readLongAgo();
    const [before, response] = [served.hits(), await enter(next)];

    expect(response.headers.get('location')).toBe('/');
    expect(served.hits()).toBe(before + 1);
    expect(await fingerprints()).toContain(certificateInfo(next.certificate).fingerprint);
    const events = await world.database
      .system()
      .selectFrom('audit_events')
      .select('action')
      .where('tenant_id', '=', tenant.id)
      .execute();
    expect(events.map(({ action }) => action)).toContain('sso.metadata-changed');
  });

  it('is not read again and again for signatures that never fit', async () => {
    const stranger = makeSigningKey();
    const before = served.hits();
    await readLongAgo();
    for (let tries = 0; tries < 5; tries += 1) expect((await enter(stranger)).status).toBe(403);

    expect(served.hits()).toBe(before + 1);
  });

  it('that describes another IdP changes nothing, and the admin sees why', async () => {
    metadata = idp.metadata({ entityId: 'https://evil.example.test', certificates: [next.certificate] });
    await readLongAgo();
    const response = await enter(next);
    const view = await world.connections.view(tenant, 'okta');

    expect((await world.traces.byFriendlyId(tenant.id, await codeOn(response))).findings[0]?.check).toBe(
      'signature',
    );
    expect(view.idp?.entityId).toBe(idp.entityId);
    expect(view.metadata.problem).toContain('another identity provider');
    expect((await enter()).status).toBe(303);
  });

  it('that does not answer keeps what worked', async () => {
    await served.stop();
    clock.advance(25 * 3_600_000);
    await world.upkeep();
    clock.set(new Date());

    expect((await world.connections.view(tenant, 'okta')).metadata.problem).toContain('could not be read');
    expect((await enter()).status).toBe(303);
    served = await serveMetadata(() => metadata);
  });

  it('is read again after a day, not before, and by one process only', async () => {
    const before = served.hits();
    await world.upkeep();
    expect(served.hits()).toBe(before);

    clock.advance(25 * 3_600_000);
    metadata = idp.metadata({ certificates: [next.certificate] });
    await Promise.all([world.upkeep(), world.upkeep()]);
    expect(served.hits()).toBe(before + 1);
    expect(await fingerprints()).toEqual([certificateInfo(next.certificate).fingerprint]);
  });

  it('inside our own network is refused where it is not allowed', async () => {
    const http = makeHttpClient({
      allowLoopback: false,
      timeoutMs: 1_000,
      maxResponseBytes: 1_000,
      maxConnections: 1,
    });
    const fetch = makeMetadataFetch(http);

    await expect(fetch(served.url)).rejects.toMatchObject({ kind: 'invalid' });
    await expect(fetch('https://169.254.169.254/latest')).rejects.toThrow(
      'only to public Internet addresses',
    );
    http.close();
  });
});

describe('a connection', () => {
  it('in use cannot be handed to another IdP', async () => {
    const other = makeTestIdp({ entityId: 'https://other.example.test' });

    await expect(
      world.connections.setIdp(tenant, 'okta', { metadataXml: other.metadata() }, 'test'),
    ).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('can be made before its IdP is known, shows our side, and takes the IdP later', async () => {
    const draft = await world.connections.create({ tenant, name: 'later', idpKind: 'entra', actor: 'test' });
    expect(draft).toMatchObject({ state: 'draft', idp: null });
    expect(await world.connections.metadata(tenant, 'later')).toContain(draft.serviceProvider.acsUrl);
    await expect(world.connections.setState(tenant, 'later', 'active', 'test')).rejects.toMatchObject({
      kind: 'conflict',
    });

    await world.connections.setIdp(tenant, 'later', { metadataXml: idp.metadata() }, 'test');
    expect(await world.connections.setState(tenant, 'later', 'active', 'test')).toMatchObject({
      state: 'active',
    });
  });

  it('never shows its private keys, nor stores them in clear', async () => {
    const rows = await world.database.system().selectFrom('sso_connections').selectAll().execute();
    const views = await world.connections.list(tenant);

    expect(JSON.stringify([rows, views])).not.toMatch(/PRIVATE KEY/);
    expect(JSON.stringify(views)).not.toContain('sealed');
  });

  it('names what is wrong with its input, and stores nothing then', async () => {
    const create = (input: object) =>
      world.connections.create({
        tenant,
        name: 'new',
        actor: 'test',
        source: { fields: idpFields(idp) },
        ...input,
      });

    await expect(create({ name: 'Not a name' })).rejects.toThrow("cannot be a connection's name");
    await expect(create({ name: 'okta' })).rejects.toMatchObject({ kind: 'conflict' });
    await expect(create({ settings: { clockSkewSeconds: 3600, sinister: true } })).rejects.toThrow(
      /clockSkewSeconds|sinister/,
    );
    await expect(create({ source: { fields: idpFields(idp, ['nonsense']) } })).rejects.toThrow(
      'not a certificate',
    );
    await expect(create({ source: { fields: idpFields(idp, [idp.key.privateKey]) } })).rejects.toThrow(
      'private key',
    );
    await expect(create({ source: { metadataUrl: 'https://127.0.0.1:1/' } })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await expect(world.connections.byName(tenant, 'new')).rejects.toThrow('Known connections: okta');
  });

  it('keeps the settings of two admins who change different ones at once', async () => {
    await Promise.all([
      world.connections.setSettings(tenant, 'okta', { idpInitiated: true }, 'one'),
      world.connections.setSettings(tenant, 'okta', { clockSkewSeconds: 61 }, 'two'),
      world.connections.setRoleMapping(
        tenant,
        'okta',
        [{ attribute: 'groups', value: 'x', role: 'viewer' }],
        'three',
      ),
    ]);

    expect((await world.connections.view(tenant, 'okta')).settings).toMatchObject({
      idpInitiated: true,
      clockSkewSeconds: 61,
      roleRules: [{ value: 'x' }],
    });
  });

  it('of one tenant does not exist for another', async () => {
    const other = await addTenant(world, `stranger-${count}`);

    expect(await world.connections.list(other)).toEqual([]);
    await expect(world.connections.byName(other, 'okta')).rejects.toMatchObject({ kind: 'notFound' });
  });
});

describe('certificates that run out', () => {
  it('are announced 60, 30 and 7 days ahead, most urgent first', async () => {
    const now = clock.now();
    const inDays = (days: number) =>
      certify(idp.key.privateKey, { notAfter: new Date(now.getTime() + days * 86_400_000 + 3_600_000) });
    const certificates = [200, 60, 30, 7, -1].map(inDays);
    await world.connections.setIdp(tenant, 'okta', { fields: idpFields(idp, certificates) }, 'test');
    const warnings = await world.connections.certificateWarnings(tenant.id, now);

    expect(warnings.map(({ threshold, daysLeft, connection }) => [threshold, daysLeft, connection])).toEqual([
      ['expired', -1, 'okta'],
      [7, 7, 'okta'],
      [30, 30, 'okta'],
      [60, 60, 'okta'],
    ]);
    expect(warnings.every(({ hasSuccessor }) => hasSuccessor)).toBe(true);
    expect(
      await world.connections.certificateWarnings(tenant.id, new Date(now.getTime() - 2 * 86_400_000)),
    ).toHaveLength(3);
  });
});
