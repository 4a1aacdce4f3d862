import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellStory, type Story } from '../../support/console-story.js';
import { visit, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

let world: ConsoleWorld;
let story: Story;
let operator: Visitor;
let made = '';

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  operator = await visit(world, story.tenantId, 'operator');
  const { location } = await operator.post('/reports', { days: '7', timeZone: 'Europe/Paris' });
  made = location?.slice('/console'.length).split('?')[0] ?? '';
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});

describe('reports in the console', () => {
  it('are made by an operator, listed, and audited with who made them', async () => {
    expect(made).toMatch(/^\/reports\/[0-9a-f-]{36}$/);
    const viewer = await visit(world, story.tenantId, 'viewer');
    expect((await viewer.get('/reports')).html).toContain(`href="/console${made}"`);
    expect((await viewer.get(made)).html).toContain('A plan for aircall waits for approval');
    const { actor } = await world.services.database
      .forTenant(story.tenantId)
      .selectFrom('audit_events')
      .select('actor')
      .where('action', '=', 'report.made')
      .where('target_id', '=', made.slice('/reports/'.length))
      .executeTakeFirstOrThrow();
    expect(actor).toBe('console:operator.person@acme.example');
  });

  it('open as a document whose own style sheet is all that its policy lets in', async () => {
    const { html, headers } = await operator.get(`${made}/report.html`);
    expect(headers.get('content-type')).toContain('text/html');
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(html).not.toMatch(/ style="|<script|<img|<link/);
  });

  it.each([
    ['report.json', 'application/json', '"schemaVersion": 1'],
    ['report.md', 'text/markdown', '# '],
    ['findings.csv', 'text/csv', 'severity'],
    ['needs.csv', 'text/csv', 'A plan for aircall waits for approval'],
  ])('download as %s', async (name, type, holds) => {
    const { html, headers, status } = await operator.get(`${made}/${name}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain(type);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename=patchbay-acme-/);
    expect(html).toContain(holds);
  });

  it('are narrowed to a phone system', async () => {
    expect((await operator.get('/reports?account=aircall')).html).toContain(`href="/console${made}"`);
    expect((await operator.get('/reports?account=nowhere')).html).not.toContain(`href="/console${made}"`);
  });

  it('that there are not, and tables that there are not, are 404 as a page', async () => {
    for (const path of ['/reports/x', '/reports/x/report.html', `${made}/nothing.csv`]) {
      const { status, html } = await operator.get(path);
      expect(status, path).toBe(404);
      expect(html, path).toContain('<h1>');
    }
  });

  it('of one tenant are not for another', async () => {
    const other = await world.services.tenants.create({ slug: 'other', actor: 'test' });
    const stranger = await visit(world, other.id, 'owner');
    for (const rest of ['', '/report.html', '/report.json', '/findings.csv']) {
      expect((await stranger.get(`${made}${rest}`)).status, rest).toBe(404);
    }
    expect((await stranger.get('/reports')).html).toContain('No report yet');
  });

  it.each([
    { days: '400', timeZone: 'UTC' },
    { days: 'x', timeZone: 'UTC' },
    { days: '', timeZone: 'Mars/Olympus' },
  ])('of a period or time zone that there is not are refused: $days $timeZone', async (fields) => {
    const count = async () =>
      (
        await world.services.database
          .forTenant(story.tenantId)
          .selectFrom('audit_events')
          .select((eb) => eb.fn.countAll<string>().as('n'))
          .where('action', '=', 'report.made')
          .executeTakeFirstOrThrow()
      ).n;
    const before = await count();
    const { status, html } = await operator.post('/reports', fields);
    expect(status).toBe(400);
    expect(html).toContain('Make a report of now');
    expect(await count()).toBe(before);
  });
});
