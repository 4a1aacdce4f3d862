import type { AttributeDefinition } from '../../directory/catalogue/attribute.js';
import type { FilterNode } from '../../directory/filter/ast.js';
import { matchesElement } from '../../directory/filter/evaluate.js';
import { AppError } from '../../domain/errors.js';
import {
  coerceElement,
  coerceValue,
  isComplex,
  isEmpty,
  isSameElement,
  keepPrimary,
  type Complex,
} from '../normalise/values.js';
import type { PatchEdit } from './edits.js';

type Elements = readonly unknown[];

/** A path that names the list itself: `emails`. */
export function editList(
  current: unknown,
  edit: PatchEdit,
  attribute: AttributeDefinition,
): Elements | undefined {
  const elements = elementsOf(current);
  const { verb, value } = edit;
  if (verb === 'remove') return nonEmpty(isEmpty(value) ? [] : removeListed(elements, attribute, value));
  if (verb === 'replace') return nonEmpty(elementsOf(coerceValue(attribute, value)));
  return nonEmpty(elementsOf(coerceValue(attribute, value)).reduce(addElement, elements));
}

/** A path that names one part of every element: `emails.value`. Without any element, one is made. */
export function editPartOfAll(
  current: unknown,
  edit: PatchEdit,
  attribute: AttributeDefinition,
  part: AttributeDefinition,
): Elements | undefined {
  const elements = elementsOf(current);
  const value = edit.verb === 'remove' ? undefined : coerceValue(part, edit.value);
  if (elements.length === 0) return value === undefined ? undefined : [{ [part.name]: value }];
  return nonEmpty(
    changeElements(
      elements,
      () => true,
      (element) => setPart(element, part, value),
      attribute,
    ),
  );
}

/**
 * A path that selects elements: `emails[type eq "work"].value`. Where nothing matches, RFC 7644 section 3.5.2.3 wants
 * noTarget, but Entra expects `type eq …` and `primary eq …` to create the element (interop.md 2.1); a filter by value
 * names something that is not there.
 */
export function editElements(
  current: unknown,
  edit: PatchEdit,
  attribute: AttributeDefinition,
  filter: FilterNode,
): Elements | undefined {
  const elements = elementsOf(current);
  const matches = (element: unknown): boolean => matchesElement(filter, element);
  const part = edit.path.subAttribute;
  if (edit.verb === 'remove') {
    if (part === null) return nonEmpty(elements.filter((element) => !matches(element)));
    return nonEmpty(
      changeElements(elements, matches, (element) => setPart(element, part, undefined), attribute),
    );
  }
  if (!elements.some(matches)) return nonEmpty(createSelected(elements, edit, attribute, filter));
  return nonEmpty(
    changeElements(
      elements,
      matches,
      (element) =>
        part === null
          ? mergeSelected(element, edit, attribute, filter)
          : setPart(element, part, coerceValue(part, edit.value)),
      attribute,
    ),
  );
}

function createSelected(
  elements: Elements,
  edit: PatchEdit,
  attribute: AttributeDefinition,
  filter: FilterNode,
): Elements {
  const named = namedParts(filter);
  if (named === null || named['value'] !== undefined) {
    throw new AppError('invalid', `No element of "${attribute.name}" matches the path.`, {
      scimType: 'noTarget',
    });
  }
  const part = edit.path.subAttribute;
  const value = part === null ? coerceElement(attribute, edit.value) : coerceValue(part, edit.value);
  if (value === undefined) return elements;
  const created =
    part === null ? { ...named, ...(isComplex(value) ? value : {}) } : { ...named, [part.name]: value };
  return addElement(elements, created);
}

/** `replace` keeps only what the path itself says about the element; `add` merges. */
function mergeSelected(
  element: unknown,
  edit: PatchEdit,
  attribute: AttributeDefinition,
  filter: FilterNode,
): unknown {
  const value = coerceElement(attribute, edit.value);
  if (!isComplex(value) || !isComplex(element)) return value;
  return edit.verb === 'add' ? { ...element, ...value } : { ...namedParts(filter), ...value };
}

/** What a filter of nothing but equalities says about the elements it selects; null for any other filter. */
function namedParts(filter: FilterNode): Complex | null {
  if (filter.type === 'and') {
    const parts = filter.children.map(namedParts);
    return parts.every((part) => part !== null) ? Object.assign({}, ...parts) : null;
  }
  if (filter.type !== 'compare' || filter.operator !== 'eq') return null;
  const name = filter.path.subAttribute?.name ?? 'value';
  return { [name]: filter.value };
}

/** Merged into the same value where that is there already, so that adding it twice changes nothing. */
function addElement(elements: Elements, incoming: unknown): Elements {
  const index = elements.findIndex((existing) => isSameElement(existing, incoming));
  const existing = elements[index];
  const merged = isComplex(existing) && isComplex(incoming) ? { ...existing, ...incoming } : incoming;
  const next = index === -1 ? [...elements, incoming] : elements.with(index, merged);
  const chosen = next.at(index);
  return isPrimary(chosen) ? keepPrimary(next, chosen) : next;
}

function changeElements(
  elements: Elements,
  matches: (element: unknown) => boolean,
  change: (element: unknown) => unknown,
  attribute: AttributeDefinition,
): Elements {
  const changed = elements.map((element) =>
    matches(element) ? { element: change(element), touched: true } : { element, touched: false },
  );
  const kept = changed.filter(({ element }) => !isVoid(element, attribute));
  const chosen = kept.find(({ element, touched }) => touched && isPrimary(element))?.element;
  const next = kept.map(({ element }) => element);
  return chosen === undefined ? next : keepPrimary(next, chosen);
}

function setPart(element: unknown, part: AttributeDefinition, value: unknown): unknown {
  if (!isComplex(element)) return value;
  const { [part.name]: _old, ...rest } = element;
  return value === undefined ? rest : { ...rest, [part.name]: value };
}

/** An element that says nothing but what kind it is: its value was taken away. */
function isVoid(element: unknown, attribute: AttributeDefinition): boolean {
  if (element === undefined) return true;
  if (!isComplex(element) || attribute.type !== 'complex') return false;
  return Object.keys(element).every((name) => name === 'type' || name === 'primary');
}

function removeListed(elements: Elements, attribute: AttributeDefinition, value: unknown): Elements {
  const listed = elementsOf(coerceValue(attribute, value));
  return elements.filter((element) => !listed.some((one) => isSameElement(element, one)));
}

function isPrimary(element: unknown): boolean {
  return isComplex(element) && element['primary'] === true;
}

function elementsOf(value: unknown): Elements {
  return Array.isArray(value) ? value : [];
}

function nonEmpty(elements: Elements): Elements | undefined {
  return elements.length === 0 ? undefined : elements;
}
