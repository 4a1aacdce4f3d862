import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, openBrowser, VIEWS, type TestBrowser, type View } from '../../support/browser.js';
import { pagesOf } from '../../support/console-pages.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

let world: ConsoleWorld;
let story: Story;
let browser: TestBrowser;
const [WIDE, , NARROW] = VIEWS as readonly [View, View, View];

describe.skipIf(browserMissing !== null)(
  `without JavaScript${browserMissing === null ? '' : ` (${browserMissing})`}`,
  () => {
    beforeAll(async () => {
      world = await openConsole(await createTestDatabase());
      story = await tellStory(world);
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await story?.stop();
      await world?.close();
    });

    const open = async (view: View): Promise<Page> =>
      browser.open(view, world.origin, await world.signIn(story.tenantId, 'owner'), { runsScript: false });
    const go = (page: Page, path: string) => page.goto(`${world.origin}/console${path}`);

    it('every page can be read', async () => {
      const page = await open(WIDE);
      for (const { name, path } of await pagesOf(world, story)) {
        await go(page, path);
        expect(await page.locator('main h1').count(), name).toBe(1);
        expect((await page.locator('main').innerText()).length, name).toBeGreaterThan(40);
        expect(await page.getByRole('link', { name: 'Worklist' }).first().isVisible(), name).toBe(true);
      }
    });

    it('people are searched by the button, and followed to their page', async () => {
      const page = await open(WIDE);
      await go(page, '/people');
      await page.getByLabel('Search').fill('lovelace');
      await page.getByRole('button', { name: 'Search' }).click();
      expect(page.url()).toContain('search=lovelace');
      expect(await page.locator('#people li').count()).toBe(1);
      await page.getByRole('link', { name: 'Ada Lovelace' }).click();
      expect(await page.locator('h1').innerText()).toBe('Ada Lovelace');
    });

    it('the menu of a narrow screen opens, and leads on', async () => {
      const page = await open(NARROW);
      await go(page, '/');
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('link', { name: 'Leavers' }).first().click();
      expect(await page.locator('h1').innerText()).toBe('Leavers');
    });

    it('rules are checked with their impact on a page of its own', async () => {
      const page = await open(WIDE);
      await go(page, '/rules/edit');
      const text = await page.getByLabel('Rules (YAML)').inputValue();
      await page.getByRole('button', { name: 'Check and show the impact' }).click();
      await page.getByText('no errors').waitFor();
      expect(await page.getByLabel('Rules (YAML)').inputValue()).toBe(text);
      expect(await page.locator('#checked').innerText()).toContain('Impact on aircall');
    });
  },
);
