import { AppError } from '../../domain/errors.js';
import type { Accounts } from '../../tenancy/accounts.js';

/** The id of the account that a filter names; null without a filter. Throws AppError `notFound`. */
export async function accountIdOf(
  accounts: Pick<Accounts, 'list'>,
  tenantId: string,
  name: string | undefined,
): Promise<string | null> {
  if (name === undefined) return null;
  const account = (await accounts.list(tenantId)).find((one) => one.name === name);
  if (account !== undefined) return account.id;
  throw new AppError('notFound', `There is no account "${name}".`);
}
