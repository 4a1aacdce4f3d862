import { sql, type Selectable } from 'kysely';
import type { DueMail, DueMailStore, ListedMail, MailKind, OutboxView } from '../../mail/ports.js';
import { cutPage, decodeCursor } from '../../administration/page.js';
import { isUuid } from '../../lib/ids.js';
import { isIsoMoment } from '../console/cursor-parts.js';
import type { TenantDatabase } from '../database.js';
import type { MailTables } from './tables.js';

/** How long the list shows what was sent, and dedupe keys are remembered. */
const KEPT_MS = 90 * 86_400_000;

/** The outbox of all tenants, for whoever sends. */
export function makeDueMailStore(database: TenantDatabase): DueMailStore {
  const row = ({ tenantId, id }: DueMail) =>
    database.system().updateTable('mail_outbox').where('tenant_id', '=', tenantId).where('id', '=', id);
  return {
    claim: (at, until, limit) => claim(database, at, until, limit),
    async delivered(mail, recipient) {
      await row(mail)
        .set({ delivered_to: sql`array_append(delivered_to, ${recipient})` })
        .execute();
    },
    async end(mail, end, at) {
      const ended = end.state === 'due' ? { due_at: end.dueAt } : { ended_at: at, body_text: WITHOUT_SECRET };
      await row(mail)
        .set({
          state: end.state,
          last_error: end.state === 'sent' ? null : end.error,
          attempts: mail.attempts + 1,
          claimed_until: null,
          ...ended,
        })
        .execute();
    },
    async expire(at, reason) {
      await database
        .system()
        .updateTable('mail_outbox')
        .set({
          state: 'failed',
          last_error: sql`coalesce(last_error, ${reason})`,
          ended_at: at,
          body_text: WITHOUT_SECRET,
        })
        .where('state', '=', 'due')
        .where('give_up_at', '<=', at)
        .execute();
      await database
        .system()
        .deleteFrom('mail_outbox')
        .where('state', '<>', 'due')
        .where('ended_at', '<', new Date(at.getTime() - KEPT_MS))
        .execute();
    },
  };
}

const WITHOUT_SECRET = sql<string>`case when is_sealed then '' else body_text end`;

async function claim(
  database: TenantDatabase,
  at: Date,
  until: Date,
  limit: number,
): Promise<readonly DueMail[]> {
  const { rows } = await sql<Selectable<MailTables['mail_outbox']>>`
    update mail_outbox m set claimed_until = ${until}
    from (select tenant_id, id from mail_outbox
      where state = 'due' and due_at <= ${at} and (claimed_until is null or claimed_until <= ${at})
      order by due_at limit ${limit} for update skip locked) taken
    where m.tenant_id = taken.tenant_id and m.id = taken.id
    returning m.*`.execute(database.system());
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    id: row.id,
    kind: row.kind as MailKind,
    recipients: row.recipients,
    subject: row.subject,
    text: row.body_text,
    html: row.body_html,
    isSealed: row.is_sealed,
    attachments: row.attachments,
    attempts: row.attempts,
    deliveredTo: row.delivered_to,
  }));
}

const LISTED = [
  'id',
  'kind',
  'recipients',
  'subject',
  'state',
  'attempts',
  'due_at',
  'delivered_to',
  'last_error',
  'created_at',
  'ended_at',
] as const;

/** What a tenant's people see of its outbox. */
export function makeOutboxView(database: TenantDatabase): OutboxView {
  return {
    async list(tenantId, { state, after, limit }) {
      let query = database
        .forTenant(tenantId)
        .selectFrom('mail_outbox')
        .select(LISTED)
        .where('tenant_id', '=', tenantId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (state !== null) query = query.where('state', '=', state);
      if (after !== null) {
        const [at = '', id = ''] = decodeCursor(after, [isIsoMoment, isUuid]);
        query = query.where(sql<boolean>`(created_at, id) < (${at}::timestamptz, ${id}::uuid)`);
      }
      return cutPage((await query.execute()).map(toListed), limit, (mail) => [
        mail.createdAt.toISOString(),
        mail.id,
      ]);
    },
  };
}

function toListed(row: Pick<Selectable<MailTables['mail_outbox']>, (typeof LISTED)[number]>): ListedMail {
  return {
    id: row.id,
    kind: row.kind as MailKind,
    recipients: row.recipients,
    subject: row.subject,
    state: row.state,
    attempts: row.attempts,
    dueAt: row.due_at,
    deliveredTo: row.delivered_to,
    lastError: row.last_error,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
