import { z } from 'zod';
import type { IdpGroup, IdpPerson } from '../domain/findings/directory-view.js';
import type { IdpDefinition, IdpDeps, IdpReader, IdpReadRequest } from '../report/idp-port.js';
import { makeJsonClient, type JsonClient } from './json-client.js';
import { oktaLimits } from './limits.js';

const OktaConfig = z.strictObject({
  baseUrl: z.url().describe('Address of the Okta organisation, such as https://example.okta.com'),
  appId: z
    .string()
    .regex(/^[0-9A-Za-z_-]+$/u)
    .describe('Id of the application that provisions here: from its address in the admin console, 0oa…'),
  readGroups: z
    .boolean()
    .default(true)
    .describe('Compare the members of the groups assigned to the application'),
  suspendedIsActive: z.boolean().default(false).describe('People suspended in Okta keep their phone access'),
});
type OktaConfig = z.infer<typeof OktaConfig>;

const OktaSecrets = z.strictObject({
  apiToken: z.string().min(1).describe('API token of a read-only administrator'),
});
type OktaSecrets = z.infer<typeof OktaSecrets>;

const text = z.string().nullish();
const Profile = z.object({
  login: text,
  email: text,
  firstName: text,
  lastName: text,
  title: text,
  department: text,
  employeeNumber: text,
});
const OktaUser = z.object({ id: z.string().min(1), status: z.string().min(1), profile: Profile });
type OktaUser = z.infer<typeof OktaUser>;
const AppUser = z.object({
  id: z.string().min(1),
  credentials: z.object({ userName: text }).nullish(),
  _embedded: z.object({ user: OktaUser }),
});
const Group = z.object({ id: z.string().min(1), profile: z.object({ name: z.string() }) });
const AppGroup = z.object({ id: z.string().min(1) });
const Member = z.object({ id: z.string().min(1) });
const App = z.object({ id: z.string(), label: z.string() });

/** Okta's API (interop.md 6): app assignments are the source, Link headers the only way from page to page. */
export const okta: IdpDefinition<OktaConfig, OktaSecrets> = {
  kind: 'okta',
  displayName: 'Okta',
  configSchema: OktaConfig,
  secretSchema: OktaSecrets,
  open: (config, secrets, deps) => openOkta(config, secrets, deps),
};

function openOkta(config: OktaConfig, { apiToken }: OktaSecrets, deps: IdpDeps): IdpReader {
  const api = `${config.baseUrl.replace(/\/+$/u, '')}/api/v1`;
  const client = makeJsonClient({
    ...deps,
    name: 'Okta',
    baseUrl: api,
    limits: oktaLimits,
    authorization: () => Promise.resolve(`SSWS ${apiToken}`),
  });
  return {
    async validate() {
      const { body } = await client.get(`${api}/apps/${config.appId}`, App);
      return { name: body.label, details: { application: body.id } };
    },
    async read({ progress }) {
      const readAt = deps.now();
      const people = await readPeople(client, api, config, progress);
      const groups = config.readGroups ? await readGroups(client, api, config, progress) : null;
      return { reading: { readAt, people, groups }, inScope: null, resumeToken: null, isDelta: false };
    },
    async lookUp(id) {
      const user = await client.find(`${api}/users/${encodeURIComponent(id)}`, OktaUser);
      return user === null ? null : toPerson(user, null, config);
    },
    close: () => Promise.resolve(),
  };
}

async function readPeople(
  client: JsonClient,
  api: string,
  config: OktaConfig,
  progress: IdpReadRequest['progress'],
): Promise<readonly IdpPerson[]> {
  const people = new Map<string, IdpPerson>();
  const first = `${api}/apps/${config.appId}/users?limit=500&expand=user`;
  for await (const page of readPages(client, first, z.array(AppUser))) {
    for (const { id, credentials, _embedded } of page) {
      people.set(id, toPerson(_embedded.user, credentials?.userName ?? null, config));
    }
    await progress({ phase: 'reading people from Okta', done: people.size });
  }
  return [...people.values()];
}

async function readGroups(
  client: JsonClient,
  api: string,
  { appId }: OktaConfig,
  progress: IdpReadRequest['progress'],
): Promise<readonly IdpGroup[]> {
  const ids: string[] = [];
  for await (const page of readPages(client, `${api}/apps/${appId}/groups?limit=200`, z.array(AppGroup))) {
    ids.push(...page.map(({ id }) => id));
  }
  const groups: IdpGroup[] = [];
  for (const id of ids) {
    const { body } = await client.get(`${api}/groups/${id}`, Group);
    const memberIds: string[] = [];
    for await (const page of readPages(client, `${api}/groups/${id}/users?limit=200`, z.array(Member))) {
      memberIds.push(...page.map((member) => member.id));
    }
    groups.push({ id, name: body.profile.name, memberIds });
    await progress({ phase: 'reading groups from Okta', done: groups.length, total: ids.length });
  }
  return groups;
}

/** Follows `rel="next"` as it stands; where there is none, that was all. */
async function* readPages<T>(
  client: JsonClient,
  first: string,
  schema: z.ZodType<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  let url: string | null = first;
  while (url !== null) {
    const { body, headers }: { body: readonly T[]; headers: Readonly<Record<string, string>> } =
      await client.get(url, schema);
    yield body;
    const next = nextLink(headers['link'] ?? '');
    url = next === null ? null : client.assertOwn(next);
  }
}

function nextLink(header: string): string | null {
  return /<([^>]+)>\s*;[^,<]*\brel="next"/u.exec(header)?.[1] ?? null;
}

/** Statuses in which somebody can work; STAGED people were never activated. */
const ACTIVE: ReadonlySet<string> = new Set([
  'ACTIVE',
  'PROVISIONED',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
]);

function toPerson(user: OktaUser, userName: string | null, { suspendedIsActive }: OktaConfig): IdpPerson {
  const { profile, status } = user;
  return {
    id: user.id,
    userName: userName ?? profile.login ?? null,
    email: profile.email ?? null,
    givenName: profile.firstName ?? null,
    familyName: profile.lastName ?? null,
    isActive: ACTIVE.has(status) || (suspendedIsActive && status === 'SUSPENDED'),
    status,
    attributes: Object.fromEntries(
      [
        ['title', profile.title],
        ['department', profile.department],
        ['employeenumber', profile.employeeNumber],
      ].flatMap(([path, value]) => (typeof path === 'string' && value ? [[path, value]] : [])),
    ),
  };
}
