import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReports } from '../../../src/app/reports.js';
import { renderReport } from '../../../src/report/render/render.js';
import { makeAircallSandbox } from '../../../src/sandbox/aircall/sandbox.js';
import { makeSmartfloSandbox } from '../../../src/sandbox/smartflo/sandbox.js';
import type { Account } from '../../../src/tenancy/account.js';
import { addPerson } from '../../support/console-story.js';
import { csrfOf, visit, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { openApi } from '../../support/api-client.js';

const ACTOR = 'test';
const LINE = '+6491234567';
const DID = '+918065485979';
const ADA = 'ada.lovelace@acme.example';

const RULES = `version: 1
defaults: { role: agent }
rules:
  - id: paris
    accounts: [aircall]
    when: { group: Everywhere }
    grant: { teams: [Sales] }
  - id: mumbai
    accounts: [smartflo]
    when: { group: Everywhere }
    grant: { teams: [Support] }
  - id: auckland
    accounts: [vxt]
    when: { group: Everywhere }
    grant:
      numbers: [{ number: '${LINE}', access: assigned }]
`;

const LIST = `Email,Name,Role,Permissions,Status,Assigned numbers,Caller ID access,Call flows
olga@acme.example,Olga Owner,Admin,,Active,,,
${ADA},Ada Lovelace,Member,,Active,${LINE},,
`;

/** One tenant with all three phone systems: what is pushed once arrives in each, in each one's own way. */
describe('a tenant with three phone systems', () => {
  let world: ConsoleWorld;
  let owner: Visitor;
  let tenantId: string;
  let ada: string;
  const accounts: Account[] = [];
  const aircall = makeAircallSandbox({ settings: { requestsPerMinute: 1_000_000 } });
  const smartflo = makeSmartfloSandbox({ settings: { requestsPerSecond: null, durability: 'none' } });

  beforeAll(async () => {
    world = await openConsole(await createTestDatabase());
    const tenant = await world.services.tenants.create({ slug: 'acme', name: 'Acme', actor: ACTOR });
    tenantId = tenant.id;
    await world.services.rules.save({ tenantId, text: RULES, note: '', actor: ACTOR });
    await connectAll();
    owner = await visit(world, tenantId, 'owner');
    const context = { tenantId, actor: 'scim:okta', correlationId: null };
    ada = await addPerson(world, context, 'Ada Lovelace');
    const { id } = await world.groups.create(context, { displayName: 'Everywhere' }, []);
    await world.groups.modify(context, id, (resource) => ({
      resource,
      members: { type: 'delta', add: [ada], remove: [] },
    }));
    await drain();
  });

  afterAll(async () => {
    await aircall.stop();
    await smartflo.stop();
    await world?.close();
  });

  async function connectAll(): Promise<void> {
    const phones = await aircall.start();
    const key = await aircall.dashboard.seedCompany({
      name: 'Acme Paris',
      owner: { email: 'olga@acme.example', firstName: 'Olga', lastName: 'Owner' },
      teams: ['Sales'],
      numbers: [{ name: 'Paris', digits: '+33 1 76 11 11 11', country: 'FR', ringsTeams: ['Sales'] }],
    });
    const desk = await smartflo.start();
    const { token } = await smartflo.dashboard.seedAccount({
      name: 'Acme Mumbai',
      owner: { email: 'olga@acme.example', password: 'Owner-Password-1', name: 'Olga Owner' },
      departments: ['Support'],
      numbers: [{ name: 'Main', did: DID }],
    });
    const { apiId, apiToken } = key;
    await connect(
      'aircall',
      { baseUrl: phones.url, dashboardUrl: phones.url, requestsPerMinute: 6_000 },
      { apiId, apiToken },
    );
    await connect('smartflo', { baseUrl: desk.url, fallbackNumber: '9000000000' }, { token });
    await connect('vxt', { numbers: [LINE] }, {});
  }

  async function connect(provider: string, config: object, secrets: object): Promise<void> {
    const { account } = await world.services.accounts.create({
      tenantId, name: provider, provider, config, secrets, policy: 'sync', validate: true, actor: ACTOR,
    }); // prettier-ignore
    accounts.push(account);
  }

  async function drain(): Promise<void> {
    for (const { id } of accounts) {
      for (let more = true; more;) {
        more = (await world.drain({ tenantId, accountId: id }, { sliceMs: 60_000 })).type === 'more';
      }
    }
  }

  const upload = async (fields: Readonly<Record<string, string>>, text: string) => {
    const page = await owner.get('/accounts/vxt/import');
    const form = new FormData();
    for (const [name, value] of Object.entries({ _csrf: csrfOf(page.html), ...fields }))
      form.set(name, value);
    form.set('list', new Blob([text], { type: 'text/csv' }), 'members.csv');
    return owner.send('/accounts/vxt/import', { method: 'POST', body: form });
  };

  it('makes a first plan of the whole of an account that comes after the rules', async () => {
    const rows = await world.services.database
      .forTenant(tenantId)
      .selectFrom('accounts')
      .select(['name', 'applied_rule_set_version as version', 'reconcile_due_at as due'])
      .where('provider', '<>', 'vxt')
      .orderBy('name')
      .execute();
    expect(rows).toEqual([
      { name: 'aircall', version: 1, due: null },
      { name: 'smartflo', version: 1, due: null },
    ]);
  });

  it('does what it can in each, and waits for the first list where it cannot know', async () => {
    const inAircall = aircall.snapshot().users.map(({ email }) => email);
    const inSmartflo = smartflo.snapshot().users.map(({ email }) => email);
    expect(inAircall).toContain(ADA);
    expect(inSmartflo).toContain(ADA);

    const page = await owner.get('/accounts/vxt');
    expect(page.html).toContain('Import its member list once as a complete list');
    expect((await owner.get(`/people/${ada}`)).html).toMatch(/aircall[\s\S]*smartflo[\s\S]*vxt/);
  });

  it('refuses a list that cannot be understood, with line and column, and changes nothing', async () => {
    const seen = await upload({ complete: 'yes' }, LIST.replace('Member', 'Wizard'));

    expect(seen.status).toBe(400);
    expect(seen.html).toContain('line 3, column Role');
    expect(
      await world.services.database.forTenant(tenantId).selectFrom('manual_imports').selectAll().execute(),
    ).toEqual([]);
  });

  it('shows what a list would do, and only then does it; the account goes on by itself', async () => {
    const first = await upload({ complete: 'yes' }, LIST.split('\n').slice(0, 2).join('\n'));
    expect(first.status).toBe(303);
    const address = (first.location ?? '').replace('/console', '');
    const preview = await owner.get(address);
    expect(preview.html).toContain('olga@acme.example');
    expect(await people()).toEqual([]);

    const digest = /name="digest" value="([^"]+)"/.exec(preview.html)?.[1] ?? '';
    const applied = await owner.post(`${address}/apply`, { digest });
    expect([applied.status, applied.location]).toEqual([
      303,
      '/console/accounts/vxt/import?done=import-applied',
    ]);

    expect(await people()).toEqual(['olga@acme.example']);
    expect((await owner.get('/accounts/vxt')).html).not.toContain('Import its member list once');
    await drain();
    expect((await owner.get('/worklist')).html).toContain(`Bring ${ADA} into VXT`);
  });

  it('says on the person’s page what each system has, and that VXT waits for somebody', async () => {
    const { html } = await owner.get(`/people/${ada}`);

    expect(html).toContain('2 steps wait for a person');
    expect(html).toMatch(/Number \+6491234567|\+6491234567/);
  });

  it('is confirmed step by step by a script as well, with who and when', async () => {
    const api = await openApi(world, tenantId);
    const { items } = (await api.call('get', '/worklist?state=open&account=vxt')).body as {
      items: { id: string }[];
    };
    const taskId = items[0]?.id ?? '';
    const listed = (await api.call('get', `/worklist/${taskId}/steps`)).body as {
      items: { id: string; title: string }[];
    };
    expect(listed.items.map(({ title }) => title)).toEqual([
      `Invite ${ADA} as a Member`,
      `Assign ${LINE} to ${ADA}`,
    ]);

    const confirmed = await api.call(
      'post',
      `/worklist/${taskId}/steps/${listed.items[0]?.id ?? ''}/confirm`,
      {},
    );
    expect(confirmed.status).toBe(204);
    const done = await api.call('post', `/worklist/${taskId}/done`);
    expect(done.status).toBe(409);

    const { html } = await owner.get(`/worklist/${taskId}`);
    expect(html).toMatch(/Confirmed by (?:token|api)[^<]*/);
    await drain();
  });

  it('believes an export like a person: what it shows is done, and everything rests', async () => {
    const api = await openApi(world, tenantId);
    const later = new Date(Date.now() + 60_000).toISOString();
    const preview = (
      await api.call('post', '/accounts/vxt/imports', { csv: LIST, complete: true, exportedAt: later })
    ).body as {
      row: { id: string };
      digest: string;
      confirmed: string[];
    };
    expect(preview.confirmed).toEqual([`Assign ${LINE} to ${ADA}`]);
    const path = `/accounts/vxt/imports/${preview.row.id}/apply`;
    expect((await api.call('post', path, { digest: 'another' })).status).toBe(412);
    expect((await api.call('post', path, { digest: preview.digest })).body).toMatchObject({
      confirmed: 1,
      removed: 0,
    });

    await drain();

    expect((await owner.get('/worklist?account=vxt')).html).not.toContain(ADA);
    const links = await world.services.database
      .forTenant(tenantId)
      .selectFrom('links')
      .innerJoin('accounts', 'accounts.id', 'links.account_id')
      .select(['accounts.name', 'links.state'])
      .where('links.subject_id', '=', ada)
      .orderBy('accounts.name')
      .execute();
    expect(links).toEqual(['aircall', 'smartflo', 'vxt'].map((name) => ({ name, state: 'active' })));
  });

  it('tells of all three in one report, and by API what the person holds in each', async () => {
    const report = await buildReports({ services: world.services }).create({
      tenantId,
      from: null,
      timeZone: 'UTC',
      actor: ACTOR,
    });
    const systems = ['aircall', 'smartflo', 'vxt'];
    const compared = report.sources.filter(({ type }) => type === 'account').map(({ name }) => name);
    expect(compared.toSorted()).toEqual(systems);
    for (const format of ['html', 'markdown'] as const) {
      const { text } = renderReport(report, format);
      expect([format, ...systems.filter((name) => text.includes(name))]).toEqual([format, ...systems]);
    }

    const api = await openApi(world, tenantId);
    const { accounts: standings } = (await api.call('get', `/people/${ada}`)).body as {
      accounts: { account: string; entitlements: { isWanted: boolean; held: string }[] }[];
    };
    expect(standings.map(({ account }) => account)).toEqual(systems);
    const wanted = standings.flatMap(({ entitlements }) => entitlements).filter(({ isWanted }) => isWanted);
    expect(wanted.length).toBeGreaterThan(5);
    expect(wanted.filter(({ held }) => held === 'no' || held === 'unknown')).toEqual([]);
  });

  it('lists a leaver as still inside where nobody has shut them out yet, and as parked everywhere else', async () => {
    const context = { tenantId, actor: 'scim:okta', correlationId: null };
    await world.users.modify(context, ada, (one) => ({ ...one, active: false }), { refBase: null });
    await drain();

    const { html } = await owner.get('/leavers');
    expect(html).toMatch(/Still inside[\s\S]*Shut ada.lovelace@acme.example out of VXT[\s\S]*Time runs out/);
    expect((await owner.get('/leavers?account=aircall')).html).not.toContain('Still inside');
    expect(aircall.snapshot().teams.flatMap(({ memberIds }) => memberIds)).toEqual([]);
    const inSmartflo = smartflo.snapshot().users.find(({ email }) => email === ADA);
    expect([inSmartflo?.isWebLoginBlocked, inSmartflo?.agent?.isBlocked]).toEqual([true, true]);

    await world.users.modify(context, ada, (one) => ({ ...one, active: true }), { refBase: null });
    await drain();
    expect((await owner.get('/leavers')).html).not.toContain('Still inside');
  });

  it('removes nobody for a shorter list: not without the claim that it is complete, not without the number', async () => {
    const short = LIST.split('\n').slice(0, 2).join('\n');
    const exportedAt = new Date(Date.now() + 120_000).toISOString();
    const api = await openApi(world, tenantId);
    const send = async (complete: boolean) =>
      (await api.call('post', '/accounts/vxt/imports', { csv: short, complete, exportedAt })).body as {
        row: { id: string };
        digest: string;
        removed: { email: string }[];
      };

    const partial = await send(false);
    expect(partial.removed).toEqual([]);
    await api.call('post', `/accounts/vxt/imports/${partial.row.id}/apply`, { digest: partial.digest });
    expect(await people()).toContain(ADA);

    const whole = await send(true);
    expect(whole.removed.map(({ email }) => email)).toEqual([ADA]);
    const path = `/accounts/vxt/imports/${whole.row.id}/apply`;
    expect((await api.call('post', path, { digest: whole.digest })).status).toBe(400);
    expect(await people()).toContain(ADA);
    expect((await api.call('post', path, { digest: whole.digest, removes: 1 })).status).toBe(200);
    expect(await people()).toEqual(['olga@acme.example']);
  });

  const people = async () =>
    (
      await world.services.database
        .forTenant(tenantId)
        .selectFrom('manual_agents')
        .select('email')
        .orderBy('email')
        .execute()
    ).map(({ email }) => email);
});
