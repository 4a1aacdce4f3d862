import type { CastGroup, Dialect, Person } from './cast.js';
import type { ScimBody, ScimClient } from './scim-client.js';

/** What an IdP does to its provisioning target, in that IdP's own request sequences. */
export interface Idp {
  testConnection(): Promise<void>;
  /** Assigns a person: creates, or links and reactivates whoever is there. Returns the SCIM id. */
  assign(person: Person): Promise<string>;
  unassign(person: Person): Promise<void>;
  /** Pushes a group with exactly these members (SCIM ids). */
  pushGroup(group: CastGroup, memberIds: readonly string[]): Promise<void>;
  /** Membership of one person after the first push. */
  addMember(group: CastGroup, userId: string): Promise<void>;
  removeMember(group: CastGroup, userId: string): Promise<void>;
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The three dialects of the morning by name. */
export function makeIdp(dialect: Dialect, scim: ScimClient): Idp {
  if (dialect === 'okta-aiw') return makeOktaWizardApp(scim);
  if (dialect === 'okta-oin') return makeOktaCatalogueApp(scim);
  return makeEntra(scim);
}

/** Okta app of the integration wizard: GET then full PUT for people and groups alike. */
function makeOktaWizardApp(scim: ScimClient): Idp {
  const putGroup = async (group: CastGroup, change: (ids: readonly string[]) => readonly string[]) => {
    const found = await findGroup(scim, group.name);
    const current = (await scim.get(`/Groups/${found?.id ?? ''}`)).body;
    const ids = change((current.members ?? []).map((member) => member.value));
    await scim.send('PUT', `/Groups/${current.id ?? ''}`, { ...current, members: toMembers(ids) });
  };
  return {
    ...oktaBasics(scim),
    async unassign(person) {
      await putUser(scim, person, { active: false });
    },
    async pushGroup(group, memberIds) {
      if ((await findGroup(scim, group.name)) === null) await createGroup(scim, group, memberIds);
      else await putGroup(group, () => memberIds);
    },
    addMember: (group, userId) => putGroup(group, (ids) => [...ids, userId]),
    removeMember: (group, userId) => putGroup(group, (ids) => ids.filter((id) => id !== userId)),
  };
}

/** Okta catalogue app: PATCH for activation and membership. */
function makeOktaCatalogueApp(scim: ScimClient): Idp {
  return {
    ...oktaBasics(scim),
    async unassign(person) {
      const user = await findUser(scim, person.email);
      await patch(scim, `/Users/${user?.id ?? ''}`, [{ op: 'replace', value: { active: false } }]);
    },
    pushGroup: (group, memberIds) =>
      createOrPatch(scim, group, memberIds, [
        { op: 'replace', path: 'members', value: toMembers(memberIds) },
      ]),
    addMember: (group, userId) =>
      patchGroup(scim, group, [{ op: 'add', path: 'members', value: [{ value: userId }] }]),
    removeMember: (group, userId) =>
      patchGroup(scim, group, [{ op: 'remove', path: `members[value eq "${userId}"]` }]),
  };
}

/** Entra without its compatibility flag: capitalised operations, strings for booleans, value-array removals. */
function makeEntra(scim: ScimClient): Idp {
  return {
    async testConnection() {
      await scim.get(`/Users?filter=${encodeURIComponent(`userName eq "${crypto.randomUUID()}"`)}`);
    },
    async assign(person) {
      const found = await findUser(scim, person.email);
      if (found === null) {
        const body = {
          ...newUser(person),
          schemas: [USER, ENTERPRISE],
          [ENTERPRISE]: { department: person.department },
        };
        return createUser(scim, person, body);
      }
      await patch(scim, `/Users/${found.id ?? ''}`, [{ op: 'Replace', path: 'active', value: 'True' }]);
      return found.id ?? '';
    },
    async unassign(person) {
      const user = await findUser(scim, person.email);
      await patch(scim, `/Users/${user?.id ?? ''}`, [{ op: 'Replace', path: 'active', value: 'False' }]);
    },
    pushGroup: (group, memberIds) =>
      createOrPatch(scim, group, memberIds, [
        { op: 'Replace', path: 'members', value: entraMembers(memberIds) },
      ]),
    addMember: (group, userId) =>
      patchGroup(scim, group, [{ op: 'Add', path: 'members', value: entraMembers([userId]) }]),
    removeMember: (group, userId) =>
      patchGroup(scim, group, [{ op: 'Remove', path: 'members', value: entraMembers([userId]) }]),
  };
}

function oktaBasics(scim: ScimClient): Pick<Idp, 'testConnection' | 'assign'> {
  return {
    async testConnection() {
      await scim.get('/Users?startIndex=1&count=2');
    },
    async assign(person) {
      const found = await findUser(scim, person.email);
      if (found !== null) return putUser(scim, person, { active: true });
      const body = { ...newUser(person), password: 'x7Kd93mQ', groups: [], locale: 'en-US' };
      return createUser(scim, person, body);
    },
  };
}

/** The id of the new user, also where only a second try could tell that the first had made it. */
async function createUser(scim: ScimClient, person: Person, body: object): Promise<string> {
  const { id } = (await scim.send('POST', '/Users', body)).body;
  return id ?? (await findUser(scim, person.email))?.id ?? '';
}

async function putUser(scim: ScimClient, person: Person, change: Record<string, unknown>): Promise<string> {
  const found = await findUser(scim, person.email);
  const current = (await scim.get(`/Users/${found?.id ?? ''}`)).body;
  await scim.send('PUT', `/Users/${current.id ?? ''}`, { ...current, ...change });
  return current.id ?? '';
}

function newUser(person: Person): Record<string, unknown> {
  return {
    schemas: [USER],
    userName: person.email,
    name: { givenName: person.givenName, familyName: person.familyName },
    emails: [{ primary: true, value: person.email, type: 'work' }],
    displayName: `${person.givenName} ${person.familyName}`,
    externalId: `ext-${person.key}`,
    active: true,
  };
}

async function createOrPatch(
  scim: ScimClient,
  group: CastGroup,
  memberIds: readonly string[],
  operations: readonly unknown[],
): Promise<void> {
  if ((await findGroup(scim, group.name)) === null) await createGroup(scim, group, memberIds);
  else await patchGroup(scim, group, operations);
}

async function createGroup(scim: ScimClient, group: CastGroup, memberIds: readonly string[]): Promise<void> {
  await scim.send('POST', '/Groups', {
    schemas: [GROUP],
    displayName: group.name,
    members: toMembers(memberIds),
  });
}

async function patchGroup(scim: ScimClient, group: CastGroup, operations: readonly unknown[]): Promise<void> {
  const found = await findGroup(scim, group.name);
  await patch(scim, `/Groups/${found?.id ?? ''}`, operations);
}

async function patch(scim: ScimClient, path: string, operations: readonly unknown[]): Promise<void> {
  await scim.send('PATCH', path, { schemas: [PATCH], Operations: operations });
}

async function findUser(scim: ScimClient, userName: string): Promise<ScimBody | null> {
  return first(
    scim,
    `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}&startIndex=1&count=100`,
  );
}

async function findGroup(scim: ScimClient, name: string): Promise<ScimBody | null> {
  return first(
    scim,
    `/Groups?filter=${encodeURIComponent(`displayName eq "${name}"`)}&startIndex=1&count=100`,
  );
}

async function first(scim: ScimClient, path: string): Promise<ScimBody | null> {
  return (await scim.get(path)).body.Resources?.[0] ?? null;
}

function toMembers(ids: readonly string[]): readonly { value: string }[] {
  return ids.map((value) => ({ value }));
}

function entraMembers(ids: readonly string[]): readonly { $ref: null; value: string }[] {
  return ids.map((value) => ({ $ref: null, value }));
}
