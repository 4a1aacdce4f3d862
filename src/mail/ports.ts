/** What an e-mail is about. People choose by it which ones they get. */
export const MAIL_KINDS = [
  'account',
  'approval',
  'certificate',
  'escalation',
  'recordings',
  'reminder',
  'report',
  'security',
  'set-up',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** What a person who chooses kinds is told. */
export const MAIL_KIND_WORDS: Readonly<Record<MailKind, string>> = {
  account: 'A phone system needs you: it is paused, or its credential is refused',
  approval: 'A plan waits for approval, or something keeps a permanent deletion',
  certificate: 'A certificate of the single sign-on is about to expire',
  escalation: 'A leaver still has access, or a deadline has passed',
  recordings: 'Archived recordings have expired and are about to be removed',
  reminder: 'Tasks on the worklist are due',
  report: 'Reports on the reconciliation',
  security:
    'Somebody signed in past the identity provider or changed such a way in, or the proof of a domain is gone',
  'set-up': 'The set-up of single sign-on and provisioning',
};

/** The same in a word or two, for lists. */
export const MAIL_KIND_LABELS: Readonly<Record<MailKind, string>> = {
  account: 'Phone systems',
  approval: 'Approvals',
  certificate: 'Certificates',
  escalation: 'Escalations',
  recordings: 'Expired recordings',
  reminder: 'Reminders',
  report: 'Reports',
  security: 'Security',
  'set-up': 'Set-up',
};

export interface MailAttachment {
  readonly name: string;
  /** Such as `text/html; charset=utf-8`. */
  readonly contentType: string;
  readonly text: string;
}

/** One e-mail to write into the outbox. */
export interface Mail {
  readonly kind: MailKind;
  /** null: the tenant's contacts for the kind, as they are when it is sent. */
  readonly recipients: readonly string[] | null;
  readonly subject: string;
  readonly text: string;
  /** For mail programs that show it; without images, scripts and styles of other places. */
  readonly html?: string | null;
  readonly attachments?: readonly MailAttachment[];
  /** The text is encrypted for the outbox, which erases it once the e-mail is sent or given up. */
  readonly isSealed?: boolean;
  /** A second one with the same key is not written: for what may be noticed several times. null: always written. */
  readonly dedupeKey: string | null;
}

export interface DueMail {
  readonly tenantId: string;
  readonly id: string;
  readonly kind: MailKind;
  readonly recipients: readonly string[] | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly MailAttachment[];
  /** The text is encrypted; see `Mail`. */
  readonly isSealed: boolean;
  /** Tries so far. */
  readonly attempts: number;
  readonly deliveredTo: readonly string[];
}

export type MailEnd =
  | { readonly state: 'sent' }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'due'; readonly dueAt: Date; readonly error: string };

/** The outbox across all tenants, as whoever sends sees it. */
export interface DueMailStore {
  /** Takes what is due and unclaimed, oldest first; nobody else takes it before `until`. */
  claim(at: Date, until: Date, limit: number): Promise<readonly DueMail[]>;
  /** Notes that a recipient has it, so that no later try sends it again. */
  delivered(mail: DueMail, recipient: string): Promise<void>;
  end(mail: DueMail, end: MailEnd, at: Date): Promise<void>;
  /** Fails what has waited too long, keeping the last error; `reason` where there is none. Drops old rows. */
  expire(at: Date, reason: string): Promise<void>;
}

export interface MailContact {
  readonly id: string;
  readonly email: string;
  /** Empty: all kinds. */
  readonly kinds: readonly MailKind[];
  readonly createdAt: Date;
  readonly createdBy: string;
}

export interface MailContactStore {
  list(tenantId: string): Promise<readonly MailContact[]>;
  /** Inserts, or replaces the kinds of the contact with that address. */
  save(tenantId: string, contact: MailContact): Promise<MailContact>;
  /** False when there is none. */
  remove(
    tenantId: string,
    contactId: string,
    audit: { readonly at: Date; readonly actor: string },
  ): Promise<boolean>;
  /** Contacts for a kind; where there are none at all for it, the owners of the console. */
  addressesFor(tenantId: string, kind: MailKind): Promise<readonly string[]>;
}

/** An e-mail as people see it in lists: without its text, which may be long and personal. */
export interface ListedMail {
  readonly id: string;
  readonly kind: MailKind;
  readonly recipients: readonly string[] | null;
  readonly subject: string;
  readonly state: MailEnd['state'];
  readonly attempts: number;
  readonly dueAt: Date;
  readonly deliveredTo: readonly string[];
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface OutboxView {
  /** Newest first. */
  list(
    tenantId: string,
    query: { readonly state: MailEnd['state'] | null; readonly after: string | null; readonly limit: number },
  ): Promise<{ readonly rows: readonly ListedMail[]; readonly next: string | null }>;
}

export type SendOutcome =
  | { readonly type: 'accepted' }
  /** The server will never take it for this recipient. */
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'later'; readonly reason: string };

/** One message to one recipient. Never throws. */
export type SendMail = (mail: DueMail, recipient: string) => Promise<SendOutcome>;
