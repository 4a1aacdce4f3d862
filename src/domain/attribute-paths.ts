import type { DirectoryUser } from './directory.js';

/**
 * Attribute paths that rules and team templates may name, lower case (RFC 7643 sections 4.1 and 4.3). Attributes
 * of other extensions are named by their full URN path.
 */
export const ATTRIBUTE_PATHS = [
  'username',
  'displayname',
  'nickname',
  'title',
  'usertype',
  'preferredlanguage',
  'locale',
  'timezone',
  'externalid',
  'emails.value',
  'addresses.country',
  'addresses.locality',
  'addresses.region',
  'addresses.postalcode',
  'roles.value',
  'entitlements.value',
  'employeenumber',
  'costcenter',
  'organization',
  'division',
  'department',
  'manager.value',
] as const;

/** Short names an admin may type for a path. */
const ALIASES: Readonly<Record<string, string>> = {
  country: 'addresses.country',
  city: 'addresses.locality',
  region: 'addresses.region',
  email: 'emails.value',
  roles: 'roles.value',
  entitlements: 'entitlements.value',
  manager: 'manager.value',
};

const KNOWN: ReadonlySet<string> = new Set(ATTRIBUTE_PATHS);

/** Everything that may be typed where an attribute is named, URN paths aside. */
export const ATTRIBUTE_NAMES: readonly string[] = [...ATTRIBUTE_PATHS, ...Object.keys(ALIASES)];

/** The path behind what an admin typed, or null when no such attribute is known. */
export function attributePath(typed: string): string | null {
  const path = typed.trim().toLowerCase();
  const resolved = (Object.hasOwn(ALIASES, path) ? ALIASES[path] : undefined) ?? path;
  return KNOWN.has(resolved) || resolved.startsWith('urn:') ? resolved : null;
}

/** The values a person has at a lower-case path; none when the IdP sent none. */
export function attributeValues(user: DirectoryUser, path: string): readonly string[] {
  const values = Object.hasOwn(user.attributes, path) ? user.attributes[path] : undefined;
  return (values ?? ownField(user, path)).filter((value) => value.trim() !== '');
}

function ownField(user: DirectoryUser, path: string): readonly string[] {
  switch (path) {
    case 'username':
      return [user.userName];
    case 'displayname':
      return [user.displayName];
    case 'externalid':
      return user.externalId === null ? [] : [user.externalId];
    case 'emails.value':
      return user.email === null ? [] : [user.email];
    default:
      return [];
  }
}
