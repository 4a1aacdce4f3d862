import type { ConsoleRole } from './console-role.js';
import type { AttributeNames, ConnectionSettings } from './connection.js';
import type { AssertionFacts, SamlAttribute } from './saml/facts.js';

/** What an assertion says about a person, by meaning. */
export interface Person {
  readonly nameId: string;
  readonly email: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string;
  readonly groups: GroupClaim;
}

/**
 * Entra leaves the group claim out when a person is in more than 150 groups and sends a link to ask for them instead:
 * `overage`. That says nothing about the groups, least of all that there are none.
 */
export type GroupClaim =
  | { readonly kind: 'given'; readonly names: readonly string[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'overage' };

const OVERAGE_ATTRIBUTES = [
  'http://schemas.microsoft.com/claims/groups.link',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups.link',
];

const LENGTH_MAX = 320;

/** Reads a person from a verified assertion, which always has a NameID. */
export function readPerson(assertion: AssertionFacts, names: AttributeNames): Person {
  const nameId = assertion.nameId?.value ?? '';
  const one = (list: readonly string[]) => firstValue(assertion.attributes, list);
  const givenName = one(names.givenName);
  const familyName = one(names.familyName);
  const email = emailOf(one(names.email)) ?? emailOf(nameId);
  const fullName = [givenName, familyName].filter((part) => part !== null).join(' ');
  const displayName = one(names.displayName) ?? (fullName === '' ? (email ?? nameId) : fullName);
  return {
    nameId,
    email,
    givenName,
    familyName,
    displayName: displayName.slice(0, LENGTH_MAX),
    groups: readGroups(assertion.attributes, names.groups),
  };
}

function emailOf(text: string | null): string | null {
  return text !== null && text.length <= LENGTH_MAX && /^[^\s@<>"]+@[^\s@<>"]+$/.test(text) ? text : null;
}

function firstValue(attributes: readonly SamlAttribute[], names: readonly string[]): string | null {
  for (const name of names) {
    const value = attributes.find((attribute) => attribute.name === name)?.values[0];
    if (value !== undefined) return value.slice(0, LENGTH_MAX);
  }
  return null;
}

function readGroups(attributes: readonly SamlAttribute[], names: readonly string[]): GroupClaim {
  for (const name of names) {
    const found = attributes.find((attribute) => attribute.name === name);
    if (found !== undefined) return { kind: 'given', names: found.values };
  }
  const isOverage = attributes.some(({ name }) => OVERAGE_ATTRIBUTES.includes(name));
  return { kind: isOverage ? 'overage' : 'absent' };
}

/** The console role that a connection's rules give: the first rule whose attribute holds exactly its value. */
export function mapRole(assertion: AssertionFacts, settings: ConnectionSettings): ConsoleRole | null {
  const rule = settings.roleRules.find(({ attribute, value }) =>
    valuesOf(assertion.attributes, attribute, settings.attributes).includes(value),
  );
  return rule?.role ?? null;
}

/** Values of an attribute that a rule names: by meaning (`groups`, `email`, …) or by its own Name. */
function valuesOf(
  attributes: readonly SamlAttribute[],
  name: string,
  meanings: AttributeNames,
): readonly string[] {
  const byName = attributes.filter((attribute) => attribute.name === name);
  const meaning = isMeaning(name, meanings) ? meanings[name] : [];
  const byMeaning = meaning
    .map((candidate) => attributes.find((attribute) => attribute.name === candidate))
    .find((attribute) => attribute !== undefined);
  return [...byName, ...(byMeaning === undefined ? [] : [byMeaning])].flatMap(({ values }) => values);
}

function isMeaning(name: string, meanings: AttributeNames): name is keyof AttributeNames {
  return Object.hasOwn(meanings, name);
}

/** Names of the attributes whose values decide something, and which a trace therefore shows. */
export function decisiveAttributes(settings: ConnectionSettings): ReadonlySet<string> {
  const named = settings.roleRules.map(({ attribute }) => attribute);
  return new Set([...settings.attributes.groups, ...named]);
}
