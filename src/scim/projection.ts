import { COMMON_ATTRIBUTES } from '../directory/catalogue/common.js';
import { resolveAttributePath } from '../directory/filter/attribute-path.js';
import { findSchema, isExtension, type ResourceTypeName } from '../directory/schema-catalogue.js';
import { isComplex, type Complex } from './normalise/values.js';

/** Attributes by their place in the JSON; null means all of it. */
type Tree = Map<string, Tree | null>;

/** Which attributes an answer carries (RFC 7644 section 3.9). `attributes` overrules `excludedAttributes`. */
export interface Projection {
  /** Everything that is returned by default: the stored text can be sent as it is. */
  readonly isWhole: boolean;
  /** Whether the top-level attribute is wanted at all, so that it need not be read otherwise. */
  wants(name: string): boolean;
  /** Whether an attribute that is returned on request only is asked for: itself, a part of it, or all around it. */
  names(path: readonly string[]): boolean;
  apply(resource: Complex): Complex;
}

const MEMBERSHIPS: ReadonlySet<string> = new Set(['groups', 'members']);
const ALWAYS = COMMON_ATTRIBUTES.filter((definition) => definition.returned === 'always').map(
  ({ name }) => name,
);

export function makeProjection(
  type: ResourceTypeName,
  names: { readonly attributes: readonly string[]; readonly excludedAttributes: readonly string[] },
): Projection {
  if (names.attributes.length > 0) return including(treeOf(type, names.attributes));
  if (names.excludedAttributes.length > 0) return excluding(treeOf(type, names.excludedAttributes));
  return { isWhole: true, wants: () => true, names: () => false, apply: (resource) => resource };
}

function including(tree: Tree): Projection {
  for (const name of ALWAYS) tree.set(name, null);
  return {
    isWhole: false,
    wants: (name) => tree.has(name),
    names: (path) => leadsTo(tree, path),
    apply: (resource) => pick(resource, tree),
  };
}

function excluding(tree: Tree): Projection {
  for (const name of ALWAYS) tree.delete(name);
  // Memberships are left out by not reading them.
  const isWhole = [...tree].every(([name, part]) => part === null && MEMBERSHIPS.has(name));
  return {
    isWhole,
    wants: (name) => tree.get(name) !== null,
    names: () => false,
    apply: (resource) => omit(resource, tree),
  };
}

/** Names that no schema knows ask for nothing. */
function treeOf(type: ResourceTypeName, names: readonly string[]): Tree {
  const tree: Tree = new Map();
  for (const name of names) {
    const schema = findSchema(type, name);
    if (schema !== null) {
      addKeys(
        tree,
        isExtension(type, schema) ? [schema.id] : schema.attributes.map((attribute) => attribute.name),
      );
      continue;
    }
    const path = resolveAttributePath(type, name);
    if (path === null) continue;
    const container = isExtension(type, path.schema) ? [path.schema.id] : [];
    const sub = path.subAttribute === null ? [] : [path.subAttribute.name];
    addPath(tree, [...container, path.attribute.name, ...sub]);
  }
  return tree;
}

function leadsTo(tree: Tree, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  const child = tree.get(key);
  return child === null || (child !== undefined && leadsTo(child, rest));
}

function addKeys(tree: Tree, keys: readonly string[]): void {
  for (const key of keys) tree.set(key, null);
}

function addPath(tree: Tree, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    tree.set(key, null);
    return;
  }
  const child = tree.get(key);
  if (child === null) return;
  const next: Tree = child ?? new Map();
  tree.set(key, next);
  addPath(next, rest);
}

function pick(value: Complex, tree: Tree): Complex {
  const entries = Object.entries(value).filter(([key]) => tree.has(key));
  return Object.fromEntries(entries.map(([key, part]) => [key, descend(part, tree.get(key) ?? null, pick)]));
}

function omit(value: Complex, tree: Tree): Complex {
  const entries = Object.entries(value).filter(([key]) => tree.get(key) !== null);
  return Object.fromEntries(entries.map(([key, part]) => [key, descend(part, tree.get(key) ?? null, omit)]));
}

function descend(value: unknown, tree: Tree | null, cut: (value: Complex, tree: Tree) => Complex): unknown {
  if (tree === null) return value;
  if (Array.isArray(value)) return value.map((element) => descend(element, tree, cut));
  return isComplex(value) ? cut(value, tree) : value;
}
