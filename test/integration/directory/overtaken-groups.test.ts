import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGroupDirectory, type GroupDirectory } from '../../../src/directory/groups.js';
import type { DirectoryStore, WriteContext } from '../../../src/directory/ports.js';
import { openDirectory, type DirectoryFixture } from '../../support/directory.js';

let fixture: DirectoryFixture;

beforeAll(async () => {
  fixture = await openDirectory();
});
afterAll(() => fixture.close());

interface Company {
  readonly context: WriteContext;
  readonly id: string;
  /** Four of them; the first two are in the group. */
  readonly people: readonly string[];
}

async function newCompany(slug: string): Promise<Company> {
  const tenantId = await fixture.addTenant(slug);
  const context = { tenantId, actor: 'scim:test', correlationId: null };
  const people: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    people.push((await fixture.users.create(context, { userName: `${name}@example.test` })).id);
  }
  const { id } = await fixture.groups.create(context, { displayName: 'Sales' }, people.slice(0, 2));
  return { context, id, people };
}

/** A directory in which `meanwhile` happens once, between the reading of a group and the writing of its change. */
function overtaken(meanwhile: () => Promise<unknown>): GroupDirectory {
  const { store, clock, newId } = fixture;
  let isPending = true;
  const after = async <T>(reading: Promise<T>): Promise<T> => {
    const found = await reading;
    if (isPending) {
      isPending = false;
      await meanwhile();
    }
    return found;
  };
  const slow: DirectoryStore = {
    ...store,
    readWholeGroup: (tenantId, id) => after(store.readWholeGroup(tenantId, id)),
    readGroupAndMembers: (tenantId, id) => after(store.readGroupAndMembers(tenantId, id)),
  };
  return makeGroupDirectory({ store: slow, clock, newId, onDirectoryChange: () => undefined });
}

async function membersOf({ context, id }: Company): Promise<readonly string[]> {
  const { references } = await fixture.groups.read(context.tenantId, id, 'https://x.test');
  return [...(references ?? '').matchAll(/"value":"([^"]+)"/g)].map(([, value = '']) => value);
}

const replacement = (members: readonly string[]) => ({ type: 'replace', members }) as const;

describe('a replacement of all members that was overtaken', () => {
  it.each([
    ['while it was read', false],
    ['since it was foreseen', true],
  ])('leaves exactly its own: %s', async (_when, isForeseen) => {
    const company = await newCompany(`overtaken-${String(isForeseen)}`);
    const { context, id, people } = company;
    const [a = '', b = '', c = '', d = ''] = people;
    const groups = overtaken(() =>
      fixture.groups.changeMembers(context, id, { type: 'delta', add: [d], remove: [a] }),
    );
    const foreseen = isForeseen ? groups.foresee(context.tenantId, id) : undefined;
    const change = () => ({ resource: { displayName: 'Sales' }, members: replacement([a, b, c]) });
    const stored = await groups.modify(context, id, change, { foreseen });
    expect(await membersOf(company)).toEqual([a, b, c]);
    expect(stored.version).toBe(3);
  });

  it('is refused where it insists on the version that is gone', async () => {
    const company = await newCompany('insisting');
    const { context, id, people } = company;
    const [a = '', b = '', , d = ''] = people;
    const groups = overtaken(() =>
      fixture.groups.changeMembers(context, id, { type: 'delta', add: [d], remove: [] }),
    );
    const change = () => ({ resource: { displayName: 'Sales' }, members: replacement([]) });
    const insisting = { accepts: (version: number) => version === 1 };
    await expect(groups.modify(context, id, change, insisting)).rejects.toMatchObject({ kind: 'stale' });
    expect(await membersOf(company)).toEqual([a, b, d]);
  });

  it('finds nothing where the group was deleted', async () => {
    const company = await newCompany('gone');
    const { context, id } = company;
    const groups = overtaken(() => fixture.groups.remove(context, id));
    const foreseen = groups.foresee(context.tenantId, id);
    const change = () => ({ resource: { displayName: 'Sales' }, members: replacement(company.people) });
    await expect(groups.modify(context, id, change, { foreseen })).rejects.toMatchObject({
      kind: 'notFound',
    });
    const db = fixture.database.forTenant(context.tenantId);
    const rows = await db.selectFrom('scim_memberships').select('user_id').execute();
    expect(rows).toEqual([]);
  });

  it('takes out nobody whom it names and who came meanwhile', async () => {
    const company = await newCompany('came');
    const { context, id, people } = company;
    const groups = overtaken(() =>
      fixture.groups.changeMembers(context, id, { type: 'delta', add: people.slice(2), remove: [] }),
    );
    const foreseen = groups.foresee(context.tenantId, id);
    const change = () => ({ resource: { displayName: 'Sales' }, members: replacement(people) });
    await groups.modify(context, id, change, { foreseen });
    expect(await membersOf(company)).toEqual(people);
  });
});

it('a change that names a stranger changes neither members nor attributes', async () => {
  const company = await newCompany('strangers');
  const { context, id, people } = company;
  const stranger = '019a0000-0000-7000-8000-000000000000';
  for (const foreseen of [undefined, fixture.groups.foresee(context.tenantId, id)]) {
    const change = () => ({ resource: { displayName: 'Renamed' }, members: replacement([stranger]) });
    await expect(fixture.groups.modify(context, id, change, { foreseen })).rejects.toThrow('Unknown members');
  }
  expect(await membersOf(company)).toEqual(people.slice(0, 2));
  const { wire, version } = await fixture.groups.read(context.tenantId, id, null);
  expect([JSON.parse(`${wire}}`), version]).toMatchObject([{ displayName: 'Sales' }, 1]);
});

it('the order in which members are named, and how often, makes no difference', async () => {
  const company = await newCompany('order');
  const { context, id, people } = company;
  const jumbled = [...people.toReversed(), ...people];
  await fixture.groups.modify(context, id, () => ({
    resource: { displayName: 'Sales' },
    members: replacement(jumbled),
  }));
  expect(await membersOf(company)).toEqual(people);
});
