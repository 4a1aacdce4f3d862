import { type CST, Parser } from 'yaml';

const DEPTH_MAX = 64;

/**
 * Offset of the first thing nested deeper than any rule needs, or null. Looked for in the flat token tree before
 * anything recursive reads the file: a few kilobytes of opening brackets or dashes would end the process.
 */
export function tooDeepAt(source: string): number | null {
  for (const token of new Parser().parse(source)) {
    const offset = deepTokenAt(token);
    if (offset !== null) return offset;
  }
  return null;
}

function deepTokenAt(root: CST.Token): number | null {
  const open = [{ token: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > DEPTH_MAX) return token.offset;
    for (const child of childrenOf(token)) open.push({ token: child, depth: depth + 1 });
  }
  return null;
}

function childrenOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items
    .flatMap(({ key, value }) => [key, value])
    .filter((part) => part !== null && part !== undefined);
}
