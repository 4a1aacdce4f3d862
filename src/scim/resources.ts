import SCIMMY from 'scimmy';
import { AppError } from '../domain/errors.js';
import { answered } from './operations/answer.js';
import { createGroup, deleteGroup, patchGroup, readGroup, replaceGroup } from './operations/groups.js';
import { listResources } from './operations/list.js';
import { createUser, deleteUser, patchUser, readUser, replaceUser } from './operations/users.js';
import type { ScimReply } from './reply.js';
import { ScimRequest } from './request.js';

/**
 * Users as scimmy-routers sees them. Every method answers by itself, from the context alone: scimmy's own read, write
 * and patch keep process-wide state, take no locks and turn unknown errors into 404.
 */
class UserResource extends SCIMMY.Resources.User {
  override read(context?: unknown): Promise<never> {
    const { id } = this;
    return reply(context, (request) =>
      id === undefined ? listResources(request, 'User') : readUser(request, id),
    );
  }

  override write(instance: unknown, context?: unknown): Promise<never> {
    const { id } = this;
    return reply(context, (request) =>
      id === undefined ? createUser(request, instance) : replaceUser(request, id, instance),
    );
  }

  override patch(message: unknown, context?: unknown): Promise<never> {
    return reply(context, (request) => patchUser(request, requiredId(this.id), message));
  }

  override dispose(context?: unknown): Promise<never> {
    return reply(context, (request) => deleteUser(request, requiredId(this.id)));
  }
}

/** Groups as scimmy-routers sees them. */
class GroupResource extends SCIMMY.Resources.Group {
  override read(context?: unknown): Promise<never> {
    const { id } = this;
    return reply(context, (request) =>
      id === undefined ? listResources(request, 'Group') : readGroup(request, id),
    );
  }

  override write(instance: unknown, context?: unknown): Promise<never> {
    const { id } = this;
    return reply(context, (request) =>
      id === undefined ? createGroup(request, instance) : replaceGroup(request, id, instance),
    );
  }

  override patch(message: unknown, context?: unknown): Promise<never> {
    return reply(context, (request) => patchGroup(request, requiredId(this.id), message));
  }

  override dispose(context?: unknown): Promise<never> {
    return reply(context, (request) => deleteGroup(request, requiredId(this.id)));
  }
}

/** Declares the classes to scimmy, whose registry belongs to the process; they hold no state, so once is enough. */
export function declareResources(): void {
  SCIMMY.Resources.declare(UserResource, 'User');
  SCIMMY.Resources.declare(GroupResource, 'Group');
}

/**
 * The router sends whatever a method resolves to; its types promise schema instances, which are what makes scimmy
 * slow, hence the cast.
 */
async function reply(
  context: unknown,
  operation: (request: ScimRequest) => Promise<ScimReply>,
): Promise<never> {
  if (!(context instanceof ScimRequest))
    throw new AppError('bug', 'A SCIM resource was used without a request.');
  return (await answered(context, () => operation(context))) as never;
}

function requiredId(id: string | undefined): string {
  if (id !== undefined) return id;
  throw new AppError('notFound', 'The address names no resource.');
}
