import { InvalidArgumentError, type Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import type { Notice } from '../../domain/plan.js';
import type { AccountImpact } from '../../reconcile/rules-impact.js';
import { buildEngine } from '../engine.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import { addRulesDiff } from './rules-diff.js';

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
    .command('impact <file>')
    .description('show who would gain and lose what with these rules, and what it takes; saves nothing')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (file: string, options: TenantOption, command: Command) => {
      const text = await context.readInput(file);
      const impacts = await withTenant(options, (services, tenantId) => readImpact(services, tenantId, text));
      print(context, command, impacts, renderImpacts(impacts));
    });
}

interface ImportOptions extends TenantOption {
  readonly note?: string;
  readonly yes?: boolean;
  readonly impact: boolean;
}

function addImport(rules: Command, context: CommandContext, withTenant: WithTenant): void {
  rules
    .command('import <file>')
    .description(
      'save a rule file as the newest version, after showing its impact; accounts are planned anew',
    )
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--note <text>', 'why, for the history')
    .option('--yes', 'save although somebody would lose something; the removals still wait for approval')
    .option('--no-impact', 'save without asking the phone systems what would change')
    .action(async (file: string, options: ImportOptions, command: Command) => {
      const text = await context.readInput(file);
      const result = await withTenant(options, (services, tenantId) =>
        importRules(services, tenantId, { text, actor: context.actor, options }),
      );
      const { version } = result.saved;
      const said = result.isNew
        ? `Saved as version ${version}.`
        : `Nothing changed: this is version ${version}.`;
      const value = { version, isNew: result.isNew, notices: result.notices, impact: result.impacts };
      const impact = result.impacts.length === 0 ? '' : `${renderImpacts(result.impacts)}\n\n`;
      print(context, command, value, `${impact}${said}${listNotices(result.notices)}`);
    });
}

async function importRules(
  services: Services,
  tenantId: string,
  { text, actor, options }: { text: string; actor: string; options: ImportOptions },
) {
  const impacts = options.impact ? await readImpact(services, tenantId, text) : [];
  const losing = new Set(impacts.flatMap(({ impact }) => impact.losing));
  if (losing.size > 0 && options.yes !== true) {
    throw new AppError(
      'held',
      `Nothing was saved: with these rules ${losing.size} people would lose something. Look at it with ` +
        '"patchbay rules impact", then save with --yes; the removals still wait for your approval as a plan.',
    );
  }
  const saved = await services.rules.save({ tenantId, text, note: options.note ?? null, actor });
  return { ...saved, impacts };
}

async function readImpact(
  services: Services,
  tenantId: string,
  text: string,
): Promise<readonly AccountImpact[]> {
  const { ruleSet } = await services.rules.check(tenantId, text);
  return buildEngine(services).rulesImpact(tenantId, ruleSet);
}

const NAMES_SHOWN = 10;

function renderImpacts(impacts: readonly AccountImpact[]): string {
  if (impacts.length === 0) return 'This tenant has no account yet, so nothing would change.';
  return impacts
    .map(({ accountName, impact, verdict }) => {
      const cost = impact.newCostPerMonth;
      const price = cost === null ? '' : `, ${cost.amountPerMonth.toFixed(2)} ${cost.currency} a month more`;
      return [
        `Account "${accountName}":`,
        `  gain something   ${impact.gaining.length}${listPeople(impact.gaining)}`,
        `  lose something   ${impact.losing.length}${listPeople(impact.losing)}`,
        `  new seats        ${impact.newSeats}${price}`,
        `  vendor requests  ${impact.calls}, about ${Math.max(1, Math.ceil(impact.minutes))} min at this account's pace`,
        `  tasks by hand    ${impact.byHand}`,
        ...(verdict.type === 'held' ? verdict.holds.map((hold) => `  would be held    ${hold.message}`) : []),
      ].join('\n');
    })
    .join('\n');
}

function listPeople(emails: readonly string[]): string {
  if (emails.length === 0) return '';
  const more = emails.length > NAMES_SHOWN ? `, and ${emails.length - NAMES_SHOWN} more` : '';
  return `  (${emails.slice(0, NAMES_SHOWN).join(', ')}${more})`;
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
