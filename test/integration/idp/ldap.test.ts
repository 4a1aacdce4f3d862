import { Attribute, Change, SizeLimitExceededError } from 'ldapts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idpSource } from '../../../src/report/missed-pushes/compare.js';
import type { IdpSource } from '../../../src/report/missed-pushes/source.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import {
  BASE,
  connect,
  GROUPS,
  HAS_SLAPD,
  PEOPLE,
  personAttributes,
  READER,
  startSlapd,
  UNPAGED_LIMIT,
  type LdapPerson,
  type Slapd,
} from '../../support/idp/slapd.js';

const COUNT = 1_200;
const staff: readonly LdapPerson[] = Array.from({ length: COUNT }, (_, number) => ({
  uid: `p${String(number).padStart(4, '0')}`,
  givenName: `Given${number}`,
  sn: `Family${number}`,
  ...(number % 2 === 0 ? { title: 'Agent' } : {}),
}));
const groups = { Sales: staff.slice(0, 900).map(({ uid }) => uid) };
const CONFIG = {
  name: 'Acme LDAP',
  startTls: false,
  bindDn: READER.bindDn,
  peopleBase: PEOPLE,
  groupsBase: GROUPS,
  inactive: { when: 'equals', attribute: 'employeeType', value: 'left' },
};

if (!HAS_SLAPD) it.skip('a real LDAP directory: install slapd to run this');

describe.runIf(HAS_SLAPD)('a real OpenLDAP with 1,200 people that gives nobody more than 500 at once', () => {
  let slapd: Slapd;
  let world: ConsoleWorld;
  let tenantId: string;
  let source: IdpSource;
  const idOf = new Map<string, string>();

  beforeAll(async () => {
    slapd = await startSlapd(staff, groups);
    world = await openConsole(await createTestDatabase());
    tenantId = (await world.services.tenants.create({ slug: 'acme', name: 'Acme', actor: 'test' })).id;
    const { idpSources } = world.engine.comparisons;
    const created = await idpSources.create({
      tenantId,
      name: 'LDAP',
      kind: 'ldap',
      config: { ...CONFIG, url: slapd.url },
      secrets: { password: READER.password },
      actor: 'test',
    });
    source = created.source;
    await pushEverybody();
  });
  afterAll(async () => {
    await world?.close();
    await slapd?.stop();
  });

  /** What the push of the identity provider would have made here, with its ids. */
  async function pushEverybody(): Promise<void> {
    const reader = world.engine.comparisons.idpSources.open(source);
    const { reading } = await reader.read({ previous: null, progress: () => Promise.resolve() });
    await reader.close();
    const context = { tenantId, actor: 'scim:ldap', correlationId: null };
    const byId = new Map<string, string>();
    for (const person of reading.people) {
      const stored = await world.users.create(context, {
        userName: person.userName ?? '',
        externalId: person.id,
        name: { givenName: person.givenName, familyName: person.familyName },
        emails: [{ value: person.email ?? '', primary: true, type: 'work' }],
        ...(person.attributes['title'] === undefined ? {} : { title: person.attributes['title'] }),
        active: true,
      });
      idOf.set(person.userName ?? '', stored.id);
      byId.set(person.id, stored.id);
    }
    for (const group of reading.groups ?? []) {
      const members = group.memberIds.map((id) => byId.get(id) ?? '');
      await world.groups.create(context, { displayName: group.name }, members);
    }
  }

  async function compare(): Promise<readonly string[]> {
    const fresh = await world.engine.comparisons.idpSources.get(tenantId, source.id);
    const outcome = await world.engine.comparisons.compareNow(idpSource(fresh), 'manual');
    expect(outcome).toMatchObject({ type: 'complete' });
    return openKeys();
  }

  async function openKeys(): Promise<readonly string[]> {
    const query = { source: idpSource(source), state: 'open', limit: 1_000 } as const;
    const found = await world.engine.comparisons.findings.list(tenantId, query);
    return found.map(({ finding }) => `${finding.class} ${finding.about}`).toSorted();
  }

  const mail = (uid: string) => `${uid}@acme.example`;
  const dn = (uid: string) => `uid=${uid},${PEOPLE}`;

  it('refuses a search that does not ask page by page', async () => {
    const client = await connect(slapd.url, READER);
    const search = client.search(PEOPLE, { filter: '(objectClass=inetOrgPerson)', attributes: ['uid'] });
    await expect(search).rejects.toThrow(SizeLimitExceededError);
    await client.unbind();
    expect(COUNT).toBeGreaterThan(2 * UNPAGED_LIMIT);
  });

  it('is read as a whole, and shows no difference after everybody was pushed', async () => {
    expect(idOf.size).toBe(COUNT);
    expect(await compare()).toEqual([]);
  });

  it('a credential that is wrong stores nothing, and a wrong base says so', async () => {
    const { idpSources } = world.engine.comparisons;
    const wrong = {
      tenantId,
      name: 'Other',
      kind: 'ldap',
      config: { ...CONFIG, url: slapd.url },
      secrets: { password: 'wrong' },
      actor: 'test',
    } as const;
    await expect(idpSources.create(wrong)).rejects.toMatchObject({ kind: 'credential' });
    const elsewhere = {
      ...wrong,
      config: { ...wrong.config, peopleBase: `ou=nobody,${BASE}` },
      secrets: READER,
    };
    await expect(
      idpSources.create({ ...elsewhere, secrets: { password: READER.password } }),
    ).rejects.toMatchObject({ kind: 'contract' });
    expect((await idpSources.list(tenantId)).map(({ name }) => name)).toEqual(['LDAP']);
    expect(JSON.stringify(await idpSources.list(tenantId))).not.toContain(READER.password);
  });

  it('joiners, leavers and renames since then are each found once, and nothing else', async () => {
    const joiners = ['j1', 'j2', 'j3'].map((uid) => ({ uid, givenName: 'Jo', sn: `Iner${uid}` }));
    for (const joiner of joiners) await slapd.admin.add(dn(joiner.uid), personAttributes(joiner));
    // Left for good, and marked as having left.
    for (const uid of ['p0001', 'p0003', 'p1199']) await slapd.admin.del(dn(uid));
    for (const uid of ['p0005', 'p1000']) {
      const left = new Attribute({ type: 'employeeType', values: ['left'] });
      await slapd.admin.modify(dn(uid), new Change({ operation: 'replace', modification: left }));
    }
    // A marriage: another DN and another name, and still the same person.
    await slapd.admin.modifyDN(dn('p0007'), 'uid=married');
    for (const [type, value] of [
      ['sn', 'Married'],
      ['mail', 'married@acme.example'],
    ] as const) {
      const modification = new Attribute({ type, values: [value] });
      await slapd.admin.modify(dn('married'), new Change({ operation: 'replace', modification }));
    }
    expect(await compare()).toEqual(
      [
        ...joiners.map(({ uid }) => `idp-missing-here ${mail(uid)}`),
        ...['p0001', 'p0003', 'p1199'].map((uid) => `idp-extra-here ${mail(uid)}`),
        ...['p0005', 'p1000'].map((uid) => `idp-deactivated ${mail(uid)}`),
        `idp-attribute ${mail('p0007')}`,
        `idp-attribute ${mail('p0007')}`,
        `idp-attribute ${mail('p0007')}`,
        // The group there still names the DN of before.
        `idp-membership ${mail('p0007')}`,
      ].toSorted(),
    );
  });

  it('takes nothing from anybody for being absent, and deactivates whoever is marked where policy says so', async () => {
    const activeOf = async (uid: string) => {
      const row = await world.services.database
        .forTenant(tenantId)
        .selectFrom('scim_users')
        .select('active')
        .where('id', '=', idOf.get(uid) ?? '')
        .executeTakeFirstOrThrow();
      return row.active;
    };
    expect(await Promise.all(['p0001', 'p0005'].map(activeOf))).toEqual([true, true]);
    await world.engine.comparisons.findings.setPolicy(idpSource(source), {
      class: 'idp-deactivated',
      policy: 'fix',
      actor: 'test',
    });
    await compare();
    expect(await Promise.all(['p0001', 'p0005', 'p1000'].map(activeOf))).toEqual([true, false, false]);
    expect((await compare()).filter((line) => line.startsWith('idp-deactivated'))).toEqual([]);
  });

  it('a list that is cut short is an incomplete run that resolves nothing', async () => {
    const cutting = await startSlapd(staff, groups, 700);
    try {
      const before = await openKeys();
      const { idpSources } = world.engine.comparisons;
      const fresh = await idpSources.get(tenantId, source.id);
      await idpSources.setConfig(fresh, { ...fresh.config, url: cutting.url }, 'test');
      const outcome = await world.engine.comparisons.compareNow(idpSource(source), 'manual');
      await idpSources.setConfig(fresh, fresh.config, 'test');
      expect(outcome).toMatchObject({ type: 'incomplete' });
      expect(outcome).toHaveProperty('reason', expect.stringContaining('refused to list everything'));
      expect(await openKeys()).toEqual(before);
    } finally {
      await cutting.stop();
    }
  });

  it('a directory that went away is an incomplete run, and pauses nothing', async () => {
    const before = await openKeys();
    await slapd.stop();
    const outcome = await world.engine.comparisons.compareNow(idpSource(source), 'manual');
    expect(outcome).toMatchObject({ type: 'incomplete' });
    expect(await openKeys()).toEqual(before);
    expect((await world.engine.comparisons.idpSources.get(tenantId, source.id)).pausedReason).toBeNull();
    slapd = await startSlapd(staff.slice(0, 1), { Sales: [staff[0]?.uid ?? ''] });
  });
});
