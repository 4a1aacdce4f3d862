import type { DirectoryGroup, DirectoryUser } from '../directory.js';
import type { IdpPerson, IdpReading, MissedPushOptions } from './directory-view.js';
import { compareFindings, type Finding } from './finding.js';
import { findAttributes } from './idp-attributes.js';
import { findMemberships } from './idp-memberships.js';
import { matchPeople } from './match-people.js';
import { makeFinding } from './survey.js';

export interface MissedPushInput {
  readonly reading: IdpReading;
  /** Everybody here, deleted people included. */
  readonly users: readonly DirectoryUser[];
  readonly groups: readonly DirectoryGroup[];
  /** By the provider's id, people who are not among those it provisions here; null: it knows no such person. */
  readonly lookedUp: ReadonlyMap<string, IdpPerson | null>;
  readonly options: MissedPushOptions;
}

/**
 * Where the directory here differs from the identity provider's own: pushes that were never sent, or failed. That
 * somebody is absent there is told, and is never by itself a reason to take anything (invariant 4).
 */
export function findMissedPushes(input: MissedPushInput): readonly Finding[] {
  const { reading, users, groups, lookedUp, options } = input;
  const people = [...reading.people, ...foundByLookUp(lookedUp, reading)];
  const { pairs, onlyThere, onlyHere } = matchPeople(people, users);
  const listed = new Set(reading.people);
  const findings: Finding[] = [];
  for (const { there, here } of pairs) {
    if (here.status === 'active' && !there.isActive) findings.push(describeDeactivated(there, here, options));
    if (here.status === 'active' && there.isActive && !listed.has(there))
      findings.push(describeUnassigned(there, here, options));
    if (here.status !== 'active' && there.isActive && listed.has(there))
      findings.push(describeInactiveHere(there, here, options));
  }
  for (const person of onlyThere) {
    if (person.isActive && listed.has(person)) findings.push(describeMissing(person, options));
  }
  if (options.isOnlySource) {
    for (const user of onlyHere) if (user.status === 'active') findings.push(describeExtra(user, input));
  }
  const living = pairs.filter(({ there, here }) => here.status === 'active' && there.isActive);
  findings.push(...findAttributes(living, options), ...findMemberships({ reading, groups, living }, options));
  return findings.toSorted(compareFindings);
}

function foundByLookUp(lookedUp: MissedPushInput['lookedUp'], { people }: IdpReading): readonly IdpPerson[] {
  const listed = new Set(people.map(({ id }) => id));
  return [...lookedUp.values()].filter((person) => person !== null && !listed.has(person.id)) as IdpPerson[];
}

function describeDeactivated(there: IdpPerson, here: DirectoryUser, { providerName }: MissedPushOptions) {
  return makeFinding('idp-deactivated', here.id, {
    severity: 'critical',
    subjectId: here.id,
    about: here.email ?? here.userName,
    title: `${here.email ?? here.userName} is deactivated in ${providerName}, but active here`,
    meaning: `The push that should have said so never came: they still have their phone access. ${providerName} says: ${there.status}.`,
    advice: `Have them deactivated here at once, then look in ${providerName}’s provisioning log for the failed push.`,
    expected: 'inactive',
    found: 'active',
  });
}

function describeUnassigned(there: IdpPerson, here: DirectoryUser, { providerName }: MissedPushOptions) {
  return makeFinding('idp-extra-here', here.id, {
    severity: 'warning',
    subjectId: here.id,
    about: here.email ?? here.userName,
    title: `${here.email ?? here.userName} is no longer assigned in ${providerName}, but active here`,
    meaning: `They work there still (${there.status}), but are not among the people whom ${providerName} provisions here.`,
    advice: `Assign them in ${providerName} again, or deactivate them here.`,
    expected: 'assigned',
    found: 'not assigned',
  });
}

function describeInactiveHere(there: IdpPerson, here: DirectoryUser, { providerName }: MissedPushOptions) {
  return makeFinding('idp-missing-here', there.id, {
    severity: 'warning',
    subjectId: here.id,
    about: here.email ?? here.userName,
    title: `${here.email ?? here.userName} is active in ${providerName}, but ${here.status} here`,
    meaning: 'The push that should have said so never came: they have no phone access.',
    advice: `Have ${providerName} push the person again.`,
    expected: 'active',
    found: here.status,
  });
}

function describeMissing(person: IdpPerson, { providerName }: MissedPushOptions): Finding {
  const name = person.email ?? person.userName ?? person.id;
  return makeFinding('idp-missing-here', person.id, {
    severity: 'warning',
    about: name,
    title: `${name} is in ${providerName}, but not here`,
    meaning: 'The push that should have created them never came: they have no phone access.',
    advice: `Have ${providerName} push the person again, and look in its provisioning log for the failed push.`,
    expected: 'in the directory',
    found: 'missing',
  });
}

function describeExtra(user: DirectoryUser, { lookedUp, options }: MissedPushInput): Finding {
  const { providerName } = options;
  const name = user.email ?? user.userName;
  const isUnknown = user.externalId !== null && lookedUp.get(user.externalId) === null;
  return makeFinding('idp-extra-here', user.id, {
    severity: 'warning',
    subjectId: user.id,
    about: name,
    title: `${name} is active here, but not in ${providerName}`,
    meaning: isUnknown
      ? `${providerName} says that there is no such person. Nothing is taken from them for that alone.`
      : `${providerName}’s list does not show them. Nothing is taken from them for being absent.`,
    advice: `Deactivate them here if they have left, or assign them in ${providerName}.`,
    expected: `in ${providerName}`,
    found: 'missing',
  });
}
