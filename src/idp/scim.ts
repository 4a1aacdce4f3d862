import { z } from 'zod';
import type { IdpGroup, IdpPerson } from '../domain/findings/directory-view.js';
import type { IdpDefinition, IdpDeps, IdpReader, IdpReadRequest } from '../report/idp-port.js';
import { makeJsonClient, unknownAnswer, type JsonClient } from './json-client.js';
import { plainLimits } from './limits.js';

const ScimConfig = z.strictObject({
  name: z.string().min(1).default('the SCIM directory').describe('How you call it'),
  baseUrl: z.url().describe('SCIM base address, such as https://idp.example.com/scim/v2'),
  readGroups: z.boolean().default(true),
  pageSize: z.int().min(1).max(1000).default(100),
});
type ScimConfig = z.infer<typeof ScimConfig>;

const ScimSecrets = z.strictObject({ token: z.string().min(1).describe('Bearer token that may read') });
type ScimSecrets = z.infer<typeof ScimSecrets>;

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const text = z.string().nullish();
const User = z.object({
  id: z.string().min(1),
  userName: z.string(),
  active: z.boolean().nullish(),
  name: z.object({ givenName: text, familyName: text }).nullish(),
  emails: z.array(z.object({ value: z.string(), primary: z.boolean().nullish() })).nullish(),
  title: text,
  [ENTERPRISE]: z.object({ department: text, employeeNumber: text }).nullish(),
});
type User = z.infer<typeof User>;
const Group = z.object({
  id: z.string().min(1),
  displayName: z.string(),
  members: z.array(z.object({ value: z.string().min(1) })).nullish(),
});

/** Any SCIM 2.0 service provider, read page by page (RFC 7644 section 3.4.2.4). */
export const scim: IdpDefinition<ScimConfig, ScimSecrets> = {
  kind: 'scim',
  displayName: 'SCIM directory',
  configSchema: ScimConfig,
  secretSchema: ScimSecrets,
  open: (config, secrets, deps) => openScim(config, secrets, deps),
};

function openScim(config: ScimConfig, { token }: ScimSecrets, deps: IdpDeps): IdpReader {
  const base = config.baseUrl.replace(/\/+$/u, '');
  const client = makeJsonClient({
    ...deps,
    name: config.name,
    baseUrl: base,
    limits: plainLimits,
    authorization: () => Promise.resolve(`Bearer ${token}`),
  });
  const list = <T extends { readonly id: string }>(
    what: string,
    schema: z.ZodType<T>,
    progress: IdpReadRequest['progress'],
  ): Promise<readonly T[]> =>
    readList(
      client,
      { name: config.name, url: `${base}/${what}`, pageSize: config.pageSize, progress },
      schema,
    );
  return {
    async validate() {
      const { body } = await client.get(`${base}/Users?startIndex=1&count=1`, listOf(User));
      return { name: config.name, details: { people: body.totalResults } };
    },
    async read({ progress }) {
      const readAt = deps.now();
      const people = (await list('Users', User, progress)).map(toPerson);
      const groups = config.readGroups ? (await list('Groups', Group, progress)).map(toGroup) : null;
      return { reading: { readAt, people, groups }, inScope: null, resumeToken: null, isDelta: false };
    },
    async lookUp(id) {
      const user = await client.find(`${base}/Users/${encodeURIComponent(id)}`, User);
      return user === null ? null : toPerson(user);
    },
    close: () => Promise.resolve(),
  };
}

interface Listing {
  readonly name: string;
  readonly url: string;
  readonly pageSize: number;
  readonly progress: IdpReadRequest['progress'];
}

function listOf<T>(schema: z.ZodType<T>) {
  return z.object({ totalResults: z.int().min(0), Resources: z.array(schema).default([]) });
}

/**
 * Index pages move when somebody comes or goes meanwhile: what is there twice is taken once, and fewer than announced
 * in the end is no reading.
 */
async function readList<T extends { readonly id: string }>(
  client: JsonClient,
  { name, url, pageSize, progress }: Listing,
  schema: z.ZodType<T>,
): Promise<readonly T[]> {
  const found = new Map<string, T>();
  for (let start = 1; ;) {
    const { body } = await client.get(`${url}?startIndex=${start}&count=${pageSize}`, listOf(schema));
    for (const resource of body.Resources) found.set(resource.id, resource);
    start += body.Resources.length;
    await progress({ phase: `reading ${name}`, done: found.size, total: body.totalResults });
    if (start <= body.totalResults && body.Resources.length > 0) continue;
    if (found.size >= body.totalResults) return [...found.values()];
    throw unknownAnswer(name, `with ${found.size} of ${body.totalResults} announced entries`);
  }
}

function toPerson(user: User): IdpPerson {
  const email = user.emails?.find(({ primary }) => primary === true) ?? user.emails?.[0];
  const isActive = user.active !== false;
  const enterprise = user[ENTERPRISE];
  return {
    id: user.id,
    userName: user.userName,
    email: email?.value ?? null,
    givenName: user.name?.givenName ?? null,
    familyName: user.name?.familyName ?? null,
    isActive,
    status: isActive ? 'active' : 'active: false',
    attributes: {
      ...(user.title ? { title: user.title } : {}),
      ...(enterprise?.department ? { department: enterprise.department } : {}),
      ...(enterprise?.employeeNumber ? { employeenumber: enterprise.employeeNumber } : {}),
    },
  };
}

function toGroup({ id, displayName, members }: z.infer<typeof Group>): IdpGroup {
  return { id, name: displayName, memberIds: members?.map(({ value }) => value) ?? [] };
}
