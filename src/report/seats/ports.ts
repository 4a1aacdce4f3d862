import type { AgentUse } from '../../domain/findings/seats.js';
import type { AccountKey } from '../../reconcile/ports.js';

/** When agents last called, as far as it has been looked at. */
export interface UseStore {
  /** By the vendor's id. */
  list(account: AccountKey): Promise<ReadonlyMap<string, AgentUse>>;
  save(account: AccountKey, providerUserId: string, use: AgentUse): Promise<void>;
  /** Forgets agents that are not among these. */
  keepOnly(account: AccountKey, providerUserIds: readonly string[]): Promise<void>;
  /** Whether something waits to be done in the account: it goes first. */
  isBusy(account: AccountKey, now: Date): Promise<boolean>;
}
