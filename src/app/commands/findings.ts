import { Option, type Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import {
  FINDING_CLASSES,
  FINDING_SEVERITIES,
  type FindingClass,
  type FindingSeverity,
} from '../../domain/findings/finding.js';
import { FINDING_POLICIES, type FindingPolicy } from '../../domain/findings/policy.js';
import type { FindingAction } from '../../report/findings.js';
import { FINDING_STATES, type FindingState, type StoredFinding } from '../../report/ports.js';
import { buildEngine } from '../engine.js';
import type { Comparisons } from '../comparisons.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { sourceOf, withSourceOptions, type SourceOptions } from './compared-source.js';
import { print, type CommandContext } from './context.js';
import { renderFinding } from './finding-text.js';

interface ListOptions extends SourceOptions {
  readonly tenant: string;
  readonly state: FindingState;
  readonly class?: FindingClass;
  readonly severity?: FindingSeverity;
  readonly assignee?: string;
  readonly search?: string;
  readonly limit: string;
  readonly offset: string;
}

/** `patchbay findings list | show | ignore | unignore | assign | decide | policy`. */
export function addFindingsCommands(program: Command, context: CommandContext): void {
  const findings = program
    .command('findings')
    .description('what comparisons found: look at it, decide about it, say what is to be done by itself');
  addList(findings, context);
  addShow(findings, context);
  addIgnore(findings, context);
  addAssign(findings, context);
  addDecide(findings, context);
  addPolicy(findings, context);
}

type Work<T> = (parts: {
  readonly services: Services;
  readonly comparisons: Comparisons;
  readonly tenantId: string;
}) => Promise<T>;

function withFindings<T>(context: CommandContext, tenant: string, work: Work<T>): Promise<T> {
  return context.withServices(async (services) => {
    const { id } = await services.tenants.bySlug(tenant);
    return work({ services, comparisons: buildEngine(services).comparisons, tenantId: id });
  });
}

function addList(findings: Command, context: CommandContext): void {
  withSourceOptions(findings.command('list'))
    .description('list findings, the gravest first')
    .requiredOption('--tenant <slug>', 'tenant')
    .addOption(new Option('--state <state>', 'which').choices(FINDING_STATES).default('open'))
    .addOption(new Option('--class <class>', 'of this class only').choices(FINDING_CLASSES))
    .addOption(new Option('--severity <severity>', 'of this severity only').choices(FINDING_SEVERITIES))
    .option('--assignee <name>', 'assigned to this person')
    .option('--search <text>', 'part of what they are about')
    .option('--limit <count>', 'at most so many', '100')
    .option('--offset <count>', 'leave out so many first', '0')
    .action(async (options: ListOptions, command: Command) => {
      const found = await withFindings(context, options.tenant, ({ services, comparisons, tenantId }) =>
        list(services, comparisons, tenantId, options),
      );
      const rows = found.map(({ id, finding, lastSeenAt }) => [
        id,
        finding.severity,
        finding.class,
        finding.words.title,
        day(lastSeenAt),
      ]);
      const text =
        rows.length === 0 ? 'Nothing.' : renderTable(['id', 'severity', 'class', 'what', 'last seen'], rows);
      print(context, command, found, text);
    });
}

async function list(
  services: Services,
  comparisons: Comparisons,
  tenantId: string,
  options: ListOptions,
): Promise<readonly StoredFinding[]> {
  const source = await sourceOf(services, comparisons, tenantId, options);
  const { state, class: kind, severity, assignee, search } = options;
  return comparisons.findings.list(tenantId, {
    state,
    limit: wholeNumber(options.limit, 'limit', 1, 1_000),
    offset: wholeNumber(options.offset, 'offset', 0, 1_000_000),
    ...(source === null ? {} : { source }),
    ...(kind === undefined ? {} : { class: kind }),
    ...(severity === undefined ? {} : { severity }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(search === undefined ? {} : { text: search }),
  });
}

function addShow(findings: Command, context: CommandContext): void {
  findings
    .command('show <id>')
    .description('one finding with its evidence and its history')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (id: string, options: { tenant: string }, command: Command) => {
      const found = await withFindings(context, options.tenant, ({ comparisons, tenantId }) =>
        comparisons.findings.get(tenantId, id),
      );
      print(context, command, found, renderFinding(found));
    });
}

function addIgnore(findings: Command, context: CommandContext): void {
  findings
    .command('ignore <id>')
    .description(
      'say that it is known; it comes back when something else is found there, or the day has come',
    )
    .requiredOption('--tenant <slug>', 'tenant')
    .requiredOption('--reason <text>', 'why, for whoever looks next')
    .option('--until <date>', 'such as 2027-01-31; for good without it')
    .action(
      async (id: string, options: { tenant: string; reason: string; until?: string }, command: Command) => {
        const until = options.until === undefined ? null : dateOf(options.until, 'until');
        await act(context, options.tenant, id, ({ findings: use }, action) =>
          use.ignore(action, { until, reason: options.reason }),
        );
        print(context, command, { id, until }, `Ignored${until === null ? '' : ` until ${day(until)}`}.`);
      },
    );
  findings
    .command('unignore <id>')
    .description('no longer ignore it')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (id: string, options: { tenant: string }, command: Command) => {
      await act(context, options.tenant, id, ({ findings: use }, action) => use.stopIgnoring(action));
      print(context, command, { id }, 'It counts again.');
    });
}

function addAssign(findings: Command, context: CommandContext): void {
  findings
    .command('assign <id>')
    .description('say who sees to it, and by when; without --to it is given back')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--to <name>', 'person, such as an e-mail address')
    .option('--due <date>', 'such as 2027-01-31')
    .action(async (id: string, options: { tenant: string; to?: string; due?: string }, command: Command) => {
      const dueAt = options.due === undefined ? null : dateOf(options.due, 'due');
      const assignee = options.to ?? null;
      await act(context, options.tenant, id, ({ findings: use }, action) =>
        use.assign(action, { assignee, dueAt }),
      );
      print(
        context,
        command,
        { id, assignee, dueAt },
        assignee === null ? 'Given back.' : `Assigned to ${assignee}.`,
      );
    });
}

const DECISIONS = { fix: 'fix', accept: 'accept', 'by-policy': null } as const;

function addDecide(findings: Command, context: CommandContext): void {
  findings
    .command('decide <id> <decision>')
    .description('fix: put it right by the next plan; accept: it stays as it is; by-policy: neither')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (id: string, decision: string, options: { tenant: string }, command: Command) => {
      if (!Object.hasOwn(DECISIONS, decision)) {
        throw new AppError(
          'invalid',
          `"${decision}" is no decision. Choose one of: ${Object.keys(DECISIONS).join(', ')}.`,
        );
      }
      const chosen = DECISIONS[decision as keyof typeof DECISIONS];
      await act(context, options.tenant, id, ({ findings: use }, action) => use.decide(action, chosen));
      const text =
        chosen === 'fix'
          ? 'It is put right by the next plan, as far as the account’s policy and the safety rules let it.'
          : 'Noted.';
      print(context, command, { id, decision }, text);
    });
}

interface PolicyOptions extends SourceOptions {
  readonly tenant: string;
  readonly set?: string;
}

function addPolicy(findings: Command, context: CommandContext): void {
  withSourceOptions(findings.command('policy'))
    .description('what is done about each class of findings by itself; --set changes one')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--set <class=policy>', `such as team-added=ask; policies: ${FINDING_POLICIES.join(', ')}`)
    .action(async (options: PolicyOptions, command: Command) => {
      const choices = await withFindings(
        context,
        options.tenant,
        async ({ services, comparisons, tenantId }) => {
          const source = await sourceOf(services, comparisons, tenantId, options);
          if (source === null)
            throw new AppError(
              'invalid',
              'Say whose policy: --account, --account with --seats, or --connection.',
            );
          if (options.set !== undefined) {
            await comparisons.findings.setPolicy(source, { ...policyOf(options.set), actor: context.actor });
          }
          return comparisons.findings.policies(source);
        },
      );
      const rows = choices.map((one) => [
        one.class,
        one.policy === one.standard ? one.policy : `${one.policy} (chosen)`,
        one.allowed.join(', '),
      ]);
      print(context, command, choices, renderTable(['class', 'policy', 'may be'], rows));
    });
}

function policyOf(text: string): { class: FindingClass; policy: FindingPolicy } {
  const [name, policy] = text.split('=');
  const kind = FINDING_CLASSES.find((one) => one === name);
  const chosen = FINDING_POLICIES.find((one) => one === policy);
  if (kind !== undefined && chosen !== undefined) return { class: kind, policy: chosen };
  throw new AppError(
    'invalid',
    `"${text}" cannot be used, nothing was changed. Write <class>=<policy>; classes: ${FINDING_CLASSES.join(', ')}; policies: ${FINDING_POLICIES.join(', ')}.`,
  );
}

function act(
  context: CommandContext,
  tenant: string,
  findingId: string,
  work: (comparisons: Comparisons, action: FindingAction) => Promise<void>,
): Promise<void> {
  return withFindings(context, tenant, ({ comparisons, tenantId }) =>
    work(comparisons, { tenantId, findingId, actor: context.actor }),
  );
}

function wholeNumber(text: string, name: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new AppError('invalid', `--${name} must be a whole number from ${min} to ${max}.`);
}

function dateOf(text: string, name: string): Date {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime())) return date;
  throw new AppError('invalid', `--${name} is no date. Write it as 2027-01-31.`);
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
