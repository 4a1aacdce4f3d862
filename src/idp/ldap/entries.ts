import type { Entry } from 'ldapts';
import type { IdpPerson } from '../../domain/findings/directory-view.js';
import { unknownAnswer } from '../json-client.js';
import type { LdapConfig } from './settings.js';

/** Attribute names compare without case. */
export function valuesOf(entry: Entry, name: string): readonly string[] {
  const value = rawOf(entry, name);
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((one) =>
    typeof one === 'string' ? one : one.toString('utf8'),
  );
}

function rawOf(entry: Entry, name: string): Entry[string] | undefined {
  const wanted = name.toLowerCase();
  const key = Object.keys(entry).find((one) => one.toLowerCase() === wanted);
  return key === undefined ? undefined : entry[key];
}

/** Text as it is; bytes, such as of objectGUID, in hex. */
export function idOf(entry: Entry, { idAttribute, name }: LdapConfig): string {
  const value = rawOf(entry, idAttribute);
  const first = Array.isArray(value) ? value[0] : value;
  if (first === undefined || first.length === 0) {
    throw unknownAnswer(name, `with an entry that has no ${idAttribute}`);
  }
  return typeof first === 'string' ? first : first.toString('hex');
}

export function toPerson(entry: Entry, config: LdapConfig): IdpPerson {
  const { attributes } = config;
  const one = (name: string): string | null => valuesOf(entry, name)[0] ?? null;
  const isInactive = isMarked(entry, config.inactive);
  const pairs = [
    ['title', one(attributes.title)],
    ['department', one(attributes.department)],
    ['employeenumber', one(attributes.employeeNumber)],
  ] as const;
  return {
    id: idOf(entry, config),
    userName: one(attributes.userName),
    email: one(attributes.email),
    givenName: one(attributes.givenName),
    familyName: one(attributes.familyName),
    isActive: !isInactive,
    status: isInactive ? `${config.inactive?.attribute ?? ''} says so` : 'active',
    attributes: Object.fromEntries(pairs.flatMap(([path, value]) => (value === null ? [] : [[path, value]]))),
  };
}

function isMarked(entry: Entry, inactive: LdapConfig['inactive']): boolean {
  if (inactive === null) return false;
  const values = valuesOf(entry, inactive.attribute);
  switch (inactive.when) {
    case 'present':
      return values.length > 0;
    case 'equals':
      return values.some((value) => value.toLowerCase() === inactive.value.toLowerCase());
    case 'bit':
      return values.some((value) => (Number(value) & inactive.bit) !== 0);
  }
}

/** DNs compare without case and without blanks around their parts; enough to know a member again. */
export function dnKey(dn: string): string {
  return dn.toLowerCase().replace(/\s*([,=+])\s*/gu, '$1');
}

/** Active Directory hands out long lists in parts: `member;range=0-1499`, to be asked for further. */
export function nextRange(entry: Entry, name: string): string | null {
  const prefix = `${name.toLowerCase()};range=`;
  for (const key of Object.keys(entry)) {
    const [, end] = key.toLowerCase().startsWith(prefix) ? key.split('-') : [];
    if (end !== undefined && end !== '*') return `${name};range=${Number(end) + 1}-*`;
  }
  return null;
}

/** All values that this answer holds of an attribute, whether or not it came in parts. */
export function rangedValues(entry: Entry, name: string): readonly string[] {
  const prefix = `${name.toLowerCase()};range=`;
  const ranged = Object.keys(entry).filter((key) => key.toLowerCase().startsWith(prefix));
  return [...valuesOf(entry, name), ...ranged.flatMap((key) => valuesOf(entry, key))];
}
