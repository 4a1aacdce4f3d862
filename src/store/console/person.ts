import { sql, type Selectable } from 'kysely';
import type {
  PersonChecklist,
  PersonInAccount,
  PersonMark,
  PersonRecord,
} from '../../administration/people.js';
import type { DirectoryGroup } from '../../domain/directory.js';
import type { ActualAgent, LinkFacts } from '../../domain/state.js';
import { toDirectoryUser } from '../../directory/subject.js';
import type { Db } from '../database.js';
import { readFacts } from '../link-facts.js';
import { toLink } from '../links.js';
import { listTakeovers } from '../retention/takeovers.js';
import type { LinksTable } from '../tables.js';

/** What is stored about one person, deleted or not. */
export async function findPerson(db: Db, tenantId: string, personId: string): Promise<PersonRecord | null> {
  const row = await db
    .selectFrom('scim_users')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', personId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const [groups, accounts] = await Promise.all([
    groupsOf(db, tenantId, personId),
    accountsOf(db, tenantId, personId),
  ]);
  const user = toDirectoryUser({
    id: row.id,
    userName: row.user_name,
    resource: row.resource,
    active: row.active,
    deleted: row.deleted_at !== null,
    groupIds: groups.map(({ id }) => id),
  });
  const { created_at: createdAt, last_modified: lastModified, deleted_at: deletedAt } = row;
  return { user, createdAt, lastModified, deletedAt, groups, accounts };
}

async function groupsOf(db: Db, tenantId: string, personId: string): Promise<readonly DirectoryGroup[]> {
  return db
    .selectFrom('scim_memberships')
    .innerJoin('scim_groups', (join) =>
      join
        .onRef('scim_groups.tenant_id', '=', 'scim_memberships.tenant_id')
        .onRef('scim_groups.id', '=', 'scim_memberships.group_id'),
    )
    .select([
      'scim_groups.id',
      'scim_groups.display_name as displayName',
      'scim_groups.external_id as externalId',
    ])
    .where('scim_memberships.tenant_id', '=', tenantId)
    .where('scim_memberships.user_id', '=', personId)
    .where('scim_groups.deleted_at', 'is', null)
    .orderBy('scim_groups.display_name_key')
    .execute();
}

interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  readonly config: unknown;
  readonly read_at: Date | null;
  readonly agent: ActualAgent | null;
  readonly marked_at: Date | null;
  readonly reason: string | null;
  readonly urgent: boolean | null;
  readonly held_plan_id: string | null;
  readonly not_before: Date | null;
  readonly waits_for_change: boolean | null;
  readonly last_error: string | null;
  readonly task_id: string | null;
  readonly open_steps: number | null;
  readonly task_urgent: boolean | null;
  readonly task_due_at: Date | null;
}

async function accountsOf(db: Db, tenantId: string, personId: string): Promise<readonly PersonInAccount[]> {
  const [links, { rows }] = await Promise.all([
    liveLinks(db, tenantId, personId),
    sql<AccountRow>`
      select a.id, a.name, a.provider, a.config, r.read_at,
        g.body as agent, d.marked_at, d.reason, d.urgent, d.held_plan_id, nullif(d.not_before, 'infinity') as not_before,
        d.not_before = 'infinity' as waits_for_change, d.last_error,
        w.id as task_id, w.urgent as task_urgent, w.due_at as task_due_at,
        jsonb_array_length(w.steps) as open_steps
      from accounts a
      left join account_readings r on r.tenant_id = a.tenant_id and r.account_id = a.id
      left join links l on l.tenant_id = a.tenant_id and l.account_id = a.id
        and l.subject_id = ${personId}::uuid and l.ended_at is null
      left join account_agents g on g.tenant_id = a.tenant_id and g.account_id = a.id
        and g.provider_user_id = l.provider_user_id
      left join dirty_subjects d on d.tenant_id = a.tenant_id and d.account_id = a.id
        and d.subject_id = ${personId}::uuid
      left join worklist_items w on w.tenant_id = a.tenant_id and w.account_id = a.id
        and w.subject_id = ${personId}::uuid and w.kind = 'checklist' and w.state = 'open'
      where a.tenant_id = ${tenantId}::uuid order by a.name`.execute(db),
  ]);
  const facts = await factsOf(db, tenantId, links);
  const writtenAt = new Map(
    links
      .filter(({ ended_at }) => ended_at === null)
      .map((link) => [link.account_id, link.updated_at] as const),
  );
  const takeovers = await Promise.all(
    rows.map(({ id: accountId }) => listTakeovers(db, { tenantId, accountId }, [personId])),
  );
  return rows.map((row, index) => ({
    accountId: row.id,
    account: row.name,
    provider: row.provider,
    config: row.config,
    link: toLinkOf(links, row.id, facts),
    readAt: row.read_at,
    agent: row.agent,
    isOutdated: isOutdated(row.read_at, writtenAt.get(row.id)),
    mark: toMark(row),
    takeovers: takeovers[index]?.get(personId) ?? [],
    checklist: toChecklist(row),
  }));
}

/** As the engine compares them: both moments are by the database's clock. */
function isOutdated(readAt: Date | null, writtenAt: Date | undefined): boolean {
  return writtenAt !== undefined && (readAt === null || readAt <= writtenAt);
}

function liveLinks(db: Db, tenantId: string, personId: string): Promise<Selectable<LinksTable>[]> {
  return db
    .selectFrom('links')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('subject_id', '=', personId)
    .where('state', '<>', 'forgotten')
    .orderBy('created_at', 'desc')
    .execute();
}

/** The live link, or the last one whose agent was deleted. */
function toLinkOf(
  links: readonly Selectable<LinksTable>[],
  accountId: string,
  facts: ReadonlyMap<string, LinkFacts>,
): PersonInAccount['link'] {
  const own = links.filter((link) => link.account_id === accountId);
  const link = own.find(({ ended_at }) => ended_at === null) ?? own[0];
  if (link === undefined) return null;
  const known = facts.get(link.id);
  return { ...toLink(link), ...(known !== undefined && { facts: known }) };
}

/** By link, of those that are live: what people did by hand among it. */
async function factsOf(
  db: Db,
  tenantId: string,
  links: readonly Selectable<LinksTable>[],
): Promise<ReadonlyMap<string, LinkFacts>> {
  const live = links.filter(({ ended_at }) => ended_at === null);
  const perAccount = live.map(({ account_id: accountId, subject_id: subjectId }) =>
    readFacts(db, { tenantId, accountId }, { subjectIds: [subjectId], providerUserIds: [] }),
  );
  return new Map((await Promise.all(perAccount)).flatMap((one) => [...one]));
}

function toChecklist(row: AccountRow): PersonChecklist | null {
  if (row.task_id === null) return null;
  const { task_id: taskId, open_steps: openSteps, task_urgent: isUrgent, task_due_at: dueAt } = row;
  return { taskId, openSteps: openSteps ?? 0, isUrgent: isUrgent === true, dueAt };
}

function toMark(row: AccountRow): PersonMark | null {
  if (row.marked_at === null) return null;
  return {
    markedAt: row.marked_at,
    reason: row.reason ?? '',
    isUrgent: row.urgent === true,
    heldPlanId: row.held_plan_id,
    notBefore: row.waits_for_change === true ? 'change' : row.not_before,
    lastError: row.last_error,
  };
}
