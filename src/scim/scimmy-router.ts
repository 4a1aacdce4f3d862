import type { RequestHandler, Router } from 'express';
import SCIMMY from 'scimmy';
import { SCIMMYRouters } from 'scimmy-routers';
import { AppError } from '../domain/errors.js';
import type { ScimRequest } from './request.js';
import { declareResources } from './resources.js';

/** What is used of the library's class, which is a router that fills itself while it is made. */
interface SelfFillingRouter extends RequestHandler {
  use(...given: readonly unknown[]): unknown;
}

type RoutersClass = new (...scheme: ConstructorParameters<typeof SCIMMYRouters>) => SelfFillingRouter;

/**
 * Adds the routes of scimmy-routers. Its routers of the resource types stand first: what comes before them there (content
 * type, base path, authentication, query, discovery, searches, bulk) was done already, and to pass it would cost every
 * request of an IdP's sync about as much as its own work. Whatever they leave over goes the whole way.
 */
export function mountScimmy(router: Router, requestOf: (request: object) => ScimRequest): void {
  declareResources();
  const ofResources = new Map<string, RequestHandler>();
  const endpoints = Object.values(SCIMMY.Resources.declared()).map(({ endpoint }) => endpoint);
  class Watched extends (SCIMMYRouters as unknown as RoutersClass) {
    override use(...given: readonly unknown[]): unknown {
      const [path, handler] = given;
      if (typeof path === 'string' && endpoints.includes(path)) {
        ofResources.set(path, handler as RequestHandler);
      }
      return super.use(...given);
    }
  }
  const whole = new Watched({ type: 'bearer', handler: () => '', context: (request) => requestOf(request) });
  if (ofResources.size < endpoints.length) {
    throw new AppError('bug', 'scimmy-routers no longer mounts one router for each resource type.');
  }
  for (const [path, handler] of ofResources) router.use(path, handler);
  router.use(whole);
}
