import { isComplex } from '../normalise/values.js';

const REFERENCE = /^bulkId:(.+)$/;

/**
 * The bulkIds that a value refers to (RFC 7644 section 3.7.2). Walks with a stack of its own: a body may be nested
 * deeper than the call stack is.
 */
export function referencedBulkIds(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  visitTexts(value, (text) => {
    const id = REFERENCE.exec(text)?.[1];
    if (id !== undefined) found.add(id);
    return text;
  });
  return found;
}

/** Puts real ids in place of references, in the value itself. */
export function resolveReferences(value: unknown, ids: ReadonlyMap<string, string>): void {
  visitTexts(value, (text) => {
    const id = REFERENCE.exec(text)?.[1];
    return (id === undefined ? undefined : ids.get(id)) ?? text;
  });
}

/** The real id behind `bulkId:…` in a path; the text itself where it is no reference. */
export function resolveId(id: string, ids: ReadonlyMap<string, string>): string {
  const reference = REFERENCE.exec(id)?.[1];
  return (reference === undefined ? undefined : ids.get(reference)) ?? id;
}

function visitTexts(root: unknown, replace: (text: string) => string): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const container = open.pop();
    if (!isComplex(container) && !Array.isArray(container)) continue;
    const slots = container as Record<string, unknown>;
    for (const [key, value] of Object.entries(slots)) {
      if (typeof value === 'string') {
        const next = replace(value);
        if (next !== value) slots[key] = next;
      } else open.push(value);
    }
  }
}
