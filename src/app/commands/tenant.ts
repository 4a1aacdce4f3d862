import type { Command } from 'commander';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';

/** `patchbay tenant create | list`. */
export function addTenantCommands(program: Command, context: CommandContext): void {
  const tenant = program.command('tenant').description('customer organisations');
  tenant
    .command('create <slug>')
    .description('add a tenant; the slug is its short name in commands, such as "acme"')
    .option('--name <name>', 'name for people (default: the slug)')
    .action(async (slug: string, options: { name?: string }, command: Command) => {
      const created = await context.withServices(({ tenants }) =>
        tenants.create({ slug, actor: context.actor, ...options }),
      );
      const next = `Next: patchbay token create --tenant ${slug}`;
      print(context, command, created, `Tenant "${created.slug}" was created.\n${next}`);
    });
  tenant
    .command('list')
    .description('list the tenants')
    .action(async (_options: object, command: Command) => {
      const tenants = await context.withServices((services) => services.tenants.list());
      const rows = tenants.map(({ slug, name, createdAt }) => [
        slug,
        name,
        createdAt.toISOString().slice(0, 10),
      ]);
      const table = renderTable(['tenant', 'name', 'created'], rows);
      print(
        context,
        command,
        tenants,
        rows.length === 0 ? 'No tenant yet: patchbay tenant create <slug>' : table,
      );
    });
}
