import type { AircallSandbox } from '../../src/sandbox/aircall/sandbox.js';
import { makeAircallSandbox } from '../../src/sandbox/aircall/sandbox.js';
import type { Account } from '../../src/tenancy/account.js';
import { addConsolePerson } from './console-people.js';
import type { ConsoleWorld } from './console-world.js';
import { rememberRequests } from './scim-requests-story.js';

const ACTOR = 'cli:olivia';

const PEOPLE = [
  'Ada Lovelace', 'Björn Dahl', 'Chloé Martin', 'Dario Rossi', 'Élodie Petit', 'Farid Haddad', 'Grace Hopper',
  'Hélène Roux', 'Imani Okafor', 'João Silva', 'Kasia Nowak', 'Liam O’Neill', 'Mei Tanaka', 'Nils Berg',
  'Oluwaseun Ade', 'Priya Nair', 'Quentin Blanc', 'Rosa Jiménez', 'Sørine Holm', 'Tomás García', 'Uma Iyer',
  'Viktor Lind', 'Wanda Krol', 'Xavier Dubois', 'Yara Haddad', 'Zoe Clark', 'Anna van den Berg', 'Ben Müller',
] as const; // prettier-ignore

const SUPPORT_RULE = `  - id: support
    when: { group: Support }
    grant: { teams: [Support] }

`;

const RULES = `# Department groups become teams; two groups give a role.
version: 1

defaults:
  role: agent

rules:
  - id: sales-emea
    when: { group: Sales EMEA }
    grant:
      teams: [Sales EMEA]
      numbers:
        - { number: '+33176111111', access: assigned, viaTeam: Sales EMEA }

${SUPPORT_RULE}  - id: success
    when: { group: Customer Success }
    grant:
      teams: [Customer Success]
      numbers:
        - { number: '+442071111111', access: outbound }

  - id: team-leads
    when: { group: Team Leads }
    grant: { role: supervisor }
`;

const GROUPS = ['Sales EMEA', 'Support', 'Customer Success'] as const;

/** A tenant in the middle of its day: people provisioned, leavers parked, a plan held, tasks open. */
export interface Story {
  readonly tenantId: string;
  readonly account: Account;
  readonly sandbox: AircallSandbox;
  /** SCIM ids by name. */
  readonly people: ReadonlyMap<string, string>;
  /** Somebody who came to the console by single sign-on. */
  readonly colleague: string;
  readonly groupIds: ReadonlyMap<string, string>;
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export async function tellStory(world: ConsoleWorld): Promise<Story> {
  const { services } = world;
  const tenant = await services.tenants.create({ slug: 'acme', name: 'Acme Ltd', actor: ACTOR });
  const sandbox = makeAircallSandbox({ settings: { requestsPerMinute: 1_000_000 } });
  const account = await connect(world, tenant.id, sandbox);
  const drain = () => settle(world, account);
  const context = { tenantId: tenant.id, actor: 'scim:okta', correlationId: null };
  const people = new Map<string, string>();
  for (const name of PEOPLE) people.set(name, await addPerson(world, context, name));
  const groupIds = await addGroups(world, context, people);
  await services.rules.save({ tenantId: tenant.id, text: RULES, note: 'First rules', actor: ACTOR });
  await services.tokens.create({
    tenantId: tenant.id,
    kind: 'scim',
    name: 'Okta',
    expiresAt: null,
    actor: ACTOR,
  });
  await rememberRequests(services.database, tenant.id);
  await drain();
  for (const name of ['Nils Berg', 'Wanda Krol', 'Zoe Clark']) {
    await setActive(world, context, people.get(name) ?? '', false);
  }
  await drain();
  const text = RULES.replace(SUPPORT_RULE, '');
  await services.rules.save({
    tenantId: tenant.id,
    text,
    note: 'Support moves to another system',
    actor: ACTOR,
  });
  await drain();
  const entra = { tenantId: tenant.id, actor: ACTOR };
  const { id } = await services.oauthClients.create({ ...entra, name: 'Entra' });
  await services.oauthClients.addSecret({ ...entra, id });
  const colleague = await addConsolePerson(services.database, tenant.id, {
    role: 'admin',
    displayName: 'Amara Admin',
  });
  const stop = () => sandbox.stop();
  return { tenantId: tenant.id, account, sandbox, people, groupIds, colleague, drain, stop };
}

async function connect(world: ConsoleWorld, tenantId: string, sandbox: AircallSandbox): Promise<Account> {
  const { url } = await sandbox.start();
  const { apiId, apiToken } = await sandbox.dashboard.seedCompany({
    name: 'Acme Telephony',
    owner: { email: 'olivia@acme.example', firstName: 'Olivia', lastName: 'Owner' },
    teams: ['Sales EMEA', 'Support'],
    numbers: [
      { name: 'Paris', digits: '+33 1 76 11 11 11', country: 'FR', ringsTeams: ['Sales EMEA'] },
      { name: 'London', digits: '+44 20 7111 1111', country: 'GB', ringsTeams: [] },
    ],
  });
  const { account } = await world.services.accounts.create({
    tenantId,
    name: 'aircall',
    provider: 'aircall',
    config: { baseUrl: url, dashboardUrl: url, requestsPerMinute: 6_000 },
    secrets: { apiId, apiToken },
    settings: {
      safety: { seatCeiling: 40, removalFloor: 5 },
      seatPrice: { amountPerMonth: 30, currency: 'EUR' },
    },
    policy: 'sync',
    validate: true,
    actor: ACTOR,
  });
  return account;
}

type Writer = Parameters<ConsoleWorld['users']['create']>[0];

export async function addPerson(world: ConsoleWorld, context: Writer, name: string): Promise<string> {
  const [givenName = '', ...rest] = name.split(' ');
  const ascii = name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z ]/g, '')
    .toLowerCase();
  const userName = `${ascii
    .split(' ')
    .filter((part) => part !== '')
    .join('.')}@acme.example`;
  const stored = await world.users.create(context, {
    userName,
    displayName: name,
    name: { givenName, familyName: rest.join(' ') },
    emails: [{ value: userName, primary: true, type: 'work' }],
    title: 'Agent',
    active: true,
  });
  return stored.id;
}

async function addGroups(
  world: ConsoleWorld,
  context: Writer,
  people: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...people.values()];
  const groups = new Map<string, string>();
  for (const [index, displayName] of GROUPS.entries()) {
    const members = ids.filter((_, position) => position % GROUPS.length === index);
    groups.set(displayName, (await world.groups.create(context, { displayName }, members)).id);
  }
  groups.set(
    'Team Leads',
    (await world.groups.create(context, { displayName: 'Team Leads' }, ids.slice(0, 2))).id,
  );
  return groups;
}

export async function setActive(
  world: ConsoleWorld,
  context: Writer,
  id: string,
  active: boolean,
): Promise<void> {
  await world.users.modify(context, id, (current) => ({ ...current, active }), { refBase: null });
}

/** Lets the applier work until nothing is left to do now. */
export async function settle(world: ConsoleWorld, { tenantId, id }: Account): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const report = await world.drain({ tenantId, accountId: id }, { sliceMs: 20_000 });
    if (report.type === 'idle') return;
    if (report.type !== 'more') throw new Error(`The drain ended with ${JSON.stringify(report)}.`);
  }
  throw new Error('The drain did not come to rest.');
}
