import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Router, type Response } from 'express';
import { CONSOLE_PATH } from '../paths.js';
import { PAGE_SCRIPT } from './page-script.js';
import { STYLESHEET } from './stylesheet.js';

interface Asset {
  readonly name: string;
  readonly type: string;
  readonly body: string | Buffer;
}

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#0f6b5c" stroke-width="2.2" stroke-linecap="round"><circle cx="6" cy="7" r="3"/><circle cx="18" cy="17" r="3"/><path d="M9 7h5.5a3 3 0 0 1 0 6h-5a3 3 0 0 0 0 4H15"/></svg>';

const htmxFile = createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js');

const assets: Readonly<Record<'stylesheet' | 'htmx' | 'script' | 'icon', Asset>> = {
  stylesheet: { name: 'console.css', type: 'text/css; charset=utf-8', body: STYLESHEET },
  htmx: { name: 'htmx.js', type: 'text/javascript; charset=utf-8', body: readFileSync(htmxFile) },
  script: { name: 'page.js', type: 'text/javascript; charset=utf-8', body: PAGE_SCRIPT },
  icon: { name: 'icon.svg', type: 'image/svg+xml', body: ICON },
};

/** Addresses change with the contents, so browsers may keep what they have for good. */
export const ASSET_URLS = {
  stylesheet: urlOf(assets.stylesheet),
  htmx: urlOf(assets.htmx),
  script: urlOf(assets.script),
  icon: urlOf(assets.icon),
} as const;

function hashOf({ body }: Asset): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}

function urlOf(asset: Asset): string {
  return `${CONSOLE_PATH}/assets/${hashOf(asset)}/${asset.name}`;
}

/** Serves the console's files. An address with another hash is an older page's: it gets what there is, uncached. */
export function makeAssetRouter(): Router {
  const router = Router();
  for (const asset of Object.values(assets)) {
    const current = hashOf(asset);
    router.get(`/assets/:hash/${asset.name}`, (request, response) => {
      const isCurrent = request.params.hash === current;
      response.set('Cache-Control', isCurrent ? 'public, max-age=31536000, immutable' : 'no-store');
      sendAsset(response, asset);
    });
  }
  return router;
}

function sendAsset(response: Response, { type, body }: Asset): void {
  response.set('Content-Type', type).send(body);
}
