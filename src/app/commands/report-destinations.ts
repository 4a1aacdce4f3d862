import { Option, type Command } from 'commander';
import { DESTINATION_KINDS, type Destination, type DestinationKind } from '../../report/delivery/ports.js';
import { AppError } from '../../domain/errors.js';
import type { Destinations } from '../../report/delivery/destinations.js';
import { buildDestinations, buildReportDelivery } from '../report-delivery.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';

interface TenantOption {
  readonly tenant: string;
}

interface SubscribeOptions extends TenantOption {
  readonly kind: DestinationKind;
  readonly to: readonly string[];
  readonly cron: string;
  readonly timeZone: string;
  readonly always: boolean;
}

/** `patchbay report subscribe | destinations | send | pause | resume | unsubscribe`: who gets reports, and when. */
export function addDestinationCommands(report: Command, context: CommandContext): void {
  addSubscribe(report, context);
  addList(report, context);
  addSend(report, context);
  for (const [verb, isActive, words] of [
    ['pause', false, 'send a destination nothing until it is resumed'],
    ['resume', true, 'send reports to a paused destination again'],
  ] as const) {
    report
      .command(`${verb} <name>`)
      .description(words)
      .requiredOption('--tenant <slug>', 'tenant')
      .action(async (name: string, options: TenantOption, command: Command) => {
        await withDestination(context, options.tenant, name, ({ destinations, action }) =>
          destinations.setActive(action, isActive),
        );
        print(
          context,
          command,
          { name, isActive },
          `"${name}" is ${isActive ? 'sent reports again' : 'paused'}.`,
        );
      });
  }
  report
    .command('unsubscribe <name>')
    .description('remove a destination and what was sent to it')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: TenantOption, command: Command) => {
      await withDestination(context, options.tenant, name, ({ destinations, action }) =>
        destinations.remove(action),
      );
      print(context, command, { removed: name }, `"${name}" gets no reports any more.`);
    });
}

function addSubscribe(report: Command, context: CommandContext): void {
  report
    .command('subscribe <name>')
    .description('send reports to somebody on a schedule')
    .requiredOption('--tenant <slug>', 'tenant')
    .addOption(
      new Option('--kind <kind>', 'how: by e-mail, as a signed webhook, or into a Slack-compatible chat')
        .choices(DESTINATION_KINDS)
        .makeOptionMandatory(),
    )
    .option('--to <targets...>', 'addresses (default: the contacts for reports), or one URL', [])
    .option('--cron <fields>', 'when: minute, hour, day of month, month, day of week', '0 7 * * 1')
    .option('--time-zone <zone>', 'of the schedule and of the moments in the report', 'UTC')
    .option('--always', 'also when nothing changed', false)
    .action(async (name: string, options: SubscribeOptions, command: Command) => {
      const made = await withDestinations(context, options.tenant, ({ tenantId, destinations }) =>
        destinations.create({
          tenantId,
          name,
          kind: options.kind,
          targets: options.to,
          cron: options.cron,
          timeZone: options.timeZone,
          quietWhenUnchanged: !options.always,
          actor: context.actor,
        }),
      );
      const secret =
        made.secret === null
          ? ''
          : `\nSecret  ${made.secret}\n\nThe receiver checks signatures with it. Copy it now: it is shown this once.`;
      const shown = { ...publicParts(made.destination), secret: made.secret };
      print(
        context,
        command,
        shown,
        `"${name}" gets reports: ${options.cron} (${options.timeZone}).${secret}`,
      );
    });
}

function publicParts({ id, name, kind, config, cron, timeZone, quietWhenUnchanged, isActive }: Destination) {
  return { id, name, kind, config, cron, timeZone, quietWhenUnchanged, isActive };
}

function addList(report: Command, context: CommandContext): void {
  report
    .command('destinations')
    .description('list who gets reports, and what became of the last one')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: TenantOption, command: Command) => {
      const found = await withDestinations(context, options.tenant, async ({ tenantId, destinations }) => ({
        destinations: await destinations.list(tenantId),
        deliveries: await destinations.deliveries(tenantId),
      }));
      const rows = found.destinations.map((one) => {
        const last = found.deliveries.find(({ destinationId }) => destinationId === one.id);
        const where = one.config.url ?? (one.config.recipients ?? ['(contacts)']).join(', ');
        const state = last === undefined ? 'nothing yet' : `${last.state} ${last.lastError ?? ''}`.trim();
        return [one.name, one.kind, where, one.isActive ? `${one.cron} (${one.timeZone})` : 'paused', state];
      });
      const shown = { destinations: found.destinations.map(publicParts), deliveries: found.deliveries };
      print(context, command, shown, renderTable(['name', 'kind', 'to', 'when', 'last one'], rows));
    });
}

function addSend(report: Command, context: CommandContext): void {
  report
    .command('send <name>')
    .description('make a report for a destination and send it now, news or not')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (name: string, options: TenantOption, command: Command) => {
      await withDestination(context, options.tenant, name, async ({ services, action }) => {
        const delivery = buildReportDelivery({ services });
        await delivery.run(action, { isForced: true, actor: context.actor });
        await delivery.deliverDue();
      });
      const text = `A report for "${name}" was made. What became of it: patchbay report destinations --tenant ${options.tenant}`;
      print(context, command, { sent: name }, text);
    });
}

interface Parts {
  readonly services: Services;
  readonly tenantId: string;
  readonly destinations: Destinations;
}

function withDestinations<T>(
  context: CommandContext,
  slug: string,
  work: (parts: Parts) => Promise<T>,
): Promise<T> {
  return context.withServices(async (services) => {
    const { id: tenantId } = await services.tenants.bySlug(slug);
    return work({ services, tenantId, destinations: buildDestinations(services) });
  });
}

type Action = Parameters<Destinations['remove']>[0];

function withDestination<T>(
  context: CommandContext,
  slug: string,
  name: string,
  work: (parts: Parts & { readonly action: Action }) => Promise<T>,
): Promise<T> {
  return withDestinations(context, slug, async (parts) => {
    const all = await parts.destinations.list(parts.tenantId);
    const found = all.find((one) => one.name === name);
    if (found === undefined) {
      const known = all.map((one) => one.name).join(', ') || 'none yet';
      throw new AppError('notFound', `There is no destination "${name}". Destinations: ${known}.`);
    }
    return work({
      ...parts,
      action: { tenantId: parts.tenantId, destinationId: found.id, actor: context.actor },
    });
  });
}
