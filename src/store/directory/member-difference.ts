import { sql, type RawBuilder } from 'kysely';
import { AppError } from '../../domain/errors.js';
import type { MemberDelta, MemberReplacement } from '../../directory/ports.js';
import { ascending } from '../../lib/ascending.js';
import { ID_CHARS } from '../../lib/ids.js';
import type { Db } from '../database.js';
import { PREPARED } from '../prepared.js';

/** Who is in a group, as an expression: one text of ids in ascending order, because that is what is fast to carry. */
export function presentMembers(tenantId: string, groupId: string): RawBuilder<string> {
  return sql`(select coalesce(string_agg(user_id::text, '' order by user_id), '') from scim_memberships
    where tenant_id = ${tenantId}::uuid and group_id = ${groupId}::uuid)`;
}

/**
 * What gives a group these members and no others. To be asked under the group's lock, or together with its version.
 * They are compared here: comparing ten thousand in the database takes it many times as long as reading them.
 * `known` is who is there, where that was read already.
 */
export async function memberDifference(
  db: Db,
  tenantId: string,
  groupId: string,
  { members, accept }: MemberReplacement,
  known: string | null,
): Promise<MemberDelta> {
  const present = known ?? (await readPresent(db, tenantId, groupId));
  const ordered = inOrder(present, members);
  accept?.(ordered.difference.add, ordered.members);
  return ordered.difference;
}

/** Lists mostly come as they were sent, in ascending order: only others are sorted. */
function inOrder(present: string, members: readonly string[]) {
  const difference = mergeDifference(present, members);
  if (difference !== null) return { members, difference };
  const sorted = ascending(members);
  return { members: sorted, difference: mergeDifference(present, sorted) ?? unsorted() };
}

function unsorted(): never {
  throw new AppError('bug', 'A sorted list of members is not in order.');
}

async function readPresent(db: Db, tenantId: string, groupId: string): Promise<string> {
  const { rows } = await sql<{ ids: string }>`${PREPARED}
    select ${presentMembers(tenantId, groupId)} as ids`.execute(db);
  return rows[0]?.ids ?? '';
}

/** As many ids as are compared in one go. */
const STRETCH = 100;

/**
 * Walks two lists side by side: `present`, distinct ids in ascending order without anything between them, and `wanted`,
 * of whom nobody looked yet whether they can be ids. null where `wanted` is not in ascending order, or names one twice.
 */
export function mergeDifference(present: string, wanted: readonly string[]): MemberDelta | null {
  const add: string[] = [];
  const remove: string[] = [];
  let at = 0;
  let last = '';
  const next = (): string => present.slice(at, at + ID_CHARS);
  for (let index = 0; index < wanted.length; index += 1) {
    if (index % STRETCH === 0) {
      const same = sameStretches(present, at, wanted, index);
      at += same * ID_CHARS;
      index += same;
      if (same > 0) last = wanted[index - 1] ?? '';
      if (index >= wanted.length) break;
    }
    const id = wanted[index] ?? '';
    if (index > 0 && !(last < id)) return null;
    last = id;
    for (let there = next(); there !== '' && there < id; there = next()) {
      remove.push(there);
      at += ID_CHARS;
    }
    // Behind the last one nobody is left who could be meant by nothing.
    if (at < present.length && next() === id) at += ID_CHARS;
    else add.push(id);
  }
  for (; at < present.length; at += ID_CHARS) remove.push(next());
  return { type: 'delta', add, remove };
}

/** How many of `wanted`, in whole stretches, are exactly those who follow in `present`: nearly all of them. */
function sameStretches(present: string, at: number, wanted: readonly string[], index: number): number {
  let same = 0;
  for (;;) {
    const stretch = wanted.slice(index + same, index + same + STRETCH);
    const from = at + same * ID_CHARS;
    if (stretch.length < STRETCH || !stretch.every((id) => id.length === ID_CHARS)) return same;
    if (stretch.join('') !== present.slice(from, from + STRETCH * ID_CHARS)) return same;
    same += STRETCH;
  }
}
