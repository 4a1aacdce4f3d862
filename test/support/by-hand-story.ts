import { randomUUID } from 'node:crypto';
import { buildByHand } from '../../src/app/by-hand.js';
import type { ConsoleWorld } from './console-world.js';

export interface ByHandStory {
  /** A checklist with its first open step. */
  readonly checklist: string;
  readonly step: string;
  /** A list that waits for a decision. */
  readonly list: string;
  readonly digest: string;
}

export const MEMBER_LIST = `Email,Name,Role,Status
olivia@acme.example,Olivia Owner,Admin,Active
`;

/** A VXT account in the tenant, for whose people checklists are open, with a list that nobody decided on. */
export async function connectByHand(world: ConsoleWorld, tenantId: string): Promise<ByHandStory> {
  const { services } = world;
  const { account } = await services.accounts.create({
    tenantId,
    name: 'vxt',
    provider: 'vxt',
    config: { startsEmpty: true },
    secrets: {},
    policy: 'sync',
    validate: true,
    actor: 'test',
  });
  const { accountId } = { accountId: account.id };
  const users = await services.database
    .forTenant(tenantId)
    .selectFrom('scim_users')
    .select('id')
    .limit(3)
    .execute();
  const marks = world.engine.deps.marks;
  await marks.mark(
    { tenantId, accountId },
    users.map(({ id }) => id),
    { reason: 'test', at: new Date() },
  );
  while ((await world.drain({ tenantId, accountId }, { sliceMs: 60_000 })).type === 'more');
  const { imports } = buildByHand(services, () => undefined);
  const preview = await imports.preview({
    account,
    fileName: 'members.csv',
    text: MEMBER_LIST,
    isComplete: true,
    exportedAt: null,
    actor: 'test',
  });
  const step = await services.database
    .forTenant(tenantId)
    .selectFrom('checklist_steps')
    .select(['id', 'task_id'])
    .where('state', '=', 'open')
    .where('action', '=', 'create')
    .limit(1)
    .executeTakeFirst();
  return {
    checklist: step?.task_id ?? randomUUID(),
    step: step?.id ?? randomUUID(),
    list: preview.row.id,
    digest: preview.digest,
  };
}
