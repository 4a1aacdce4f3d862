import type { AccountStatus } from '../../administration/accounts.js';
import type { ProviderDefinition } from '../../providers/port.js';
import type { Account } from '../../tenancy/account.js';
import type { PageContext } from '../kit/context.js';

/** What the page of one phone system shows. */
export interface AccountShown {
  readonly context: PageContext;
  readonly account: Account;
  readonly status: AccountStatus;
  readonly definition: ProviderDefinition;
}
