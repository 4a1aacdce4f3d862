import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DirectoryStore, WriteContext } from '../../../src/directory/ports.js';
import type { Resource } from '../../../src/directory/resource.js';
import { makeUserDirectory, type UserDirectory } from '../../../src/directory/users.js';
import { openDirectory, readMarks, type DirectoryFixture } from '../../support/directory.js';

let fixture: DirectoryFixture;

beforeAll(async () => {
  fixture = await openDirectory();
});
afterAll(() => fixture.close());

/** A directory in which `meanwhile` happens once, between the reading of a user and the writing of its change. */
function overtaken(meanwhile: () => Promise<unknown>): UserDirectory {
  const { store, clock, newId } = fixture;
  let isPending = true;
  const slow: DirectoryStore = {
    ...store,
    async readWholeUser(tenantId, id, refBase) {
      const found = await store.readWholeUser(tenantId, id, refBase);
      if (isPending) {
        isPending = false;
        await meanwhile();
      }
      return found;
    },
  };
  return makeUserDirectory({ store: slow, clock, newId, onDirectoryChange: () => undefined });
}

async function newPerson(slug: string): Promise<{ context: WriteContext; id: string }> {
  const tenantId = await fixture.addTenant(slug);
  const context = { tenantId, actor: 'scim:test', correlationId: null };
  const { id } = await fixture.users.create(context, { userName: 'jane@example.test', title: 'Agent' });
  return { context, id };
}

const set =
  (part: Resource) =>
  (current: Resource): Resource => ({ ...current, ...part });

async function readResource(tenantId: string, id: string): Promise<Resource | undefined> {
  return (await fixture.store.readWholeUser(tenantId, id, null))?.resource;
}

const options = { refBase: null };

describe('a change that was overtaken by another one', () => {
  it('is made on top of it: neither is lost', async () => {
    const { context, id } = await newPerson('overtaken');
    const users = overtaken(() => fixture.users.modify(context, id, set({ active: false }), options));
    const stored = await users.modify(context, id, set({ title: 'Manager' }), options);
    expect(stored.version).toBe(3);
    expect(await readResource(context.tenantId, id)).toMatchObject({ title: 'Manager', active: false });
  });

  it('is refused when it insists on the version that is gone', async () => {
    const { context, id } = await newPerson('insisting');
    const users = overtaken(() => fixture.users.modify(context, id, set({ title: 'B' }), options));
    const insisting = { refBase: null, accepts: (version: number) => version === 1 };
    await expect(users.modify(context, id, set({ title: 'C' }), insisting)).rejects.toThrow(
      expect.objectContaining({ kind: 'stale' }),
    );
    expect(await readResource(context.tenantId, id)).toMatchObject({ title: 'B' });
  });

  it('finds nobody when the person was deleted, and leaves no trace', async () => {
    const { context, id } = await newPerson('deleted');
    const users = overtaken(() => fixture.users.remove(context, id));
    const marked = async (): Promise<string[]> =>
      (await readMarks(fixture.database, context.tenantId)).map((mark) => mark.reason);
    await expect(
      users.modify(context, id, set({ emails: [{ value: 'new@example.test' }] }), options),
    ).rejects.toThrow(expect.objectContaining({ kind: 'notFound' }));
    expect(await marked()).toEqual(['user.deleted']);
    const db = fixture.database.forTenant(context.tenantId);
    expect(await db.selectFrom('scim_user_emails').selectAll().execute()).toEqual([]);
    const actions = await db.selectFrom('audit_events').select('action').orderBy('id').execute();
    expect(actions.map(({ action }) => action)).toEqual(['user.created', 'user.deleted']);
  });

  it('ends when everybody writes at once: every change is there', async () => {
    const { context, id } = await newPerson('crowd');
    const names = Array.from({ length: 12 }, (_, index) => `attribute${String(index)}`);
    await Promise.all(names.map((name) => fixture.users.modify(context, id, set({ [name]: 'x' }), options)));
    expect(Object.keys((await readResource(context.tenantId, id)) ?? {})).toEqual(
      expect.arrayContaining(names),
    );
  });
});
