import { sql } from 'kysely';
import { makeIdSource } from '../../lib/ids.js';
import type { Mail } from '../../mail/ports.js';
import type { Db } from '../database.js';

/** How long an e-mail is tried. What is older would only confuse. */
const GIVE_UP_AFTER_MS = 3 * 86_400_000;
const SUBJECT_MAX_CHARS = 250;

/**
 * Writes an e-mail into the outbox; inside a transaction it is there exactly if the thing it tells of is. A job sends
 * it within seconds. One with a dedupe key that the tenant has used before is not written. Returns whether it was.
 */
export async function appendMail(db: Db, tenantId: string, mail: Mail, at: Date): Promise<boolean> {
  const written = await db
    .insertInto('mail_outbox')
    .values({
      tenant_id: tenantId,
      id: makeIdSource({ now: () => at })(),
      kind: mail.kind,
      dedupe_key: mail.dedupeKey,
      recipients: mail.recipients === null ? null : [...mail.recipients],
      subject: [...mail.subject.replaceAll(/\s+/g, ' ').trim()].slice(0, SUBJECT_MAX_CHARS).join(''),
      body_text: mail.text,
      body_html: mail.html ?? null,
      is_sealed: mail.isSealed ?? false,
      attachments: JSON.stringify(mail.attachments ?? []),
      due_at: at,
      give_up_at: new Date(at.getTime() + GIVE_UP_AFTER_MS),
      created_at: at,
    })
    .onConflict((conflict) =>
      conflict
        .expression(sql`tenant_id, md5(dedupe_key)`)
        .where('dedupe_key', 'is not', null)
        .doNothing(),
    )
    .executeTakeFirst();
  return written.numInsertedOrUpdatedRows === 1n;
}
