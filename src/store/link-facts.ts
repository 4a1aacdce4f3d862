import { sql } from 'kysely';
import { collectByHand, type DoneByHand } from '../domain/by-hand.js';
import type { ManualTask } from '../domain/plan.js';
import type { LinkFacts } from '../domain/state.js';
import type { AccountKey } from '../reconcile/account.js';
import type { LinkSelection } from '../reconcile/links.js';
import type { Db } from './database.js';

/** What is known of a link besides the link: by person. */
export async function readFacts(
  db: Db,
  { tenantId, accountId }: AccountKey,
  selection: LinkSelection,
): Promise<ReadonlyMap<string, LinkFacts>> {
  const about = selection === 'all' ? sql`` : linksOf(selection);
  const { rows } = await sql<FactRow>`
    select links.id, links.origin, links.created_at, links.grace_days, links.role_suspected_at, least(links.accepted_at, used.last_call_at) as accepted_at,
      (select jsonb_agg(jsonb_build_object('task', done.task, 'at', extract(epoch from done.closed_at) * 1000))
         from worklist_items done
        where done.tenant_id = links.tenant_id and done.account_id = links.account_id
          and done.subject_id = links.subject_id and done.state = 'done' and done.task is not null
          and done.closed_by <> 'reconciliation' and done.closed_at >= links.created_at) as done
    from links
    left join agent_use used on used.tenant_id = links.tenant_id and used.account_id = links.account_id
      and used.provider_user_id = links.provider_user_id
    where links.tenant_id = ${tenantId}::uuid and links.account_id = ${accountId}::uuid
      and links.ended_at is null ${about}`.execute(db);
  return new Map(rows.map((row) => [row.id, toFacts(row)]));
}

interface FactRow {
  readonly id: string;
  readonly origin: 'created' | 'adopted';
  readonly grace_days: number | null;
  readonly role_suspected_at: Date | null;
  readonly created_at: Date;
  readonly accepted_at: Date | null;
  readonly done: readonly { readonly task: ManualTask; readonly at: number }[] | null;
}

function linksOf({ subjectIds, providerUserIds }: Exclude<LinkSelection, 'all'>) {
  return sql`and (links.subject_id = any(${[...subjectIds]}::uuid[])
    or links.provider_user_id = any(${[...providerUserIds]}::text[]))`;
}

function toFacts({
  origin,
  created_at,
  accepted_at,
  grace_days,
  role_suspected_at,
  done,
}: FactRow): LinkFacts {
  const handwork: readonly DoneByHand[] = done ?? [];
  return {
    byHand: collectByHand(handwork),
    graceDays: grace_days,
    roleSuspectedAt: role_suspected_at?.getTime() ?? null,
    invitation:
      origin === 'created'
        ? { sentAt: created_at.getTime(), acceptedAt: accepted_at?.getTime() ?? null }
        : null,
  };
}

/** The moment of the link's last write stays: nothing was written at the vendor. */
export async function writeGrace(
  db: Db,
  { tenantId }: AccountKey,
  links: readonly { readonly linkId: string; readonly graceDays: number | null }[],
): Promise<void> {
  if (links.length === 0) return;
  const ids = links.map(({ linkId }) => linkId);
  const days = links.map(({ graceDays }) => graceDays);
  await sql`
    update links set grace_days = said.days
    from unnest(${ids}::uuid[], ${days}::int[]) as said (id, days)
    where links.tenant_id = ${tenantId}::uuid and links.id = said.id and links.ended_at is null`.execute(db);
}
