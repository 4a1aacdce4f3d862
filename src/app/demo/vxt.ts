import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GROUPS } from '../../demo/cast.js';
import { ROLE_OF_GROUP, type Holding } from '../../demo/expectation.js';
import { PAGES } from '../../sandbox/vxt/pages/paths.js';
import { makeVxtSandbox, type VxtSandbox } from '../../sandbox/vxt/sandbox.js';
import type { Account } from '../../tenancy/account.js';
import { buildByHand } from '../by-hand.js';
import type { Services } from '../services.js';
import { findRoot } from '../version.js';
import { askDashboard } from './dashboard.js';
import { startOnKnownPort, type DemoSystem, type DemoSystemOptions } from './system.js';
import { DEMO_RULES_FILE, DEMO_SETTINGS } from './tenant.js';

export const VXT_ACCOUNT = 'vxt';
const ACTOR = 'demo';
const SUPERVISOR = ['Manage User'];

/** VXT has no teams: every department has a line of its own instead, whose people are assigned to it. */
const LINES = GROUPS.filter(({ name }) => ROLE_OF_GROUP[name] === undefined).map(({ name }, index) => ({
  name,
  number: `+649100000${index + 1}`,
}));

const SEED = {
  name: 'Demo Telephony NZ',
  admin: { email: 'owner@demo.example', name: 'Olivia Owner' },
  numbers: LINES,
};

/** A simulated VXT organisation beside the demo's Aircall. Finds everything of an earlier start again. */
export async function startVxtSystem(options: DemoSystemOptions): Promise<DemoSystem> {
  const sandbox = makeVxtSandbox({
    stateFile: join(options.dataDir, 'sandbox', 'vxt.json'),
    settings: { invitations: 'accepted-at-once', dashboardKey: options.memory.dashboardKey },
  });
  const { url, port } = await startOnKnownPort(sandbox, options.port);
  await sandbox.dashboard.seedOrganisation(SEED);
  return {
    url,
    port,
    description: 'simulated VXT, which has no API: people work through checklists there',
    ensureAccount: (services, tenantId) => ensureAccount(services, { tenantId, url, sandbox }),
    stop: () => sandbox.stop(),
  };
}

/** The sandbox may have had to move to another port since the last start. */
async function ensureAccount(
  services: Services,
  { tenantId, url, sandbox }: { tenantId: string; url: string; sandbox: VxtSandbox },
): Promise<void> {
  const config = {
    organisation: SEED.name,
    dashboardUrl: url,
    ...PAGES,
    numbers: LINES.map(({ number }) => number),
    supervisorPermissions: SUPERVISOR,
  };
  const known = await services.accountStore.findByName(tenantId, VXT_ACCOUNT);
  if (known !== null) return services.accounts.setConfig(known, config, ACTOR);
  const { account } = await services.accounts.create({
    tenantId,
    name: VXT_ACCOUNT,
    provider: 'vxt',
    config,
    secrets: {},
    settings: DEMO_SETTINGS,
    policy: 'sync',
    validate: true,
    actor: ACTOR,
  });
  await addLines(services, tenantId);
  await importFirstList(services, account, sandbox);
}

/** The rules that come along, with a number for each department; rules that somebody changed stay theirs. */
async function addLines({ rules }: Services, tenantId: string): Promise<void> {
  const { source } = await rules.get(tenantId);
  if (source !== (await readFile(join(findRoot(), ...DEMO_RULES_FILE), 'utf8'))) return;
  const added = LINES.map(
    ({ name, number }, index) => `
  - id: line-${index + 1}
    accounts: [${VXT_ACCOUNT}]
    when: { group: ${name} }
    grant: { numbers: [{ number: '${number}', access: assigned }] }
`,
  );
  const text = `${source.trimEnd()}\n${added.join('')}`;
  await rules.save({ tenantId, text, note: 'rules of the demo, with lines at VXT', actor: ACTOR });
}

/** As any administrator would: once, and complete, so that it is known who is there. */
async function importFirstList(
  services: Services,
  account: Account,
  { dashboard }: VxtSandbox,
): Promise<void> {
  const { csv, exportedAt } = await dashboard.exportMembers({});
  await importList(services, account, { csv, exportedAt });
}

/** The member list as a complete one by which nobody disappears. */
export async function importList(
  services: Services,
  account: Account,
  { csv, exportedAt }: { readonly csv: string; readonly exportedAt: number },
): Promise<void> {
  const { imports } = buildByHand(services, () => undefined);
  const preview = await imports.preview({
    account,
    fileName: 'members.csv',
    text: csv,
    isComplete: true,
    exportedAt: new Date(exportedAt),
    actor: ACTOR,
  });
  const { digest, row } = preview;
  await imports.apply({ account, importId: row.id, digest, removes: 0, actor: ACTOR });
}

const viewSchema = z.object({
  members: z.array(z.object({ email: z.string(), role: z.string(), permissions: z.array(z.string()) })),
  numbers: z.array(z.object({ name: z.string(), assigned: z.array(z.string()) })),
});

/** What each member really holds at the simulated VXT, the administrator left out: lines stand for teams. */
export async function readVxtHoldings(url: string, dashboardKey: string): Promise<readonly Holding[]> {
  const { members, numbers } = viewSchema.parse(await askDashboard(url, dashboardKey));
  return members
    .filter(({ email }) => email !== SEED.admin.email)
    .map(({ email, role, permissions }) => ({
      email,
      role: role === 'Admin' ? 'admin' : permissions.length > 0 ? 'supervisor' : 'agent',
      teams: numbers.filter(({ assigned }) => assigned.includes(email)).map(({ name }) => name),
    }));
}
