import { sql } from 'kysely';
import type { Lifecycle, LifecycleEvent, LifecycleState } from '../domain/lifecycle.js';
import { linkStateOf, nextLifecycle } from '../domain/lifecycle-next.js';
import type { AccountKey } from '../reconcile/account.js';
import type { Db } from './database.js';
import { databaseNow } from './database-now.js';
import type { DeletionState, LinksTable } from './tables.js';

/** The lifecycle of an agent before and after, as the rows now say it. */
export interface Advanced {
  readonly before: Lifecycle;
  readonly after: Lifecycle;
}

/** What the caller may choose its events by. */
export interface Standing {
  readonly state: LifecycleState;
  /** Milliseconds since the epoch, by both clocks. */
  readonly now: number;
  /** The plan under which the deletion was begun or is held. */
  readonly planId: string | null;
}

/** Whose lifecycle is meant: that of one deletion, or of one link with its open deletion where it has one. */
export type Whose = ({ readonly deletionId: string } | { readonly linkId: string }) & { readonly at: Date };

interface Row {
  readonly link_id: string;
  readonly link_state: LinksTable['state'];
  readonly parked_at: Date | null;
  readonly delete_due_at: Date | null;
  readonly deletion: DeletionPart | null;
  /** The earlier of the caller's clock and the database's: neither alone deletes early. */
  readonly now: Date;
}

interface DeletionPart {
  readonly id: string;
  readonly state: DeletionState;
  readonly plan_id: string | null;
  readonly due_at: Date;
  readonly hold_reason: string | null;
}

/**
 * Moves a link and its deletion by the domain's state machine, inside the caller's transaction: both rows stay locked
 * until its end, so two workers never take a step each. There is no other way to their states. null: the machine
 * refuses a step, `eventsOf` names none, or there is no such row or it has ended; nothing is written then.
 */
export async function advance(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  whose: Whose,
  eventsOf: (standing: Standing) => readonly LifecycleEvent[] | null,
): Promise<Advanced | null> {
  const row = await lock(trx, { tenantId, accountId }, whose);
  if (row === null) return null;
  const before = toLifecycle(row);
  const planId = row.deletion?.plan_id ?? null;
  const events = eventsOf({ state: before.state, now: row.now.getTime(), planId });
  const after = events === null ? null : follow(before, events);
  if (after === null) return null;
  if (events?.length !== 0) await write(trx, tenantId, { at: whose.at, row, before, after });
  return { before, after };
}

/** The link first, then its deletion: in the same order everywhere, so that two writers wait instead of blocking. */
async function lock(trx: Db, { tenantId, accountId }: AccountKey, whose: Whose): Promise<Row | null> {
  const isMeant =
    'linkId' in whose
      ? sql`l.id = ${whose.linkId}`
      : sql`l.id = (select link_id from deletions where tenant_id = ${tenantId} and id = ${whose.deletionId})`;
  const links = await sql<Omit<Row, 'deletion'>>`
    select l.id as link_id, l.state as link_state, l.parked_at, l.delete_due_at,
      least(${whose.at}::timestamptz, clock_timestamp()) as now
    from links l where l.tenant_id = ${tenantId} and l.account_id = ${accountId} and ${isMeant}
      and l.state <> 'forgotten' for update`.execute(trx);
  const [link] = links.rows;
  if (link === undefined) return null;
  // Whatever was decided about an agent that is active again is history.
  if (link.link_state === 'active') return 'linkId' in whose ? { ...link, deletion: null } : null;
  const deletions = await sql<DeletionPart>`
    select id, state, plan_id, due_at, hold_reason from deletions
    where tenant_id = ${tenantId} and link_id = ${link.link_id} and state <> 'restored'
    order by created_at desc, id desc limit 1 for update`.execute(trx);
  const deletion = deletions.rows[0] ?? null;
  // One that was ended by a restore is history, and so is one before the last.
  if ('deletionId' in whose && deletion?.id !== whose.deletionId) return null;
  return { ...link, deletion };
}

/** What the rows say, with the passing of time taken in. */
function toLifecycle(row: Row): Lifecycle {
  const dueAt = Math.max(row.deletion?.due_at.getTime() ?? 0, row.delete_due_at?.getTime() ?? Infinity);
  const stored: Lifecycle = {
    state: stateOf(row),
    parkedAt: row.parked_at?.getTime() ?? null,
    deleteDueAt: Number.isFinite(dueAt) ? dueAt : null,
    holds: row.deletion?.state === 'held' ? [row.deletion.hold_reason ?? 'held'] : [],
  };
  return follow(stored, [{ type: 'clock', now: row.now.getTime() }]) ?? stored;
}

function stateOf({ link_state, deletion }: Row): LifecycleState {
  const state = deletion?.state;
  if (state === 'verified' || state === 'deleted' || state === 'deleting') return state;
  if (link_state !== 'parked') return link_state;
  return state === 'held' ? 'held' : 'parked';
}

function follow(from: Lifecycle, events: readonly LifecycleEvent[]): Lifecycle | null {
  let current = from;
  for (const event of events) {
    const result = nextLifecycle(current, event);
    if (result.type === 'refused') return null;
    current = result.lifecycle;
  }
  return current;
}

interface Step {
  readonly at: Date;
  readonly row: Row;
  readonly before: Lifecycle;
  readonly after: Lifecycle;
}

async function write(trx: Db, tenantId: string, step: Step): Promise<void> {
  const { row, before, after, at } = step;
  const dueAt = after.deleteDueAt === null ? null : new Date(after.deleteDueAt);
  const isMoved = before.deleteDueAt !== after.deleteDueAt;
  if (row.deletion !== null) {
    await trx
      .updateTable('deletions')
      .set({
        state: rowStateOf(after),
        hold_reason: after.holds.join(' ') || null,
        updated_at: at,
        ...(isMoved && dueAt !== null ? { due_at: dueAt } : {}),
      })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', row.deletion.id)
      .execute();
    if (!isUnderway(after)) await dropPlan(trx, tenantId, row.deletion.plan_id, at);
  }
  const linkState = linkStateOf(after.state);
  if (linkState === row.link_state && !isMoved) return;
  const hasEnded = linkState === 'deleted' || linkState === 'forgotten';
  await trx
    .updateTable('links')
    .set({
      state: linkState,
      updated_at: databaseNow(),
      ...(isMoved ? { delete_due_at: dueAt } : {}),
      ...(hasEnded ? { ended_at: at } : {}),
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', row.link_id)
    .execute();
}

/** A date that has come is no state of its own in the rows: the date is there, and the clock is read when asked. */
function rowStateOf({ state, deleteDueAt }: Lifecycle): DeletionState {
  switch (state) {
    case 'parked':
    case 'due':
      return deleteDueAt === null ? 'cancelled' : 'scheduled';
    case 'active':
      return 'restored';
    case 'forgotten':
      return 'cancelled';
    case 'held':
    case 'deleting':
    case 'deleted':
    case 'verified':
      return state;
  }
}

/** There still is, or was, a deletion to be approved. */
function isUnderway(lifecycle: Lifecycle): boolean {
  return !['restored', 'cancelled'].includes(rowStateOf(lifecycle));
}

/** Nobody is asked any more for the approval of what will not happen. */
export async function dropPlan(trx: Db, tenantId: string, planId: string | null, at: Date): Promise<void> {
  if (planId === null) return;
  await trx
    .updateTable('plans')
    .set({ state: 'superseded', finished_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', planId)
    .where('state', 'in', ['held', 'approved'])
    .execute();
}
