import { foldCase } from './case-fold.js';
import { complexOf, isComplex, textOf, type Resource } from './resource.js';

/** An index row has a limit of about 2,700 bytes, and a longer name must not make the IdP's write fail. */
const MAX_CHARS = 400;

/** What people are searched and sorted by in lists: name, user name and first e-mail, folded as every key is. */
export function peopleKey(resource: Resource, userName: string): string {
  const parts = [nameOf(resource) ?? userName, userName, firstEmail(resource)];
  return [...foldCase(parts.join(' '))].slice(0, MAX_CHARS).join('');
}

function nameOf(resource: Resource): string | null {
  const name = complexOf(resource, 'name');
  const parts = [textOf(name, 'givenName') ?? '', textOf(name, 'familyName') ?? ''];
  const names = [textOf(resource, 'displayName'), textOf(name, 'formatted'), parts.join(' ').trim()];
  return names.find((text) => text !== null && text !== '') ?? null;
}

function firstEmail(resource: Resource): string {
  const [first] = Array.isArray(resource['emails']) ? (resource['emails'] as readonly unknown[]) : [];
  return isComplex(first) ? (textOf(first, 'value') ?? '') : '';
}
