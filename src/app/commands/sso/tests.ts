import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import type { Trace } from '../../../sso/trace.js';
import type { Sso } from '../../sso.js';
import { renderTable } from '../../terminal.js';
import { print, type CommandContext } from '../context.js';
import { withTenantSso } from '../sso-context.js';
import { traceText } from './text.js';

/** As long as a person may take at the identity provider. */
const WAIT_SECONDS = 600;
const POLL_MS = 1_000;
const REFUSED = 3;

interface TestOptions {
  readonly tenant: string;
  readonly wait: number | false;
  readonly result?: string;
}

/** `patchbay sso test | traces | trace`: whether signing in works, and if not, why. */
export function addTestCommands(sso: Command, context: CommandContext): void {
  sso
    .command('test <name>')
    .description('begin a test sign-in: open the printed address, sign in, and read here what became of it')
    .requiredOption('--tenant <slug>', 'tenant')
    .option('--wait <seconds>', 'how long to wait for the result', readSeconds, WAIT_SECONDS)
    .option('--no-wait', 'print address and request id, and leave')
    .option('--result <request id>', 'the result of a test that was begun with --no-wait')
    .addHelpText('after', '\nExit code 0: passed; 3: refused, or not back yet.')
    .action((name: string, options: TestOptions, command: Command) =>
      runTest(context, name, options, command),
    );
  sso
    .command('traces')
    .description('refused sign-ins and tests, newest first')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (options: { tenant: string }, command: Command) => {
      const traces = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.traces.recent(tenant.id),
      );
      const rows = traces.map((trace) => [
        trace.friendlyId,
        trace.at.toISOString(),
        trace.connectionName,
        `${trace.purpose} ${trace.outcome}`,
        trace.findings[0]?.title ?? '',
      ]);
      print(
        context,
        command,
        traces.map(tell),
        renderTable(['code', 'at', 'connection', 'what', 'why'], rows),
      );
    });
  sso
    .command('trace <code>')
    .description('one sign-in by the code that the person was shown, such as amber-fox-42')
    .requiredOption('--tenant <slug>', 'tenant')
    .action(async (code: string, options: { tenant: string }, command: Command) => {
      const trace = await withTenantSso(context, options.tenant, (parts, tenant) =>
        parts.traces.byFriendlyId(tenant.id, code),
      );
      print(context, command, tell(trace), traceText(trace));
    });
}

function runTest(
  context: CommandContext,
  name: string,
  options: TestOptions,
  command: Command,
): Promise<void> {
  return withTenantSso(context, options.tenant, async (sso, tenant) => {
    if (options.result !== undefined) {
      const found = await sso.traces.ofRequest(tenant.id, options.result);
      printResult(context, command, options.result, found);
      return;
    }
    const { url, requestId } = await sso.startSsoTest(tenant, name);
    if (options.wait === false) {
      print(
        context,
        command,
        { url, requestId },
        `Open and sign in:\n${url}\n\nThen: patchbay sso test ${name} --tenant ${tenant.slug} --result ${requestId}`,
      );
      return;
    }
    context.terminal.err(`Open this address in a browser and sign in:\n${url}\nWaiting for the result…\n`);
    const trace = await waitFor(sso, tenant.id, requestId, options.wait);
    printResult(context, command, requestId, trace);
  });
}

async function waitFor(
  sso: Sso,
  tenantId: string,
  requestId: string,
  seconds: number,
): Promise<Trace | null> {
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    const found = await sso.traces.ofRequest(tenantId, requestId);
    if (found !== null || performance.now() >= deadline) return found;
    await sleep(POLL_MS);
  }
}

function printResult(
  context: CommandContext,
  command: Command,
  requestId: string,
  trace: Trace | null,
): void {
  if (trace === null) {
    process.exitCode = REFUSED;
    print(
      context,
      command,
      { state: 'waiting', requestId, trace: null },
      'The test sign-in is not back yet.',
    );
    return;
  }
  if (trace.outcome !== 'passed') process.exitCode = REFUSED;
  print(context, command, { state: 'done', requestId, trace: tell(trace) }, traceText(trace));
}

function tell({ friendlyId, connectionName, at, purpose, outcome, findings, arrived, granted }: Trace) {
  return { code: friendlyId, connection: connectionName, at, purpose, outcome, findings, arrived, granted };
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0 && seconds <= WAIT_SECONDS) return seconds;
  throw new InvalidArgumentError(`Give seconds from 0 to ${String(WAIT_SECONDS)}.`);
}
