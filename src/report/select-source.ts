import { AppError } from '../domain/errors.js';
import { accountSource } from './comparisons/account.js';
import { idpSource } from './missed-pushes/compare.js';
import type { ComparisonSource } from './ports.js';

export interface SourceSelection {
  readonly account?: string | undefined;
  readonly connection?: string | undefined;
  /** The account's seats and their use, instead of what its agents hold. */
  readonly seats?: boolean | undefined;
}

interface Named<T> {
  byName(tenantId: string, name: string): Promise<T>;
}

/** null: all of them. Throws AppError `invalid` for a choice that names no one source, `notFound` for what is not there. */
export async function selectSource(
  deps: {
    readonly accounts: Named<{ readonly id: string }>;
    readonly idpSources: Named<Parameters<typeof idpSource>[0]>;
  },
  tenantId: string,
  { account, connection, seats = false }: SourceSelection,
): Promise<ComparisonSource | null> {
  if (account !== undefined && connection !== undefined) {
    throw new AppError('invalid', 'Name an account or a connection, not both.');
  }
  if (seats && account === undefined) {
    throw new AppError('invalid', 'Seats are those of an account: name it as well.');
  }
  if (account !== undefined) {
    const { id } = await deps.accounts.byName(tenantId, account);
    return seats ? { tenantId, type: 'seats', id } : accountSource({ tenantId, accountId: id });
  }
  return connection === undefined ? null : idpSource(await deps.idpSources.byName(tenantId, connection));
}
