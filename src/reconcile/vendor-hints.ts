import type { Clock } from '../lib/clock.js';
import type { AccountKey } from './account.js';
import type { MarkStore } from './marks.js';

/** What a vendor's event or another onlooker suggests of a linked agent. Nothing here is taken for a fact about it. */
export interface HintStore {
  /** Notes that the role may not be what we wrote last. The subject of the live link, null without one. */
  suspectRole(account: AccountKey, providerUserId: string, at: Date): Promise<string | null>;
  /** Notes the first sign that an invited person uses the account. */
  noteUse(account: AccountKey, providerUserId: string, at: Date): Promise<void>;
}

export interface VendorHints {
  /**
   * Somebody may have changed the agent's role there. Where roles cannot be read it is written again with the person's
   * next plan, which is asked for at once; protected people are only pointed out. False: nobody of ours.
   */
  roleMayHaveChanged(account: AccountKey, providerUserId: string): Promise<boolean>;
  /** The person signed in or took a call: their invitation needs nobody's attention any more. */
  wasUsed(account: AccountKey, providerUserId: string): Promise<void>;
}

/** What whoever receives a vendor's events tells the engine. Events may come twice, late, or never. */
export function makeVendorHints(deps: {
  readonly hints: HintStore;
  readonly marks: Pick<MarkStore, 'mark'>;
  readonly clock: Clock;
}): VendorHints {
  const { hints, marks, clock } = deps;
  return {
    async roleMayHaveChanged(account, providerUserId) {
      const at = clock.now();
      const subjectId = await hints.suspectRole(account, providerUserId, at);
      if (subjectId === null) return false;
      await marks.mark(account, [subjectId], { reason: 'webhook', at });
      return true;
    },
    wasUsed: (account, providerUserId) => hints.noteUse(account, providerUserId, clock.now()),
  };
}
