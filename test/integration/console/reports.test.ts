import { createHash } from 'node:crypto';
import { buildAuditor } from '../../../src/app/auditor.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import { buildDestinations } from '../../../src/app/report-delivery.js';
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

describe('who gets reports', () => {
  const destinations = () => buildDestinations(world.services).list(story.tenantId);
  const wish = { cron: '0 7 * * 1', timeZone: 'Europe/Paris' };

  it('is added by an admin; the secret of a webhook is shown once', async () => {
    const admin = await visit(world, story.tenantId, 'admin');
    const targets = 'it@acme.example\r\nboss@acme.example';
    const mailed = await admin.post('/reports/destinations', {
      ...wish,
      name: 'weekly',
      kind: 'email',
      targets,
    });
    expect(mailed.location).toBe('/console/reports/destinations?done=destination-added');
    const hook = {
      ...wish,
      name: 'siem',
      kind: 'webhook',
      targets: 'https://siem.acme.example/x',
      always: 'yes',
    };
    const shown = await admin.post('/reports/destinations', hook);
    expect(shown.status).toBe(200);
    const secret = /whsec_[\w+/=]+/.exec(shown.html)?.[0] ?? '';
    expect(secret.length).toBeGreaterThan(40);
    expect(await destinations()).toMatchObject([
      { name: 'siem', kind: 'webhook', quietWhenUnchanged: false },
      {
        name: 'weekly',
        config: { recipients: ['it@acme.example', 'boss@acme.example'] },
        quietWhenUnchanged: true,
        ...wish,
      },
    ]);
    const page = await admin.get('/reports/destinations');
    expect(page.html).toContain('https://siem.acme.example/x');
    expect(page.html).not.toContain(secret);
  });

  it.each([
    [{ kind: 'email', targets: 'no address' }, 'is no e-mail address'],
    [{ kind: 'webhook', targets: 'ftp://siem.acme.example' }, 'begins with https'],
    [{ kind: 'slack', targets: '' }, 'exactly one address'],
    [{ kind: 'email', targets: '', cron: 'mondays' }, 'is no schedule'],
    [{ kind: 'email', targets: '', timeZone: 'Mars/Olympus' }, 'Mars/Olympus'],
  ])(
    'is not added where something is wrong, and the form keeps what was typed: %j',
    async (fields, words) => {
      const admin = await visit(world, story.tenantId, 'admin');
      const before = (await destinations()).length;
      const seen = await admin.post('/reports/destinations', { ...wish, name: 'kept name', ...fields });
      expect(seen.status).toBe(400);
      expect(seen.html).toContain(words);
      expect(seen.html).toContain('value="kept name"');
      expect((await destinations()).length).toBe(before);
    },
  );

  it('is paused, resumed, sent one now, and removed; nobody of another tenant can', async () => {
    const admin = await visit(world, story.tenantId, 'admin');
    const { id } = (await destinations()).find(({ name }) => name === 'weekly') ?? { id: '' };
    const at = `/reports/destinations/${id}`;
    const other = await world.services.tenants.create({ slug: 'third', actor: 'test' });
    const stranger = await visit(world, other.id, 'owner');
    for (const verb of ['pause', 'send', 'remove']) {
      expect((await stranger.post(`${at}/${verb}`)).status, verb).toBe(404);
    }
    const isActive = async () => (await destinations()).find((one) => one.id === id)?.isActive;
    await admin.post(`${at}/pause`);
    expect(await isActive()).toBe(false);
    await admin.post(`${at}/resume`);
    expect(await isActive()).toBe(true);
    await admin.post(`${at}/send`);
    expect((await admin.get('/reports/destinations')).html).toContain('about to be sent');
    await admin.post(`${at}/remove`);
    expect(await isActive()).toBeUndefined();
    expect((await admin.post('/reports/destinations/x/pause')).status).toBe(404);
  });
});

describe('answers for auditors', () => {
  interface Holding {
    readonly person: string;
    readonly type: string;
    readonly entitlement: string;
    readonly reason: string;
    readonly state: string;
  }
  const holdings = async (at: string): Promise<readonly Holding[]> => {
    const { html, headers } = await operator.get(`/audit/entitlements.json?at=${at}`);
    expect(headers.get('content-disposition')).toContain('entitlements.json');
    return JSON.parse(html) as readonly Holding[];
  };

  it('say who holds what and why, as a page and as the same rows in files', async () => {
    const now = await holdings('');
    expect(now).toContainEqual(
      expect.objectContaining({ person: 'Ada Lovelace', type: 'team', reason: expect.stringMatching(/./) }),
    );
    const csv = parse((await operator.get('/audit/entitlements.csv')).html, {
      columns: true,
      bom: true,
    }) as Holding[];
    expect(csv.map(({ person, entitlement }) => [person, entitlement])).toEqual(
      now.map(({ person, entitlement }) => [person, entitlement]),
    );
    const page = (await operator.get('/audit/entitlements')).html;
    expect(page).toContain('Ada Lovelace');
    expect(page).toContain(now.find(({ person }) => person === 'Ada Lovelace')?.entitlement ?? 'nothing');
  });

  it('of a moment before anything was done say that nobody held anything', async () => {
    expect(await holdings('2020-03-31T18:00')).toEqual([]);
    expect((await operator.get('/audit/entitlements?at=2020-03-31T18:00')).html).toContain(
      'Nobody held anything',
    );
  });

  it('of a moment to come, or of none, say so and keep the form', async () => {
    const future = await operator.get('/audit/entitlements?at=2090-01-01T00:00');
    expect([future.status, future.html.includes('lies in the future')]).toEqual([400, true]);
    expect(future.html).toContain('value="2090-01-01T00:00"');
    expect((await operator.get('/audit/entitlements.csv?at=soon')).status).toBe(400);
    expect((await operator.get('/audit/journeys?from=2026-02-01&to=2026-01-01')).html).toContain(
      'ends before it begins',
    );
    expect((await operator.get('/audit/journeys?leaverMinutes=0')).status).toBe(400);
  });

  it('say how long people took against targets, the slowest first', async () => {
    const page = (await operator.get('/audit/journeys?joinerMinutes=0.000001')).html;
    expect(page).toMatch(/Joiners<\/td>[^]*?>(\d+)<\/td>[^]*?0 of \1/);
    const { html } = await operator.get('/audit/journeys.csv?joinerMinutes=0.000001');
    const joiners = (
      parse(html, { columns: true, bom: true }) as { kind: string; isInTime: string }[]
    ).filter(({ kind }) => kind === 'joiner');
    expect(joiners.length).toBeGreaterThan(0);
    expect(new Set(joiners.map(({ isInTime }) => isInTime))).toEqual(new Set(['false']));
  });

  it('of some people, or of a page of them, are those of everybody, cause and push included', async () => {
    const auditor = buildAuditor(world.services);
    const { tenantId } = story;
    const at = new Date();
    const inOrder = <Row>(rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).toSorted();
    const all = await auditor.entitlementsAt(tenantId, at);
    expect(all.filter(({ push }) => push === 'group.joined').length).toBeGreaterThan(5);
    const paged: unknown[] = [];
    const people: string[] = [];
    for (let after: string | null = null, isFirst = true; isFirst || after !== null; isFirst = false) {
      const page = await auditor.entitlementsPage(tenantId, at, { search: '', after, limit: 5 });
      paged.push(...page.rows);
      people.push(...new Set(page.rows.map(({ person }) => person)));
      after = page.next;
    }
    expect(inOrder(paged)).toEqual(inOrder(all));
    expect(people).toEqual([...new Set(people)]);

    const ofAda = all.filter(({ person }) => person === 'Ada Lovelace');
    expect(inOrder(await auditor.entitlementsAt(tenantId, at, 'LOVELACE ada'))).toEqual(inOrder(ofAda));
    const page = (await operator.get('/audit/entitlements?search=lovelace')).html;
    expect([page.includes('Ada Lovelace'), page.includes('Björn Dahl')]).toEqual([true, false]);
    expect(page).toContain('/audit/entitlements.csv?search=lovelace');
    expect((await operator.get('/audit/entitlements?search=zzzz')).html).toContain('whom you look for');

    const journeys = async (query: string) =>
      JSON.parse((await operator.get(`/audit/journeys.json${query}`)).html) as { person: string }[];
    const ofNils = (await journeys('')).filter(({ person }) => person === 'Nils Berg');
    expect(ofNils.length).toBeGreaterThan(1);
    expect(await journeys('?search=berg+nils')).toEqual(ofNils);
    const later = (await operator.get('/audit/journeys?search=nils&skip=100')).html;
    expect([later.includes('Nils Berg'), later.includes('First page')]).toEqual([false, true]);
  });

  it('go on saying of a past moment what was true then, whatever happened since', async () => {
    const ofNils = async (at: string) => (await holdings(at)).filter(({ person }) => person === 'Nils Berg');
    const { at: left } = await world.services.database
      .forTenant(story.tenantId)
      .selectFrom('audit_events')
      .select('at')
      .where('action', '=', 'user.deactivated')
      .where('target_id', '=', story.people.get('Nils Berg') ?? '')
      .executeTakeFirstOrThrow();
    const before = await ofNils(new Date(left.getTime() - 1).toISOString());
    expect(before.map(({ type, state }) => `${type} ${state}`).toSorted()).toEqual([
      'role active',
      'team active',
    ]);

    const now = await ofNils('');
    expect(now.filter(({ type, state }) => type === 'team' || state === 'active')).toEqual([]);
    const { html } = await operator.get('/audit/journeys.json');
    expect(JSON.parse(html)).toContainEqual(
      expect.objectContaining({ kind: 'leaver', person: 'Nils Berg', isInTime: true }),
    );
  });
});
