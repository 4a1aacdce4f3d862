import type { AccessKind } from './entitlement.js';

/** How a vendor lets number access of one kind be changed. */
export type NumberAccessMode = 'api' | 'via-team' | 'manual' | 'none';

/** What a vendor can do, as data: rules and plans are checked against it before any call. */
export interface Capabilities {
  readonly suspend: boolean;
  readonly delete: 'permanent' | 'none';
  readonly readRole: boolean;
  readonly writeRole: boolean;
  readonly writeOwner: boolean;
  readonly writeEmail: boolean;
  readonly createTeam: boolean;
  readonly renameTeam: boolean;
  readonly numberAccess: Readonly<Record<AccessKind, NumberAccessMode>>;
  readonly invitationStateReadable: boolean;
  readonly resendInvitation: boolean;
}

/** Limits that vendor data must obey; a plan says what cannot be done before the call. */
export interface VendorLimits {
  readonly nameMaxChars: number;
  readonly teamNameMaxChars: number;
  readonly emojiInNames: boolean;
  readonly requestsPerMinute: number;
  /** How far back calls can be listed; absent where no limit is known. */
  readonly callHistoryDays?: number;
}
