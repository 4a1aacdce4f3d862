import type { StoredResource } from '../directory/resource.js';
import type { ResourceTypeName } from '../directory/schema-catalogue.js';
import { ID_CHARS } from '../lib/ids.js';
import { jsonPrefix } from '../lib/json-prefix.js';
import { isComplex, type Complex } from './normalise/values.js';
import type { Projection } from './projection.js';

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** URL of a resource under the tenant's SCIM base URL. */
export function locationOf(baseUrl: string, type: ResourceTypeName, id: string): string {
  return `${baseUrl}/${type}s/${id}`;
}

/** Name of the attribute that is computed from memberships. */
export function referencesName(type: ResourceTypeName): 'groups' | 'members' {
  return type === 'User' ? 'groups' : 'members';
}

/** Attributes that are looked up for this answer only, by extension. */
export type ComputedExtensions = Readonly<Record<string, Complex>>;

/**
 * JSON text of a resource: the stored text with `meta` and memberships added; cut down where less is asked for, with
 * `computed` in it where more is.
 */
export function renderResource(
  type: ResourceTypeName,
  stored: StoredResource,
  baseUrl: string,
  projection: Projection,
  computed: ComputedExtensions = {},
): string {
  const text = wholeText(type, stored, baseUrl);
  if (projection.isWhole) return text;
  const resource: unknown = JSON.parse(text);
  return isComplex(resource) ? JSON.stringify(projection.apply(withComputed(resource, computed))) : text;
}

function withComputed(resource: Complex, computed: ComputedExtensions): Complex {
  const schemas = Array.isArray(resource['schemas']) ? (resource['schemas'] as readonly unknown[]) : [];
  return Object.entries(computed).reduce<Complex>(
    (whole, [urn, values]) => {
      const own = whole[urn];
      return { ...whole, [urn]: { ...(isComplex(own) ? own : {}), ...values } };
    },
    { ...resource, schemas: [...new Set([...schemas, ...Object.keys(computed)])] },
  );
}

/**
 * JSON text of `members` elements, as reads send it, from UUIDs in ascending order that are known to be members. Written
 * into bytes: all elements are of one length, and putting ten thousand texts together takes several times as long.
 */
export function renderMembers(baseUrl: string, ids: readonly string[]): Buffer {
  const start = ',{"value":"';
  const middle = Buffer.from(`","$ref":${jsonPrefix(`${baseUrl}/Users/`)}`);
  const end = '","type":"User"}';
  const room = Buffer.alloc(ID_CHARS);
  const element = Buffer.concat([Buffer.from(start), room, middle, room, Buffer.from(end)]);
  const first = start.length;
  const second = first + ID_CHARS + middle.length;
  const text = Buffer.alloc(ids.length * element.length, element);
  for (const [index, id] of ids.entries()) {
    const at = index * element.length;
    text.write(id, at + first, 'latin1');
    text.copyWithin(at + second, at + first, at + first + ID_CHARS);
  }
  return text.subarray(1);
}

const NO_MEMBERS = '[]}';

/** The JSON text of a group that was rendered without anybody in it, with these members in it. */
export function withMembers(group: string, members: Buffer): Buffer {
  const head = Buffer.from(group.slice(0, -NO_MEMBERS.length));
  return Buffer.concat([head, Buffer.from('['), members, Buffer.from(']}')]);
}

export interface ListEnvelope {
  readonly totalResults: number;
  /** null: paging by cursor, where positions mean nothing. */
  readonly startIndex: number | null;
  readonly nextCursor: string | null;
}

/** JSON text of a ListResponse (RFC 7644 section 3.4.2) around resources that are text already. */
export function renderList(envelope: ListEnvelope, resources: readonly string[]): string {
  return renderListText(envelope, { count: resources.length, text: resources.join(',') });
}

/** The same around a text of all the resources. */
export function renderListText(
  envelope: ListEnvelope,
  resources: { readonly count: number; readonly text: string },
): string {
  const head = {
    schemas: [LIST_SCHEMA],
    totalResults: envelope.totalResults,
    itemsPerPage: resources.count,
    ...(envelope.startIndex === null ? {} : { startIndex: envelope.startIndex }),
    ...(envelope.nextCursor === null ? {} : { nextCursor: envelope.nextCursor }),
  };
  return `${JSON.stringify(head).slice(0, -1)},"Resources":[${resources.text}]}`;
}

/** Built as text: parsing what is stored to print it again would cost many times what the rest of a read costs. */
function wholeText(type: ResourceTypeName, stored: StoredResource, baseUrl: string): string {
  const { wire, meta, id, references } = stored;
  const end = references === null ? '"}}' : `"},"${referencesName(type)}":[${references}]}`;
  return `${wire}${meta}${jsonPrefix(locationOf(baseUrl, type, id))}${end}`;
}
