import type { AccountKey } from './account.js';

/** What a vendor's event suggests of linked agents, kept beside the links. Nothing here is a fact about the vendor. */
export interface AgentHintStore {
  /**
   * Somebody may have changed the roles of these people there. Where roles cannot be read they are written again with
   * the people's next plan; protected people are only pointed out.
   */
  suspectRoles(account: AccountKey, subjectIds: readonly string[], at: Date): Promise<void>;
  /** The first sign that an invited person uses the account: their invitation needs nobody's attention any more. */
  noteUse(account: AccountKey, providerUserId: string, at: Date): Promise<void>;
}
