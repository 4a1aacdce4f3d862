import { existsSync } from 'node:fs';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

/** Debian's package; there is no browser among the npm dependencies. */
export const CHROMIUM = '/usr/bin/chromium';

/** Why the browser tests are skipped; null: they run. */
export const browserMissing = existsSync(CHROMIUM)
  ? null
  : `${CHROMIUM} is missing: apt-get install chromium, then the browser tests run`;

/** A page that takes longer hangs. */
const PATIENCE_MS = 600_000;

export interface View {
  readonly width: 375 | 1280;
  readonly colours: 'light' | 'dark';
}

export const VIEWS: readonly View[] = [
  { width: 1280, colours: 'light' },
  { width: 1280, colours: 'dark' },
  { width: 375, colours: 'light' },
  { width: 375, colours: 'dark' },
];

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface PageOptions {
  /** Unless told otherwise, it does. */
  readonly runsScript?: boolean;
}

export interface TestBrowser {
  /** A page of somebody with this session cookie (`name=value`), or of nobody. */
  open(view: View, origin: string, cookie: string | null, options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

/** One browser with a profile of its own, gone afterwards. */
export async function openBrowser(): Promise<TestBrowser> {
  const contexts: BrowserContext[] = [];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS, timeout: PATIENCE_MS });
  return {
    async open({ width, colours }, origin, cookie, { runsScript = true } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: width === 375 ? 812 : 900 },
        colorScheme: colours,
        reducedMotion: 'reduce',
        javaScriptEnabled: runsScript,
      });
      contexts.push(context);
      context.setDefaultTimeout(PATIENCE_MS);
      if (cookie !== null) {
        const [name = '', value = ''] = cookie.split('=', 2);
        await context.addCookies([{ name, value, url: origin }]);
      }
      return context.newPage();
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
    },
  };
}
