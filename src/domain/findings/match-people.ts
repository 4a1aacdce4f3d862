import type { DirectoryUser } from '../directory.js';
import { emailKey } from '../email.js';
import type { IdpPerson } from './directory-view.js';

/** Who is who on both sides. */
export interface MatchedPeople {
  readonly pairs: readonly { readonly there: IdpPerson; readonly here: DirectoryUser }[];
  readonly onlyThere: readonly IdpPerson[];
  readonly onlyHere: readonly DirectoryUser[];
}

type Key<Side> = (side: Side) => string | null;

/** The provider's id counts most; then the user name; then an address that only one person on each side has. */
const KEYS: readonly { readonly there: Key<IdpPerson>; readonly here: Key<DirectoryUser> }[] = [
  { there: ({ id }) => id, here: ({ externalId }) => externalId },
  { there: ({ userName }) => fold(userName), here: ({ userName }) => fold(userName) },
  { there: ({ email }) => fold(email), here: ({ email }) => fold(email) },
];

/** Pairs people one to one. Deleted entries here stand back behind living ones. */
export function matchPeople(people: readonly IdpPerson[], users: readonly DirectoryUser[]): MatchedPeople {
  const pairs: { there: IdpPerson; here: DirectoryUser }[] = [];
  let there: readonly IdpPerson[] = people;
  let here = users.toSorted((a, b) => Number(a.status === 'deleted') - Number(b.status === 'deleted'));
  for (const key of KEYS) {
    const byKey = uniqueBy(there, key.there);
    const taken = new Set<IdpPerson>();
    const left: DirectoryUser[] = [];
    for (const user of here) {
      const text = key.here(user);
      const person = text === null ? undefined : byKey.get(text);
      if (person === undefined || person === null || taken.has(person)) left.push(user);
      else {
        pairs.push({ there: person, here: user });
        taken.add(person);
      }
    }
    there = there.filter((person) => !taken.has(person));
    here = left;
  }
  return { pairs, onlyThere: there, onlyHere: here };
}

/** null stands for a key that several have: it names nobody. */
function uniqueBy(people: readonly IdpPerson[], key: Key<IdpPerson>): ReadonlyMap<string, IdpPerson | null> {
  const found = new Map<string, IdpPerson | null>();
  for (const person of people) {
    const text = key(person);
    if (text !== null && text !== '') found.set(text, found.has(text) ? null : person);
  }
  return found;
}

function fold(text: string | null): string | null {
  return text === null ? null : emailKey(text);
}
