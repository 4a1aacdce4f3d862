import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { MemberDelta, MemberReplacement } from '../../directory/ports.js';
import { ID_CHARS } from '../../lib/ids.js';
import type { Db } from '../database.js';
import { PREPARED } from '../prepared.js';

/**
 * What gives a group these members and no others. To be asked under the group's lock. Who is there comes as one text
 * and is compared here: comparing ten thousand in the database takes it many times as long as reading them.
 */
export async function memberDifference(
  db: Db,
  tenantId: string,
  groupId: string,
  { members, accept }: MemberReplacement,
): Promise<MemberDelta> {
  const reading = sql<{ ids: string | null }>`${PREPARED}
    select string_agg(user_id::text, '' order by user_id) as ids from scim_memberships
    where tenant_id = ${tenantId} and group_id = ${groupId}`.execute(db);
  const [{ rows }, wanted] = await Promise.all([reading, wantedOf(members)]);
  const difference = mergeDifference(rows[0]?.ids ?? '', wanted.toSorted());
  accept?.(difference.add);
  return difference;
}

/** In a later turn: until then the question is on its way to the database. */
async function wantedOf(members: MemberReplacement['members']): Promise<readonly string[]> {
  await setImmediate();
  return typeof members === 'function' ? members() : members;
}

/** Both in ascending order, `present` as ids without anything between them: walked once, side by side. */
export function mergeDifference(present: string, wanted: readonly string[]): MemberDelta {
  const add: string[] = [];
  const remove: string[] = [];
  let at = 0;
  const next = (): string => present.slice(at, at + ID_CHARS);
  for (const id of wanted) {
    let there = next();
    for (; there !== '' && there < id; there = next()) {
      remove.push(there);
      at += ID_CHARS;
    }
    // Nobody looked yet at whether these can be ids: nothing is not the one behind the last.
    if (there !== '' && there === id) at += ID_CHARS;
    else add.push(id);
  }
  for (; at < present.length; at += ID_CHARS) remove.push(next());
  return { type: 'delta', add, remove };
}
