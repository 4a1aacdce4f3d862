import type { DirectoryUser } from '../directory.js';
import { attributeValues } from '../attribute-paths.js';
import { emailKey } from '../email.js';
import { tidyText } from '../person-name.js';
import type { IdpPerson, MissedPushOptions } from './directory-view.js';
import type { Finding } from './finding.js';
import { makeFinding } from './survey.js';

interface Pair {
  readonly there: IdpPerson;
  readonly here: DirectoryUser;
}

interface Compared {
  readonly name: string;
  readonly there: (person: IdpPerson) => string | null;
  readonly here: (user: DirectoryUser) => string | null;
  readonly isSame: (a: string, b: string) => boolean;
}

const sameText = (a: string, b: string): boolean => tidyText(a) === tidyText(b);
const sameAddress = (a: string, b: string): boolean => emailKey(a) === emailKey(b);

const OF_EVERYBODY: readonly Compared[] = [
  { name: 'user name', there: (one) => one.userName, here: (one) => one.userName, isSame: sameAddress },
  { name: 'e-mail', there: (one) => one.email, here: (one) => one.email, isSame: sameAddress },
  {
    name: 'given name',
    there: (one) => one.givenName,
    here: (one) => textOrNull(one.givenName),
    isSame: sameText,
  },
  {
    name: 'family name',
    there: (one) => one.familyName,
    here: (one) => textOrNull(one.familyName),
    isSame: sameText,
  },
];

/** A difference that so many people show is one of the mapping, not of each of them. */
const MAPPING_SHARE = 0.5;
const MAPPING_MIN = 10;

/** Attributes that differ: one finding each, or one for all where the mapping itself must be different. */
export function findAttributes(pairs: readonly Pair[], options: MissedPushOptions): readonly Finding[] {
  return [...OF_EVERYBODY, ...options.attributes.map(byPath)].flatMap((compared) => {
    // What nobody has here is not pushed at all: no difference.
    if (!pairs.some(({ here }) => compared.here(here) !== null)) return [];
    const differing = pairs.filter(({ there, here }) => isDifferent(compared, there, here));
    const isMapping = differing.length >= MAPPING_MIN && differing.length > pairs.length * MAPPING_SHARE;
    if (isMapping) return [describeMapping(compared, differing, options)];
    return differing.map((pair) => describeOne(compared, pair, options));
  });
}

function byPath(path: string): Compared {
  return {
    name: path,
    there: ({ attributes }) => (Object.hasOwn(attributes, path) ? (attributes[path] ?? null) : null),
    here: (user) => attributeValues(user, path)[0] ?? null,
    isSame: sameText,
  };
}

/** Of what the provider does not tell, nothing is said. */
function isDifferent({ there, here, isSame }: Compared, person: IdpPerson, user: DirectoryUser): boolean {
  const wanted = there(person);
  return wanted !== null && wanted.trim() !== '' && !isSame(wanted, here(user) ?? '');
}

function describeOne(
  { name, there, here }: Compared,
  pair: Pair,
  { providerName }: MissedPushOptions,
): Finding {
  const person = pair.here.email ?? pair.here.userName;
  return makeFinding('idp-attribute', `${pair.here.id}:${name}`, {
    severity: 'info',
    subjectId: pair.here.id,
    about: person,
    title: `The ${name} of ${person} differs from ${providerName}`,
    meaning: 'A change there was not pushed. Rules that look at it may grant the wrong things.',
    advice: `Have ${providerName} push the person again.`,
    expected: there(pair.there) ?? '',
    found: here(pair.here) ?? '',
  });
}

function describeMapping(
  { name, there, here }: Compared,
  differing: readonly Pair[],
  { providerName }: MissedPushOptions,
): Finding {
  const [first] = differing;
  return makeFinding('idp-attribute', `mapping:${name}`, {
    severity: 'info',
    about: name,
    title: `The ${name} differs from ${providerName} for ${differing.length} people`,
    meaning: `${providerName} pushes something else than what was compared: a mapping, not so many missed pushes.`,
    advice: `Look at the attribute mapping in ${providerName}; ignore this if it is meant.`,
    expected: first === undefined ? '' : `such as ${there(first.there) ?? ''}`,
    found: first === undefined ? '' : `such as ${here(first.here) ?? ''}`,
  });
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text;
}
