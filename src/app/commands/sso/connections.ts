import { Option, type Command } from 'commander';
import { AppError } from '../../../domain/errors.js';
import { IDP_KINDS, type IdpKind } from '../../../sso/connection.js';
import { renderTable } from '../../terminal.js';
import { print, type CommandContext } from '../context.js';
import { withTenantSso } from '../sso-context.js';
import { addSourceOptions, readSource, type SourceOptions } from './source.js';
import { connectionText } from './text.js';

interface TenantOption {
  readonly tenant: string;
}

interface CreateOptions extends TenantOption, SourceOptions {
  readonly label?: string;
  readonly idp?: IdpKind;
}

/** `patchbay sso create | list | show | metadata | idp | refresh | enable | disable | remove`. */
export function addConnectionCommands(sso: Command, context: CommandContext): void {
  addCreate(sso, context);
  addReading(sso, context);
  addIdp(sso, context);
  addState(sso, context);
}

function addCreate(sso: Command, context: CommandContext): void {
  const create = sso
    .command('create <name>')
    .description('add a connection; without the identity provider it is a draft that shows our side already')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--label <text>', 'what people see on the button')
    .addOption(new Option('--idp <kind>', 'whose words to use (default: guessed)').choices(IDP_KINDS));
  addSourceOptions(create).action(async (name: string, options: CreateOptions, command: Command) => {
    const source = await readSource(context, options);
    const view = await withTenantSso(context, options.tenant, (parts, tenant) =>
      parts.connections.create({
        tenant,
        name,
        actor: context.actor,
        ...(options.label === undefined ? {} : { label: options.label }),
        ...(options.idp === undefined ? {} : { idpKind: options.idp }),
        ...(source === null ? {} : { source }),
      }),
    );
    print(context, command, view, connectionText(view));
  });
}

function addReading(sso: Command, context: CommandContext): void {
  sso
    .command('list')
    .description('list the connections of a tenant')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: TenantOption, command: Command) => {
      const views = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.connections.list(tenant),
      );
      const rows = views.map(({ name, state, idpKind, idp }) => [name, state, idpKind, idp?.entityId ?? '']);
      print(context, command, views, renderTable(['name', 'state', 'kind', 'identity provider'], rows));
    });
  sso
    .command('show <name>')
    .description('show both sides of a connection, its roles and certificates')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: TenantOption, command: Command) => {
      const view = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.connections.view(tenant, name),
      );
      print(context, command, view, connectionText(view));
    });
  sso
    .command('metadata <name>')
    .description('print our side as metadata XML, for the identity provider')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: TenantOption, command: Command) => {
      const metadata = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.connections.metadata(tenant, name),
      );
      print(context, command, { metadata }, metadata);
    });
}

function addIdp(sso: Command, context: CommandContext): void {
  const idp = sso
    .command('idp <name>')
    .description("replace the identity provider's side: metadata address, file, or single values")
    .requiredOption('--tenant <slug>', 'tenant');
  addSourceOptions(idp).action(
    async (name: string, options: TenantOption & SourceOptions, command: Command) => {
      const source = await readSource(context, options);
      if (source === null) {
        throw new AppError('invalid', 'Name the identity provider, such as with --metadata-url.');
      }
      const view = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.connections.setIdp(tenant, name, source, context.actor),
      );
      print(context, command, view, connectionText(view));
    },
  );
  sso
    .command('refresh <name>')
    .description('read the metadata address now')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: TenantOption, command: Command) => {
      const view = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.connections.refreshMetadata(tenant, name, context.actor),
      );
      print(context, command, view, connectionText(view));
    });
}

function addState(sso: Command, context: CommandContext): void {
  const states = [
    { verb: 'enable', state: 'active', text: 'let people sign in with a connection', done: 'is on' },
    {
      verb: 'disable',
      state: 'disabled',
      text: 'switch a connection off; the sessions that it opened end at once',
      done: 'is off',
    },
  ] as const;
  for (const { verb, state, text, done } of states) {
    sso
      .command(`${verb} <name>`)
      .description(text)
      .requiredOption('--tenant <slug>', 'tenant')
      .action(async (name: string, options: TenantOption, command: Command) => {
        const view = await withTenantSso(context, options.tenant, (parts, tenant) =>
          parts.connections.setState(tenant, name, state, context.actor),
        );
        print(context, command, view, `Connection "${name}" ${done}.`);
      });
  }
  sso
    .command('remove <name>')
    .description('remove a draft that nobody has signed in with')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: TenantOption, command: Command) => {
      await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.connections.removeDraft(tenant, name, context.actor),
      );
      print(context, command, { removed: name }, `Connection "${name}" was removed.`);
    });
}
