import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttributeDefinition } from '../../../src/directory/catalogue/attribute.js';
import type { WriteContext } from '../../../src/directory/ports.js';
import type { Resource, StoredResource } from '../../../src/directory/resource.js';
import { RESOURCE_TYPES } from '../../../src/directory/schema-catalogue.js';
import { openDirectory, readMarks, type DirectoryFixture } from '../../support/directory.js';

let fixture: DirectoryFixture;
let counter = 0;

beforeAll(async () => {
  fixture = await openDirectory();
});
afterAll(() => fixture.close());

const REF_BASE = 'https://patchbay.test/scim/v2';

/** Somebody in a group, in a tenant of two accounts, with nothing left to do. */
async function someone(change: Resource = {}): Promise<{ context: WriteContext; id: string }> {
  counter += 1;
  const tenantId = await fixture.addTenant(`active-${String(counter)}`, 2);
  const context = { tenantId, actor: 'scim:test', correlationId: 'request-1' };
  const { id } = await fixture.users.create(context, { userName: 'jane@example.test', ...change });
  await fixture.groups.create(context, { displayName: 'Sales' }, [id]);
  await sql`delete from dirty_subjects where tenant_id = ${tenantId}`.execute(
    fixture.database.forTenant(tenantId),
  );
  return { context, id };
}

/** Everything that a change of one person leaves behind, without what differs from one person to the next. */
async function leftBehind({ tenantId }: WriteContext, id: string, stored: StoredResource): Promise<unknown> {
  const db = fixture.database.forTenant(tenantId);
  const user = await sql<{
    wire: string;
  }>`select active, resource, wire, meta, version, deleted_at from scim_users
    where tenant_id = ${tenantId} and id = ${id}`.execute(db);
  const audit = await sql`select actor, action, correlation_id, data from audit_events
    where tenant_id = ${tenantId} and action like 'user.%' order by action`.execute(db);
  const marks = (await readMarks(fixture.database, tenantId)).map(({ urgent, reason }) => ({
    urgent,
    reason,
  }));
  const { meta, version, references } = stored;
  // Postgres gives back what it stores as jsonb with the keys in an order of its own: texts are compared as what they say.
  const rows = user.rows.map((row) => ({ ...row, wire: JSON.parse(`${row.wire}}`) as unknown }));
  const all = {
    user: rows,
    audit: audit.rows,
    marks,
    wire: JSON.parse(`${stored.wire}}`) as unknown,
    meta,
    version,
    references,
  };
  return JSON.parse(JSON.stringify(all).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'an-id'));
}

describe('making somebody active or not, and nothing else', () => {
  it.each<[string, boolean, Resource]>([
    ['a leaver', false, {}],
    ['somebody who comes back', true, { active: false }],
    [
      'somebody whose name looks like JSON',
      false,
      { displayName: '","active":true,"x":"', title: '"active":true' },
    ],
    [
      'somebody of many attributes',
      false,
      { nickName: 'active', emails: [{ value: 'a@b.test', type: 'true' }] },
    ],
  ])('comes to the same as any other change: %s', async (_who, active, change) => {
    const [here, there] = [await someone(change), await someone(change)];
    const set = await fixture.users.setActive(here.context, here.id, active, REF_BASE);
    const modified = await fixture.users.modify(
      there.context,
      there.id,
      (current) => ({ ...current, active }),
      { refBase: REF_BASE },
    );
    const left = await leftBehind(here.context, here.id, set);
    expect(left).toEqual(await leftBehind(there.context, there.id, modified));
    expect(JSON.parse(`${set.wire}}`)).toMatchObject({ ...change, active });
    expect(set.version).toBe(2);
  });

  it('writes nothing where nothing changes', async () => {
    const { context, id } = await someone();
    const heard = fixture.heard.length;
    const same = await fixture.users.setActive(context, id, true, null);
    expect(same.version).toBe(1);
    expect(await readMarks(fixture.database, context.tenantId)).toEqual([]);
    expect(fixture.heard.length).toBe(heard);
  });

  it('is urgent for a leaver and not for somebody who comes back', async () => {
    const { context, id } = await someone();
    await fixture.users.setActive(context, id, false, null);
    expect(fixture.heard.at(-1)).toEqual({ tenantId: context.tenantId, urgent: true });
    await fixture.users.setActive(context, id, true, null);
    expect(fixture.heard.at(-1)).toEqual({ tenantId: context.tenantId, urgent: false });
  });

  it('knows nobody of another tenant, and nobody who was deleted', async () => {
    const { context, id } = await someone();
    const stranger = await someone();
    await expect(fixture.users.setActive(stranger.context, id, false, null)).rejects.toThrow(
      'There is no user',
    );
    await fixture.users.remove(context, id);
    await expect(fixture.users.setActive(context, id, false, null)).rejects.toThrow('There is no user');
  });

  it('done by many at once happens once', async () => {
    const { context, id } = await someone();
    const all = await Promise.all(
      Array.from({ length: 6 }, () => fixture.users.setActive(context, id, false, null)),
    );
    expect(new Set(all.map(({ version }) => version))).toEqual(new Set([2]));
  });

  it('may change the stored text in place: no other attribute or part of one is called active', () => {
    const { core, extensions } = RESOURCE_TYPES.User;
    const names = (attributes: readonly AttributeDefinition[]): readonly string[] =>
      attributes.flatMap(({ name, subAttributes = [] }) => [name, ...names(subAttributes)]);
    const all = [core, ...extensions].flatMap(({ attributes }) => names(attributes));
    expect(all.filter((name) => name === 'active')).toEqual(['active']);
  });
});
