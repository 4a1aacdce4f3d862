import { sql } from 'kysely';
import type { ActiveWrite } from '../../directory/ports.js';
import type { StoredResource } from '../../directory/resource.js';
import { auditInsert } from '../../audit/record.js';
import type { Db } from '../database.js';
import { PREPARED } from '../prepared.js';
import { SIGNED_OUT, sessionsOfLeaver, signInKeys } from '../sso/leaver-sessions.js';
import { markInsert } from './marks.js';
import { groupsOfUser } from './references.js';
import { resourceColumns, toStored, type ResourceRow } from './rows.js';
import { oneSubject } from './users.js';

const COLUMNS = resourceColumns('scim_users');

/**
 * Takes one round trip, because somebody's leaving is what has to arrive soonest. The stored text changes in place:
 * `active` is the name of one attribute and of no sub-attribute, and within a value its quotes are escaped.
 */
export async function setActive(
  db: Db,
  tenantId: string,
  { id, active, refBase, audit }: ActiveWrite,
): Promise<StoredResource | null> {
  const isWritten = sql`exists (select 1 from written)`;
  const { rows } = await sql<ResourceRow>`${PREPARED}
    with written as (
      update scim_users set active = ${active}, version = version + 1, change_no = nextval('scim_change_no'),
        resource = jsonb_set(resource, '{active}', to_jsonb(${active}::boolean)),
        wire = replace(wire, ${wireOf(!active)}, ${wireOf(active)}), last_modified = ${audit.at}
      where tenant_id = ${tenantId} and id = ${id} and active <> ${active} and deleted_at is null
      returning tenant_id, ${COLUMNS}),
    ${active ? sql`` : sql`signed_out as (${sessionsOfLeaver(tenantId, signInKeys(tenantId, id), isWritten)}),`}
    audited as (${auditInsert(tenantId, audit, { onlyIf: isWritten, ...(active ? {} : SIGNED_OUT) })}),
    marked as (${markInsert(tenantId, sql`${oneSubject(id, !active)} where ${isWritten}`, {
      reason: audit.action,
      at: audit.at,
    })})
    select *, ${groupsOfUser(refBase)} as refs from written as scim_users`.execute(db);
  return rows[0] === undefined ? null : toStored(rows[0]);
}

function wireOf(active: boolean): string {
  return `"active":${String(active)}`;
}
