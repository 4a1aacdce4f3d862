import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { buildReport } from '../../src/report/model/build.js';
import { renderReport } from '../../src/report/render/render.js';
import { browserMissing, CHROMIUM } from '../support/browser.js';
import { reportInput } from '../support/report-story.js';

/** Picture of a report, for the README: `npm run screenshots`. */
it('takes the picture of a report', async () => {
  expect(browserMissing).toBeNull();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1080, height: 1960 }, colorScheme: 'light' });
  await page.setContent(renderReport(buildReport(reportInput()), 'html').text);
  await page.screenshot({ path: join(import.meta.dirname, 'report.png') });
  await browser.close();
});
