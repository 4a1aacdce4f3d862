import type { Command } from 'commander';
import type { DomainView } from '../../../sso/domains.js';
import { renderTable } from '../../terminal.js';
import { print, type CommandContext } from '../context.js';
import { withTenantSso } from '../sso-context.js';
import { day } from './text.js';

interface TenantOption {
  readonly tenant: string;
}

/** `patchbay sso domain add | verify | list | remove`: e-mail domains, proven by DNS. */
export function addDomainCommands(sso: Command, context: CommandContext): void {
  const domain = sso.command('domain').description('e-mail domains of a tenant, proven by a DNS record');
  domain
    .command('add <domain>')
    .description('add a domain and print the TXT record that proves it')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: TenantOption, command: Command) => {
      const view = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.domains.claim(tenant.id, name, context.actor),
      );
      print(context, command, view, domainText(view));
    });
  domain
    .command('verify <domain>')
    .description('look for the record now')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: TenantOption, command: Command) => {
      const view = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.domains.verify(tenant.id, name, context.actor),
      );
      if (view.verifiedAt === null || view.lostAt !== null) process.exitCode = 3;
      print(context, command, view, domainText(view));
    });
  domain
    .command('list')
    .description('list the domains')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: TenantOption, command: Command) => {
      const views = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.domains.list(tenant.id),
      );
      const rows = views.map((view) => [view.domain, stateOf(view), view.problem ?? '']);
      print(context, command, views, renderTable(['domain', 'state', 'problem'], rows));
    });
  domain
    .command('remove <domain>')
    .description('take a domain off the list')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--confirm <domain>', 'the domain once more, if it is proven')
    .action(async (name: string, options: TenantOption & { confirm?: string }, command: Command) => {
      await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.domains.remove(tenant.id, name, context.actor, options.confirm ?? null),
      );
      print(context, command, { removed: name }, `The domain ${name} was removed.`);
    });
}

function stateOf({ verifiedAt, lostAt }: DomainView): string {
  if (lostAt !== null) return `record gone since ${day(lostAt)}`;
  return verifiedAt === null ? 'not proven' : `proven ${day(verifiedAt)}`;
}

const LOST =
  'Its people sign in as before, unless another organisation proves the domain two weeks later. Put the record back if the domain is yours, or remove the domain if it is not any more.';

function domainText(view: DomainView): string {
  const lines = [`${view.domain}: ${stateOf(view)}`];
  if (view.lostAt !== null) lines.push('', LOST);
  if (view.verifiedAt === null || view.lostAt !== null) {
    lines.push(
      '',
      'Put this into DNS',
      `  name   ${view.recordName}`,
      '  type   TXT',
      `  value  ${view.recordValue}`,
    );
  }
  return [...lines, ...(view.problem === null ? [] : ['', view.problem])].join('\n');
}
