import { sql } from 'kysely';
import type { Lifecycle, LifecycleEvent, LifecycleState } from '../domain/lifecycle.js';
import { linkStateOf, nextLifecycle } from '../domain/lifecycle-next.js';
import type { AccountKey } from '../reconcile/account.js';
import type { Db } from './database.js';
import { databaseNow } from './links.js';
import type { DeletionState } from './tables.js';

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

interface Row {
  readonly link_id: string;
  readonly link_state: 'active' | 'parked' | 'deleting' | 'deleted';
  readonly parked_at: Date | null;
  readonly delete_due_at: Date | null;
  readonly state: DeletionState;
  readonly plan_id: string | null;
  readonly due_at: Date;
  readonly hold_reason: string | null;
  /** The earlier of the caller's clock and the database's: neither alone deletes early. */
  readonly now: Date;
}

/**
 * Moves a deletion and its link by the domain's state machine, inside the caller's transaction: both rows stay
 * locked until its end, so two workers never take a step each. null: the machine refuses a step, `eventsOf` names
 * none, or the deletion has ended; nothing is written then.
 */
export async function advance(
  trx: Db,
  { tenantId, accountId }: AccountKey,
  deletion: { readonly deletionId: string; readonly at: Date },
  eventsOf: (standing: Standing) => readonly LifecycleEvent[] | null,
): Promise<Advanced | null> {
  const { deletionId, at } = deletion;
  const { rows } = await sql<Row>`
    select l.id as link_id, l.state as link_state, l.parked_at, l.delete_due_at,
      d.plan_id, d.state, d.due_at, d.hold_reason, least(${at}::timestamptz, clock_timestamp()) as now
    from deletions d join links l on l.tenant_id = d.tenant_id and l.id = d.link_id
    where d.tenant_id = ${tenantId} and d.account_id = ${accountId} and d.id = ${deletionId}
      and d.state not in ('cancelled', 'restored') and l.state <> 'forgotten'
    for update of l, d`.execute(trx);
  const [row] = rows;
  if (row === undefined) return null;
  const before = toLifecycle(row);
  const events = eventsOf({ state: before.state, now: row.now.getTime(), planId: row.plan_id });
  const after = events === null ? null : follow(before, events);
  if (after === null) return null;
  await write(trx, tenantId, { ...deletion, row, after });
  return { before, after };
}

/** What the rows say, with the passing of time taken in. */
function toLifecycle(row: Row): Lifecycle {
  const deleteDueAt = Math.max(row.due_at.getTime(), row.delete_due_at?.getTime() ?? Infinity);
  const stored: Lifecycle = {
    state: stateOf(row),
    parkedAt: row.parked_at?.getTime() ?? null,
    deleteDueAt: Number.isFinite(deleteDueAt) ? deleteDueAt : null,
    holds: row.state === 'held' ? [row.hold_reason ?? 'held'] : [],
  };
  return follow(stored, [{ type: 'clock', now: row.now.getTime() }]) ?? stored;
}

function stateOf({ link_state, state }: Row): LifecycleState {
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

async function write(
  trx: Db,
  tenantId: string,
  step: { readonly deletionId: string; readonly at: Date; readonly row: Row; readonly after: Lifecycle },
): Promise<void> {
  const { deletionId, at, row, after } = step;
  await trx
    .updateTable('deletions')
    .set({ state: rowStateOf(after), hold_reason: after.holds.join(' ') || null, updated_at: at })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', deletionId)
    .execute();
  const linkState = linkStateOf(after.state);
  if (linkState === row.link_state) return;
  await trx
    .updateTable('links')
    .set({
      state: linkState,
      updated_at: databaseNow(),
      ...(linkState === 'deleted' ? { ended_at: at } : {}),
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', row.link_id)
    .execute();
}

/** A date that has come is no state of its own in the rows: the date is there, and the clock is read when asked. */
function rowStateOf({ state }: Lifecycle): DeletionState {
  if (state === 'parked' || state === 'due') return 'scheduled';
  return state === 'active' ? 'restored' : state;
}
