/** The people and groups of the demo morning. Invented; some names are chosen to be awkward. */

export type Dialect = 'okta-aiw' | 'okta-oin' | 'entra';

export interface Person {
  readonly key: string;
  readonly dialect: Dialect;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly department: string;
}

export interface CastGroup {
  readonly name: string;
  readonly dialect: Dialect;
}

const GIVEN = [
  'Ada', 'Björn', 'Chloé', 'Dario', 'Élodie', 'Farid', 'Grace', 'Hélène', 'Imani', 'João',
  'Kasia', 'Liam', 'Mei', 'Nils', 'Oluwaseun', 'Priya', 'Quentin', 'Rosa', 'Sørine', 'Tomás',
]; // prettier-ignore
const FAMILY = ["O'Neill", 'Müller', 'van den Berg'];

const GROUPS_OF: Readonly<Record<Dialect, readonly string[]>> = {
  'okta-aiw': ['Sales EMEA', 'Sales US', 'Team Leads'],
  'okta-oin': ['Support FR', 'Support UK', 'Customer Success'],
  entra: ['Contractors', 'Phone Admins'],
};

/** Eight groups, each pushed by one IdP. */
export const GROUPS: readonly CastGroup[] = Object.entries(GROUPS_OF).flatMap(([dialect, names]) =>
  names.map((name) => ({ name, dialect: dialect as Dialect })),
);

/** Sixty people: 24 come from an Okta app of the wizard kind, 20 from an Okta catalogue app, 16 from Entra. */
export const PEOPLE: readonly Person[] = FAMILY.flatMap((familyName, row) =>
  GIVEN.map((givenName, column) => makePerson(givenName, familyName, row * GIVEN.length + column)),
);

function makePerson(givenName: string, familyName: string, index: number): Person {
  const dialect: Dialect = index < 24 ? 'okta-aiw' : index < 44 ? 'okta-oin' : 'entra';
  const key = `${ascii(givenName)}.${ascii(familyName)}`;
  return {
    key,
    dialect,
    givenName,
    familyName,
    email: `${key}@demo.example`,
    department: dialect === 'entra' ? 'Operations' : dialect === 'okta-aiw' ? 'Sales' : 'Service',
  };
}

function ascii(name: string): string {
  const folded = name.normalize('NFKD').replaceAll('ø', 'o').replaceAll('Ø', 'O');
  return folded.replaceAll(/[^A-Za-z]/g, '').toLowerCase();
}

/** Who is in which group when the morning begins: people of an IdP are dealt evenly to its department groups. */
export function startingMembers(): Map<string, Set<string>> {
  const members = new Map(GROUPS.map((group) => [group.name, new Set<string>()]));
  const departments: Readonly<Record<Dialect, readonly string[]>> = {
    'okta-aiw': ['Sales EMEA', 'Sales US'],
    'okta-oin': ['Support FR', 'Support UK', 'Customer Success'],
    entra: ['Contractors'],
  };
  PEOPLE.forEach((person, index) => {
    const groups = departments[person.dialect];
    members.get(groups[index % groups.length] ?? '')?.add(person.key);
  });
  const [firstLead, secondLead] = PEOPLE;
  for (const lead of [firstLead, secondLead]) members.get('Team Leads')?.add(lead?.key ?? '');
  const admin = PEOPLE.find((person) => person.dialect === 'entra');
  members.get('Phone Admins')?.add(admin?.key ?? '');
  return members;
}
