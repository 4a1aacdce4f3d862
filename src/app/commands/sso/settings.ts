import type { Command } from 'commander';
import { parse } from 'yaml';
import { AppError } from '../../../domain/errors.js';
import type { RoleRule } from '../../../sso/connection.js';
import { CONSOLE_ROLES } from '../../../sso/console-role.js';
import { print, type CommandContext } from '../context.js';
import { withTenantSso } from '../sso-context.js';
import { connectionText } from './text.js';

/** `patchbay sso settings | roles`: how a connection behaves, and who gets in as what. */
export function addSettingCommands(sso: Command, context: CommandContext): void {
  sso
    .command('settings <name>')
    .description('show the settings, or change those that a YAML or JSON file names')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--file <path>', 'settings to change; "-" reads standard input')
    .action(async (name: string, options: { tenant: string; file?: string }, command: Command) => {
      const patch = options.file === undefined ? null : readYaml(await context.readInput(options.file));
      const { settings } = await withTenantSso(context, options.tenant, (parts, tenant) =>
        patch === null
          ? parts.connections.view(tenant, name)
          : parts.connections.setSettings(tenant, name, patch, context.actor),
      );
      print(context, command, settings, JSON.stringify(settings, null, 2));
    });
  sso
    .command('roles <name>')
    .description('replace which groups and people get which console role; without --map they are shown')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--map <rule...>', 'in order, such as "groups=IT Admins:owner" or "email=ada@example.com:admin"')
    .option('--none', 'remove every rule: nobody gets in')
    .addHelpText(
      'after',
      `\nRoles: ${CONSOLE_ROLES.join(', ')}. Values are compared exactly; the first rule that matches counts.`,
    )
    .action(async (name: string, options: RoleOptions, command: Command) => {
      const rules = options.none === true ? [] : options.map?.map((text) => readRule(text));
      const view = await withTenantSso(context, options.tenant, (parts, tenant) =>
        rules === undefined
          ? parts.connections.view(tenant, name)
          : parts.connections.setRoleMapping(tenant, name, rules, context.actor),
      );
      print(context, command, view.settings.roleRules, connectionText(view));
    });
}

interface RoleOptions {
  readonly tenant: string;
  readonly map?: readonly string[];
  readonly none?: boolean;
}

/** `attribute=value:role`. Values may hold both signs: the first equals sign and the last colon count. */
function readRule(text: string): RoleRule {
  const equals = text.indexOf('=');
  const colon = text.lastIndexOf(':');
  const role = CONSOLE_ROLES.find((known) => known === text.slice(colon + 1));
  if (equals < 1 || colon < equals + 2 || role === undefined) {
    throw new AppError(
      'invalid',
      `"${text.slice(0, 80)}" is no role rule. Write attribute=value:role, such as "groups=IT Admins:owner". Roles: ${CONSOLE_ROLES.join(', ')}.`,
    );
  }
  return { attribute: text.slice(0, equals), value: text.slice(equals + 1, colon), role };
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new AppError('invalid', 'The settings file is neither YAML nor JSON. Nothing was changed.', {
      cause: error,
    });
  }
}
