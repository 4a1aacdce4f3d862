import axe from 'axe-core';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What dark and light can differ in: colours are all that the dark stylesheet sets (see its unit test). */
const COLOUR_RULES = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** What axe has to say about a page as it is now. */
export async function violations(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe.source);
  return ask(page, RULES);
}

/** The same in the other colours, of a page that `violations` looked at before. */
export async function violationsInColours(
  page: Page,
  colorScheme: 'light' | 'dark',
): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme });
  return ask(page, COLOUR_RULES);
}

/** What passed stays in the browser: to send it took longer than to find it. */
function ask(page: Page, runOnly: unknown): Promise<readonly string[]> {
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
  return page.evaluate<readonly string[]>(
    `axe.run(document, ${options}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' '))))`,
  );
}

/**
 * The two halves of a page of the console as far as axe can tell them apart: its frame and its content. Form tokens,
 * moments and which page the frame marks as the current one are left out.
 */
export function halvesOf(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const body = document.body.cloneNode(true);
    for (const field of body.querySelectorAll('input[name="_csrf"]')) field.removeAttribute('value');
    for (const time of body.querySelectorAll('time')) time.replaceWith('time');
    for (const link of body.querySelectorAll('nav [aria-current="page"]')) link.removeAttribute('aria-current');
    const main = body.querySelector('main');
    const content = main?.outerHTML ?? '';
    main?.remove();
    return [content, body.outerHTML];
  })()`);
}

/** How many pixels of a page lie beyond its right edge. Room that is kept for a scroll bar makes it narrower, not wider. */
export function beyondEdge(page: Page): Promise<number> {
  return page.evaluate<number>(
    'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
  );
}
