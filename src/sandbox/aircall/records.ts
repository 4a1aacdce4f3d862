/** A person in the simulated company. What the API never shows (names apart, roles, invitation) is here too. */
export interface UserRecord {
  readonly id: number;
  email: string;
  firstName: string;
  lastName: string;
  roleIds: readonly string[];
  /** Owner is an overlay on top of the role. */
  isOwner: boolean;
  language: string;
  timeZone: string;
  wrapUpTime: number;
  extension: string;
  defaultNumberId: number | null;
  availabilityStatus: AvailabilityStatus;
  substatus: string;
  availability: Availability;
  /** Milliseconds, as are all times here that end in At. */
  readonly createdAt: number;
  /** When the last invitation went out. */
  invitedAt: number;
  /** When the person confirmed it; null while pending or expired. */
  confirmedAt: number | null;
}

export const availabilityStatuses = ['available', 'custom', 'unavailable'] as const;
export type AvailabilityStatus = (typeof availabilityStatuses)[number];

export const availabilities = [
  'available',
  'offline',
  'do_not_disturb',
  'in_call',
  'after_call_work',
] as const;
export type Availability = (typeof availabilities)[number];

export interface DeletedUser extends UserRecord {
  readonly deletedAt: number;
}

export interface TeamRecord {
  readonly id: number;
  name: string;
  readonly createdAt: number;
  readonly memberIds: Set<number>;
}

export interface NumberRecord {
  readonly id: number;
  name: string;
  /** As displayed, not E.164. */
  readonly digits: string;
  readonly country: string;
  timeZone: string;
  priority: 0 | 1 | null;
  messages: Record<string, string>;
  readonly createdAt: number;
  readonly isSmartflows: boolean;
  /** Who the Dashboard's "Ring to" names. */
  ringTo: { readonly teamIds: readonly number[]; readonly userIds: readonly number[] };
  /** Call-and-data access: sees the number's calls without being rung. */
  dataAccessUserIds: readonly number[];
  /** May call out with this number. */
  outboundUserIds: readonly number[];
}

export interface CallRecord {
  readonly id: number;
  readonly numberId: number;
  readonly userId: number | null;
  readonly direction: 'inbound' | 'outbound';
  /** Seconds since the epoch. */
  readonly startedAt: number;
  /** Seconds; 0 for a missed call. */
  readonly duration: number;
  /** Digits of the other party. */
  readonly rawDigits: string;
  readonly tags: readonly string[];
  /** Size of the recording; null when the call was not recorded. */
  readonly recordingBytes: number | null;
}

export interface WebhookRecord {
  readonly id: number;
  readonly webhookId: string;
  url: string;
  customName: string;
  /** Empty stands for all events. */
  events: readonly string[];
  isActive: boolean;
  readonly token: string;
  readonly createdAt: number;
}

/** An event on its way to a webhook. */
export interface OutboxItem {
  readonly id: number;
  readonly webhookId: string;
  /** The request body as JSON text. */
  readonly payload: string;
  attempts: number;
  /** Real time in milliseconds before which it is not tried again. */
  notBefore: number;
}

export interface ApiKey {
  readonly apiId: string;
  readonly apiToken: string;
  isRevoked: boolean;
}

export interface Invoice {
  readonly at: number;
  readonly userId: number;
  readonly reason: string;
}
