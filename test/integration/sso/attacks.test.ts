import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SamlParty } from '../../../src/sso/saml/check.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { makeAttackWorld } from '../../support/saml-attack-table.js';
import {
  addTenant,
  codeOn,
  idpFields,
  makeBrowser,
  startSso,
  worldKeys,
  type SsoWorld,
} from '../../support/sso-world.js';

const { idp, party, attacks, documentAttacks } = makeAttackWorld(worldKeys);
const roleRules = [{ attribute: 'groups', value: 'Owners', role: 'owner' as const }];

let database: TestDatabase;
let world: SsoWorld;
const tenants = new Map<string, Awaited<ReturnType<typeof addTenant>>>();

beforeAll(async () => {
  database = await createTestDatabase();
  world = await startSso({ url: database.url });
  for (const slug of ['acme', 'umbrella']) {
    const tenant = await addTenant(world, slug);
    tenants.set(slug, tenant);
    const source = { fields: idpFields(idp) };
    for (const name of ['okta', 'second']) {
      await world.connections.create({ tenant, name, source, settings: { roleRules }, actor: 'test' });
    }
  }
});

afterAll(async () => {
  await world.stop();
  await database.drop();
});

/** Brings the stored connection into the state that the attack is about. Returns its tenant. */
async function prepare(side: SamlParty) {
  const [, slug = '', name = ''] = /\/sso\/(\w+)\/(\w+)\/acs$/.exec(side.sp.acsUrl) ?? [];
  const tenant = tenants.get(slug)!;
  const connection = await world.connections.byName(tenant, name);
  const audit = { at: new Date(), actor: 'test', action: 'test', targetType: 'test', targetId: 'test' };
  await world.store.setIdp(tenant.id, connection.id, { idp: side.idp, metadataUrl: null }, audit);
  await world.connections.setSettings(tenant, name, { ...side.settings, roleRules }, 'test');
  return tenant;
}

const cases = [
  ...attacks.map(({ name, attempt, refusedBy }) => ({ name, attempt, refusedBy: [refusedBy] })),
  ...documentAttacks,
];

describe.each(cases)('$name', ({ attempt, refusedBy }) => {
  it('ends at a neutral page with a code, whose trace says why, and without a session', async () => {
    const { message, relayState, party: side = party } = await attempt();
    const tenant = await prepare(side);
    const browser = makeBrowser(world);
    const base = new URL(side.sp.acsUrl).pathname;
    const response = await browser.post(base, { SAMLResponse: message, RelayState: relayState ?? '' });
    const page = await response.clone().text();
    const trace = await world.traces.byFriendlyId(tenant.id, await codeOn(response));

    expect(response.status).toBe(403);
    expect(browser.cookies.size).toBe(0);
    expect(trace.findings.some(({ check }) => (refusedBy as readonly string[]).includes(check))).toBe(true);
    expect(
      trace.findings.every(({ title, meaning, change }) => title !== '' && meaning !== '' && change !== ''),
    ).toBe(true);
    expect(page).not.toContain(trace.findings[0]?.title);
    expect(await world.database.system().selectFrom('console_sessions').selectAll().execute()).toEqual([]);
  });
});

describe('traces', () => {
  it('hold no personal data of those who were refused', async () => {
    const rows = await world.database.system().selectFrom('sso_traces').selectAll().execute();

    expect(rows.length).toBeGreaterThan(60);
    expect(JSON.stringify(rows)).not.toContain('jane@');
    expect(JSON.stringify(rows)).not.toContain('owner@');
  });

  it('of one tenant cannot be read by another, whatever the code', async () => {
    const [trace] = await world.traces.recent(tenants.get('acme')!.id);

    await expect(world.traces.byFriendlyId(tenants.get('umbrella')!.id, trace!.friendlyId)).rejects.toThrow(
      'There is no sign-in with the code',
    );
  });
});
