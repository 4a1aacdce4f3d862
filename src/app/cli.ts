import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { text as readStream } from 'node:stream/consumers';
import { Command, CommanderError } from 'commander';
import { loadProcessConfig, type Config } from '../config/config.js';
import { renderConfigHelp } from '../config/help.js';
import { AppError, isAppError } from '../domain/errors.js';
import type { CommandContext } from './commands/context.js';
import { COMMANDS } from './commands/table.js';
import { makeLogger, quietly } from './log.js';
import type { Services } from './services.js';
import type { Terminal } from './terminal.js';
import { readVersion } from './version.js';

/** Exit codes: 0 done, 1 failed, 2 the command or the settings cannot be used, 3 held or differing (where said). */
export async function runCli(): Promise<number> {
  const terminal = processTerminal();
  const loaded = loadProcessConfig();
  if (!loaded.ok) {
    terminal.err(
      `Patchbay cannot start with these settings:\n${loaded.problems.map((line) => `  ${line}\n`).join('')}`,
    );
    terminal.err('All settings with their defaults: npx patchbay --help\n');
    return 2;
  }
  const program = await buildProgram(makeContext(loaded.config, terminal), namesIn(loaded.rest));
  try {
    await program.parseAsync([...loaded.rest], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return explainFailure(error, program, terminal, loaded.config);
  }
}

/**
 * The program with the commands named, all of them unless said otherwise. Nothing is opened before one of them runs.
 */
export async function buildProgram(
  context: CommandContext,
  names: readonly string[] = Object.keys(COMMANDS),
): Promise<Command> {
  const program = new Command('patchbay')
    .description('SCIM 2.0 provisioning for cloud phone systems that have no native SCIM')
    .version(readVersion())
    .option('--json', 'print results as JSON')
    .addHelpText('after', () => `\n${renderConfigHelp()}`)
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.err })
    .exitOverride();
  for (const name of names) (await COMMANDS[name]?.())?.(program, context);
  shareSettings(program);
  return program;
}

/** The command that the arguments begin with; every one where it is none of them, for the help that follows. */
function namesIn(words: readonly string[]): readonly string[] | undefined {
  const first = words.find((word) => !word.startsWith('-'));
  return first !== undefined && Object.hasOwn(COMMANDS, first) ? [first] : undefined;
}

/** `--json` and the way of leaving are the same for every command, at any depth. */
function shareSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    if (!child.options.some((option) => option.long === '--json'))
      child.option('--json', 'print the result as JSON');
    shareSettings(child);
  }
}

function makeContext(config: Config, terminal: Terminal): CommandContext {
  const log = makeLogger(quietly(config.logLevel));
  const open = async (): Promise<Services> => (await import('./services.js')).openServices({ config, log });
  return {
    config,
    terminal,
    actor: `cli:${userInfo().username}`,
    openServices: open,
    async withServices(work) {
      const services = await open();
      try {
        return await work(services);
      } finally {
        await services.close();
      }
    },
    readInput,
  };
}

async function readInput(path: string): Promise<string> {
  try {
    return path === '-' ? await readStream(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid', `The file ${path} cannot be read (${reason}). Nothing was changed.`, {
      cause: error,
    });
  }
}

function explainFailure(error: unknown, program: Command, terminal: Terminal, config: Config): number {
  // Commander has printed its own text; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const asJson = program.opts<{ json?: boolean }>().json === true || process.argv.includes('--json');
  const known = isAppError(error) && error.kind !== 'bug';
  const message = known ? error.message : `Something failed inside Patchbay: ${String(error)}`;
  if (asJson) terminal.out(`${JSON.stringify({ error: { kind: known ? error.kind : 'bug', message } })}\n`);
  else terminal.err(`${message}\n`);
  if (!known || config.logLevel === 'debug' || config.logLevel === 'trace') {
    makeLogger('error').error({ err: error }, 'command failed');
  }
  if (known && error.kind === 'held') return 3;
  return known && error.kind === 'invalid' ? 2 : 1;
}

function processTerminal(): Terminal {
  // A reader such as `head` that goes away early is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY,
    columns: process.stderr.columns ?? 80,
  };
}
