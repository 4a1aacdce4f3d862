import { sql } from 'kysely';
import type { RecheckStore } from '../../administration/recheck.js';
import { isUuid } from '../../lib/ids.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';

export function makeRecheckStore(database: TenantDatabase): RecheckStore {
  return {
    async markEverywhere(tenantId, personId, { at, actor }) {
      if (!isUuid(personId)) return false;
      return database
        .forTenant(tenantId)
        .transaction()
        .execute(async (trx) => {
          const known = await sql`select 1 from scim_users
            where tenant_id = ${tenantId}::uuid and id = ${personId}::uuid`.execute(trx);
          if (known.rows.length === 0) return false;
          await sql`insert into dirty_subjects (tenant_id, account_id, subject_id, urgent, reason, marked_at)
            select tenant_id, id, ${personId}::uuid, false, 'manual', ${at} from accounts where tenant_id = ${tenantId}::uuid
            on conflict (tenant_id, account_id, subject_id)
              do update set generation = dirty_subjects.generation + 1, reason = excluded.reason`.execute(
            trx,
          );
          const action = 'person.recheck-asked';
          await appendAudit(trx, tenantId, { at, actor, action, targetType: 'User', targetId: personId });
          return true;
        });
    },
  };
}
