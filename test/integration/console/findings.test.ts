import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellStory, type Story } from '../../support/console-story.js';
import { visit, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { startIdpServer, type IdpServer } from '../../support/idp/server.js';

let world: ConsoleWorld;
let story: Story;
let operator: Visitor;

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  operator = await visit(world, story.tenantId, 'operator');
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});

async function stranger() {
  const found = await world.engine.comparisons.findings.list(story.tenantId, { text: 'olivia', limit: 5 });
  const [one] = found.filter(({ finding }) => finding.class === 'unmanaged-agent');
  if (one === undefined) throw new Error('The owner of the company, whom nobody manages, was not found.');
  return one;
}

describe('findings in the console', () => {
  it('are listed with what they are about, and filtered', async () => {
    const page = await operator.get('/findings?search=olivia');
    expect(page.status).toBe(200);
    expect(page.html).toContain('olivia@acme.example is not managed by Patchbay');
    expect((await operator.get('/findings?search=olivia&severity=critical')).html).toContain(
      'Nothing like that',
    );
    expect((await operator.get('/findings?from=x')).status).toBe(400);
  });

  it('are ignored with a reason only, and count again', async () => {
    const { id } = await stranger();
    const refused = await operator.post(`/findings/${id}/ignore`, { reason: ' ', until: '' });
    expect(refused.status).toBe(400);
    expect((await stranger()).ignored).toBeNull();
    await operator.post(`/findings/${id}/ignore`, { reason: 'She pays the bill.', until: '2090-01-31' });
    expect((await stranger()).ignored).toMatchObject({
      reason: 'She pays the bill.',
      until: new Date('2090-01-31'),
    });
    expect((await operator.get('/findings?state=ignored')).html).toContain('olivia@acme.example');
    await operator.post(`/findings/${id}/unignore`, {});
    expect((await stranger()).ignored).toBeNull();
  });

  it('that only a person can put right offer no fix, and refuse one', async () => {
    const { id } = await stranger();
    expect((await operator.get(`/findings/${id}`)).html).not.toContain('Put it right');
    const refused = await operator.post(`/findings/${id}/fix`, {});
    expect(refused.status).toBe(400);
    expect(refused.html).toContain('Only a person can put this right');
  });

  it('a comparison asked for by hand is made, and listed with its result', async () => {
    const before = await world.engine.comparisons.view.runs(story.tenantId, { limit: 100 });
    await operator.post(`/comparisons/account/${story.account.id}/run`, {});
    await story.drain();
    const after = await world.engine.comparisons.view.runs(story.tenantId, { limit: 100 });
    expect(after.length).toBe(before.length + 1);
    expect(after[0]).toMatchObject({ trigger: 'manual', state: 'complete' });
    expect((await operator.get('/comparisons')).html).toContain('somebody asked');
  });

  it('policies are changed one by one, and only to what a class allows', async () => {
    const admin = await visit(world, story.tenantId, 'admin');
    const at = `/comparisons/account/${story.account.id}/policies`;
    await admin.post(at, { role: 'ask', name: 'fix' });
    const source = { tenantId: story.tenantId, type: 'account', id: story.account.id } as const;
    const chosen = await world.engine.comparisons.findings.policies(source);
    expect(chosen.find((one) => one.class === 'role')?.policy).toBe('ask');
    const refused = await admin.post(at, { 'parked-active': 'report' });
    expect(refused.status).toBe(400);
    const audited = await world.services.database
      .forTenant(story.tenantId)
      .selectFrom('audit_events')
      .select('data')
      .where('action', '=', 'finding-policy.changed')
      .execute();
    expect(audited.map(({ data }) => data)).toEqual([{ class: 'role', policy: 'ask' }]);
  });
});

describe('identity providers in the console', () => {
  let directory: IdpServer;
  let admin: Visitor;
  const sources = () => world.engine.comparisons.idpSources.list(story.tenantId);
  const stored = async () => {
    const [only] = await sources();
    if (only === undefined) throw new Error('Nothing is connected.');
    return only;
  };
  const form = (token = 'scim-token') => ({
    kind: 'scim',
    name: 'people',
    'secret.token': token,
    'config.name': 'People',
    'config.baseUrl': `${directory.origin}/scim/v2`,
    'config.pageSize': '50',
    'settings.attributes': 'title',
    'settings.deactivateAtOnceMax': '3',
    'settings.lookUpMax': '20',
    'settings.compareCron': '7 3 * * *',
    'settings.timeZone': 'Europe/Paris',
  });

  beforeAll(async () => {
    directory = await startIdpServer(({ authorization }) =>
      authorization === 'Bearer scim-token'
        ? {
            body: {
              totalResults: 1,
              Resources: [{ id: 's1', userName: 'ada.lovelace@acme.example', active: true }],
            },
          }
        : { status: 401, body: {} },
    );
    admin = await visit(world, story.tenantId, 'admin');
  });
  afterAll(() => directory?.stop());

  it('are not stored with a credential that is refused; what was typed is still there, the credential is not', async () => {
    const seen = await admin.post('/identity-providers/new', form('wrong-token'));
    expect(seen.status).toBe(502);
    expect(seen.html).toContain(`value="${directory.origin}/scim/v2"`);
    expect(seen.html).toContain('value="7 3 * * *"');
    expect(seen.html).not.toContain('wrong-token');
    expect(await sources()).toEqual([]);
  });

  it('are connected, shown without the credential, and compared at once', async () => {
    const seen = await admin.post('/identity-providers/new', form());
    const { id, config, settings } = await stored();
    expect([seen.status, seen.location]).toEqual([
      303,
      `/console/identity-providers/${id}?done=idp-connected`,
    ]);
    expect(config).toMatchObject({ name: 'People', pageSize: 50, readGroups: false });
    expect(settings).toEqual({
      attributes: ['title'],
      isOnlySource: false,
      deactivateAtOnceMax: 3,
      lookUpMax: 20,
      compareCron: '7 3 * * *',
      timeZone: 'Europe/Paris',
    });
    const page = await admin.get(`/identity-providers/${id}`);
    expect(page.html).toContain('Try the credential');
    expect(page.html).not.toContain('scim-token');
    await world.engine.comparisons.requested.work({ tenantId: story.tenantId, type: 'idp', id });
    expect((await admin.get('/identity-providers')).html).toContain('read <time');
    expect(await world.engine.comparisons.view.runs(story.tenantId, { limit: 1 })).toMatchObject([
      { type: 'idp', id, state: 'complete', figures: { people: 1 } },
    ]);
  });

  it('are tried, changed after a try, and compared again by an operator', async () => {
    const { id, secrets } = await stored();
    const at = `/identity-providers/${id}`;
    expect((await admin.post(`${at}/test`)).html).toContain('The credential works');
    const broken = await admin.post(`${at}/config`, { ...form(), 'config.baseUrl': 'nothing' });
    expect(broken.status).toBe(400);
    expect(broken.html).toContain('value="nothing"');
    const refused = await admin.post(`${at}/credential`, { 'secret.token': 'wrong-token' });
    expect(refused.status).toBe(502);
    expect((await stored()).secrets).toBe(secrets);
    await admin.post(`${at}/config`, { ...form(), 'config.pageSize': '20' });
    await admin.post(`${at}/settings`, {
      ...form(),
      'settings.lookUpMax': '0',
      'settings.isOnlySource': 'yes',
    });
    expect(await stored()).toMatchObject({
      config: { pageSize: 20 },
      settings: { lookUpMax: 0, isOnlySource: true },
    });
    const asked = await operator.post(`${at}/compare`);
    expect(asked.location).toBe(`/console${at}?done=comparison-asked`);
    expect((await operator.get(at)).html).not.toContain('Replace the credential');
  });

  it('are removed by their typed name only, and are of one tenant', async () => {
    const { id } = await stored();
    const at = `/identity-providers/${id}`;
    const other = await world.services.tenants.create({ slug: 'elsewhere', actor: 'test' });
    const foreign = await visit(world, other.id, 'owner');
    expect((await foreign.get(at)).status).toBe(404);
    expect((await foreign.post(`${at}/remove`, { typed: 'people' })).status).toBe(404);
    expect((await admin.get('/identity-providers/x')).status).toBe(404);
    expect((await admin.post(`${at}/remove`, { typed: 'persons' })).status).toBe(400);
    expect(await sources()).toHaveLength(1);
    const gone = await admin.post(`${at}/remove`, { typed: 'people' });
    expect(gone.location).toBe('/console/identity-providers?done=idp-removed');
    expect(await sources()).toEqual([]);
  });
});
