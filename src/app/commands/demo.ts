import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import type { MorningResult } from '../../demo/morning.js';
import { derivePublicUrl } from '../../config/config.js';
import { describeAftermath } from '../demo/aftermath.js';
import { playDemo } from '../demo/play.js';
import { DEMO_ACCOUNT, DEMO_TENANT } from '../demo/tenant.js';
import { quietly } from '../log.js';
import { renderReport } from '../../report/render/render.js';
import { listsCalls } from '../../providers/registry.js';
import { makeComparisonsView } from '../../store/report/comparisons-view.js';
import { buildReports } from '../reports.js';
import type { Services } from '../services.js';
import { startService } from '../serve.js';
import { makeProgress, renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';
import { saveFile } from './save-file.js';

/** Nothing moved for this long: the demo has failed. The vendor's slowest pause is a minute. */
const STALL_MS = 300_000;
const COMPARISON_PATIENCE_MS = 20_000;

/** `patchbay demo`: plays a morning against the running demo, or starts one for as long as it takes. */
export function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('play an Okta- and Entra-shaped morning against the demo and check what the vendor shows')
    .action(async (_options: object, command: Command) => {
      const { url, stop } = await findOrStart(context);
      try {
        const result = await playDemo({
          config: context.config,
          url,
          progress: makeProgress(context.terminal),
          stallMs: STALL_MS,
          withServices: context.withServices,
        });
        const { aftermath, report } = await context.withServices(async (services) => ({
          aftermath: await describeAftermath(services),
          report: await writeReport(context, services, url),
        }));
        const text = `${renderMorning(result, aftermath)}\n\nReport on the morning: ${report}`;
        print(context, command, { ...result, aftermath, report }, text);
        if (result.mismatches.length > 0) process.exitCode = 1;
      } finally {
        await stop();
      }
    });
}

/** What an admin would be sent, as a file. Returns its path. */
async function writeReport(context: CommandContext, services: Services, publicUrl: string): Promise<string> {
  const { id } = await services.tenants.bySlug(DEMO_TENANT);
  await compareAgain(services, id);
  const wish = { tenantId: id, from: null, timeZone: 'UTC', actor: context.actor };
  const { fileName, text } = renderReport(await buildReports({ services, publicUrl }).create(wish), 'html');
  const path = resolve(context.config.dataDir, 'reports', fileName);
  await saveFile(path, text);
  return path;
}

/** Whoever runs the service compares what the morning left behind; without an answer the report says how old it is. */
async function compareAgain(services: Services, tenantId: string): Promise<void> {
  const askedAt = services.clock.now();
  const accounts = await services.accountStore.list(tenantId);
  for (const account of accounts) await services.lookAgain(account);
  const view = makeComparisonsView(services.database, listsCalls);
  const giveUpAt = performance.now() + COMPARISON_PATIENCE_MS;
  while (performance.now() < giveUpAt) {
    const sources = await view.sources(tenantId);
    if (sources.every(({ last }) => last !== null && last.startedAt > askedAt)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function findOrStart(context: CommandContext): Promise<{ url: string; stop: () => Promise<void> }> {
  const url = derivePublicUrl(context.config, context.config.port);
  if (await isServing(url)) return { url, stop: () => Promise.resolve() };
  context.terminal.err(`Nothing is running at ${url}: starting the demo for as long as it plays.\n`);
  const logLevel = quietly(context.config.logLevel);
  const service = await startService({ ...context.config, demo: true, logLevel });
  return { url: service.url, stop: () => service.stop() };
}

async function isServing(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(30_000) });
    if (response.ok) return true;
    throw new AppError(
      'unavailable',
      `Patchbay at ${url} is not ready (${response.status}). Try again in a moment.`,
    );
  } catch (error) {
    if (error instanceof AppError) throw error;
    return false;
  }
}

function renderMorning(
  result: MorningResult,
  aftermath: Awaited<ReturnType<typeof describeAftermath>>,
): string {
  const isOne = result.views.length === 1;
  const rows = result.views
    .flatMap(({ system, holdings }) => holdings.map((holding) => ({ system, ...holding })))
    .toSorted((a, b) => a.email.localeCompare(b.email) || a.system.localeCompare(b.system))
    .map(({ system, email, role, teams, isSuspended }) => [
      email,
      ...(isOne ? [] : [system]),
      role,
      isSuspended === true ? '(suspended)' : teams.toSorted().join(', ') || '(no team)',
    ]);
  const wrong = result.mismatches.map(
    ({ system, email, expected, found }) =>
      `  ${email} in ${system}: expected ${expected}; the vendor shows ${found}`,
  );
  const people = `all ${rows.length / Math.max(1, result.views.length)} people`;
  return [
    `Who holds what at the phone ${isOne ? 'system' : 'systems'} now:`,
    '',
    renderTable(
      ['agent', ...(isOne ? [] : ['phone system']), 'role', isOne ? 'teams' : 'teams (at VXT: lines)'],
      rows,
    ),
    '',
    renderList('Parked, to be deleted for good after the grace period', aftermath.parked),
    renderList('On the worklist, for a person to do', aftermath.worklist),
    ...(aftermath.held.length === 0 ? [] : [renderHeld(aftermath.held)]),
    wrong.length === 0
      ? `${isOne ? 'The phone system shows' : 'The phone systems show'} exactly what ${isOne ? 'it' : 'they'} should for ${people}.`
      : ['The phone system does NOT show what it should:', ...wrong].join('\n'),
  ].join('\n');
}

function renderHeld(held: readonly string[]): string {
  const look = `npx patchbay plans list --tenant ${DEMO_TENANT} --account ${DEMO_ACCOUNT}`;
  return renderList(`Held, until somebody approves (${look})`, held);
}

function renderList(title: string, lines: readonly string[]): string {
  return `${title} (${lines.length}):\n${lines.map((line) => `  ${line}\n`).join('') || '  nobody\n'}`;
}
