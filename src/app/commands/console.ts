import type { Command } from 'commander';
import { makeOneTimeLogin } from '../../administration/one-time-login.js';
import { makeOneTimeLoginStore } from '../../store/console/one-time-logins.js';
import { makeConsoleAccess } from '../console-access.js';
import { print, type CommandContext } from './context.js';
import { withSso } from './sso-context.js';

/** `patchbay console link | owner | remove-owner`: ways into a tenant's console without an IdP. */
export function addConsoleCommands(program: Command, context: CommandContext): void {
  const console = program.command('console').description("ways into a tenant's console");
  console
    .command('link')
    .description('make a link that signs the owner in, once, within 15 minutes, from this machine only')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: { tenant: string }, command: Command) => {
      const url = await withSso(context, ({ services, sso, publicUrl }) => {
        const store = makeOneTimeLoginStore(services.database);
        const oneTimeLogin = makeOneTimeLogin({ store, now: () => services.clock.now() });
        return makeConsoleAccess({ services, sso, oneTimeLogin, publicUrl }).openConsole(options.tenant);
      });
      print(context, command, { url }, url);
    });
  console
    .command('owner <login>')
    .description(
      'make a break-glass owner with password, authenticator and recovery codes, for when the IdP is down',
    )
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--password-file <path>', 'file with the password; "-" reads standard input')
    .action(async (login: string, options: { tenant: string; passwordFile: string }, command: Command) => {
      const password = (await context.readInput(options.passwordFile)).trimEnd();
      const made = await withSso(context, async ({ services, sso }) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        return sso.localOwners.create({ tenant, loginName: login, password, actor: context.actor });
      });
      const text = [
        `Owner "${login}" can sign in. Shown once, keep both safe:`,
        `  Authenticator  ${made.totpAddress}`,
        `  Recovery codes ${made.recoveryCodes.join(' ')}`,
      ];
      print(context, command, made, text.join('\n'));
    });
  console
    .command('remove-owner <login>')
    .description('remove a break-glass owner, with every session; never the last owner')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (login: string, options: { tenant: string }, command: Command) => {
      await withSso(context, async ({ services, sso }) => {
        const tenant = await services.tenants.bySlug(options.tenant);
        await sso.localOwners.remove({ tenant, loginName: login, actor: context.actor });
      });
      print(context, command, { removed: login }, `Owner "${login}" was removed.`);
    });
}
