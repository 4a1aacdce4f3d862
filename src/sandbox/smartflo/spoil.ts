import type { PageDefect } from '../fault-rules.js';
import { spoil as spoilCommon } from '../page-defects.js';
import type { Reply } from '../reply.js';

/**
 * Spoils a list the way a broken vendor or proxy would. Users come in an envelope with a cursor; departments and
 * numbers are bare arrays, of which nothing says how long they should be: they have fewer ways to be wrong.
 */
export function spoil(
  reply: Reply,
  defect: PageDefect,
  links: { readonly own: string; readonly foreign: string },
): Reply {
  if (reply.bytes !== undefined || defect === 'not-json' || defect === 'truncated') {
    return spoilCommon(reply, defect, links);
  }
  const { body } = reply;
  if (Array.isArray(body)) return { ...reply, body: spoilArray(body, defect) };
  if (!isEnvelope(body)) return reply;
  return { ...reply, body: spoilEnvelope(body, defect, links.foreign) };
}

interface Envelope extends Record<string, unknown> {
  readonly data: readonly unknown[];
}

function spoilArray(items: readonly unknown[], defect: PageDefect): unknown {
  switch (defect) {
    case 'missing-list':
      return { success: true };
    case 'null-list':
      return null;
    case 'null-ids':
      return items.map(withoutId);
    case 'empty-page':
      return [];
    case 'short-page':
      return items.slice(0, -1);
    default:
      return items;
  }
}

function spoilEnvelope(body: Envelope, defect: PageDefect, foreign: string): unknown {
  const { data, ...rest } = body;
  switch (defect) {
    case 'missing-list':
      return rest;
    case 'missing-meta':
      return { data };
    case 'null-list':
      return { ...body, data: null };
    case 'null-ids':
      return { ...body, data: data.map(withoutId) };
    case 'empty-page':
      return { ...body, data: [], count: 0, has_more: false, last_seen_id: null };
    case 'short-page':
      return { ...body, data: data.slice(0, -1) };
    case 'repeated-link':
      return { ...body, has_more: true, last_seen_id: 0 };
    case 'foreign-link':
      return { ...body, next_page_url: foreign };
    default:
      return body;
  }
}

function withoutId(item: unknown): unknown {
  return typeof item === 'object' && item !== null ? { ...item, id: null } : item;
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data);
}
