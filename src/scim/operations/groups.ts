import { setImmediate } from 'node:timers/promises';
import type { GroupChange } from '../../directory/groups.js';
import type { MemberChange } from '../../directory/ports.js';
import type { Resource, StoredResource } from '../../directory/resource.js';
import { assertIds, listedMembers, readMemberIds } from '../normalise/members.js';
import { normaliseBody } from '../normalise/resource.js';
import { applyEdits, isMembersPath } from '../patch/apply.js';
import { expandOperations } from '../patch/edits.js';
import { foldMemberEdits } from '../patch/members.js';
import { readOperations } from '../patch/operations.js';
import { renderMembers, withMembers } from '../render.js';
import { ScimReply } from '../reply.js';
import type { ScimRequest } from '../request.js';
import { emptyReply, refBaseFor, resourceReply } from './answer.js';

/** POST /Groups. */
export async function createGroup(request: ScimRequest, body: unknown): Promise<ScimReply> {
  const { resource, members } = normaliseBody('Group', body);
  const ids = readMemberIds(members, request.services.limits.members);
  const stored = await request.services.groups.create(request.write, resource, ids);
  return replyWithMembers(request, stored, membersText(request, ids), 201);
}

/** GET /Groups/{id}. */
export async function readGroup(request: ScimRequest, id: string): Promise<ScimReply> {
  const refBase = refBaseFor(request, 'Group');
  const stored = await request.services.groups.read(request.tenantId, id, refBase);
  return resourceReply(request, 'Group', stored, 200);
}

/**
 * PUT /Groups/{id}. Members that the body names replace those there are, `[]` and null empty the group; a body that
 * does not speak of members leaves them: absence removes nobody (interop.md 2.5).
 */
export async function replaceGroup(request: ScimRequest, id: string, body: unknown): Promise<ScimReply> {
  const { resource, members } = normaliseBody('Group', body);
  if (members === undefined) {
    const stored = await modifyGroup(request, id, () => ({ resource, members: null }));
    return wholeGroup(request, stored, 200);
  }
  const wanted = listedMembers(members, request.services.limits.members);
  let text: Promise<Buffer | null> | null = null;
  const accept = (added: readonly string[], ordered: readonly string[]): void => {
    assertIds(added);
    // In a later turn: until then the write is on its way to the database.
    text = setImmediate().then(() => membersText(request, ordered));
  };
  const change: MemberChange = { type: 'replace', members: wanted, accept };
  const stored = await modifyGroup(request, id, () => ({ resource, members: change }));
  return replyWithMembers(request, stored, await text, 200);
}

/** PATCH /Groups/{id}: 204, or 200 when the client names the attributes it wants (RFC 7644 section 3.5.2). */
export async function patchGroup(request: ScimRequest, id: string, body: unknown): Promise<ScimReply> {
  const { limits } = request.services;
  const edits = expandOperations('Group', readOperations(body, limits.operations));
  const members = foldMemberEdits(
    edits.filter(({ path }) => isMembersPath(path)),
    limits.members,
  );
  const attributes = edits.filter(({ path }) => !isMembersPath(path));
  const stored =
    attributes.length === 0 && members?.type === 'delta' && request.accepts === undefined
      ? await request.services.groups.changeMembers(request.write, id, members)
      : await modifyGroup(request, id, (current) => ({
          resource: applyEdits('Group', current, attributes),
          members,
        }));
  return request.query.attributes.length === 0 ? emptyReply(stored) : wholeGroup(request, stored, 200);
}

/** DELETE /Groups/{id}. */
export async function deleteGroup(request: ScimRequest, id: string): Promise<ScimReply> {
  await request.services.groups.remove(request.write, id, request.accepts);
  return emptyReply();
}

function modifyGroup(
  request: ScimRequest,
  id: string,
  change: (current: Resource) => GroupChange,
): Promise<StoredResource> {
  const { accepts, foreseen } = request;
  return request.services.groups.modify(request.write, id, change, { accepts, foreseen });
}

/** The write makes these ids the members: there is nothing to read. null where the answer is to carry none. */
function membersText(request: ScimRequest, ids: readonly string[]): Buffer | null {
  return refBaseFor(request, 'Group') === null ? null : renderMembers(request.baseUrl, ids);
}

/** Ten thousand members stay the bytes they are, unless something is to be left out around them. */
async function replyWithMembers(
  request: ScimRequest,
  stored: StoredResource,
  members: Buffer | null,
  status: 200 | 201,
): Promise<ScimReply> {
  const isWhole = members !== null && request.projection('Group').isWhole;
  const references = isWhole ? '' : (members?.toString() ?? null);
  const reply = await resourceReply(request, 'Group', { ...stored, references }, status);
  return isWhole ? new ScimReply(status, withMembers(String(reply.body), members), reply.headers) : reply;
}

/** Writes do not load members; an answer that is to carry them reads them after commit. */
async function wholeGroup(
  request: ScimRequest,
  stored: StoredResource,
  status: 200 | 201,
): Promise<ScimReply> {
  const refBase = refBaseFor(request, 'Group');
  if (refBase === null) return resourceReply(request, 'Group', stored, status);
  const whole = await request.services.groups.read(request.tenantId, stored.id, refBase);
  return resourceReply(request, 'Group', whole, status);
}
