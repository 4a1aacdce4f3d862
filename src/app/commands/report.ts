import { InvalidArgumentError, Option, type Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import { readFormat, renderReport, REPORT_FORMATS, type ReportFormat } from '../../report/render/render.js';
import { reportJsonSchema, type Report } from '../../report/model/report.js';
import { buildReports } from '../reports.js';
import type { Services } from '../services.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import { addAuditCommands } from './report-audit.js';
import { addDestinationCommands } from './report-destinations.js';
import { saveFile } from './save-file.js';

interface TenantOption {
  readonly tenant: string;
}

interface FileOptions extends TenantOption {
  readonly format: ReportFormat;
  readonly out?: string;
}

const DAY_MS = 86_400_000;

/** `patchbay report create | list | show | schema`: what happened, what needs somebody, and the evidence. */
export function addReportCommands(program: Command, context: CommandContext): void {
  const report = program
    .command('report')
    .description('reports on the reconciliation, for people and programs');
  addCreate(report, context);
  addShow(report, context);
  addList(report, context);
  addDestinationCommands(report, context);
  addAuditCommands(report, context);
  report
    .command('schema')
    .description('print the JSON Schema of a report')
    .action(() => context.terminal.out(reportJsonSchema()));
}

function withFile(command: Command): Command {
  return command
    .requiredOption('--tenant <slug>', 'tenant')
    .addOption(new Option('--format <format>', 'how it is written').choices(REPORT_FORMATS).default('html'))
    .option(
      '--out <file>',
      'where to; "-" prints it (default: a file here, named after organisation and moment)',
    );
}

function addCreate(report: Command, context: CommandContext): void {
  withFile(report.command('create'))
    .description('make a report of now, keep it, and write it to a file')
    .option('--days <days>', 'length of the period (default: since the report before)', parseDays)
    .option('--time-zone <zone>', 'in which moments are written', 'UTC')
    .action(async (options: FileOptions & { days?: number; timeZone: string }, command: Command) => {
      const made = await context.withServices(async (services) => {
        const { id } = await services.tenants.bySlug(options.tenant);
        const now = services.clock.now().getTime();
        const from = options.days === undefined ? null : new Date(now - options.days * DAY_MS);
        const wish = { tenantId: id, from, timeZone: options.timeZone, actor: context.actor };
        return buildReports({ services }).create(wish);
      });
      await hand(context, command, made, options);
    });
}

function addShow(report: Command, context: CommandContext): void {
  withFile(report.command('show <id>'))
    .description('write a report that was made before; "latest" is the newest one')
    .action(async (reportId: string, options: FileOptions, command: Command) => {
      const found = await context.withServices((services) => find(services, options.tenant, reportId));
      await hand(context, command, found, options);
    });
}

async function find(services: Services, slug: string, reportId: string): Promise<Report> {
  const { id } = await services.tenants.bySlug(slug);
  const reports = buildReports({ services });
  if (reportId !== 'latest') return reports.get(id, reportId);
  const [newest] = (await reports.list(id, { after: null, limit: 1 })).rows;
  if (newest !== undefined) return reports.get(id, newest.id);
  throw new AppError(
    'notFound',
    `There is no report yet. Make one with: patchbay report create --tenant ${slug}`,
  );
}

function addList(report: Command, context: CommandContext): void {
  report
    .command('list')
    .description('list the newest reports')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: TenantOption, command: Command) => {
      const found = await context.withServices(async (services) => {
        const { id } = await services.tenants.bySlug(options.tenant);
        return (await buildReports({ services }).list(id, { after: null, limit: 100 })).rows;
      });
      const rows = found.map((one) => [
        one.id, one.createdAt.toISOString().slice(0, 16).replace('T', ' '), String(one.open), String(one.opened),
        String(one.resolved), one.headline,
      ]); // prettier-ignore
      print(
        context,
        command,
        found,
        renderTable(['id', 'made', 'open', 'came up', 'resolved', 'what it says'], rows),
      );
    });
}

/** Writes the file and says where it is; with `--json` what the report says. */
async function hand(
  context: CommandContext,
  command: Command,
  report: Report,
  options: FileOptions,
): Promise<void> {
  const rendered = renderReport(report, readFormat(options.format));
  if (options.out === '-') return context.terminal.out(rendered.text);
  const path = options.out ?? rendered.fileName;
  await saveFile(path, rendered.text);
  const { id, headline } = report;
  print(context, command, { id, headline, path }, `${headline}.\nReport: ${path}`);
}

function parseDays(text: string): number {
  const days = Number(text);
  if (Number.isFinite(days) && days > 0 && days <= 366) return days;
  throw new InvalidArgumentError('Give a number of days up to 366.');
}
