import { Router } from 'express';
import type { HttpAppDeps } from '../http/app.js';
import { makeVendorHooksRouter } from '../http/vendor-hooks.js';
import { buildConsole, type ConsoleEdge } from './console.js';
import { makeConsoleAccess } from './console-access.js';
import type { DrainHints } from './drain-hints.js';
import type { Engine } from './engine.js';
import { buildScimEdge, type ScimEdge } from './scim.js';
import type { Services } from './services.js';
import { buildSetup } from './setup.js';
import { buildSso, type Sso } from './sso.js';

export interface EdgesOptions {
  readonly services: Services;
  readonly engine: Engine;
  readonly hints: DrainHints;
  /** Origin under which browsers and IdPs reach us. */
  readonly publicUrl: string;
}

/** Everything that answers over HTTP, by path. */
export interface Edges {
  readonly mounts: HttpAppDeps['mounts'];
  openConsole(tenantSlug: string): Promise<string>;
  close(): Promise<void>;
}

/** How often IdP metadata is looked after and what has expired is deleted. */
const UPKEEP_EVERY_MS = 60_000;

export function buildEdges({ services, engine, hints, publicUrl }: EdgesOptions): Edges {
  const { onDirectoryChange } = hints;
  const scim = buildScimEdge({ services, onDirectoryChange });
  const sso = buildSso({ services, publicUrl, onDirectoryChange });
  const nudge = (tenantId: string) => onDirectoryChange(tenantId, { urgent: true });
  const console = buildConsole({ ...sso, services, engine, nudge });
  const access = makeConsoleAccess({ services, sso, oneTimeLogin: console.oneTimeLogin, publicUrl });
  const setup = buildSetup({ services, sso, rulesImpact: engine.rulesImpact, nudge });
  const upkeep = setInterval(() => void keepUp(services, { sso, scim, console }), UPKEEP_EVERY_MS);
  upkeep.unref();
  return {
    mounts: [
      { path: '/scim/v2', router: scim.scim, sendsOwnHeaders: true },
      { path: '/oauth', router: scim.oauth },
      { path: '/sso', router: sso.router },
      { path: '/setup', router: setup },
      { path: '/console', router: console.router },
      { path: '/api/v1', router: console.api },
      { path: '/hooks', router: makeVendorHooksRouter(engine.vendorHints) },
      { path: '/', router: frontDoor() },
    ],
    openConsole: access.openConsole,
    async close() {
      clearInterval(upkeep);
      sso.close();
      await scim.close();
    },
  };
}

async function keepUp(
  { log }: Services,
  { sso, scim, console }: { readonly sso: Sso; readonly scim: ScimEdge; readonly console: ConsoleEdge },
): Promise<void> {
  try {
    await sso.upkeep();
    await scim.recorder.forgetOld();
    await console.auditChain.checkNext();
  } catch (error) {
    log.warn({ err: error }, 'upkeep failed; it is tried again');
  }
}

/** Whoever types the bare address wants the console. */
function frontDoor(): Router {
  const router = Router();
  router.get('/', (_request, response) => response.redirect(302, '/console'));
  return router;
}
