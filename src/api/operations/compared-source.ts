import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { accountSource } from '../../report/comparisons/account.js';
import { idpSource } from '../../report/missed-pushes/compare.js';
import type { ComparisonSource } from '../../report/ports.js';
import type { ApiDeps } from '../deps.js';

/** What a list may be narrowed to. */
export const sourceQuery = z.object({
  account: z.string().max(100).optional(),
  connection: z.string().max(100).optional().describe('Name of a connection to an identity provider'),
});

/** null: all of them. Throws AppError `invalid` when both are named, `notFound` when what is named is not there. */
export async function sourceOf(
  { accounts, idpSources }: Pick<ApiDeps, 'accounts' | 'idpSources'>,
  tenantId: string,
  { account, connection }: z.output<typeof sourceQuery>,
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
