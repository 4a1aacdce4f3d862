import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'ldapts';

const SLAPD = '/usr/sbin/slapd';
const SLAPADD = '/usr/sbin/slapadd';

/** Whether Debian's slapd is installed. */
export const HAS_SLAPD = existsSync(SLAPD);

/** More entries than this are given to nobody who does not ask page by page. */
export const UNPAGED_LIMIT = 500;
export const BASE = 'dc=acme,dc=example';
export const PEOPLE = `ou=people,${BASE}`;
export const GROUPS = `ou=groups,${BASE}`;
export const READER = { bindDn: `cn=reader,${BASE}`, password: randomUUID() };
const ADMIN = { bindDn: `cn=admin,${BASE}`, password: randomUUID() };

export interface LdapPerson {
  readonly uid: string;
  readonly givenName: string;
  readonly sn: string;
  readonly title?: string;
}

export interface Slapd {
  readonly url: string;
  /** Bound as the administrator: for joiners, leavers and renames. */
  readonly admin: Client;
  stop(): Promise<void>;
}

/** A real OpenLDAP with these people and groups, on a free port of this machine. */
export async function startSlapd(
  people: readonly LdapPerson[],
  groups: Readonly<Record<string, readonly string[]>>,
  /** So many entries at most, page by page or not. */
  pagedLimit: number | 'unlimited' = 'unlimited',
): Promise<Slapd> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-slapd-'));
  await mkdir(join(folder, 'db'));
  const config = join(folder, 'slapd.conf');
  await writeFile(config, configFile(folder, pagedLimit));
  await writeFile(join(folder, 'start.ldif'), startEntries(people, groups));
  await promisify(execFile)(SLAPADD, ['-q', '-f', config, '-l', join(folder, 'start.ldif')]);
  const url = `ldap://127.0.0.1:${await freePort()}`;
  const server = spawn(SLAPD, ['-f', config, '-h', url, '-d', '0'], { stdio: 'ignore' });
  const admin = await connect(url, ADMIN);
  return {
    url,
    admin,
    async stop() {
      await admin.unbind();
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

function configFile(folder: string, pagedLimit: number | 'unlimited'): string {
  const schemas = ['core', 'cosine', 'inetorgperson'].map(
    (name) => `include /etc/ldap/schema/${name}.schema`,
  );
  return `${schemas.join('\n')}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${folder}/slapd.pid
database mdb
suffix "${BASE}"
directory ${folder}/db
maxsize 67108864
rootdn "${ADMIN.bindDn}"
rootpw ${ADMIN.password}
sizelimit size=${UNPAGED_LIMIT} size.prtotal=${pagedLimit}
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${READER.bindDn}" read by * none
`;
}

function startEntries(
  people: readonly LdapPerson[],
  groups: Readonly<Record<string, readonly string[]>>,
): string {
  const entries = [
    `dn: ${BASE}\nobjectClass: domain\ndc: acme`,
    `dn: ${PEOPLE}\nobjectClass: organizationalUnit\nou: people`,
    `dn: ${GROUPS}\nobjectClass: organizationalUnit\nou: groups`,
    `dn: ${READER.bindDn}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\nuserPassword: ${READER.password}`,
    ...people.map(
      (person) =>
        `dn: uid=${person.uid},${PEOPLE}\n${Object.entries(personAttributes(person))
          .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`))
          .join('\n')}`,
    ),
    ...Object.entries(groups).map(
      ([cn, uids]) =>
        `dn: cn=${cn},${GROUPS}\nobjectClass: groupOfNames\ncn: ${cn}\n${uids
          .map((uid) => `member: uid=${uid},${PEOPLE}`)
          .join('\n')}`,
    ),
  ];
  return `${entries.join('\n\n')}\n`;
}

export function personAttributes({
  uid,
  givenName,
  sn,
  title,
}: LdapPerson): Record<string, string | string[]> {
  return {
    objectClass: 'inetOrgPerson',
    uid,
    cn: `${givenName} ${sn}`,
    givenName,
    sn,
    mail: `${uid}@acme.example`,
    employeeType: 'employee',
    ...(title === undefined ? {} : { title }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** As soon as it answers. */
export async function connect(url: string, who: typeof READER): Promise<Client> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new Client({ url });
    try {
      await client.bind(who.bindDn, who.password);
      return client;
    } catch (error) {
      if (attempt > 12_000) throw error;
      await sleep(25);
    }
  }
}
