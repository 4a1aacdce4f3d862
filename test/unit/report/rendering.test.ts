import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../../src/report/model/build.js';
import { reportJsonSchema, reportSchema } from '../../../src/report/model/report.js';
import { CSV_TABLES } from '../../../src/report/render/csv.js';
import { renderReport } from '../../../src/report/render/render.js';
import { ago, reportInput, storedFinding } from '../../support/report-story.js';

const HOSTILE = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `=HYPERLINK("http://evil.example";"click")`,
  ` +cmd|' /C calc'!A0`,
  `@SUM(1+1)`,
  `\uFF1D1+1`,
  `| a | b |\n# heading`,
  `**bold** [x](javascript:alert(1)) \`code\``,
  `</style><style>*{display:none}`,
  `王小明 👩🏽‍💻 Zoë Ångström`,
  `\u202Eevil\u202C`,
  `a\u0000b\u0007c`,
  `&lt;b&gt;`,
];

function hostileReport(name: string) {
  const finding = storedFinding({
    class: 'role', severity: 'critical', about: name, title: name, meaning: name, advice: name, expected: name, found: name,
    more: { assignee: name },
  }); // prettier-ignore
  return reportSchema.parse(
    buildReport(
      reportInput({
        organisation: { slug: 'acme', name },
        open: [finding],
        resolved: [{ ...finding, resolvedAt: ago(1) }],
        matters: [
          { severity: 'trouble', title: name, detail: name, who: name, link: `javascript:alert("${name}")` },
        ],
        sources: reportInput().sources.map((source) => ({ ...source, name })),
      }),
    ),
  );
}

/** As a browser reads text between tags. */
function unescaped(html: string): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return html.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => entities[name] ?? '');
}

describe('names of any kind', () => {
  it.each(HOSTILE)('stay text in HTML: %j', (name) => {
    const { text } = renderReport(hostileReport(name), 'html');
    expect(text).not.toMatch(/<script|<img|(?:href|src)="javascript:/i);
    expect(text.match(/<style>/g)).toHaveLength(1);
    expect(text.replaceAll(/="[^"]*"/g, '')).not.toMatch(/<[^>]*\son\w+\s*=/i);
    const visible = name.replaceAll(/[^\P{Cc}\n\t]/gu, '\uFFFD');
    expect(unescaped(text)).toContain(visible);
  });

  it.each(HOSTILE)('are whole in JSON, which fits its schema: %j', (name) => {
    const report = hostileReport(name);
    const parsed = reportSchema.parse(JSON.parse(renderReport(report, 'json').text));
    expect(parsed).toEqual(report);
    expect(parsed.findings.open[0]?.about).toBe(name);
  });

  it.each(HOSTILE)('are whole in CSV and run nowhere: %j', (name) => {
    const rows = parseCsv(renderReport(hostileReport(name), 'csv:findings').text);
    const [head, first] = rows;
    expect(rows.every((row) => row.length === head?.length)).toBe(true);
    const cell = first?.[head?.indexOf('about') ?? -1] ?? '';
    expect([name, `'${name}`]).toContain(cell);
    expect(cell).not.toMatch(/^[\s\p{Cc}]*[=+\-@\uFF1D]/u);
  });

  it.each(HOSTILE)('stay text on one line of Markdown: %j', (name) => {
    const { text } = renderReport(hostileReport(name), 'markdown');
    // Without what is escaped, nothing of the name may be left that Markdown or HTML would read.
    const bare = text.replaceAll(/\\[\\`*_{}[\]<>#|~&!]/g, '');
    expect(bare).not.toMatch(/<script|<img|\]\(javascript|^# heading/m);
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
  });

  it('any text at all comes back out of CSV, HTML and JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (raw) => {
        const name = raw.toWellFormed();
        const report = hostileReport(name);
        const cell = parseCsv(renderReport(report, 'csv:findings').text)[1]?.[4];
        expect([name, `'${name}`]).toContain(cell);
        const shown = name.replaceAll(/[^\P{Cc}\n\t]/gu, '\uFFFD');
        expect(unescaped(renderReport(report, 'html').text)).toContain(shown);
      }),
      { numRuns: 75 },
    );
  });
});

function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n|$)/gy;
  for (const [, quoted, plain, end] of text.replace(/^\uFEFF/, '').matchAll(pattern)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.some((cell) => cell !== ''));
}

describe('a report', () => {
  const report = reportSchema.parse(buildReport(reportInput()));

  it('says what needs somebody, who and by when, the most pressing first', () => {
    expect(report.headline).toBe('4 things need you');
    expect(report.needsYou.map(({ what, who, by }) => `${what} | ${who} | ${by}`)).toEqual([
      '+33 1 76 11 11 11 (Paris) rings nobody | Priya Nair | 2026-11-27T16:00:00.000Z',
      'nils.berg@acme.example is deactivated in Okta and active here | whoever runs the identity provider (Okta) | 2026-11-28T03:40:00.000Z',
      'A plan for aircall waits for approval | an operator of the console | 2026-11-29T07:00:00.000Z',
      'contractor@elsewhere.example belongs to nobody in the directory | whoever runs aircall | 2026-12-02T07:00:00.000Z',
    ]);
  });

  it('says what happened, and what could not be concluded', () => {
    expect(report.whatHappened).toEqual([
      '4 differences came up and 2 were resolved; 5 are open now.',
      '3 joiners: half within 2 min of the push, all within the target of 15 min.',
      '1 leaver: half within 80 s of the push, all within the target of 5 min.',
      'Carried out: 3 people created, 3 entitlements given, 1 entitlement taken, 1 person parked.',
      'Okta could not be read as a whole, so nothing was concluded from it. Okta answered too slowly: 3 of 12 pages were read.',
      'aircall: 55 seats are held; the next invoice may come to €1,800, €210 of it for seats that nobody uses.',
    ]);
  });

  it('is quiet only when nothing came up, went away or needs somebody anew', () => {
    const still = { openedCount: 0, resolvedCount: 0, resolved: [] };
    const same = buildReport(reportInput({ ...still, previous: report }));
    expect([report.isQuiet, same.isQuiet]).toEqual([false, true]);
    expect(buildReport(reportInput({ ...still, openedCount: 1, previous: report })).isQuiet).toBe(false);
    expect(buildReport(reportInput({ ...still, previous: null })).isQuiet).toBe(false);
    const matter = {
      severity: 'trouble',
      title: 'aircall is paused',
      detail: '',
      who: 'an admin',
      link: null,
    } as const;
    const matters = [...reportInput().matters, matter];
    expect(buildReport(reportInput({ ...still, matters, previous: report })).isQuiet).toBe(false);
    const paused = reportInput().sources.map((source) => ({ ...source, pausedReason: 'no money' }));
    expect(buildReport(reportInput({ ...still, sources: paused, previous: report })).isQuiet).toBe(false);
  });

  it('tells many of one kind as one', () => {
    const open = Array.from({ length: 40 }, (_, number) =>
      storedFinding({
        class: 'unmanaged-agent', severity: 'warning', about: `stranger${number}@x.example`, title: 'x', meaning: 'Nobody takes it away.',
      }),
    ); // prettier-ignore
    const needs = buildReport(reportInput({ open, matters: [] })).needsYou;
    expect(needs).toHaveLength(1);
    expect(needs[0]?.what).toBe('40 agents that belong to nobody in the directory (aircall)');
    expect(needs[0]?.why).toContain(
      'stranger0@x.example, stranger1@x.example, stranger2@x.example and 37 more.',
    );
  });

  it('does not ask for what the next plan does anyway, unless the account is report-only', () => {
    const open = [
      storedFinding({
        class: 'team-added',
        severity: 'warning',
        about: 'ann',
        title: 'Ann',
        meaning: '',
        isFixed: true,
      }),
    ];
    expect(buildReport(reportInput({ open, matters: [] })).needsYou).toEqual([]);
    const sources = reportInput().sources.map((source) => ({ ...source, mayFix: false }));
    expect(buildReport(reportInput({ open, matters: [], sources })).needsYou).toHaveLength(1);
  });

  it('says of many what is the same of them once, and of each what is its own', () => {
    const one = (number: number, found: string) =>
      storedFinding({
        class: 'team-added', severity: 'warning', about: `p${number}@x.example`, title: `p${number} is in a team`, meaning: 'No rule gives it.',
        expected: 'not held', found,
      }); // prettier-ignore
    const evidence = (open: readonly ReturnType<typeof one>[]) => {
      const { text } = renderReport(
        buildReport(reportInput({ open, resolved: [], resolvedCount: 0 })),
        'html',
      );
      return text.slice(text.indexOf('id="evidence"'), text.indexOf('<footer'));
    };
    const four = evidence([one(1, 'team A'), one(2, 'team B'), one(3, 'team A'), one(4, 'team A')]);
    expect(four.match(/No rule gives it/g)).toHaveLength(1);
    expect(four).toContain('<h3>4 team memberships that somebody added</h3>');
    for (const number of [1, 2, 3, 4]) expect(four).toContain(`<b>p${number}@x.example</b>`);
    expect(four).toContain('team B');
    const three = evidence([one(1, 'team A'), one(2, 'team B'), one(3, 'team A')]);
    expect(three.match(/No rule gives it/g)).toHaveLength(3);
  });

  it('marks what should have been settled by now, wherever it is read', () => {
    const late = storedFinding({
      class: 'role', severity: 'warning', about: 'ann', title: 'Ann differs', meaning: 'x', more: { openedAt: ago(9) },
    }); // prettier-ignore
    const overdue = buildReport(reportInput({ open: [late] }));
    const since = 'overdue since 25 Nov 2026, 08:00 CET';
    expect(renderReport(overdue, 'html').text).toContain(`<dd class="late">${since}</dd>`);
    expect(renderReport(overdue, 'markdown').text).toContain(`*whoever runs aircall, ${since}*`);
    const html = (input = overdue) => renderReport(input, 'html').text;
    expect(html()).toContain('One is overdue. The next by 29 Nov 2026, 08:00 CET.');
    expect(html(report)).toContain('>The first by 27 Nov 2026, 17:00 CET.<');
    expect(html(report)).not.toContain('overdue');
  });

  it('draws what all seats cost, unless the prices cannot be added up', () => {
    const html = (input: Parameters<typeof buildReport>[0]) => renderReport(buildReport(input), 'html').text;
    const one = html(reportInput());
    expect(one.includes('<path class="line-cost"')).toBe(true);
    expect(/<p class="says">(aircall: [^<]*)</.exec(one)?.[1]).toBe(
      'aircall: 55 seats of 60 planned, about €1,800 a month; on 29 Oct it was €1,620.',
    );
    const inDollars = reportInput().sources.map((source) => ({
      ...source,
      source: { ...source.source, type: 'account' as const },
      seatTrend: source.seatTrend.map((point) => ({
        ...point,
        figures: {
          ...point.figures,
          seats: { ...point.figures.seats!, nextInvoice: { amount: 1, currency: 'USD' } },
        },
      })),
    }));
    const both = html(reportInput({ sources: [...reportInput().sources, ...inDollars] }));
    expect(both.includes('<path class="line-cost"')).toBe(false);
  });

  it('of nothing at all can be rendered in every format', () => {
    const empty = buildReport(
      reportInput({
        sources: [],
        open: [],
        openCounts: [],
        resolved: [],
        resolvedCount: 0,
        openedCount: 0,
        matters: [],
        events: [],
      }),
    );
    expect(empty.headline).toBe('Nothing is compared yet');
    expect(empty.whatHappened[0]).toContain('Nothing was compared');
    expect(renderReport(empty, 'html').text).not.toContain('put right by itself');
    for (const format of [
      'html',
      'json',
      'markdown',
      ...CSV_TABLES.map((table) => `csv:${table}` as const),
    ] as const) {
      expect(renderReport(empty, format).text.length).toBeGreaterThan(10);
    }
    expect(renderReport(empty, 'html').text).toContain('No comparison has been completed yet.');
  });

  it('has its schema in the file that is published', () => {
    expect(readFileSync('config/report.schema.json', 'utf8'), 'run: npm run schema').toBe(reportJsonSchema());
  });

  it('has a published schema that names every part', () => {
    const schema = JSON.parse(reportJsonSchema()) as { properties: object; additionalProperties: boolean };
    expect(Object.keys(schema.properties).toSorted()).toEqual(Object.keys(report).toSorted());
    expect(schema.additionalProperties).toBe(false);
  });
});
