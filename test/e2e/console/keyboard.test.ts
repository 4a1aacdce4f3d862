import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, openBrowser, VIEWS, type TestBrowser, type View } from '../../support/browser.js';
import { connectByHand } from '../../support/by-hand-story.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { violations } from '../../support/page-checks.js';

let world: ConsoleWorld;
let story: Story;
let browser: TestBrowser;
const [WIDE] = VIEWS as readonly [View];

describe.skipIf(browserMissing !== null)(
  `without a mouse${browserMissing === null ? '' : ` (${browserMissing})`}`,
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

    const open = async (): Promise<Page> => {
      const page = await browser.open(WIDE, world.origin, await world.signIn(story.tenantId, 'owner'));
      await page.goto(`${world.origin}/console`);
      return page;
    };

    it('a held plan is found from the overview and approved', async () => {
      const page = await open();
      await skipToContent(page);
      await tabTo(page, 'A plan for aircall waits for approval');
      await page.keyboard.press('Enter');
      await page.getByText('Why this plan waits for you').waitFor();
      await skipToContent(page);
      await tabTo(page, 'Type');
      await page.keyboard.type('16 removals');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('Approved.').waitFor();
      await story.drain();
      const { state } = await world.services.database
        .forTenant(story.tenantId)
        .selectFrom('plans')
        .select('state')
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      expect(state).toBe('applied');
    });

    it('rules are edited, their impact looked at, and saved', async () => {
      const page = await open();
      await tabTo(page, 'Groups and rules');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Groups and rules' }).waitFor();
      await tabTo(page, 'Edit the rules');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Edit the rules' }).waitFor();
      await tabTo(page, 'Rules (YAML)');
      await page.keyboard.press('Control+End');
      await page.keyboard.type(
        '\n  - id: leads-in-support\n    when: { group: Team Leads }\n    grant: { teams: [Support] }\n',
      );
      await tabTo(page, 'Check and show the impact');
      await page.keyboard.press('Enter');
      await page.locator('#checked .notice').first().waitFor();
      expect(await page.locator('#checked').innerText()).toContain('4 rules, no errors');
      expect(await page.locator('#checked').innerText()).toContain('ada.lovelace@acme.example');
      expect(await page.getByLabel('Rules (YAML)').inputValue()).toContain('leads-in-support');
      await tabTo(page, 'Save as the newest version');
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('Saved.').waitFor();
      expect((await world.services.rules.get(story.tenantId)).source).toContain('leads-in-support');
    });

    it('a leaver is kept, and is back as soon as the identity provider says so', async () => {
      const page = await open();
      await tabTo(page, 'Leavers');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Leavers' }).waitFor();
      await skipToContent(page);
      await tabTo(page, 'Nils Berg');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Date of the deletion' }).waitFor();
      await skipToContent(page);
      await tabTo(page, 'Cancel the deletion');
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('Cancelled.').waitFor();
      const context = { tenantId: story.tenantId, actor: 'scim:okta', correlationId: null };
      const id = story.people.get('Nils Berg') ?? '';
      const reactivated = (current: object) => ({ ...current, active: true });
      await world.users.modify(context, id, reactivated, { refBase: null });
      await world.groups.modify(context, story.groupIds.get('Sales EMEA') ?? '', (resource) => ({
        resource,
        members: { type: 'delta', add: [id], remove: [] },
      }));
      await story.drain();
      await page.goto(`${world.origin}/console/leavers`);
      expect(await page.getByRole('link', { name: 'Nils Berg' }).count()).toBe(0);
      const { state } = await world.services.database
        .forTenant(story.tenantId)
        .selectFrom('links')
        .select('state')
        .where('subject_id', '=', id)
        .executeTakeFirstOrThrow();
      expect(state).toBe('active');
    });

    it('a task is claimed and done', async () => {
      const page = await open();
      await tabTo(page, 'Worklist');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Worklist' }).waitFor();
      await skipToContent(page);
      await tabTo(page, 'Give');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Steps' }).waitFor();
      for (const [button, said] of [
        ['Claim it', 'The task is yours.'],
        ['It is done', 'Marked as done.'],
      ] as const) {
        await skipToContent(page);
        await tabTo(page, button);
        await page.keyboard.press('Enter');
        await page.getByRole('status').getByText(said).waitFor();
      }
    });

    it('people are searched while one types, and the address follows', async () => {
      const page = await open();
      await page.goto(`${world.origin}/console/people`);
      await tabTo(page, 'Search');
      await page.keyboard.type('lovelace');
      await page.waitForURL(/search=lovelace/);
      await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
      expect(await page.locator('#people li').count()).toBe(1);
      expect(await page.getByLabel('Search').inputValue()).toBe('lovelace');
    });

    it('a checklist of a phone system without an API is claimed with others and worked off', async () => {
      await connectByHand(world, story.tenantId);
      const db = world.services.database.forTenant(story.tenantId);
      const page = await open();
      await page.goto(`${world.origin}/console/worklist?account=vxt`);
      await skipToContent(page);
      for (let marked = 0; marked < 2; marked += 1) {
        await tabTo(page, 'Mark: Bring');
        await page.keyboard.press('Space');
      }
      await tabTo(page, 'What to do');
      await page.keyboard.press('ArrowDown');
      await tabTo(page, 'Do it');
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('Done, for each of the marked tasks.').waitFor();
      const claimed = db.selectFrom('worklist_items').select('id').where('assignee', 'is not', null);
      expect(await claimed.where('kind', '=', 'checklist').execute()).toHaveLength(2);

      await skipToContent(page);
      await tabTo(page, 'Bring');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Checklist' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await skipToContent(page);
      await tabTo(page, 'I have done this');
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('Confirmed, with your name').waitFor();
      await page.getByText('Confirmed by').waitFor({ state: 'attached' });
      expect(await violations(page)).toEqual([]);
      const account = await world.services.accounts.byName(story.tenantId, 'vxt');
      const key = { tenantId: story.tenantId, accountId: account.id };
      while ((await world.drain(key, { sliceMs: 60_000 })).type === 'more');
      const links = db.selectFrom('links').select(['origin', 'state']).where('account_id', '=', account.id);
      expect(await links.execute()).toEqual([{ origin: 'created', state: 'active' }]);
    });

    it('what has the focus is always to be seen', async () => {
      const page = await open();
      await page.goto(`${world.origin}/console/accounts/aircall`);
      for (let step = 0; step < 60; step += 1) {
        await page.keyboard.press('Tab');
        const outline = await page.evaluate<string>(
          `(() => { const on = document.activeElement; const { outlineStyle, outlineWidth } = getComputedStyle(on); return on === document.body ? 'nothing' : outlineStyle + ' ' + outlineWidth + ' ' + on.outerHTML.slice(0, 80); })()`,
        );
        expect(outline).toMatch(/^(?:(?:solid|auto) [1-9]|nothing)/);
      }
    });
  },
);

/** The first stop on every page leads past the navigation. */
async function skipToContent(page: Page): Promise<void> {
  await page.evaluate('document.activeElement.blur()');
  await page.keyboard.press('Tab');
  expect(await page.evaluate<string>('document.activeElement.textContent.trim()')).toBe(
    'Skip to the content',
  );
  await page.keyboard.press('Enter');
}

/** Presses Tab until what has the focus begins with these words, by its label or its text. */
async function tabTo(page: Page, words: string): Promise<void> {
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate<string>(
      `(() => { const on = document.activeElement; return (on.labels?.[0]?.textContent ?? on.textContent ?? '').trim(); })()`,
    );
    if (name.replace(/^(?:Trouble|Look at this|To do): /, '').startsWith(words)) return;
  }
  throw new Error(`Nothing that begins with "${words}" can be reached by keyboard.`);
}
