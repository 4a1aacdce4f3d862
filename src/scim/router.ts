import type { KeyObject } from 'node:crypto';
import express, {
  Router,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Logger } from 'pino';
import type { ScimObserver } from '../administration/scim-requests.js';
import type { ScimAccess } from '../directory/access.js';
import type { GroupDirectory } from '../directory/groups.js';
import type { PhoneSystems } from '../directory/phone-systems.js';
import type { UserDirectory } from '../directory/users.js';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../lib/clock.js';
import { authenticate } from './authenticate.js';
import { runBulk } from './bulk/run.js';
import { makeCursorCodec } from './cursor.js';
import { readDirectly } from './direct-reads.js';
import { makeDiscoveryRouter } from './discovery.js';
import { errorReply } from './errors.js';
import { DEFAULT_SCIM_LIMITS, type ScimLimits } from './limits.js';
import { normaliseQuery } from './normalise/query.js';
import { observeExchange } from './observe.js';
import { makeOfferRouter } from './offers.js';
import { assertId } from './operations/resource.js';
import { search } from './operations/search.js';
import { makeRateLimiter } from './rate-limit.js';
import { ScimReply, SECURITY_HEADERS, sendReply } from './reply.js';
import { ScimRequest, type ScimServices } from './request.js';
import { mountScimmy } from './scimmy-router.js';

export interface ScimRouterDeps {
  readonly users: UserDirectory;
  readonly groups: GroupDirectory;
  readonly phoneSystems: PhoneSystems;
  readonly access: ScimAccess;
  /** Signs cursors. All processes that serve one tenant need the same one. */
  readonly cursorKey: KeyObject;
  /**
   * What clients call this endpoint, such as `https://patchbay.example/scim/v2`; goes into every `meta.location`.
   * null: whatever the request was addressed to.
   */
  readonly baseUrl: string | null;
  /** Whether `access` accepts OAuth access tokens too, for ServiceProviderConfig. */
  readonly oauth: boolean;
  readonly limits?: Partial<ScimLimits>;
  /** Told of every exchange of whoever has shown a good token. */
  readonly observe?: ScimObserver;
  readonly clock: Clock;
  readonly log: Logger;
}

const JSON_TYPES = ['application/scim+json', 'application/json', 'application/*+json'];

/**
 * The SCIM 2.0 endpoint, to be mounted at its path (`/scim/v2`). Authentication, limits, the query and the body are
 * dealt with here, before scimmy-routers, which then routes to the resource classes.
 */
export function makeScimRouter(deps: ScimRouterDeps): Router {
  const limits: ScimLimits = { ...DEFAULT_SCIM_LIMITS, ...deps.limits };
  const services: ScimServices = {
    users: deps.users,
    groups: deps.groups,
    phoneSystems: deps.phoneSystems,
    cursors: makeCursorCodec({
      key: deps.cursorKey,
      clock: deps.clock,
      timeoutSeconds: limits.cursorTimeoutSeconds,
    }),
    limits,
    clock: deps.clock,
    log: deps.log,
  };
  const requests = new WeakMap<object, ScimRequest>();
  const requestOf = (request: object): ScimRequest => requests.get(request) ?? unopened();
  const router = Router();
  router.use(openRequests(deps, services, requests));
  router.use(only((path) => !RESOURCES.test(path), makeOtherEndpoints(deps, limits, requestOf)));
  router.use(readBodies(limits, requestOf));
  router.use(only((path) => MESSAGES.test(path), makeMessageRouter(requestOf)));
  mountScimmy(router, requestOf);
  router.use(lastErrorHandler(deps));
  return router;
}

const RESOURCES = /^\/(?:Users|Groups)(?:\/|$)/i;
const RESOURCE = /^\/(Users|Groups)(?:\/+([^/]+))?/i;
const MESSAGES = /\/(?:\.search|Bulk)\/?$/i;

/** Routers cost whoever passes through them, and almost every request is about a resource. */
function only(concerns: (path: string) => boolean, router: Router): RequestHandler {
  return (request, response, next) => {
    if (concerns(request.path)) router(request, response, next);
    else next();
  };
}

/** What is asked for once, when an IdP is connected. */
function makeOtherEndpoints(
  { oauth, phoneSystems }: ScimRouterDeps,
  limits: ScimLimits,
  requestOf: (request: object) => ScimRequest,
): Router {
  const router = Router();
  router.use(makeDiscoveryRouter({ limits, oauth }, (request) => requestOf(request).baseUrl));
  router.use(makeOfferRouter(phoneSystems, requestOf));
  router.use('/Me', refuseMe);
  return router;
}

/** Lets answers of ours be sent as they are, and takes double slashes for one (a base URL that ends in a slash). */
function prepare(request: Request, response: Response): void {
  const { send } = response;
  response.send = (body: unknown): Response => {
    // scimmy's own, for addresses that nobody serves.
    if (!(body instanceof ScimReply)) return send.call(response.set(SECURITY_HEADERS), body);
    sendReply(request, response, body);
    return response;
  };
  if (request.url.startsWith('//')) request.url = request.url.replace(/^\/{2,}/, '/');
}

/**
 * Authenticates, counts, reads the query, and takes the query away from scimmy, which would misread it. What IdPs ask
 * most is answered here: each handler more is one that every request passes through.
 */
function openRequests(
  deps: ScimRouterDeps,
  services: ScimServices,
  requests: WeakMap<object, ScimRequest>,
): RequestHandler {
  const rate = makeRateLimiter({ requestsPerMinute: services.limits.requestsPerMinute, clock: deps.clock });
  return async (request, response, next) => {
    prepare(request, response);
    const principal = await authenticate(request, deps.access);
    const correlationId = correlationIdOf(request);
    const { observe, clock } = deps;
    if (observe !== undefined)
      observeExchange(request, response, principal, { observe, clock, correlationId });
    rate.take(principal.tenantId);
    const facts = {
      services,
      principal,
      baseUrl: deps.baseUrl ?? addressOf(request),
      query: normaliseQuery(takeQuery(request), services.limits),
      ifMatch: request.headers['if-match'],
      correlationId,
    };
    const opened = new ScimRequest(facts);
    const answer = readDirectly(request, opened);
    if (answer !== null) {
      sendReply(request, response, await answer);
      return;
    }
    requests.set(request, opened);
    next();
  };
}

/** What is left for scimmy is an address without a query. */
function takeQuery(request: Request): unknown {
  const end = request.url.indexOf('?');
  if (end < 0) return {};
  const { query } = request;
  request.url = request.url.slice(0, end);
  return query;
}

/** RFC 7644 section 3.11. */
const refuseMe: RequestHandler = () => {
  throw new AppError('capability', '/Me is not supported: tokens belong to a tenant, not to a person.');
};

/** A body of this size is a list of members, and takes longer to be read than the group in the database. */
const LARGE_BYTES = 65_536;

/** Reads JSON up to what there is room for; ids are looked at before scimmy builds a filter from them. */
function readBodies(limits: ScimLimits, requestOf: (request: object) => ScimRequest): RequestHandler {
  const small = express.json({ type: JSON_TYPES, limit: limits.bodyBytes });
  const large = express.json({ type: JSON_TYPES, limit: limits.largeBodyBytes });
  return (request, response, next) => {
    const [, type, id] = RESOURCE.exec(request.path) ?? [];
    const isOne = id !== undefined && id !== '.search';
    if (isOne) assertId(id);
    const isUsers = type?.toLowerCase() === 'users';
    const isLarge = Number(request.headers['content-length']) > LARGE_BYTES;
    if (request.method === 'PUT' && isOne && !isUsers && isLarge) requestOf(request).foresee(id);
    const read = isUsers ? small : large;
    read(request, response, next);
  };
}

/** Messages that are no resource: searches and bulk requests. */
function makeMessageRouter(requestOf: (request: object) => ScimRequest): Router {
  const router = Router();
  const serve = (
    path: string,
    operation: (request: ScimRequest, body: unknown) => Promise<ScimReply>,
  ): void => {
    router.post(path, async (request, response) => {
      const body: unknown = request.body;
      response.send(await operation(requestOf(request), body));
    });
  };
  serve('/.search', (request, body) => search(request, null, body));
  serve('/Users/.search', (request, body) => search(request, 'User', body));
  serve('/Groups/.search', (request, body) => search(request, 'Group', body));
  serve('/Bulk', runBulk);
  return router;
}

function lastErrorHandler(deps: ScimRouterDeps): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else sendReply(request, response, errorReply(error, deps));
  };
}

function addressOf(request: Request): string {
  return `${request.protocol}://${request.get('host') ?? 'localhost'}${request.baseUrl}`;
}

/** The id that the request log gave the request. */
function correlationIdOf(request: Request): string | null {
  return 'id' in request && typeof request.id === 'string' ? request.id : null;
}

function unopened(): never {
  throw new AppError('bug', 'A SCIM request was not opened.');
}
