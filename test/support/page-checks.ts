import axe from 'axe-core';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What dark and light can differ in: colours are all that the dark stylesheet sets (see its unit test). */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** What axe has to say about a page as it is now. */
export function violations(page: Page): Promise<readonly string[]> {
  return ask(page, { runOnly: RULES });
}

/** The same but for colours, which are most of axe's work. */
export function violationsOfStructure(page: Page): Promise<readonly string[]> {
  const off = COLOUR_RULES.map((rule) => [rule, { enabled: false }]);
  return ask(page, { runOnly: RULES, rules: Object.fromEntries(off) as unknown });
}

/** What axe has to say about the colours that a page has now. */
export function violationsInColours(page: Page): Promise<readonly string[]> {
  return ask(page, { runOnly: { type: 'rule', values: COLOUR_RULES } });
}

/** What passed stays in the browser: to send it took longer than to find it. */
async function ask(page: Page, options: object): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe.source);
  return page.evaluate<readonly string[]>(
    `axe.run(document, ${JSON.stringify({ ...options, resultTypes: ['violations'] })}).then(({ violations }) =>
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

/**
 * Every way in which text that can be seen stands out from its ground now: the colours and the size that contrast
 * depends on, and for a link those of the text around it. What axe found nothing in once, it finds nothing in again.
 */
export function inksOf(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const inks = new Set();
    const groundOf = (element) => {
      if (element === null) return [];
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity].join(' ');
      return own.startsWith('rgb(') && opacity === '1' ? [own] : [own, ...groundOf(element.parentElement)];
    };
    for (const element of document.body.querySelectorAll('*')) {
      const hasText = [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '');
      if (!hasText && !element.matches('input, select, textarea')) continue;
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const { color, fontSize, fontWeight, textDecorationLine } = getComputedStyle(element);
      const link = element.matches('a') && [textDecorationLine, getComputedStyle(element.parentElement).color];
      inks.add(JSON.stringify([color, fontSize, fontWeight, link, groundOf(element)]));
    }
    return [...inks];
  })()`);
}

/** How many pixels of a page lie beyond its right edge. Room that is kept for a scroll bar makes it narrower, not wider. */
export function beyondEdge(page: Page): Promise<number> {
  return page.evaluate<number>(
    'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
  );
}
