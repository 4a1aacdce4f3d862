import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import { utcMinute } from '../../lib/utc.js';
import type { ComparisonRun } from '../../report/ports.js';
import type { SourceStatus } from '../../report/read-model.js';
import { buildEngine } from '../engine.js';
import { renderTable } from '../terminal.js';
import { sourceArguments, sourceOf, withSourceOptions, type SourceOptions } from './compared-source.js';
import { COMPARED_EXIT_CODES, printOutcome, tellProgress } from './comparison-outcome.js';
import { print, type CommandContext } from './context.js';

/** `patchbay comparisons status | list | run`: what is compared, when, and how that went. */
export function addComparisonsCommands(program: Command, context: CommandContext): void {
  const comparisons = program
    .command('comparisons')
    .description('comparisons of the directory with phone systems and identity providers');
  comparisons
    .command('status')
    .description('everything that is compared, with the last result')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: { tenant: string }, command: Command) => {
      const sources = await context.withServices(async (services) => {
        const { id } = await services.tenants.bySlug(options.tenant);
        return buildEngine(services).comparisons.view.sources(id);
      });
      const rows = sources.map((one) => [whatOf(one), one.name, one.kind, one.cron, describe(one)]);
      print(
        context,
        command,
        sources,
        renderTable(['what', 'name', 'kind', 'schedule', 'how it stands'], rows),
      );
    });
  withSourceOptions(comparisons.command('list'))
    .description('the last comparisons, newest first')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: SourceOptions & { tenant: string }, command: Command) => {
      const runs = await context.withServices(async (services) => {
        const { id } = await services.tenants.bySlug(options.tenant);
        const built = buildEngine(services).comparisons;
        const source = await sourceOf(services, built, id, options);
        return built.view.runs(id, { limit: RUNS_SHOWN, ...(source === null ? {} : { source }) });
      });
      const rows = runs.map((run) => [
        utcMinute(run.startedAt),
        run.type,
        run.trigger,
        run.state,
        outcomeOf(run),
      ]);
      print(context, command, runs, renderTable(['begun', 'what', 'why', 'state', 'result'], rows));
    });
  addRun(comparisons, context);
}

const RUNS_SHOWN = 50;

function addRun(comparisons: Command, context: CommandContext): void {
  withSourceOptions(comparisons.command('run'))
    .description('compare the seats of a phone system, or an identity provider, now and in this process')
    .requiredOption('--tenant <slug>', 'tenant')
    .addHelpText('after', `\n${COMPARED_EXIT_CODES}`)
    .action(async (options: SourceOptions & { tenant: string }, command: Command) => {
      const outcome = await context.withServices(async (services) => {
        const { id } = await services.tenants.bySlug(options.tenant);
        const built = buildEngine(services).comparisons;
        const source = await sourceOf(services, built, id, options);
        if (source === null || source.type === 'account') throw new AppError('invalid', NOT_COMPARED_HERE);
        return built.compareNow(source, 'manual', tellProgress(context.terminal));
      });
      const at = `--tenant ${options.tenant} ${sourceArguments(options)}`;
      printOutcome(context, command, outcome, at);
    });
}

const NOT_COMPARED_HERE =
  'Say what to compare: --account with --seats, or --connection. Phone systems are compared by: patchbay reconcile';

function whatOf({ source, hasUse }: SourceStatus): string {
  return source.type === 'seats' && !hasUse ? 'seats (use not: it lists no calls)' : source.type;
}

function describe({ running, last, pausedReason }: SourceStatus): string {
  if (pausedReason !== null) return `paused: ${pausedReason}`;
  if (running !== null) return `${running.phase}${progressOf(running)}`;
  return last === null ? 'not compared yet' : `${utcMinute(last.startedAt)}: ${outcomeOf(last)}`;
}

function outcomeOf(run: ComparisonRun): string {
  if (run.state === 'running') return `${run.phase}${progressOf(run)}`;
  if (run.figures === null) return run.reason ?? 'incomplete';
  const open = Object.values(run.figures.open).reduce((sum, count) => sum + count, 0);
  return `${open} open, ${run.figures.opened} new, ${run.figures.resolved} resolved`;
}

function progressOf({ done, total }: ComparisonRun): string {
  if (done === null) return '';
  return total === null ? ` (${done})` : ` (${done} of ${total})`;
}
