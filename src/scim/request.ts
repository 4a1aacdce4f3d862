import type { Logger } from 'pino';
import type { ScimPrincipal } from '../directory/access.js';
import type { GroupDirectory } from '../directory/groups.js';
import type { PhoneSystems } from '../directory/phone-systems.js';
import type { GroupReading, WriteContext } from '../directory/ports.js';
import type { ResourceTypeName } from '../directory/schema-catalogue.js';
import type { UserDirectory } from '../directory/users.js';
import type { Clock } from '../lib/clock.js';
import type { CursorCodec } from './cursor.js';
import { acceptedVersions } from './etag.js';
import type { ScimLimits } from './limits.js';
import type { ScimQuery } from './normalise/query.js';
import { makeProjection, type Projection } from './projection.js';

/** What every request of one endpoint works with. */
export interface ScimServices {
  readonly users: UserDirectory;
  readonly groups: GroupDirectory;
  readonly phoneSystems: PhoneSystems;
  readonly cursors: CursorCodec;
  readonly limits: ScimLimits;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ScimRequestFacts {
  readonly services: ScimServices;
  readonly principal: ScimPrincipal;
  /** Such as `https://patchbay.example/scim/v2`, without a slash at its end. */
  readonly baseUrl: string;
  readonly query: ScimQuery;
  readonly ifMatch: string | undefined;
  readonly correlationId: string | null;
}

/**
 * One authenticated request. It reaches the resource classes as the context argument of scimmy's methods: tenant,
 * base URL and services belong to the request and never to the process.
 */
export class ScimRequest {
  readonly services: ScimServices;
  readonly tenantId: string;
  readonly baseUrl: string;
  readonly query: ScimQuery;
  readonly write: WriteContext;
  /** Whether a write may go ahead on a version; undefined without If-Match. */
  readonly accepts: ((version: number) => boolean) | undefined;
  readonly #facts: ScimRequestFacts;
  #foreseen: Promise<GroupReading | null> | undefined;

  constructor(facts: ScimRequestFacts) {
    this.#facts = facts;
    this.services = facts.services;
    this.tenantId = facts.principal.tenantId;
    this.baseUrl = facts.baseUrl;
    this.query = facts.query;
    this.accepts = acceptedVersions(facts.ifMatch);
    this.write = {
      tenantId: facts.principal.tenantId,
      actor: facts.principal.actor,
      correlationId: facts.correlationId,
    };
  }

  /** The same caller asking for something else: one operation of a bulk request, a search. */
  with(change: Partial<Pick<ScimRequestFacts, 'query' | 'ifMatch'>>): ScimRequest {
    return new ScimRequest({ ...this.#facts, ...change });
  }

  /** What a group is before it is replaced, where that is being read already. */
  get foreseen(): Promise<GroupReading | null> | undefined {
    return this.#foreseen;
  }

  /** Has the database read a group while its replacement is still on its way here. */
  foresee(groupId: string): void {
    this.#foreseen = this.services.groups.foresee(this.tenantId, groupId);
    // Whoever waits for it hears of it; a body that cannot be read ends the request before.
    this.#foreseen.catch(() => undefined);
  }

  projection(type: ResourceTypeName): Projection {
    return makeProjection(type, this.query);
  }
}
