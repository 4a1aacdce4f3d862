import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReports } from '../../../src/app/reports.js';
import { browserMissing, openBrowser, VIEWS, type TestBrowser, type View } from '../../support/browser.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { beyondEdge, violations } from '../../support/page-checks.js';

let world: ConsoleWorld;
let story: Story;
let browser: TestBrowser;
let id: string;

/** How a report looks in the other two is asked of its file; how its page in the console does, with the other pages. */
const [WIDE_LIGHT, , , NARROW_DARK] = VIEWS as readonly [View, View, View, View];

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

    it.each([WIDE_LIGHT, NARROW_DARK])(
      'are accessible, in their frame, and have their looks, $width px, $colours',
      async (view) => {
        const cookie = await world.signIn(story.tenantId, 'operator');
        const page = await browser.open(view, world.origin, cookie);
        const complaints: string[] = [];
        page.on('console', (message) => {
          if (message.type() !== 'log') complaints.push(message.text());
        });
        await page.goto(`${world.origin}/console/reports/${id}/report.html`);
        const found = { complaints, violations: await violations(page), beyond: await beyondEdge(page) };
        expect(found).toEqual({ complaints: [], violations: [], beyond: 0 });
        // A style sheet that the policy kept out would leave the page as wide as the window.
        const width = await page.evaluate<string>(
          'getComputedStyle(document.querySelector("main")).maxWidth',
        );
        expect(width).toBe('980px');
      },
    );
  },
);
