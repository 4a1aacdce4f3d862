import { type Document, type LineCounter, isMap, isNode, isSeq, type Node } from 'yaml';

/** Finds the line of whatever a path of keys and positions leads to; of the nearest existing part otherwise. */
export function lineAt(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of path) {
    const step = descend(node, key);
    if (step === null) break;
    offset = step.offset ?? offset;
    node = step.node;
  }
  return lines.linePos(offset).line;
}

interface Step {
  readonly node: unknown;
  /** Of the key where there is one: that is the line an admin looks at. */
  readonly offset: number | undefined;
}

function descend(node: unknown, key: PropertyKey): Step | null {
  if (isSeq(node) && typeof key === 'number') {
    const item = node.items[key];
    return item === undefined ? null : { node: item, offset: startOf(item) };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((one) => isNode(one.key) && String(one.key) === String(key));
  return pair === undefined ? null : { node: pair.value, offset: startOf(pair.key) };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
