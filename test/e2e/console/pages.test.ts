import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleRole } from '../../../src/sso/console-role.js';
import { browserMissing, openBrowser, VIEWS, type TestBrowser, type View } from '../../support/browser.js';
import { openTo, pagesOf, type ConsolePage } from '../../support/console-pages.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { addHostility } from '../../support/hostile-story.js';
import { beyondEdge, halvesOf, violations, violationsInColours } from '../../support/page-checks.js';

let world: ConsoleWorld;
let story: Story;
let browser: TestBrowser;

const [WIDE_LIGHT, , , NARROW_DARK] = VIEWS as readonly [View, View, View, View];

describe.skipIf(browserMissing !== null)(
  `pages in a browser${browserMissing === null ? '' : ` (${browserMissing})`}`,
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

    it.each([WIDE_LIGHT, NARROW_DARK])(
      'an owner finds every page accessible and in its frame, $width px, in both colours',
      { timeout: 600_000 },
      async (view) => {
        await inspectAll('owner', view);
      },
    );

    it.each(
      (['viewer', 'operator', 'admin'] as const).flatMap((role) =>
        [WIDE_LIGHT, NARROW_DARK].map((view) => ({ role, view })),
      ),
    )(
      'so do people with the role $role, $view.width px, in both colours',
      { timeout: 600_000 },
      async ({ role, view }) => {
        await inspectAll(role, view);
      },
    );

    it.each([WIDE_LIGHT, NARROW_DARK])('so does somebody who signs in, $width px', async (view) => {
      const page = await browser.open(view, world.origin, null);
      for (const path of ['/login', '/login?organisation=nowhere', '/start/used']) {
        await inspect(page, view, { name: path, path, least: 'viewer' });
      }
    });

    it('the menu of a narrow screen opens by keyboard, is accessible, and closes again', async () => {
      const page = await browser.open(NARROW_DARK, world.origin, await world.signIn(story.tenantId, 'owner'));
      await page.goto(`${world.origin}/console/plans`);
      expect(await page.getByRole('link', { name: 'Leavers' }).isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Menu' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Leavers' }).waitFor({ state: 'visible' });
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Leavers' }).waitFor({ state: 'hidden' });
    });

    it('hostile names stay text on every page, at both widths', { timeout: 600_000 }, async () => {
      await addHostility(world, story);
      await inspectHostile();
    });
  },
);

async function inspectAll(role: ConsoleRole, view: View): Promise<void> {
  const page = await browser.open(view, world.origin, await world.signIn(story.tenantId, role));
  for (const one of openTo(await pagesOf(world, story), role)) await inspect(page, view, one);
  await page.context().close();
}

/** Halves of pages that axe has found nothing in, each at one width and in both colours. */
const inspected = new Set<string>();

/** What axe says in both colours. A page that is put together from halves it has seen before is not looked at again. */
async function violationsInBoth(page: Page, { width, colours }: View): Promise<readonly string[]> {
  const halves = (await halvesOf(page)).map((half) => `${String(width)} ${half}`);
  if (halves.every((half) => inspected.has(half))) return [];
  const other = colours === 'light' ? 'dark' : 'light';
  const found = [...(await violations(page)), ...(await violationsInColours(page, other))];
  await page.emulateMedia({ colorScheme: colours });
  if (found.length === 0) for (const half of halves) inspected.add(half);
  return found;
}

/** Nothing for axe to say, nothing in the console, nothing beyond the right edge, nothing that moved. */
async function inspect(
  page: Page,
  view: View,
  { name, path }: ConsolePage,
  asks: () => Promise<readonly string[]> = () => violationsInBoth(page, view),
): Promise<void> {
  const complaints: string[] = [];
  page.removeAllListeners('console');
  page.on('console', (message) => {
    const isExpected = message.text().includes('Failed to load resource');
    if (message.type() !== 'log' && !isExpected) complaints.push(message.text());
  });
  await page.goto(`${world.origin}/console${path}`);
  const shifts = await isMoving(page);
  const found = {
    name,
    beyond: await beyondEdge(page),
    scripts: await page.evaluate<number>('document.scripts.length'),
    shifts,
    violations: await asks(),
    complaints,
  };
  expect(found).toEqual({ name, complaints: [], violations: [], beyond: 0, scripts: 2, shifts: false });
}

/**
 * Whether a page moves while it is shown. On a busy machine it arrives in pieces that are laid out one after the other:
 * what a page does by itself it does every time.
 */
async function isMoving(page: Page): Promise<boolean> {
  for (let load = 0; load < LOADS; load += 1) {
    if (load > 0) await page.reload();
    if ((await page.evaluate<number>(LAYOUT_SHIFT)) <= SHIFT_SEEN) return false;
  }
  return true;
}

const LOADS = 4;
/** A page that arrives in several packets is laid out as often: fractions of a pixel are nothing that anybody sees. */
const SHIFT_SEEN = 0.001;
/** Sum of what moved since the page began to be shown. */
const LAYOUT_SHIFT = `new Promise((resolve) => {
  const sum = (entries) => entries.reduce((total, { value }) => total + value, 0);
  new PerformanceObserver((list) => resolve(sum(list.getEntries()))).observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
})`;

async function inspectHostile(): Promise<void> {
  const page = await browser.open(WIDE_LIGHT, world.origin, await world.signIn(story.tenantId, 'owner'));
  page.on('dialog', (dialog) => {
    throw new Error(`A page ran script: ${dialog.message()}`);
  });
  const people = await world.services.database
    .forTenant(story.tenantId)
    .selectFrom('scim_users')
    .select('id')
    .where('external_id', 'is not', null)
    .execute();
  const pages = [
    ...(await pagesOf(world, story)),
    ...people.map(({ id }) => ({ name: `person ${id}`, path: `/people/${id}`, least: 'viewer' as const })),
    {
      name: 'search',
      path: `/people?search=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`,
      least: 'viewer' as const,
    },
  ];
  for (const one of pages) {
    // How pages of this kind stand up to axe is asked with ordinary names.
    await inspect(page, WIDE_LIGHT, one, () => Promise.resolve([]));
    expect(await page.title()).not.toBe('owned');
    const injected = await page
      .locator('main img, main script, main [onerror], main [onfocus], a[href^="javascript"]')
      .count();
    await resize(page, NARROW_DARK);
    const beyond = await beyondEdge(page);
    expect({ name: one.name, injected, beyond }).toEqual({ name: one.name, injected: 0, beyond: 0 });
    await resize(page, WIDE_LIGHT);
  }
}

function resize(page: Page, { width }: View): Promise<void> {
  return page.setViewportSize({ width, height: 900 });
}
