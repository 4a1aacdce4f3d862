import type { DirectoryGroup, DirectoryUser } from '../directory.js';
import { tidyText } from '../person-name.js';
import type { IdpGroup, IdpPerson, IdpReading, MissedPushOptions } from './directory-view.js';
import type { Finding } from './finding.js';
import { makeFinding } from './survey.js';

interface MembershipInput {
  readonly reading: IdpReading;
  readonly groups: readonly DirectoryGroup[];
  /** People who are active on both sides: of all others their own finding says enough. */
  readonly living: readonly { readonly there: IdpPerson; readonly here: DirectoryUser }[];
}

/** More differences in one group than this are one finding. */
const SINGLE_MAX = 20;

/** Memberships that differ, in groups that are known on both sides: by the provider's id, else by a name of its own. */
export function findMemberships(input: MembershipInput, options: MissedPushOptions): readonly Finding[] {
  if (input.reading.groups === null) return [];
  const membersHere = indexMembers(input.living.map(({ here }) => here));
  const hereOf = new Map(input.living.map(({ there, here }) => [there.id, here]));
  const thereOf = new Map(input.living.map(({ there, here }) => [here, there.id]));
  return matchGroups(input.reading.groups, input.groups).flatMap(({ there, here }) => {
    const wanted = new Set(there.memberIds);
    const held = membersHere.get(here.id) ?? new Set();
    const missing = [...wanted].flatMap((id) => {
      const user = hereOf.get(id);
      return user === undefined || held.has(user) ? [] : [user];
    });
    const extra = [...held].filter((user) => !wanted.has(thereOf.get(user) ?? ''));
    if (missing.length + extra.length > SINGLE_MAX) {
      return [describeMany(here, missing.length, extra.length, options)];
    }
    return [
      ...missing.map((user) => describe(here, user, 'missing', options)),
      ...extra.map((user) => describe(here, user, 'extra', options)),
    ];
  });
}

function indexMembers(users: readonly DirectoryUser[]): ReadonlyMap<string, ReadonlySet<DirectoryUser>> {
  const members = new Map<string, Set<DirectoryUser>>();
  for (const user of users) {
    for (const groupId of user.groupIds) {
      const known = members.get(groupId);
      if (known === undefined) members.set(groupId, new Set([user]));
      else known.add(user);
    }
  }
  return members;
}

function matchGroups(there: readonly IdpGroup[], here: readonly DirectoryGroup[]) {
  const byId = new Map(there.map((group) => [group.id, group]));
  const byName = new Map<string, IdpGroup | null>();
  for (const group of there) {
    const name = nameKey(group.name);
    byName.set(name, byName.has(name) ? null : group);
  }
  return here.flatMap((group) => {
    const match =
      (group.externalId === null ? undefined : byId.get(group.externalId)) ??
      byName.get(nameKey(group.displayName));
    return match === undefined || match === null ? [] : [{ there: match, here: group }];
  });
}

function nameKey(name: string): string {
  return tidyText(name).toLocaleLowerCase('en-US');
}

function describe(
  group: DirectoryGroup,
  user: DirectoryUser,
  kind: 'missing' | 'extra',
  { providerName }: MissedPushOptions,
): Finding {
  const person = user.email ?? user.userName;
  const isMissing = kind === 'missing';
  return makeFinding('idp-membership', `${group.id}:${user.id}`, {
    severity: 'warning',
    subjectId: user.id,
    about: person,
    title: isMissing
      ? `${person} is in “${group.displayName}” in ${providerName}, but not here`
      : `${person} is in “${group.displayName}” here, but not in ${providerName}`,
    meaning: isMissing
      ? 'Whatever the rules grant by this group they do not have.'
      : 'Whatever the rules grant by this group they still have.',
    advice: `Have ${providerName} push the group again.`,
    expected: isMissing ? 'a member' : 'no member',
    found: isMissing ? 'no member' : 'a member',
  });
}

function describeMany(
  group: DirectoryGroup,
  missing: number,
  extra: number,
  { providerName }: MissedPushOptions,
): Finding {
  return makeFinding('idp-membership', `${group.id}:many`, {
    severity: 'warning',
    about: group.displayName,
    title: `The members of “${group.displayName}” differ widely from ${providerName}`,
    meaning: 'The group was probably not pushed for some time, or never completely.',
    advice: `Have ${providerName} push the group again.`,
    expected: `as in ${providerName}`,
    found: `${missing} missing, ${extra} too many`,
  });
}
