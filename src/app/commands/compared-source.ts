import type { Command } from 'commander';
import type { ComparisonSource } from '../../report/ports.js';
import { selectSource } from '../../report/select-source.js';
import type { Comparisons } from '../comparisons.js';
import type { Services } from '../services.js';

/** Which of a tenant's comparisons a command is about. */
export interface SourceOptions {
  readonly account?: string;
  readonly connection?: string;
  readonly seats?: boolean;
}

export function withSourceOptions(command: Command): Command {
  return command
    .option('--account <name>', 'of this phone system')
    .option('--seats', "of that phone system's seats and their use")
    .option('--connection <name>', 'of this connection to an identity provider');
}

/** null: all of them. Throws AppError `invalid` for a choice that names no one source, `notFound` for what is not there. */
export async function sourceOf(
  { accounts }: Services,
  { idpSources }: Comparisons,
  tenantId: string,
  selection: SourceOptions,
): Promise<ComparisonSource | null> {
  return selectSource({ accounts, idpSources }, tenantId, selection);
}

/** The options that name it again, for a command that is suggested. */
export function sourceArguments({ account, connection, seats = false }: SourceOptions): string {
  if (connection !== undefined) return `--connection ${JSON.stringify(connection)}`;
  return `--account ${JSON.stringify(account)}${seats ? ' --seats' : ''}`;
}
