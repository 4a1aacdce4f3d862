import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { browserMissing, openBrowser, type TestBrowser, type View } from '../support/browser.js';
import { pagesOf } from '../support/console-pages.js';
import { tellStory, type Story } from '../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../support/console-world.js';
import { createTestDatabase } from '../support/database.js';

/** Pictures of the console as it is, for the README: `npm run screenshots`. */
let world: ConsoleWorld;
let story: Story;
let browser: TestBrowser;

const LIGHT: View = { width: 1280, colours: 'light' };
const DARK: View = { width: 1280, colours: 'dark' };
const NARROW: View = { width: 375, colours: 'light' };

beforeAll(async () => {
  if (browserMissing !== null) throw new Error(browserMissing);
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  await world.services.database
    .forTenant(story.tenantId)
    .updateTable('api_tokens')
    .set({ last_used_at: new Date() })
    .execute();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await story?.stop();
  await world?.close();
});

async function take(
  name: string,
  path: string,
  view: View,
  before: (page: Page) => Promise<void> = () => Promise.resolve(),
) {
  const page = await browser.open(
    view,
    world.origin,
    await world.signIn(story.tenantId, 'owner', 'Olivia Owner'),
  );
  const response = await page.goto(`${world.origin}/console${path}`);
  expect(response?.status()).toBe(200);
  await before(page);
  await page.screenshot({ path: join(import.meta.dirname, `${name}.png`) });
}

it('takes every picture', async () => {
  const paths = new Map((await pagesOf(world, story)).map(({ name, path }) => [name, path]));
  const path = (name: string): string => paths.get(name) ?? `/missing/${name}`;
  await take('overview', path('overview'), LIGHT);
  await take('overview-dark', path('overview'), DARK);
  await take('overview-narrow', path('overview'), NARROW);
  await take('person', path('person'), LIGHT);
  await take('held-plan', path('held-plan'), LIGHT);
  await take('leavers', path('leavers'), LIGHT);
  await take('impact', path('rule-editor'), LIGHT, async (page) => {
    const field = page.getByLabel('Rules (YAML)');
    await field.fill((await field.inputValue()).replace(/ {2}- id: success[\s\S]*?\n\n/, ''));
    await page.getByRole('button', { name: 'Check and show the impact' }).click();
    await page.getByText('Impact on aircall').waitFor();
  });
});
