import type { Command } from 'commander';
import type { ComparisonSource } from '../../report/ports.js';
import { selectSource } from '../../report/select-source.js';
import type { Comparisons } from '../comparisons.js';
import type { Services } from '../services.js';

/** Which of a tenant's comparisons a command is about. */
export interface SourceOptions {
  readonly account?: string;
  readonly connection?: string;
}

export function withSourceOptions(command: Command): Command {
  return command
    .option('--account <name>', 'of this phone system')
    .option('--connection <name>', 'of this connection to an identity provider');
}

/** null: all of them. Throws AppError `invalid` when both are named, `notFound` when what is named is not there. */
export async function sourceOf(
  { accounts }: Services,
  { idpSources }: Comparisons,
  tenantId: string,
  selection: SourceOptions,
): Promise<ComparisonSource | null> {
  return selectSource({ accounts, idpSources }, tenantId, selection);
}
