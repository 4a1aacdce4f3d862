import type { RequestHandler } from 'express';
import type { ResourceTypeName } from '../directory/schema-catalogue.js';
import { answered } from './operations/answer.js';
import { listResources } from './operations/list.js';
import { readResource } from './operations/resource.js';
import { sendReply } from './reply.js';
import type { ScimRequest } from './request.js';

const TARGET = /^\/(User|Group)s(?:\/([0-9a-f-]{36}))?$/;

/**
 * Answers what IdPs ask all day, one resource or a list, without the way through scimmy-routers: a dozen routers in
 * a row cost more than the look-up itself. Every other request goes on, and the answers are the same.
 */
export function directReads(requestOf: (request: object) => ScimRequest): RequestHandler {
  return async (request, response, next) => {
    const [, type, id] = request.method === 'GET' ? (TARGET.exec(request.path) ?? []) : [];
    if (!isResourceType(type)) {
      next();
      return;
    }
    const context = requestOf(request);
    const operation = () =>
      id === undefined ? listResources(context, type) : readResource(context, type, id);
    sendReply(request, response, await answered(context, operation));
  };
}

function isResourceType(name: string | undefined): name is ResourceTypeName {
  return name === 'User' || name === 'Group';
}
