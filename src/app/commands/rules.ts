import { InvalidArgumentError, type Command } from 'commander';
import type { Notice } from '../../domain/plan.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';

interface TenantOption {
  readonly tenant: string;
}

/** `patchbay rules check | import | export | history | rollback`. */
export function addRulesCommands(program: Command, context: CommandContext): void {
  const rules = program.command('rules').description('mapping rules: which group gets what');
  const withTenant = <T>(options: TenantOption, work: (services: Services, tenantId: string) => Promise<T>) =>
    context.withServices(async (services) =>
      work(services, (await services.tenants.bySlug(options.tenant)).id),
    );
  rules
    .command('check <file>')
    .description('say whether a rule file is right and what the phone systems cannot hold; saves nothing')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (file: string, options: TenantOption, command: Command) => {
      const text = await context.readInput(file);
      const checked = await withTenant(options, ({ rules: service }, id) => service.check(id, text));
      const count = checked.ruleSet.rules.length;
      print(context, command, checked, `${count} rules, no errors.${listNotices(checked.notices)}`);
    });
  rules
    .command('import <file>')
    .description('save a rule file as the newest version; every account is planned anew')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--note <text>', 'why, for the history')
    .action(async (file: string, options: TenantOption & { note?: string }, command: Command) => {
      const text = await context.readInput(file);
      const note = options.note ?? null;
      const result = await withTenant(options, (services, tenantId) =>
        services.rules.save({ tenantId, text, note, actor: context.actor }),
      );
      const { version } = result.saved;
      const said = result.isNew
        ? `Saved as version ${version}.`
        : `Nothing changed: this is version ${version}.`;
      const value = { version, isNew: result.isNew, notices: result.notices };
      print(context, command, value, `${said}${listNotices(result.notices)}`);
    });
  addHistory(rules, context, withTenant);
}

type WithTenant = <T>(
  options: TenantOption,
  work: (services: Services, tenantId: string) => Promise<T>,
) => Promise<T>;

function addHistory(rules: Command, context: CommandContext, withTenant: WithTenant): void {
  rules
    .command('export')
    .description('print the rules as they were imported')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--rules-version <number>', 'an older version (default: the newest)', parseVersion)
    .action(async (options: TenantOption & { rulesVersion?: number }, command: Command) => {
      const found = await withTenant(options, ({ rules: service }, id) =>
        service.get(id, options.rulesVersion),
      );
      print(context, command, found, found.source.trimEnd());
    });
  rules
    .command('history')
    .description('list the versions, newest first')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: TenantOption, command: Command) => {
      const versions = await withTenant(options, ({ rules: service }, id) => service.list(id));
      const rows = versions.map(({ version, createdAt, createdBy, ruleSet, note }) => [
        String(version), createdAt.toISOString(), createdBy, String(ruleSet.rules.length), note ?? '',
      ]); // prettier-ignore
      print(context, command, versions, renderTable(['version', 'saved', 'by', 'rules', 'note'], rows));
    });
  rules
    .command('rollback <version>')
    .description('make an older version the newest one again')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (version: string, options: TenantOption, command: Command) => {
      const number = parseVersion(version);
      const saved = await withTenant(options, (services, tenantId) =>
        services.rules.rollBack({ tenantId, version: number, actor: context.actor }),
      );
      print(
        context,
        command,
        { version: saved.version },
        `Version ${number} is back, as version ${saved.version}.`,
      );
    });
}

function parseVersion(text: string): number {
  const version = Number(text);
  if (Number.isInteger(version) && version > 0) return version;
  throw new InvalidArgumentError('Give a version number, such as 3.');
}

function listNotices(notices: readonly Notice[]): string {
  return notices.map((notice) => `\n  note: ${notice.message}`).join('');
}
