import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleRole } from '../../../src/sso/console-role.js';
import { browserMissing, openBrowser, VIEWS, type TestBrowser, type View } from '../../support/browser.js';
import { openTo, pagesOf, type ConsolePage } from '../../support/console-pages.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { addHostility } from '../../support/hostile-story.js';
import {
  beyondEdge,
  halvesOf,
  inksOf,
  violations,
  violationsInColours,
  violationsOfStructure,
} from '../../support/page-checks.js';

let world: ConsoleWorld;
let story: Story;
let browser: TestBrowser;
let pages: readonly ConsolePage[];

const [WIDE_LIGHT, WIDE_DARK, NARROW_LIGHT, NARROW_DARK] = VIEWS as readonly [View, View, View, View];

describe.skipIf(browserMissing !== null)(
  `pages in a browser${browserMissing === null ? '' : ` (${browserMissing})`}`,
  () => {
    beforeAll(async () => {
      world = await openConsole(await createTestDatabase());
      story = await tellStory(world);
      pages = await pagesOf(world, story);
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await story?.stop();
      await world?.close();
    });

    it.each(['owner', 'viewer', 'operator', 'admin'] as const)(
      'every page is accessible and in its frame at both widths and in both colours, for the role %s',
      async (role) => {
        const page = await open(WIDE_LIGHT, role);
        for (const one of openTo(pages, role)) {
          await inspect(page, WIDE_LIGHT, one, () => violationsEverywhere(page));
        }
      },
    );

    it('every page comes to a narrow and dark screen without moving', async () => {
      const page = await open(NARROW_DARK, 'owner');
      for (const one of pages) await inspect(page, NARROW_DARK, one);
    });

    it('so do the pages of somebody who signs in', async () => {
      const page = await browser.open(WIDE_LIGHT, world.origin, null);
      for (const path of ['/login', '/login?organisation=nowhere', '/start/used']) {
        const one = { name: path, path, least: 'viewer' } as const;
        await inspect(page, WIDE_LIGHT, one, () => violationsEverywhere(page));
      }
    });

    it('the menu of a narrow screen opens by keyboard, is accessible, and closes again', async () => {
      const page = await open(NARROW_DARK, 'owner');
      await page.goto(`${world.origin}/console/plans`);
      expect(await page.getByRole('link', { name: 'Leavers' }).isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Menu' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Leavers' }).waitFor({ state: 'visible' });
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Leavers' }).waitFor({ state: 'hidden' });
    });

    it('hostile names stay text on every page, at both widths', async () => {
      await addHostility(world, story);
      await inspectHostile();
    });
  },
);

async function open(view: View, role: ConsoleRole): Promise<Page> {
  return browser.open(view, world.origin, await world.signIn(story.tenantId, role));
}

/** Halves of pages that axe has found nothing in. */
const inspectedHalves = new Set<string>();
/** Inks that axe has found nothing in. */
const inspectedInks = new Set<string>();

/** What axe says at both widths and in both colours. A page put together from halves seen before is not looked at. */
async function violationsEverywhere(page: Page): Promise<readonly string[]> {
  const halves = await halvesOf(page);
  if (halves.every((half) => inspectedHalves.has(half))) return [];
  const found = [...(await violationsOfStructure(page)), ...(await violationsInNewInks(page))];
  await show(page, WIDE_DARK);
  found.push(...(await violationsInNewInks(page)));
  await show(page, NARROW_DARK);
  found.push(...(await violationsOfStructure(page)), ...(await violationsInNewInks(page)));
  await show(page, NARROW_LIGHT);
  found.push(...(await violationsInNewInks(page)));
  if (found.length === 0) for (const half of halves) inspectedHalves.add(half);
  return found;
}

/** What axe says about colours, unless it has seen all of them before. */
async function violationsInNewInks(page: Page): Promise<readonly string[]> {
  const inks = await inksOf(page);
  if (inks.every((ink) => inspectedInks.has(ink))) return [];
  const found = await violationsInColours(page);
  if (found.length === 0) for (const ink of inks) inspectedInks.add(ink);
  return found;
}

/** Nothing for axe to say, nothing in the console, nothing beyond the right edge, nothing that moved. */
async function inspect(
  page: Page,
  view: View,
  { name, path }: ConsolePage,
  asks: () => Promise<readonly string[]> = () => Promise.resolve([]),
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
    scripts: await page.evaluate<number>('document.scripts.length'),
    shifts,
    violations: await asks(),
    beyond: await beyondEdges(page),
    complaints,
  };
  await show(page, view);
  expect(found).toEqual({ name, complaints: [], violations: [], beyond: [0, 0], scripts: 2, shifts: false });
}

/** How far a page reaches beyond its right edge on a narrow and on a wide screen. */
async function beyondEdges(page: Page): Promise<readonly number[]> {
  await show(page, NARROW_LIGHT);
  const narrow = await beyondEdge(page);
  await show(page, WIDE_LIGHT);
  return [narrow, await beyondEdge(page)];
}

async function show(page: Page, { width, colours }: View): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: colours });
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
  const page = await open(WIDE_LIGHT, 'owner');
  page.on('dialog', (dialog) => {
    throw new Error(`A page ran script: ${dialog.message()}`);
  });
  const people = await world.services.database
    .forTenant(story.tenantId)
    .selectFrom('scim_users')
    .select('id')
    .where('external_id', 'is not', null)
    .execute();
  const search = `/people?search=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`;
  const paths = [...people.map(({ id }) => `/people/${id}`), search];
  // How pages of this kind stand up to axe is asked with ordinary names.
  for (const one of [
    ...(await pagesOf(world, story)),
    ...paths.map((path) => ({ name: path, path, least: 'viewer' as const })),
  ]) {
    await inspect(page, WIDE_LIGHT, one);
    expect(await page.title()).not.toBe('owned');
    const injected = await page
      .locator('main img, main script, main [onerror], main [onfocus], a[href^="javascript"]')
      .count();
    expect({ name: one.name, injected }).toEqual({ name: one.name, injected: 0 });
  }
}
