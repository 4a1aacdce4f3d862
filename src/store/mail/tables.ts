import type { Generated, JSONColumnType } from 'kysely';
import type { MailAttachment, MailEnd } from '../../mail/ports.js';

export interface MailTables {
  mail_outbox: {
    tenant_id: string;
    id: string;
    kind: string;
    dedupe_key: string | null;
    recipients: string[] | null;
    subject: string;
    body_text: string;
    body_html: string | null;
    is_sealed: Generated<boolean>;
    attachments: JSONColumnType<readonly MailAttachment[], string, string>;
    state: Generated<MailEnd['state']>;
    attempts: Generated<number>;
    due_at: Date;
    give_up_at: Date;
    claimed_until: Date | null;
    delivered_to: Generated<string[]>;
    last_error: string | null;
    created_at: Date;
    ended_at: Date | null;
  };
  mail_contacts: {
    tenant_id: string;
    id: string;
    email: string;
    kinds: string[];
    created_at: Date;
    created_by: string;
  };
}
