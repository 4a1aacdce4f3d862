import type { SecurityNotices } from '../sso/ports.js';
import { appendAudit } from '../store/audit.js';
import { appendMail } from '../store/mail/append-mail.js';
import type { Services } from './services.js';

/** Notices stand in the audit trail and the log, and go to the tenant by e-mail. */
export function securityNotices({ database, log }: Pick<Services, 'database' | 'log'>): SecurityNotices {
  return {
    async send(tenantId, { title, text, at }) {
      log.warn({ tenantId, title }, 'security notice');
      const audit = { at, actor: 'system', action: 'security.notice', data: { title, text } };
      const mail = {
        kind: 'security',
        recipients: null,
        subject: title,
        text: `${text}\n`,
        dedupeKey: null,
      } as const;
      await database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          await appendAudit(trx, tenantId, { ...audit, targetType: 'tenant', targetId: tenantId });
          await appendMail(trx, tenantId, mail, at);
        });
    },
  };
}
