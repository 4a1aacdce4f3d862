import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReports } from '../../../src/app/reports.js';
import { browserMissing, openBrowser, VIEWS, type TestBrowser } from '../../support/browser.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { beyondEdge, violations } from '../../support/page-checks.js';

let world: ConsoleWorld;
let story: Story;
let browser: TestBrowser;
let id: string;

describe.skipIf(browserMissing !== null)(
  `reports of the console in a browser${browserMissing === null ? '' : ` (${browserMissing})`}`,
  () => {
    beforeAll(async () => {
      world = await openConsole(await createTestDatabase());
      story = await tellStory(world);
      const wish = { tenantId: story.tenantId, from: null, timeZone: 'UTC', actor: 'test' };
      ({ id } = await buildReports({ services: world.services }).create(wish));
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await story?.stop();
      await world?.close();
    });

    it.each(VIEWS)(
      'are accessible, in their frame, and have their looks, $width px, $colours',
      { timeout: 120_000 },
      async (view) => {
        const cookie = await world.signIn(story.tenantId, 'operator');
        const page = await browser.open(view, world.origin, cookie);
        const complaints: string[] = [];
        page.on('console', (message) => {
          if (message.type() !== 'log') complaints.push(message.text());
        });
        for (const path of ['/reports', `/reports/${id}`, `/reports/${id}/report.html`]) {
          await page.goto(`${world.origin}/console${path}`);
          const found = {
            path,
            complaints,
            violations: await violations(page),
            beyond: await beyondEdge(page),
          };
          expect(found).toEqual({ path, complaints: [], violations: [], beyond: 0 });
        }
        // A style sheet that the policy kept out would leave the page as wide as the window.
        const width = await page.evaluate<string>(
          'getComputedStyle(document.querySelector("main")).maxWidth',
        );
        expect(width).toBe('980px');
      },
    );
  },
);
