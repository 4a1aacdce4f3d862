import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import { accountSource } from '../../report/comparisons/account.js';
import { idpSource } from '../../report/missed-pushes/compare.js';
import type { ComparisonSource } from '../../report/ports.js';
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
  { account, connection }: SourceOptions,
): Promise<ComparisonSource | null> {
  if (account !== undefined && connection !== undefined) {
    throw new AppError('invalid', 'Name an account or a connection, not both.');
  }
  if (account !== undefined) {
    const { id } = await accounts.byName(tenantId, account);
    return accountSource({ tenantId, accountId: id });
  }
  return connection === undefined ? null : idpSource(await idpSources.byName(tenantId, connection));
}
