import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReports } from '../../../src/app/reports.js';
import type { Report } from '../../../src/report/model/report.js';
import type { Reports } from '../../../src/report/reporting/reports.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { certify, makeSigningKey, makeTestIdp } from '../../support/idp.js';
import { idpFields } from '../../support/sso-world.js';

let world: ConsoleWorld;
let story: Story;
let reports: Reports;

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  reports = buildReports({ services: world.services, publicUrl: 'https://patchbay.acme.example' });
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});

const wish = (more: object = {}) => ({
  tenantId: story.tenantId,
  from: null,
  timeZone: 'Europe/Paris',
  actor: 'test',
  ...more,
});

describe('reports of a tenant', () => {
  it('tell from the rows what was pushed, carried out, and waits', async () => {
    const report = await reports.create(wish());

    expect(report.organisation).toEqual({ slug: 'acme', name: 'Acme Ltd' });
    expect(report.needsYou.map(({ what }) => what)).toContain('A plan for aircall waits for approval');
    const created = report.changes.find(({ action }) => action === 'create')?.count ?? 0;
    expect(created).toBeGreaterThan(20);
    expect(report.provisioning.joiners.count).toBe(created);
    expect(report.provisioning.leavers.count).toBe(
      report.changes.find(({ action }) => action === 'park')?.count ?? 0,
    );
    expect(report.sources).toMatchObject([{ name: 'aircall', state: 'complete' }]);
    expect(report.trends.drift.length).toBeGreaterThan(0);
    expect(report.seats).toMatchObject([{ account: 'aircall' }]);
    const plan = report.needsYou.find(({ what }) => what.startsWith('A plan'));
    expect(plan?.link).toMatch(/^https:\/\/patchbay\.acme\.example\/console\/plans\/[0-9a-f-]{36}$/);
  });

  it('begin where the one before ended, and are quiet when nothing happened since', async () => {
    const [before] = (await reports.list(story.tenantId, { after: null, limit: 1 })).rows;
    const report = await reports.create(wish());

    expect(report.period.from).toBe(before?.to.toISOString());
    expect(report).toMatchObject({ isQuiet: true, figures: { opened: 0, resolved: 0 } });
    expect(report.figures.openBefore).toBe(before?.open);
  });

  it('are kept as they were, page by page, and audited', async () => {
    const first = await reports.list(story.tenantId, { after: null, limit: 1 });
    const second = await reports.list(story.tenantId, { after: first.next, limit: 1 });
    expect([first.rows.length, second.rows.length, second.next]).toEqual([1, 1, null]);
    const [newest, oldest] = [first.rows[0], second.rows[0]];
    expect(newest?.createdAt.getTime()).toBeGreaterThan(oldest?.createdAt.getTime() ?? Infinity);
    const whole = await reports.get(story.tenantId, oldest?.id ?? '');
    expect(whole.needsYou).toHaveLength(oldest?.needs ?? -1);
    const audited = await world.services.database
      .forTenant(story.tenantId)
      .selectFrom('audit_events')
      .select('target_id')
      .where('action', '=', 'report.made')
      .execute();
    expect(audited.map(({ target_id: id }) => id).toSorted()).toEqual([newest?.id, oldest?.id].toSorted());
  });

  it('tell whoever makes them of certificates of the single sign-on that run out', async () => {
    const about = ({ needsYou }: Report) => needsYou.find(({ what }) => what.includes('keycloak'));
    expect(about(await reports.create(wish()))).toBeUndefined();
    const key = makeSigningKey();
    const soon = certify(key.privateKey, { notAfter: new Date(Date.now() + 20 * 86_400_000) });
    const source = { fields: idpFields(makeTestIdp({ key }), [soon]) };
    const tenant = { id: story.tenantId, slug: 'acme' };
    await world.sso.connections.create({ tenant, name: 'keycloak', source, actor: 'test' });
    expect(about(await reports.create(wish()))).toMatchObject({
      what: expect.stringMatching(/certificate of SSO connection “keycloak” runs out in \d+ days/) as string,
      link: 'https://patchbay.acme.example/console/connections',
    });
  });

  it('of one tenant are not for another', async () => {
    const other = await world.services.tenants.create({ slug: 'other', actor: 'test' });
    const [mine] = (await reports.list(story.tenantId, { after: null, limit: 1 })).rows;
    expect(await reports.list(other.id, { after: null, limit: 5 })).toEqual({ rows: [], next: null });
    await expect(reports.get(other.id, mine?.id ?? '')).rejects.toMatchObject({ kind: 'notFound' });
    const theirs = await reports.create(wish({ tenantId: other.id }));
    expect(JSON.stringify(theirs)).not.toContain('aircall');
    expect(theirs.figures.open).toBe(0);
  });

  it('with a period or a time zone that there is not are refused, and nothing is kept', async () => {
    const count = async () => (await reports.list(story.tenantId, { after: null, limit: 50 })).rows.length;
    const before = await count();
    for (const more of [
      { timeZone: 'Mars/Olympus' },
      { from: new Date(Date.now() + 60_000) },
      { from: new Date(0) },
    ]) {
      await expect(reports.create(wish(more))).rejects.toMatchObject({ kind: 'invalid' });
    }
    expect(await count()).toBe(before);
  });
});
