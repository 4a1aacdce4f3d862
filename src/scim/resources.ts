import SCIMMY from 'scimmy';
import type { ResourceTypeName } from '../directory/schema-catalogue.js';
import { AppError } from '../domain/errors.js';
import { answered } from './operations/answer.js';
import { listResources } from './operations/list.js';
import {
  createResource,
  deleteResource,
  patchResource,
  readResource,
  replaceResource,
} from './operations/resource.js';
import type { ScimReply } from './reply.js';
import { ScimRequest } from './request.js';

/**
 * Users as scimmy-routers sees them. Every method answers by itself, from the context alone: scimmy's own read, write
 * and patch keep process-wide state, take no locks and turn unknown errors into 404.
 */
class UserResource extends SCIMMY.Resources.User {
  override read(context?: unknown): Promise<never> {
    return reply(context, (request) => read(request, 'User', this.id));
  }

  override write(instance: unknown, context?: unknown): Promise<never> {
    return reply(context, (request) => write(request, 'User', this.id, instance));
  }

  override patch(message: unknown, context?: unknown): Promise<never> {
    return reply(context, (request) => patchResource(request, 'User', this.id ?? '', message));
  }

  override dispose(context?: unknown): Promise<never> {
    return reply(context, (request) => deleteResource(request, 'User', this.id ?? ''));
  }
}

/** Groups as scimmy-routers sees them. */
class GroupResource extends SCIMMY.Resources.Group {
  override read(context?: unknown): Promise<never> {
    return reply(context, (request) => read(request, 'Group', this.id));
  }

  override write(instance: unknown, context?: unknown): Promise<never> {
    return reply(context, (request) => write(request, 'Group', this.id, instance));
  }

  override patch(message: unknown, context?: unknown): Promise<never> {
    return reply(context, (request) => patchResource(request, 'Group', this.id ?? '', message));
  }

  override dispose(context?: unknown): Promise<never> {
    return reply(context, (request) => deleteResource(request, 'Group', this.id ?? ''));
  }
}

/** Declares the classes to scimmy, whose registry belongs to the process; they hold no state, so once is enough. */
export function declareResources(): void {
  SCIMMY.Resources.declare(UserResource, 'User');
  SCIMMY.Resources.declare(GroupResource, 'Group');
}

function read(request: ScimRequest, type: ResourceTypeName, id: string | undefined): Promise<ScimReply> {
  return id === undefined ? listResources(request, type) : readResource(request, type, id);
}

function write(
  request: ScimRequest,
  type: ResourceTypeName,
  id: string | undefined,
  body: unknown,
): Promise<ScimReply> {
  return id === undefined ? createResource(request, type, body) : replaceResource(request, type, id, body);
}

/**
 * The router sends whatever a method resolves to; its types promise schema instances, which are what makes scimmy
 * slow, hence the cast.
 */
async function reply(
  context: unknown,
  operation: (request: ScimRequest) => Promise<ScimReply>,
): Promise<never> {
  if (!(context instanceof ScimRequest)) {
    throw new AppError('bug', 'A SCIM resource was used without a request.');
  }
  return (await answered(context, () => operation(context))) as never;
}
