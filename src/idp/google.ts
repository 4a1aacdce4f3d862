import { SignJWT, importPKCS8 } from 'jose';
import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import type { IdpGroup, IdpPerson } from '../domain/findings/directory-view.js';
import type { IdpDefinition, IdpDeps, IdpReader, IdpReadRequest } from '../report/idp-port.js';
import { makeClientToken } from './client-token.js';
import { makeJsonClient, unknownAnswer, type JsonClient } from './json-client.js';
import { googleLimits } from './limits.js';

const GoogleConfig = z.strictObject({
  adminEmail: z.email().describe('Administrator in whose name the service account reads'),
  clientEmail: z.email().describe('E-mail of the service account'),
  groups: z
    .array(z.email())
    .default([])
    .describe('Addresses of the groups whose members are provisioned here; none: everybody'),
  tokenUrl: z.url().default('https://oauth2.googleapis.com/token'),
  directoryUrl: z.url().default('https://admin.googleapis.com/admin/directory/v1'),
});
type GoogleConfig = z.infer<typeof GoogleConfig>;

const GoogleSecrets = z.strictObject({
  privateKey: z.string().includes('PRIVATE KEY').describe('Private key of the service account, as PEM'),
});
type GoogleSecrets = z.infer<typeof GoogleSecrets>;

const text = z.string().nullish();
const User = z.object({
  id: z.string().min(1),
  primaryEmail: z.string(),
  suspended: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  name: z.object({ givenName: text, familyName: text }).nullish(),
  organizations: z
    .array(z.object({ title: text, department: text, primary: z.boolean().nullish() }))
    .nullish(),
});
type User = z.infer<typeof User>;
const UserPage = z.object({ users: z.array(User).default([]), nextPageToken: z.string().optional() });
const Group = z.object({ id: z.string().min(1), name: z.string() });
const MemberPage = z.object({
  members: z.array(z.object({ id: z.string().min(1) })).default([]),
  nextPageToken: z.string().optional(),
});

const NAME = 'Google Workspace';
const SCOPES = ['user', 'group', 'group.member'].map(
  (what) => `https://www.googleapis.com/auth/admin.directory.${what}.readonly`,
);

/** Google's Directory API (interop.md 6), by a service account with domain-wide delegation. */
export const google: IdpDefinition<GoogleConfig, GoogleSecrets> = {
  kind: 'google',
  displayName: NAME,
  configSchema: GoogleConfig,
  secretSchema: GoogleSecrets,
  open: (config, secrets, deps) => openGoogle(config, secrets, deps),
};

function openGoogle(config: GoogleConfig, { privateKey }: GoogleSecrets, deps: IdpDeps): IdpReader {
  const api = config.directoryUrl.replace(/\/+$/u, '');
  const client = makeJsonClient({
    ...deps,
    name: NAME,
    baseUrl: api,
    limits: googleLimits,
    authorization: makeClientToken(deps, {
      name: NAME,
      url: config.tokenUrl,
      parameters: async () => ({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: await signAssertion(config, privateKey, deps.now()),
      }),
    }),
  });
  return {
    async validate() {
      await client.get(`${api}/users?customer=my_customer&maxResults=1`, UserPage);
      return { name: NAME, details: { administrator: config.adminEmail } };
    },
    async read({ progress }) {
      const readAt = deps.now();
      const people = await readPeople(client, api, progress);
      const groups = await readGroups(client, api, config.groups, progress);
      const inScope =
        config.groups.length === 0 ? null : new Set(groups.flatMap(({ memberIds }) => memberIds));
      const reading = { readAt, people, groups: groups.length === 0 ? null : groups };
      return { reading, inScope, resumeToken: null, isDelta: false };
    },
    async lookUp(id) {
      const user = await client.find(`${api}/users/${encodeURIComponent(id)}`, User);
      return user === null ? null : toPerson(user);
    },
    close: () => Promise.resolve(),
  };
}

async function signAssertion(config: GoogleConfig, privateKey: string, nowMs: number): Promise<string> {
  const issuedAt = Math.floor(nowMs / 1000);
  try {
    const key = await importPKCS8(privateKey, 'RS256');
    return await new SignJWT({ scope: SCOPES.join(' ') })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(config.clientEmail)
      .setSubject(config.adminEmail)
      .setAudience(config.tokenUrl)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 3600)
      .sign(key);
  } catch (error) {
    throw new AppError(
      'credential',
      'The private key of the service account cannot be used. Enter the one from its JSON file, from BEGIN to END.',
      { cause: error },
    );
  }
}

async function readPeople(
  client: JsonClient,
  api: string,
  progress: IdpReadRequest['progress'],
): Promise<readonly IdpPerson[]> {
  const people = new Map<string, IdpPerson>();
  const query = 'customer=my_customer&maxResults=500&orderBy=email';
  for await (const { users } of readPages(client, `${api}/users?${query}`, UserPage)) {
    for (const user of users) people.set(user.id, toPerson(user));
    await progress({ phase: `reading people from ${NAME}`, done: people.size });
  }
  return [...people.values()];
}

async function readGroups(
  client: JsonClient,
  api: string,
  addresses: readonly string[],
  progress: IdpReadRequest['progress'],
): Promise<readonly IdpGroup[]> {
  const groups: IdpGroup[] = [];
  for (const address of addresses) {
    const url = `${api}/groups/${encodeURIComponent(address)}`;
    const group = await client.find(url, Group);
    if (group === null) {
      const message = `There is no group ${address} in ${NAME} any more. Name the groups that are provisioned here in the connection’s settings.`;
      throw new AppError('invalid', message);
    }
    const memberIds: string[] = [];
    const first = `${url}/members?maxResults=200&includeDerivedMembership=true`;
    for await (const { members } of readPages(client, first, MemberPage)) {
      memberIds.push(...members.map(({ id }) => id));
    }
    groups.push({ id: group.id, name: group.name, memberIds });
    await progress({ phase: `reading groups from ${NAME}`, done: groups.length, total: addresses.length });
  }
  return groups;
}

/** A token that comes again would never end. */
async function* readPages<Page extends { readonly nextPageToken?: string | undefined }>(
  client: JsonClient,
  first: string,
  schema: z.ZodType<Page>,
): AsyncGenerator<Page> {
  const seen = new Set<string>();
  for (let url = first; ;) {
    const { body } = await client.get(url, schema);
    yield body;
    const token = body.nextPageToken;
    if (token === undefined || token === '') return;
    if (seen.has(token)) throw unknownAnswer(NAME, 'with the same page again');
    seen.add(token);
    url = `${first}&pageToken=${encodeURIComponent(token)}`;
  }
}

/** Inactive means suspended or archived (interop.md 6). */
function toPerson({ id, primaryEmail, suspended, archived, name, organizations }: User): IdpPerson {
  const organization = organizations?.find(({ primary }) => primary === true) ?? organizations?.[0];
  const status = suspended === true ? 'suspended' : archived === true ? 'archived' : 'active';
  return {
    id,
    userName: primaryEmail,
    email: primaryEmail,
    givenName: name?.givenName ?? null,
    familyName: name?.familyName ?? null,
    isActive: status === 'active',
    status,
    attributes: {
      ...(organization?.title ? { title: organization.title } : {}),
      ...(organization?.department ? { department: organization.department } : {}),
    },
  };
}
