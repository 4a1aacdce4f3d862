import type { Link } from '../domain/state.js';
import type { AccountKey } from './account.js';

/** Which links a plan needs: all live ones, or those of some people and some agents. */
export type LinkSelection =
  'all' | { readonly subjectIds: readonly string[]; readonly providerUserIds: readonly string[] };

export interface StoredLink extends Link {
  /** Milliseconds since the epoch, by the clock that all processes share. A reading from before it does not show what we wrote last. */
  readonly updatedAt: number;
}

/** Ownership records. Only live links are read: ended ones are history. */
export interface LinkStore {
  listLive(account: AccountKey, selection: LinkSelection): Promise<readonly StoredLink[]>;
  countActive(account: AccountKey): Promise<number>;
  /** Keeps what rules say of the time until deletion, for the day on which nothing says it any more. */
  rememberGrace(
    account: AccountKey,
    links: readonly { readonly linkId: string; readonly graceDays: number | null }[],
  ): Promise<void>;
}
