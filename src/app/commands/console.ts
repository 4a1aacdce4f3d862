import type { Command } from 'commander';
import { derivePublicUrl } from '../../config/config.js';
import { makeOneTimeLogin } from '../../administration/one-time-login.js';
import { makeOneTimeLoginStore } from '../../store/console/one-time-logins.js';
import { makeConsoleAccess } from '../console-access.js';
import type { Services } from '../services.js';
import { buildSso } from '../sso.js';
import { print, type CommandContext } from './context.js';

/** `patchbay console link | owner`: ways into a tenant's console without an IdP. */
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
}

interface SsoContext {
  readonly services: Services;
  readonly sso: ReturnType<typeof buildSso>;
  readonly publicUrl: string;
}

function withSso<T>(context: CommandContext, work: (parts: SsoContext) => Promise<T>): Promise<T> {
  return context.withServices(async (services) => {
    const publicUrl = derivePublicUrl(context.config, context.config.port);
    const sso = buildSso({ services, publicUrl, onDirectoryChange: () => undefined });
    try {
      return await work({ services, sso, publicUrl });
    } finally {
      sso.close();
    }
  });
}
