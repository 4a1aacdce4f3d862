import { Option, type Command } from 'commander';
import { IDP_KINDS, type IdpFacts, type IdpKind } from '../../report/idp-port.js';
import { idpSource } from '../../report/missed-pushes/compare.js';
import type { IdpSource } from '../../report/missed-pushes/source.js';
import { buildEngine } from '../engine.js';
import type { Comparisons } from '../comparisons.js';
import { renderTable } from '../terminal.js';
import { COMPARED_EXIT_CODES, printOutcome, tellProgress } from './comparison-outcome.js';
import { print, readYaml, type CommandContext } from './context.js';

/** `patchbay idp connect | list | test | compare | config | settings | credential | remove`. */
export function addIdpCommands(program: Command, context: CommandContext): void {
  const idp = program
    .command('idp')
    .description("read-only connections to identity providers' own lists, to find pushes that never came");
  addConnect(idp, context);
  addList(idp, context);
  addTest(idp, context);
  addCompare(idp, context);
  addChanges(idp, context);
}

interface ConnectOptions {
  readonly tenant: string;
  readonly kind: IdpKind;
  readonly config: string;
  readonly credential: string;
  readonly settings?: string;
}

function addConnect(idp: Command, context: CommandContext): void {
  idp
    .command('connect <name>')
    .description('connect after trying the credential; the first comparison follows at once')
    .requiredOption('--tenant <slug>', 'tenant')
    .addOption(new Option('--kind <kind>', 'identity provider').choices(IDP_KINDS).makeOptionMandatory())
    .requiredOption(
      '--config <path>',
      'YAML or JSON file with the provider\'s settings; "-" reads standard input',
    )
    .requiredOption('--credential <path>', 'YAML or JSON file with the credential')
    .option('--settings <path>', 'YAML or JSON file: attributes, isOnlySource, compareCron and so on')
    .addHelpText('after', '\nThe settings of each kind stand in the README under "Missed pushes".')
    .action(async (name: string, options: ConnectOptions, command: Command) => {
      const config = await readYaml(context, options.config);
      const secrets = await readYaml(context, options.credential);
      const settings = options.settings === undefined ? undefined : await readYaml(context, options.settings);
      const made = await withComparisons(
        context,
        options.tenant,
        async ({ idpSources, requested }, tenantId) => {
          const { actor } = context;
          const created = await idpSources.create({
            tenantId,
            name,
            kind: options.kind,
            config,
            secrets,
            settings,
            actor,
          });
          await requested.ask(idpSource(created.source), 'manual');
          return { ...shown(created.source), facts: created.facts };
        },
      );
      print(context, command, made, `Connected: ${describeFacts(made.facts)}. It is compared now.`);
    });
}

function addList(idp: Command, context: CommandContext): void {
  idp
    .command('list')
    .description('list the connections of a tenant')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: { tenant: string }, command: Command) => {
      const found = await withComparisons(context, options.tenant, ({ idpSources }, tenantId) =>
        idpSources.list(tenantId),
      );
      const rows = found.map(({ name, kind, pausedReason, comparedAt }) => [
        name,
        kind,
        comparedAt?.toISOString() ?? 'never',
        pausedReason === null ? 'active' : `paused: ${pausedReason}`,
      ]);
      print(
        context,
        command,
        found.map(shown),
        renderTable(['connection', 'kind', 'last read', 'state'], rows),
      );
    });
}

function addTest(idp: Command, context: CommandContext): void {
  idp
    .command('test <name>')
    .description('try the stored credential: what it reaches')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: { tenant: string }, command: Command) => {
      const facts = await withSource(context, options.tenant, name, ({ idpSources }, source) =>
        idpSources.test(source),
      );
      print(context, command, facts, `It works: ${describeFacts(facts)}.`);
    });
}

function addCompare(idp: Command, context: CommandContext): void {
  idp
    .command('compare <name>')
    .description('compare the directory here with the identity provider now, in this process')
    .requiredOption('--tenant <slug>', 'tenant')
    .addHelpText('after', `\n${COMPARED_EXIT_CODES}`)
    .action(async (name: string, options: { tenant: string }, command: Command) => {
      const outcome = await withSource(context, options.tenant, name, ({ compareNow }, source) =>
        compareNow(idpSource(source), 'manual', tellProgress(context.terminal)),
      );
      printOutcome(
        context,
        command,
        outcome,
        `--tenant ${options.tenant} --connection ${JSON.stringify(name)}`,
      );
    });
}

function addChanges(idp: Command, context: CommandContext): void {
  const change = (
    verb: string,
    description: string,
    run: (comparisons: Comparisons, source: IdpSource, value: unknown) => Promise<unknown>,
  ): void => {
    idp
      .command(`${verb} <name>`)
      .description(description)
      .requiredOption('--tenant <slug>', 'tenant')
      .requiredOption('--file <path>', 'YAML or JSON file; "-" reads standard input')
      .action(async (name: string, options: { tenant: string; file: string }, command: Command) => {
        const value = await readYaml(context, options.file);
        const result = await withSource(context, options.tenant, name, (comparisons, source) =>
          run(comparisons, source, value),
        );
        print(context, command, { name, result }, `Connection "${name}": saved.`);
      });
  };
  change('config', "replace the provider's settings after trying them", ({ idpSources }, source, value) =>
    idpSources.setConfig(source, value, context.actor),
  );
  change('settings', 'replace what is compared, and when', ({ idpSources }, source, value) =>
    idpSources.setSettings(source, value, context.actor),
  );
  change(
    'credential',
    'replace the credential after trying it; a paused connection goes on',
    ({ idpSources }, source, value) => idpSources.setSecrets(source, value, context.actor),
  );
  idp
    .command('remove <name>')
    .description('remove the connection with its readings and findings; people stay as they are')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: { tenant: string }, command: Command) => {
      await withSource(context, options.tenant, name, ({ idpSources }, source) =>
        idpSources.remove(source, context.actor),
      );
      print(context, command, { name }, `Connection "${name}" was removed.`);
    });
}

function withComparisons<T>(
  context: CommandContext,
  tenant: string,
  work: (comparisons: Comparisons, tenantId: string) => Promise<T>,
): Promise<T> {
  return context.withServices(async (services) => {
    const { id } = await services.tenants.bySlug(tenant);
    return work(buildEngine(services).comparisons, id);
  });
}

function withSource<T>(
  context: CommandContext,
  tenant: string,
  name: string,
  work: (comparisons: Comparisons, source: IdpSource) => Promise<T>,
): Promise<T> {
  return withComparisons(context, tenant, async (comparisons, tenantId) =>
    work(comparisons, await comparisons.idpSources.byName(tenantId, name)),
  );
}

/** The credential's envelope is of no use to a reader, encrypted or not. */
function shown({ secrets: _secrets, ...source }: IdpSource): Omit<IdpSource, 'secrets'> {
  return source;
}

function describeFacts({ name, details }: IdpFacts): string {
  const facts = Object.entries(details).map(([key, value]) => `${key} ${value}`);
  return [name, ...facts].join(', ');
}
