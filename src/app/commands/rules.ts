import { InvalidArgumentError, type Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import type { Notice } from '../../domain/plan.js';
import type { ImpactOnAccount } from '../../domain/impact.js';
import { heldBecause, losers, unknownOf, type RuleChange } from '../../rules/changes.js';
import type { RulesSource } from '../../rules/rules.js';
import { buildEngine } from '../engine.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import { addRulesDiff } from './rules-diff.js';
import { impactJson, renderImpacts } from './rules-impact-text.js';

interface TenantOption {
  readonly tenant: string;
}

/** `patchbay rules check | impact | import | export | history | rollback | diff`. */
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
  addImpact(rules, context, withTenant);
  addImport(rules, context, withTenant);
  addHistory(rules, context, withTenant);
  addRulesDiff(rules, context);
}

type WithTenant = <T>(
  options: TenantOption,
  work: (services: Services, tenantId: string) => Promise<T>,
) => Promise<T>;

function addImpact(rules: Command, context: CommandContext, withTenant: WithTenant): void {
  rules
    .command('impact [file]')
    .description('show who would gain and lose what with these rules, and what it takes; saves nothing')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--rules-version <number>', 'an older version instead of a file', parseVersion)
    .action(
      async (
        file: string | undefined,
        options: TenantOption & { rulesVersion?: number },
        command: Command,
      ) => {
        const source = await proposedSource(context, file, options.rulesVersion);
        const { impact } = await withTenant(options, (services, tenantId) =>
          buildEngine(services).ruleChanges.preview(tenantId, source),
        );
        print(context, command, impactJson(impact), renderImpacts(impact));
        if (unknownOf(impact).length > 0) process.exitCode = 1;
      },
    );
}

async function proposedSource(
  context: CommandContext,
  file: string | undefined,
  version: number | undefined,
): Promise<RulesSource> {
  if ((file === undefined) === (version === undefined)) {
    throw new AppError('invalid', 'Name either a rule file or --rules-version.');
  }
  return file === undefined ? { version: version ?? 0 } : { text: await context.readInput(file) };
}

interface SaveOptions extends TenantOption {
  readonly note?: string;
  readonly yes?: boolean;
  readonly impact: boolean;
}

/** What saving a file and going back to a version have in common. */
function savingCommand(rules: Command, nameAndArguments: string, description: string): Command {
  return rules
    .command(nameAndArguments)
    .description(description)
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--note <text>', 'why, for the history')
    .option('--yes', 'save although somebody would lose something; the removals still wait for approval')
    .option('--no-impact', 'save without asking the phone systems what would change');
}

function addImport(rules: Command, context: CommandContext, withTenant: WithTenant): void {
  savingCommand(
    rules,
    'import <file>',
    'save a rule file as the newest version, after showing its impact; accounts are planned anew',
  ).action(async (file: string, options: SaveOptions, command: Command) => {
    const source = { text: await context.readInput(file) };
    await saveRules(context, command, withTenant, { source, options, look: `rules impact ${file}` });
  });
}

async function saveRules(
  context: CommandContext,
  command: Command,
  withTenant: WithTenant,
  { source, options, look }: { source: RulesSource; options: SaveOptions; look: string },
): Promise<void> {
  const { actor } = context;
  const result = await withTenant(options, (services, tenantId) => {
    const change = { tenantId, source, actor, note: options.note ?? null, losses: lossesOf(options) };
    return buildEngine(services).ruleChanges.save(change);
  });
  if (result.type === 'held') throw held(result.impact, look, options.tenant);
  const { saved, isNew, notices, impact } = result;
  const said = isNew
    ? `Saved as version ${saved.version}.`
    : `Nothing changed: this is version ${saved.version}.`;
  const asked = impact ?? [];
  const value = { version: saved.version, isNew, notices, impact: impactJson(asked) };
  const shown = asked.length === 0 ? '' : `${renderImpacts(asked)}\n\n`;
  print(context, command, value, `${shown}${said}${listNotices(notices)}`);
}

function lossesOf({ impact, yes }: SaveOptions): RuleChange['losses'] {
  if (!impact) return 'skip';
  return yes === true ? 'tell' : 'hold';
}

function held(impact: readonly ImpactOnAccount[], look: string, tenant: string): AppError {
  const advice = [
    ...(losers(impact).length === 0
      ? []
      : [
          `Look at it with "patchbay ${look} --tenant ${tenant}", then save with --yes; the removals still wait for approval as a plan.`,
        ]),
    ...(unknownOf(impact).length === 0 ? [] : ['To save without knowing: --no-impact.']),
  ];
  return new AppError('held', [heldBecause(impact), ...advice].join(' '));
}

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
  savingCommand(
    rules,
    'rollback <version>',
    'make an older version the newest one again, after showing its impact; accounts are planned anew',
  ).action(async (version: string, options: SaveOptions, command: Command) => {
    const source = { version: parseVersion(version) };
    const look = `rules impact --rules-version ${version}`;
    await saveRules(context, command, withTenant, { source, options, look });
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
