import { EqualityFilter, type Client, type Entry } from 'ldapts';
import { AppError } from '../../domain/errors.js';
import type { IdpGroup, IdpPerson } from '../../domain/findings/directory-view.js';
import type { IdpDefinition, IdpDeps, IdpReader, IdpReadRequest } from '../../report/idp-port.js';
import { asAppErrors, openConnection } from './connection.js';
import { dnKey, idOf, nextRange, rangedValues, toPerson, valuesOf } from './entries.js';
import { LdapConfig, LdapSecrets } from './settings.js';

/**
 * An LDAP directory, read page by page (RFC 2696), so that a server's limit for one answer cuts nobody off
 * (interop.md 5). Deletions leave no trace there: every comparison reads everybody.
 */
export const ldap: IdpDefinition<LdapConfig, LdapSecrets> = {
  kind: 'ldap',
  displayName: 'LDAP directory',
  configSchema: LdapConfig,
  secretSchema: LdapSecrets,
  open: (config, secrets, deps) => openLdap(config, secrets, deps),
};

function openLdap(config: LdapConfig, secrets: LdapSecrets, deps: IdpDeps): IdpReader {
  let connection: Promise<Client> | null = null;
  const withClient = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    connection ??= openConnection(config, secrets, deps);
    try {
      const client = await connection;
      return await asAppErrors(config.name, () => work(client));
    } catch (error) {
      await closeQuietly(connection);
      connection = null;
      throw error;
    }
  };
  return {
    validate: () =>
      withClient(async (client) => {
        for (const base of [config.peopleBase, config.groupsBase]) {
          if (base !== null) await client.search(base, { scope: 'base', attributes: ['1.1'] });
        }
        return { name: config.name, details: { base: config.peopleBase } };
      }),
    read: ({ progress }) =>
      withClient(async (client) => {
        const readAt = deps.now();
        const { people, idsByDn } = await readPeople(client, config, progress);
        const groups =
          config.groupsBase === null
            ? null
            : await readGroups(client, { ...config, groupsBase: config.groupsBase }, idsByDn, progress);
        assertStillBound(client, config);
        const reading = { readAt, people, groups };
        return { reading, inScope: null, resumeToken: null, isDelta: false };
      }),
    lookUp: (id) => withClient((client) => findPerson(client, config, id)),
    async close() {
      if (connection !== null) await closeQuietly(connection);
      connection = null;
    },
  };
}

/** A connection that was lost is renewed by the library, without a name: then lists hold what anybody may see. */
function assertStillBound({ isBound }: Client, { name }: LdapConfig): void {
  if (isBound) return;
  throw new AppError(
    'unavailable',
    `The connection to ${name} was lost while it was read. It is tried again.`,
  );
}

async function closeQuietly(connection: Promise<Client>): Promise<void> {
  await connection.then((client) => client.unbind()).catch(() => undefined);
}

function wantedAttributes({ idAttribute, attributes, inactive }: LdapConfig): string[] {
  const { groupName: _groupName, member: _member, ...ofPeople } = attributes;
  return [idAttribute, ...Object.values(ofPeople), ...(inactive === null ? [] : [inactive.attribute])];
}

interface People {
  readonly people: readonly IdpPerson[];
  readonly idsByDn: ReadonlyMap<string, string>;
}

async function readPeople(
  client: Client,
  config: LdapConfig,
  progress: IdpReadRequest['progress'],
): Promise<People> {
  const people = new Map<string, IdpPerson>();
  const idsByDn = new Map<string, string>();
  const pages = client.searchPaginated(config.peopleBase, {
    scope: 'sub',
    filter: config.peopleFilter,
    attributes: wantedAttributes(config),
    explicitBufferAttributes: ['objectGUID'],
    paged: { pageSize: config.pageSize },
  });
  for await (const { searchEntries } of pages) {
    for (const entry of searchEntries) {
      const person = toPerson(entry, config);
      people.set(person.id, person);
      idsByDn.set(dnKey(entry.dn), person.id);
    }
    await progress({ phase: `reading people from ${config.name}`, done: people.size });
  }
  return { people: [...people.values()], idsByDn };
}

async function readGroups(
  client: Client,
  config: LdapConfig & { readonly groupsBase: string },
  idsByDn: ReadonlyMap<string, string>,
  progress: IdpReadRequest['progress'],
): Promise<readonly IdpGroup[]> {
  const { groupName, member } = config.attributes;
  const groups: IdpGroup[] = [];
  const pages = client.searchPaginated(config.groupsBase, {
    scope: 'sub',
    filter: config.groupsFilter,
    attributes: [config.idAttribute, groupName, member],
    explicitBufferAttributes: ['objectGUID'],
    paged: { pageSize: config.pageSize },
  });
  for await (const { searchEntries } of pages) {
    for (const entry of searchEntries) {
      const dns = await readMembers(client, entry, member);
      const memberIds = dns.flatMap((dn) => idsByDn.get(dnKey(dn)) ?? []);
      groups.push({ id: idOf(entry, config), name: valuesOf(entry, groupName)[0] ?? '', memberIds });
    }
    await progress({ phase: `reading groups from ${config.name}`, done: groups.length });
  }
  return groups;
}

async function readMembers(client: Client, group: Entry, member: string): Promise<readonly string[]> {
  const dns = [...rangedValues(group, member)];
  for (let next = nextRange(group, member); next !== null;) {
    const { searchEntries } = await client.search(group.dn, {
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: [next],
    });
    const [part] = searchEntries;
    if (part === undefined) return dns;
    dns.push(...rangedValues(part, member));
    next = nextRange(part, member);
  }
  return dns;
}

async function findPerson(client: Client, config: LdapConfig, id: string): Promise<IdpPerson | null> {
  const value = config.idAttribute.toLowerCase() === 'objectguid' ? Buffer.from(id, 'hex') : id;
  const { searchEntries } = await client.search(config.peopleBase, {
    scope: 'sub',
    filter: new EqualityFilter({ attribute: config.idAttribute, value }),
    attributes: wantedAttributes(config),
    explicitBufferAttributes: ['objectGUID'],
    sizeLimit: 2,
  });
  const [entry] = searchEntries;
  return entry === undefined ? null : toPerson(entry, config);
}
