import type { Request } from 'express';
import type { ResourceTypeName } from '../directory/schema-catalogue.js';
import { answered } from './operations/answer.js';
import { listResources } from './operations/list.js';
import { readResource } from './operations/resource.js';
import type { ScimReply } from './reply.js';
import type { ScimRequest } from './request.js';

const TARGET = /^\/(User|Group)s(?:\/([0-9a-f-]{36}))?$/;

/**
 * Answers what IdPs ask all day, one resource or a list, without the way through scimmy-routers: a dozen routers in
 * a row cost more than the look-up itself. null: it is something else; the answers are the same.
 */
export function readDirectly(request: Request, opened: ScimRequest): Promise<ScimReply> | null {
  const [, type, id] = request.method === 'GET' ? (TARGET.exec(request.path) ?? []) : [];
  if (!isResourceType(type)) return null;
  return answered(opened, () =>
    id === undefined ? listResources(opened, type) : readResource(opened, type, id),
  );
}

function isResourceType(name: string | undefined): name is ResourceTypeName {
  return name === 'User' || name === 'Group';
}
