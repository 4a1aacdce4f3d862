import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleRole } from '../../../src/sso/console-role.js';
import { browserMissing, openBrowser, VIEWS, type TestBrowser, type View } from '../../support/browser.js';
import { openTo, pagesOf, type ConsolePage } from '../../support/console-pages.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { addHostility } from '../../support/hostile-story.js';
import { beyondEdge, violations } from '../../support/page-checks.js';

let world: ConsoleWorld;
let story: Story;
let browser: TestBrowser;

const [WIDE_LIGHT, WIDE_DARK, NARROW_LIGHT, NARROW_DARK] = VIEWS as readonly [View, View, View, View];

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

    it.each(VIEWS)(
      'an owner finds every page accessible and in its frame, $width px, $colours',
      { timeout: 600_000 },
      async (view) => {
        await inspectAll('owner', view);
      },
    );

    it.each([
      { role: 'viewer', view: WIDE_LIGHT },
      { role: 'viewer', view: NARROW_DARK },
      { role: 'operator', view: WIDE_DARK },
      { role: 'operator', view: NARROW_LIGHT },
      { role: 'admin', view: WIDE_LIGHT },
      { role: 'admin', view: NARROW_DARK },
    ] as const)(
      'so does a $role, $view.width px, $view.colours',
      { timeout: 600_000 },
      async ({ role, view }) => {
        await inspectAll(role, view);
      },
    );

    it.each(VIEWS)('so does somebody who signs in, $width px, $colours', async (view) => {
      const page = await browser.open(view, world.origin, null);
      for (const path of ['/login', '/login?organisation=nowhere', '/start/used']) {
        await inspect(page, { name: path, path, least: 'viewer' });
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
      const hostile = await openConsole(await createTestDatabase());
      const its = await tellStory(hostile);
      try {
        await addHostility(hostile, its);
        for (const view of [WIDE_LIGHT, NARROW_DARK]) await inspectHostile(hostile, its, view);
      } finally {
        await its.stop();
        await hostile.close();
      }
    });
  },
);

async function inspectAll(role: ConsoleRole, view: View): Promise<void> {
  const page = await browser.open(view, world.origin, await world.signIn(story.tenantId, role));
  for (const one of openTo(await pagesOf(world, story), role)) await inspect(page, one);
}

/** Nothing for axe to say, nothing in the console, nothing beyond the right edge, nothing that moved. */
async function inspect(
  page: Page,
  { name, path }: ConsolePage,
  origin = world.origin,
  asks: () => Promise<readonly string[]> = () => violations(page),
): Promise<void> {
  const complaints: string[] = [];
  page.removeAllListeners('console');
  page.on('console', (message) => {
    const isExpected = message.text().includes('Failed to load resource');
    if (message.type() !== 'log' && !isExpected) complaints.push(message.text());
  });
  await page.goto(`${origin}/console${path}`);
  const found = {
    name,
    complaints,
    violations: await asks(),
    beyond: await beyondEdge(page),
    scripts: await page.evaluate<number>('document.scripts.length'),
    shifts: (await page.evaluate<number>(LAYOUT_SHIFT)) > SHIFT_SEEN,
  };
  expect(found).toEqual({ name, complaints: [], violations: [], beyond: 0, scripts: 2, shifts: false });
}

/** A page that arrives in several packets is laid out as often: fractions of a pixel are nothing that anybody sees. */
const SHIFT_SEEN = 0.001;
/** Sum of what moved since the page began to be shown. */
const LAYOUT_SHIFT = `new Promise((resolve) => {
  const sum = (entries) => entries.reduce((total, { value }) => total + value, 0);
  new PerformanceObserver((list) => resolve(sum(list.getEntries()))).observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
})`;

async function inspectHostile(hostile: ConsoleWorld, its: Story, view: View): Promise<void> {
  const page = await browser.open(view, hostile.origin, await hostile.signIn(its.tenantId, 'owner'));
  page.on('dialog', (dialog) => {
    throw new Error(`A page ran script: ${dialog.message()}`);
  });
  const people = await hostile.services.database
    .forTenant(its.tenantId)
    .selectFrom('scim_users')
    .select('id')
    .where('external_id', 'is not', null)
    .execute();
  const pages = [
    ...(await pagesOf(hostile, its)),
    ...people.map(({ id }) => ({ name: `person ${id}`, path: `/people/${id}`, least: 'viewer' as const })),
    {
      name: 'search',
      path: `/people?search=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`,
      least: 'viewer' as const,
    },
  ];
  for (const one of pages) {
    // How pages of this kind stand up to axe is asked with ordinary names.
    await inspect(page, one, hostile.origin, () => Promise.resolve([]));
    expect(await page.title()).not.toBe('owned');
    const injected = await page
      .locator('main img, main script, main [onerror], main [onfocus], a[href^="javascript"]')
      .count();
    expect({ name: one.name, injected }).toEqual({ name: one.name, injected: 0 });
  }
}
