import { Option, type Command } from 'commander';
import type { AccountPolicy } from '../../domain/plan.js';
import { providerDefinition } from '../../providers/registry.js';
import { accountWarnings, type Account } from '../../tenancy/account.js';
import { buildEngine } from '../engine.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { addAdoption } from './adoption.js';
import { print, readYaml, type CommandContext } from './context.js';

const POLICIES = ['report-only', 'upsert-only', 'sync'] as const satisfies readonly AccountPolicy[];

interface CreateOptions {
  readonly tenant: string;
  readonly provider: string;
  readonly settings?: string;
  readonly credential?: string;
  readonly policy?: AccountPolicy;
  readonly check: boolean;
}

/** `patchbay account create | list | adoption | policy | settings | credential | pause | resume | webhook`. */
export function addAccountCommands(program: Command, context: CommandContext): void {
  const account = program.command('account').description('phone systems of a tenant');
  addCreate(account, context);
  addList(account, context);
  addAdoption(account, context);
  account
    .command('policy <name>')
    .description('choose what Patchbay may do there')
    .requiredOption('--tenant <slug>', 'tenant')
    .addOption(new Option('--set <policy>', 'new policy').choices(POLICIES).makeOptionMandatory())
    .action(async (name: string, options: { tenant: string; set: AccountPolicy }, command: Command) => {
      await withAccount(context, options.tenant, name, async (services, found) => {
        await services.accounts.setPolicy(found, options.set, context.actor);
        await services.lookAgain(found);
      });
      print(
        context,
        command,
        { account: name, policy: options.set },
        `Account "${name}" is now ${options.set}.`,
      );
    });
  account
    .command('settings <name>')
    .description('show the settings, or replace them from a YAML or JSON file')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--file <path>', 'new settings; "-" reads standard input')
    .action(async (name: string, options: { tenant: string; file?: string }, command: Command) => {
      const settings = await withAccount(context, options.tenant, name, async (services, found) => {
        if (options.file === undefined) return found.settings;
        const wanted = await readYaml(context, options.file);
        const saved = await services.accounts.setSettings(found, wanted, context.actor);
        await services.lookAgain(found);
        return saved;
      });
      print(context, command, settings, JSON.stringify(settings, null, 2));
    });
  addCredentialAndPause(account, context);
  addWebhook(account, context);
}

interface WebhookOptions {
  readonly tenant: string;
  readonly register?: boolean;
  readonly remove?: boolean;
}

function addWebhook(account: Command, context: CommandContext): void {
  account
    .command('webhook <name>')
    .description('have the vendor say at once when people come or go; shows what is registered')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--register', 'register it at the vendor, in the place of an older one')
    .option('--remove', 'remove it there and here')
    .addHelpText(
      'after',
      '\nThe vendor must reach PATCHBAY_PUBLIC_URL. What it says is a hint: Patchbay reads for itself.',
    )
    .action(async (name: string, options: WebhookOptions, command: Command) => {
      const found = await withAccount(context, options.tenant, name, async (services, { tenantId, id }) => {
        const { webhooks } = buildEngine(services).vendorHints;
        const key = { tenantId, accountId: id };
        if (options.register === true) return webhooks.register(key, context.actor);
        if (options.remove === true) await webhooks.remove(key, context.actor);
        return webhooks.find(key);
      });
      if (found === null) return print(context, command, null, 'No webhook is registered.');
      const { url, remoteId, createdAt, lastEventAt } = found;
      const heard =
        lastEventAt === null ? 'nothing was heard yet' : `last heard ${lastEventAt.toISOString()}`;
      print(
        context,
        command,
        { url, remoteId, createdAt, lastEventAt },
        `${url}\nRegistered ${createdAt.toISOString()}; ${heard}.`,
      );
    });
}

function addCreate(account: Command, context: CommandContext): void {
  account
    .command('create <name>')
    .description('connect a phone system; starts in report-only')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--provider <id>', 'vendor, such as aircall')
    .option(
      '--credential <path>',
      'YAML or JSON file with the credential; "-" reads standard input; not for systems without an API',
    )
    .option('--settings <path>', "YAML or JSON file with the vendor's settings")
    .addOption(new Option('--policy <policy>', 'what Patchbay may do').choices(POLICIES))
    .option('--no-check', 'store it without trying the credential')
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const config = options.settings === undefined ? {} : await readYaml(context, options.settings);
      const secrets = options.credential === undefined ? {} : await readYaml(context, options.credential);
      const created = await context.withServices(async (services) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        const { account: made, facts } = await services.accounts.create({
          tenantId: tenant.id,
          name,
          provider: options.provider,
          config,
          secrets,
          validate: options.check,
          actor: context.actor,
          ...(options.policy === undefined ? {} : { policy: options.policy }),
        });
        return { id: made.id, name: made.name, provider: made.provider, policy: made.policy, facts };
      });
      const company = created.facts === null ? '' : ` of ${created.facts.companyName}`;
      const isByHand = providerDefinition(created.provider).capabilities.writes === 'manual';
      const next = isByHand
        ? `It has no API, so its member list comes first: patchbay import ${name} --tenant ${options.tenant} --file members.csv --complete`
        : `See what would change: patchbay plan --tenant ${options.tenant} --account ${name}`;
      print(
        context,
        command,
        created,
        `Account "${name}"${company} is connected (${created.policy}).\n${next}`,
      );
    });
}

function addList(account: Command, context: CommandContext): void {
  account
    .command('list')
    .description('list the accounts of a tenant')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: { tenant: string }, command: Command) => {
      const accounts = await context.withServices(async (services) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        return services.accounts.list(tenant.id);
      });
      const rows = accounts.map(({ name, provider, policy, state, pausedReason }) => [
        name, provider, policy, pausedReason === null ? state : `paused: ${pausedReason}`,
      ]); // prettier-ignore
      // The credential's envelope is of no use to a reader, encrypted or not.
      const shown = accounts.map(({ secrets: _secrets, archiveSecrets: _archive, ...rest }) => rest);
      const warnings = accounts.flatMap((one) => accountWarnings(one).map((text) => `${one.name}: ${text}`));
      const table = renderTable(['account', 'vendor', 'policy', 'state'], rows);
      print(context, command, shown, [table, ...warnings].join('\n'));
    });
}

function addCredentialAndPause(account: Command, context: CommandContext): void {
  account
    .command('credential <name>')
    .description('replace the credential after trying it; resumes a paused account')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--file <path>', 'YAML or JSON file; "-" reads standard input')
    .action(async (name: string, options: { tenant: string; file: string }, command: Command) => {
      const secrets = await readYaml(context, options.file);
      const facts = await withAccount(context, options.tenant, name, async (services, found) => {
        const reached = await services.accounts.setSecrets(found, secrets, context.actor);
        await services.lookAgain(found);
        return reached;
      });
      print(context, command, { account: name, facts }, `The new credential works (${facts.companyName}).`);
    });
  account
    .command('archive-credential <name>')
    .description("store the credential of the archive's bucket: accessKeyId and secretAccessKey")
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--file <path>', 'YAML or JSON file; "-" reads standard input')
    .action(async (name: string, options: { tenant: string; file: string }, command: Command) => {
      const secrets = await readYaml(context, options.file);
      await withAccount(context, options.tenant, name, (services, found) =>
        services.accounts.setArchiveSecrets(found, secrets, context.actor),
      );
      print(context, command, { account: name }, 'The credential of the archive was stored.');
    });
  for (const [verb, reason] of [
    ['pause', 'paused by hand'],
    ['resume', null],
  ] as const) {
    // prettier-ignore
    account
      .command(`${verb} <name>`)
      .description(verb === 'pause' ? 'make no further call to the vendor' : 'go on where it was paused')
      .requiredOption('--tenant <slug>', 'tenant')
      .action(async (name: string, options: { tenant: string }, command: Command) => {
        await withAccount(context, options.tenant, name, async (services, found) => {
          await services.accounts.setPaused(found, reason, context.actor);
          if (reason === null) await services.lookAgain(found);
        });
        print(context, command, { account: name, state: verb }, `Account "${name}": ${verb}d.`);
      });
  }
}

async function withAccount<T>(
  context: CommandContext,
  tenantSlug: string,
  name: string,
  work: (services: Services, account: Account) => Promise<T>,
): Promise<T> {
  return context.withServices(async (services) => {
    const tenant = await services.tenants.bySlug(tenantSlug);
    return work(services, await services.accounts.byName(tenant.id, name));
  });
}
