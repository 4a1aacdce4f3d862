import type { PageDefect } from './fault-rules.js';
import type { Reply } from './reply.js';

export type Spoil = (
  reply: Reply,
  defect: PageDefect,
  links: { readonly own: string; readonly foreign: string },
) => Reply;

/**
 * Spoils a good answer the way a broken vendor or proxy would. An answer without the part that the
 * defect is about (a list, links) is sent as it is.
 */
export function spoil(
  reply: Reply,
  defect: PageDefect,
  links: { readonly own: string; readonly foreign: string },
): Reply {
  if (reply.bytes !== undefined) return { ...reply, isCutShort: true };
  if (defect === 'not-json') return { ...reply, text: '<html><body><h1>Bad Gateway</h1></body></html>' };
  if (defect === 'truncated') {
    const text = JSON.stringify(reply.body ?? {});
    return { ...reply, text: text.slice(0, Math.floor(text.length / 2)) };
  }
  return { ...reply, body: reshape(reply.body, defect, links) };
}

function reshape(
  body: unknown,
  defect: Exclude<PageDefect, 'not-json' | 'truncated'>,
  links: { readonly own: string; readonly foreign: string },
): unknown {
  if (!isRecord(body)) return body;
  const key = Object.keys(body).find((name) => name !== 'meta') ?? 'items';
  const meta = isRecord(body['meta']) ? body['meta'] : {};
  const items: readonly unknown[] = Array.isArray(body[key]) ? body[key] : [];
  switch (defect) {
    case 'missing-list':
      return without(body, key);
    case 'missing-meta':
      return without(body, 'meta');
    case 'null-list':
      return { ...body, [key]: null };
    case 'null-ids':
      return { ...body, [key]: items.map((item) => (isRecord(item) ? { ...item, id: null } : item)) };
    case 'empty-page':
      return { ...body, [key]: [], meta: { ...meta, count: 0, next_page_link: null } };
    case 'short-page':
      return { ...body, [key]: items.slice(0, -1) };
    case 'repeated-link':
      return { ...body, meta: { ...meta, next_page_link: links.own } };
    case 'foreign-link':
      return { ...body, meta: { ...meta, next_page_link: links.foreign } };
  }
}

function without(body: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== key));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
