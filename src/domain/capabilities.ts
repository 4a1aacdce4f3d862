import type { AccessKind, Role } from './entitlement.js';
import type { SettingDeclaration } from './settings.js';

/** How a vendor lets number access of one kind be changed. `api`: by a write of its own. */
export type NumberAccessMode = 'api' | 'via-team' | 'manual' | 'none';

/**
 * What a vendor can do, as data: rules and plans are checked against it before any call. Where `writes` is `manual`,
 * whatever is said below to be possible is done by a person, and nothing of it is ever done by a program.
 */
export interface Capabilities {
  /** Who makes the writes: a program through the API, or a person who follows a checklist and confirms each step. */
  readonly writes: 'api' | 'manual';
  /** Whether people are grouped at all (teams, departments). */
  readonly teams: boolean;
  /** Whether there are owners above the administrators. */
  readonly owners: boolean;
  /** Roles that the vendor tells apart; whoever should have another one gets the next lower of these. Absent: all. */
  readonly roles?: readonly Role[];
  readonly suspend: boolean;
  /** Whether calls can be kept from an agent by a write, where there is no suspension. Absent: no. */
  readonly writeAvailability?: boolean;
  readonly delete: 'permanent' | 'none';
  readonly readRole: boolean;
  readonly writeRole: boolean;
  readonly writeOwner: boolean;
  readonly writeEmail: boolean;
  readonly createTeam: boolean;
  readonly renameTeam: boolean;
  readonly numberAccess: Readonly<Record<AccessKind, NumberAccessMode>>;
  /** Kinds of access that no reading shows, such as caller IDs: who holds them is what we and people did. */
  readonly unreadableAccess?: readonly AccessKind[];
  readonly invitationStateReadable: boolean;
  /** Whether calls are listed, so that it can be told who uses their seat. Absent: yes. */
  readonly listsCalls?: boolean;
  readonly resendInvitation: boolean;
  /** A new agent gets a password that nobody knows, and has to be told how to choose their own. Absent: no. */
  readonly initialPassword?: boolean;
  /** What else rules may set about an agent. Absent: nothing. */
  readonly settings?: readonly SettingDeclaration[];
}

/** Limits that vendor data must obey; a plan says what cannot be done before the call. */
export interface VendorLimits {
  readonly nameMaxChars: number;
  readonly teamNameMaxChars: number;
  readonly emojiInNames: boolean;
  readonly requestsPerMinute: number;
  /** How long an invitation can be accepted; absent where people are not invited. */
  readonly invitationValidDays?: number;
  /** How far back calls can be listed; absent where no limit is known. */
  readonly callHistoryDays?: number;
}
