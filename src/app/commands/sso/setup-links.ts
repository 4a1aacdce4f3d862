import { InvalidArgumentError, type Command } from 'commander';
import type { SetupLinkView } from '../../../sso/setup-links.js';
import { renderTable } from '../../terminal.js';
import { print, type CommandContext } from '../context.js';
import { withTenantSso } from '../sso-context.js';
import { day } from './text.js';

interface TenantOption {
  readonly tenant: string;
}

interface CreateOptions extends TenantOption {
  readonly label: string;
  readonly to?: string;
  readonly days?: number;
  readonly maxOpens?: number;
}

/** `patchbay sso link create | list | revoke`: links by which an IT admin sets everything up alone. */
export function addSetupLinkCommands(sso: Command, context: CommandContext): void {
  const link = sso
    .command('link')
    .description('setup links: an IT admin connects their identity provider alone');
  link
    .command('create')
    .description('make a link; its address is shown once')
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--label <text>', 'whom it is for')
    .option('--to <e-mail>', 'send it there as well, through SMTP_URL')
    .option('--days <days>', 'how long it is good, up to 30 (default: 5)', readNumber)
    .option('--max-opens <count>', 'how often it can be opened, up to 100 (default: 10)', readNumber)
    .action(async (options: CreateOptions, command: Command) => {
      const { days, maxOpens, label, to } = options;
      const made = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.setupLinks.create({
          tenantId: tenant.id,
          label,
          actor: context.actor,
          ...(to === undefined ? {} : { to }),
          ...(days === undefined ? {} : { days }),
          ...(maxOpens === undefined ? {} : { maxOpens }),
        }),
      );
      const until = `Good until ${made.link.expiresAt.toISOString()}, for ${String(made.link.maxOpens)} openings.`;
      print(
        context,
        command,
        { url: made.url, link: tell(made.link) },
        `${made.url}\n\n${to === undefined ? '' : `It is on its way to ${to}. `}${until} The address is not shown again.`,
      );
    });
  link
    .command('list')
    .description('list the links and where each set-up stands')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: TenantOption, command: Command) => {
      const links = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.setupLinks.list(tenant.id),
      );
      const rows = links.map((one) => [
        one.id,
        one.sentTo === null ? one.label : `${one.label} <${one.sentTo}>`,
        one.state,
        one.progress.step,
        `${String(one.openedCount)} of ${String(one.maxOpens)}`,
        day(one.expiresAt),
      ]);
      print(
        context,
        command,
        links.map(tell),
        renderTable(['id', 'for', 'state', 'step', 'opened', 'until'], rows),
      );
    });
  link
    .command('revoke <id>')
    .description('end a link, and whatever is open by it')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (id: string, options: TenantOption, command: Command) => {
      await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.setupLinks.revoke(tenant.id, id, context.actor),
      );
      print(context, command, { revoked: id }, 'The setup link was revoked.');
    });
}

function tell({
  tenantId: _tenant,
  connectionId: _connection,
  version: _version,
  progress,
  ...link
}: SetupLinkView) {
  return { ...link, step: progress.step };
}

function readNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number.');
}
