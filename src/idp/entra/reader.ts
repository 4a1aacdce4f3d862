import { z } from 'zod';
import type { IdpGroup, IdpPerson, IdpReading } from '../../domain/findings/directory-view.js';
import { AppError } from '../../domain/errors.js';
import type {
  IdpDefinition,
  IdpDeps,
  IdpReader,
  IdpReadRequest,
  IdpReadResult,
} from '../../report/idp-port.js';
import { makeClientToken } from '../client-token.js';
import { makeJsonClient, unknownAnswer, type JsonClient } from '../json-client.js';
import { plainLimits } from '../limits.js';
import { applyGroups, applyUsers } from './people.js';
import {
  DeltaGroup,
  DeltaUser,
  EntraConfig,
  EntraSecrets,
  GROUP_SELECT,
  ResumeToken,
  USER_SELECT,
  deltaPage,
} from './settings.js';

/**
 * Microsoft Graph (interop.md 6): users and groups as lists of changes. A token of a list lives seven days; past that
 * everything is read again.
 */
export const entra: IdpDefinition<EntraConfig, EntraSecrets> = {
  kind: 'entra',
  displayName: 'Microsoft Entra ID',
  configSchema: EntraConfig,
  secretSchema: EntraSecrets,
  open: (config, secrets, deps) => openEntra(config, secrets, deps),
};

const NAME = 'Microsoft Entra ID';

function openEntra(config: EntraConfig, { clientSecret }: EntraSecrets, deps: IdpDeps): IdpReader {
  const graph = config.graphUrl.replace(/\/+$/u, '');
  const client = makeJsonClient({
    ...deps,
    name: NAME,
    baseUrl: graph,
    limits: plainLimits,
    authorization: makeClientToken(deps, tokenRequest(config, clientSecret, graph)),
  });
  return {
    async validate() {
      const page = z.object({ value: z.array(z.object({ id: z.string() })) });
      await client.get(`${graph}/users?$top=1&$select=id`, page);
      await client.get(`${graph}/groups?$top=1&$select=id`, page);
      return { name: NAME, details: { tenant: config.tenantId } };
    },
    read: (request) => readWhole(client, graph, config, deps, request),
    async lookUp(id) {
      const url = `${graph}/users/${encodeURIComponent(id)}?$select=${USER_SELECT}`;
      const user = await client.find(url, DeltaUser);
      return user === null ? null : (applyUsers(new Map(), [user]).get(user.id) ?? null);
    },
    close: () => Promise.resolve(),
  };
}

function tokenRequest({ loginUrl, tenantId, clientId }: EntraConfig, clientSecret: string, graph: string) {
  return {
    name: NAME,
    url: `${loginUrl.replace(/\/+$/u, '')}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
    parameters: () =>
      Promise.resolve({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: `${new URL(graph).origin}/.default`,
      }),
  };
}

interface Known {
  readonly people: ReadonlyMap<string, IdpPerson>;
  readonly groups: ReadonlyMap<string, IdpGroup>;
  /** Where to begin: the first page of everything, or the changes since the last time. */
  readonly users: string;
  readonly groupsUrl: string;
}

async function readWhole(
  client: JsonClient,
  graph: string,
  config: EntraConfig,
  deps: IdpDeps,
  { previous, progress }: IdpReadRequest,
): Promise<IdpReadResult> {
  const readAt = deps.now();
  const resumed = previous === null ? null : resume(previous.reading, previous.resumeToken);
  if (resumed !== null) {
    const changed = await readFrom(client, resumed, progress);
    if (changed !== 'expired') return toResult(changed, config, readAt, true);
  }
  const fresh = { people: new Map(), groups: new Map(), ...firstUrls(graph) };
  const all = await readFrom(client, fresh, progress);
  if (all === 'expired') throw unknownAnswer(NAME, 'a request for everything with an expired token');
  return toResult(all, config, readAt, false);
}

function firstUrls(graph: string): Pick<Known, 'users' | 'groupsUrl'> {
  return {
    users: `${graph}/users/delta?$select=${USER_SELECT}`,
    groupsUrl: `${graph}/groups/delta?$select=${GROUP_SELECT}`,
  };
}

/** The stored reading holds whoever the list held, in scope or not. */
function resume(reading: IdpReading, token: unknown): Known | null {
  const parsed = ResumeToken.safeParse(token);
  if (!parsed.success || reading.groups === null) return null;
  return {
    people: new Map(reading.people.map((person) => [person.id, person])),
    groups: new Map(reading.groups.map((group) => [group.id, group])),
    users: parsed.data.users,
    groupsUrl: parsed.data.groups,
  };
}

interface Read {
  readonly people: ReadonlyMap<string, IdpPerson>;
  readonly groups: ReadonlyMap<string, IdpGroup>;
  readonly token: ResumeToken;
}

async function readFrom(
  client: JsonClient,
  known: Known,
  progress: IdpReadRequest['progress'],
): Promise<Read | 'expired'> {
  const users = await readChanges(client, known.users, DeltaUser, (done) =>
    progress({ phase: 'reading people from Microsoft Entra ID', done }),
  );
  if (users === 'expired') return 'expired';
  const groups = await readChanges(client, known.groupsUrl, DeltaGroup, (done) =>
    progress({ phase: 'reading groups from Microsoft Entra ID', done }),
  );
  if (groups === 'expired') return 'expired';
  return {
    people: applyUsers(known.people, users.items),
    groups: applyGroups(known.groups, groups.items),
    token: { users: users.deltaLink, groups: groups.deltaLink },
  };
}

async function readChanges<T>(
  client: JsonClient,
  first: string,
  schema: z.ZodType<T>,
  progress: (done: number) => Promise<void>,
): Promise<{ readonly items: readonly T[]; readonly deltaLink: string } | 'expired'> {
  const items: T[] = [];
  for (let url = client.assertOwn(first); ;) {
    const page = await client.getChanges(url, deltaPage(schema));
    if (page === 'expired') return 'expired';
    items.push(...page.value);
    await progress(items.length);
    const { '@odata.nextLink': next, '@odata.deltaLink': deltaLink } = page;
    if (deltaLink !== undefined) return { items, deltaLink };
    if (next === undefined) throw unknownAnswer(NAME, 'with a page that neither ends nor goes on');
    url = client.assertOwn(next);
  }
}

function toResult(
  { people, groups, token }: Read,
  { groupIds }: EntraConfig,
  readAt: number,
  isDelta: boolean,
): IdpReadResult {
  const reading = { readAt, people: [...people.values()], groups: [...groups.values()] };
  return { reading, inScope: membersOf(groups, groupIds), resumeToken: token, isDelta };
}

/** null: everybody is in scope. */
function membersOf(
  groups: ReadonlyMap<string, IdpGroup>,
  groupIds: readonly string[],
): ReadonlySet<string> | null {
  if (groupIds.length === 0) return null;
  return new Set(
    groupIds.flatMap((id) => {
      const group = groups.get(id);
      if (group !== undefined) return group.memberIds;
      throw new AppError(
        'invalid',
        `There is no group ${id} in ${NAME} any more. Name the groups that are provisioned here in the connection’s settings.`,
      );
    }),
  );
}
