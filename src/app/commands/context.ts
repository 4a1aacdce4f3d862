import type { Command } from 'commander';
import { parse } from 'yaml';
import type { Config } from '../../config/config.js';
import { AppError } from '../../domain/errors.js';
import type { Services } from '../services.js';
import type { Terminal } from '../terminal.js';

/** What every command gets. */
export interface CommandContext {
  readonly config: Config;
  readonly terminal: Terminal;
  /** Opens the database and everything on it, runs the work, and closes it again whatever happens. */
  withServices<T>(work: (services: Services) => Promise<T>): Promise<T>;
  /** For commands that must also report that the database cannot be opened. The caller closes. */
  openServices(): Promise<Services>;
  /** Reads a file named on the command line; `-` is standard input. Throws AppError `invalid` with a remedy. */
  readInput(path: string): Promise<string>;
  /** Who the audit trail names: the operating-system user, as `cli:<name>`. */
  readonly actor: string;
}

/** Prints one JSON value with `--json`, else the text for people. */
export function print(context: CommandContext, command: Command, value: unknown, text: string): void {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  context.terminal.out(`${json === true ? JSON.stringify(value) : text}\n`);
}

/** A file named on the command line, as data. Throws AppError `invalid`. */
export async function readYaml(context: CommandContext, path: string): Promise<unknown> {
  const text = await context.readInput(path);
  try {
    return parse(text);
  } catch (error) {
    const message = `${path} is neither YAML nor JSON. Nothing was changed; mend the file and try again.`;
    throw new AppError('invalid', message, { cause: error });
  }
}
