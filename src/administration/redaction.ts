/** What stands in the place of a secret. */
export const MASK = '•••';

/** Names of what nobody should read back, wherever they stand: attributes, extensions, PATCH paths, filters. */
const SECRET_NAME =
  /passw|passphrase|secret|token|credential|api[-_]?key|private[-_]?key|authorization|assertion|(?:^|[.:_-])pin$|social[-_]?security|(?:^|[.:_-])ssn$/i;
/** Tokens of ours, wherever somebody pasted them. */
const OWN_TOKEN = /pbk_[a-z]+_[A-Za-z0-9_-]{8,}/g;
const ITEMS_SHOWN = 100;
const DEPTH_MAX = 12;

/**
 * JSON without its secrets: values under names that speak of one, values of PATCH operations whose path does, and
 * tokens of ours inside any text. Long lists and deep nesting are cut, and say so.
 */
export function redactJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replaceAll(OWN_TOKEN, MASK);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '… deeper than is shown';
  if (Array.isArray(value)) return redactList(value, depth);
  const operation = 'path' in value && typeof value.path === 'string' && SECRET_NAME.test(value.path);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isSecret = SECRET_NAME.test(name) || (operation && name.toLowerCase() === 'value');
      return [name, isSecret ? MASK : redactJson(inner, depth + 1)];
    }),
  );
}

function redactList(list: readonly unknown[], depth: number): readonly unknown[] {
  const shown = list.slice(0, ITEMS_SHOWN).map((item) => redactJson(item, depth + 1));
  const rest = list.length - shown.length;
  return rest === 0 ? shown : [...shown, `… and ${String(rest)} more`];
}

/** A decoded query or filter: values compared with secret attributes are masked. */
export function redactQuery(query: string): string {
  return query
    .replaceAll(OWN_TOKEN, MASK)
    .replaceAll(/([\w.:$-]+)(\s+(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+)("(?:[^"\\]|\\.)*"?|\S+)/gi, maskValue)
    .replaceAll(/(^|&)([\w.-]+)(=)([^&]*)/g, maskParameter);
}

function maskValue(whole: string, name: string, operator: string): string {
  return SECRET_NAME.test(name) ? `${name}${operator}${MASK}` : whole;
}

function maskParameter(whole: string, before: string, name: string): string {
  return SECRET_NAME.test(name) ? `${before}${name}=${MASK}` : whole;
}
