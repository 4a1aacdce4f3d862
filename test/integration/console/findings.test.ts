import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellStory, type Story } from '../../support/console-story.js';
import { visit, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

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
