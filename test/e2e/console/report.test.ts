import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../../src/report/model/build.js';
import { renderReport } from '../../../src/report/render/render.js';
import { browserMissing, CHROMIUM } from '../../support/browser.js';
import { beyondEdge, violations } from '../../support/page-checks.js';
import { reportInput, storedFinding } from '../../support/report-story.js';

const HOSTILE = `<img src=x onerror="document.title='owned'"> 王小明 👩🏽‍💻 ${'long'.repeat(60)}`;

let folder: string;
let browser: Browser;

describe.skipIf(browserMissing !== null)(
  `a report in a browser${browserMissing === null ? '' : ` (${browserMissing})`}`,
  () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'patchbay-report-'));
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
      const hostile = storedFinding({
        class: 'role', severity: 'critical', about: HOSTILE, title: HOSTILE, meaning: HOSTILE, expected: HOSTILE, found: HOSTILE,
      }); // prettier-ignore
      const alike = ['ann', 'bob', 'cem', 'dag', HOSTILE].map((about) =>
        storedFinding({ class: 'agent-without-number', severity: 'info', about, title: about, meaning: 'No call reaches them.' }),
      ); // prettier-ignore
      await save('busy', reportInput({ open: [...reportInput().open, ...alike] }));
      await save('hostile', reportInput({ organisation: { slug: 'acme', name: HOSTILE }, open: [hostile] }));
      const nothing = {
        sources: [],
        open: [],
        resolved: [],
        resolvedCount: 0,
        openedCount: 0,
        matters: [],
        events: [],
      };
      await save('empty', reportInput(nothing));
    });
    afterAll(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it.each(
      [1280, 375].flatMap((width) => [
        ...['busy', 'hostile', 'empty'].map((name) => ({ name, width, colours: 'light' as const })),
        { name: 'busy', width, colours: 'dark' as const },
      ]),
    )(
      'is accessible, in its frame, and loads nothing: $name, $width px, $colours',
      async ({ name, width, colours }) => {
        const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: colours });
        const requests: string[] = [];
        page.on('request', (request) => requests.push(request.url()));
        await open(page, name);
        const found = {
          violations: await violations(page),
          beyond: await beyondEdge(page),
          requests: requests.length,
          injected: await page.locator('img, script, [onerror]').count(),
          isOwned: (await page.title()) === 'owned',
        };
        expect(found).toEqual({ violations: [], beyond: 0, requests: 1, injected: 0, isOwned: false });
        await page.close();
      },
    );

    it('is printed as tables with its charts, on paper of A4', async () => {
      // 210 mm less the margins.
      const page = await browser.newPage({ viewport: { width: 688, height: 980 } });
      await page.emulateMedia({ media: 'print' });
      await open(page, 'busy');
      const shown = (selector: string) =>
        page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).display`);
      expect([await shown('table'), await shown('td')]).toEqual(['table', 'table-cell']);
      expect(await page.locator('svg.chart:visible').count()).toBe(4);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(688);
      const pdf = await page.pdf({ preferCSSPageSize: true });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      expect(pages).toBeGreaterThanOrEqual(2);
      expect(pages).toBeLessThanOrEqual(5);
      await page.close();
    });
  },
);

async function save(name: string, input: Parameters<typeof buildReport>[0]): Promise<void> {
  await writeFile(join(folder, `${name}.html`), renderReport(buildReport(input), 'html').text);
}

async function open(page: Page, name: string): Promise<void> {
  await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
}
