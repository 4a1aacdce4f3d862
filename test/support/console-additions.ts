import { buildByHand } from '../../src/app/by-hand.js';
import { connectByHand } from './by-hand-story.js';
import type { Story } from './console-story.js';
import type { ConsoleWorld } from './console-world.js';

const ACTOR = 'test';

/** Ids that pages of a story need beside its people. */
export interface Additions {
  readonly leaver: string;
  readonly checklist: string;
  readonly list: string;
}

/** A phone system kept by hand, recordings archived in a bucket, somebody who is told by e-mail. Once. */
export async function addMoreTo(world: ConsoleWorld, story: Story): Promise<Additions> {
  const { services } = world;
  const accounts = await services.accounts.list(story.tenantId);
  const known = accounts.find(({ provider }) => provider === 'vxt');
  if (known === undefined) {
    await connectByHand(world, story.tenantId);
    await archiveInBucket(world, story);
    await addContact(world, story);
  }
  const account = known ?? (await services.accounts.byName(story.tenantId, 'vxt'));
  const [list] = await buildByHand(services, () => undefined).imports.recent(account);
  const db = services.database.forTenant(story.tenantId);
  const step = await db.selectFrom('checklist_steps').select('task_id').limit(1).executeTakeFirstOrThrow();
  const leaver = await db
    .selectFrom('links')
    .select('id')
    .where('subject_id', '=', story.people.get('Nils Berg') ?? '')
    .where('account_id', '=', story.account.id)
    .executeTakeFirstOrThrow();
  return { leaver: leaver.id, checklist: step.task_id, list: list?.id ?? '' };
}

async function archiveInBucket({ services }: ConsoleWorld, { account }: Story): Promise<void> {
  const archive = { policy: 'audio', to: 's3', bucket: 'acme-recordings' } as const;
  await services.accounts.setSettings(account, { ...account.settings, archive }, ACTOR);
}

async function addContact({ services }: ConsoleWorld, { tenantId }: Story): Promise<void> {
  const contact = { email: 'it@acme.example', kinds: ['approval', 'escalation', 'set-up'] };
  await services.database
    .forTenant(tenantId)
    .insertInto('mail_contacts')
    .values({
      tenant_id: tenantId,
      id: services.newId(),
      ...contact,
      created_at: new Date(),
      created_by: ACTOR,
    })
    .execute();
}

/** An expired recording of one of the story's leavers, announced to be removed. Returns the announcement's id. */
export async function announceRemoval({ services }: ConsoleWorld, story: Story): Promise<string> {
  const { tenantId, account } = story;
  const db = services.database.forTenant(tenantId);
  const known = await db.selectFrom('retention_purges').select('id').limit(1).executeTakeFirst();
  if (known !== undefined) return known.id;
  const { id: deletionId } = await db
    .selectFrom('deletions')
    .select('id')
    .where('account_id', '=', account.id)
    .limit(1)
    .executeTakeFirstOrThrow();
  const object = {
    deletionId,
    callId: '17',
    kind: 'recording',
    place: 's3:acme-recordings',
    objectKey: `${deletionId}/17-recording.mp3`,
    bytes: 48_000,
    sha256: 'a'.repeat(64),
    retentionClass: 'standard',
    expiresAt: '2026-01-01T00:00:00.000Z',
  };
  const id = services.newId();
  await db
    .insertInto('retention_purges')
    .values({
      tenant_id: tenantId,
      id,
      account_id: account.id,
      state: 'announced',
      objects: JSON.stringify([object]),
      object_count: 1,
      bytes: object.bytes,
      announced_at: new Date(),
      due_at: new Date(Date.now() + 7 * 86_400_000),
    })
    .execute();
  return id;
}
