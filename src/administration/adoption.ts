/** An agent that was there before Patchbay and has the verified address of somebody in the directory. */
export interface MatchedAgent {
  readonly subjectId: string;
  readonly email: string;
  readonly providerUserId: string;
  /** As the vendor shows it. */
  readonly name: string;
}

/** An agent that nobody in the directory is linked to: never changed, never removed. */
export interface UnmanagedAgent {
  readonly providerUserId: string;
  readonly message: string;
}

/** What the newest plan of a whole account says of agents that were there before. */
export interface Adoption {
  readonly planId: string;
  readonly madeAt: Date;
  /** To be taken over as soon as the policy allows it; the first of them. */
  readonly matched: readonly MatchedAgent[];
  readonly matchedCount: number;
  readonly unmanaged: readonly UnmanagedAgent[];
  readonly unmanagedCount: number;
  /** People who would get a new agent, and so a seat. */
  readonly newcomers: number;
  /** Agents that were taken over earlier and are managed now. */
  readonly takenOver: number;
}

export interface AdoptionView {
  /** At most `limit` of each list. null: the account as a whole was not planned yet. */
  find(tenantId: string, accountId: string, limit: number): Promise<Adoption | null>;
}
