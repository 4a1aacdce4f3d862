import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeJit, type Jit, type JitSignIn } from '../../../src/directory/jit.js';
import { makeJitStore } from '../../../src/store/directory/jit.js';
import { readDirectorySnapshot } from '../../../src/store/directory/snapshot.js';
import { openDirectory, type DirectoryFixture } from '../../support/directory.js';

const DAY_MS = 86_400_000;

describe('just-in-time provisioning', () => {
  let directory: DirectoryFixture;
  let tenantId: string;
  let jit: Jit;

  beforeEach(async () => {
    directory = await openDirectory();
    tenantId = await directory.addTenant('acme', 1);
    jit = makeJit({
      ...directory,
      store: makeJitStore(directory.database),
      now: () => directory.clock.now(),
    });
  });

  afterEach(() => directory.close());

  function ada(groups: readonly string[] | null, more: Partial<JitSignIn> = {}): JitSignIn {
    const validUntil = new Date(directory.clock.now().getTime() + 30 * DAY_MS);
    const names = {
      isEmailProven: true,
      givenName: 'Ada',
      familyName: 'Lovelace',
      displayName: 'Ada Lovelace',
    };
    return { nameId: 'ada-1', email: 'ada@acme.example', ...names, groups, validUntil, ...more };
  }

  async function read() {
    const { users, groups } = await readDirectorySnapshot(
      directory.database.forTenant(tenantId),
      tenantId,
      'all',
    );
    const names = new Map(groups.map((group) => [group.id, group.displayName]));
    return users.map(({ userName, givenName, groupIds }) => ({
      userName,
      givenName,
      groups: groupIds.map((id) => names.get(id)).toSorted(),
    }));
  }

  it('the first sign-in makes the person, their groups and a mark for every account', async () => {
    await jit.feed(tenantId, ada(['Sales', 'Leads']));

    expect(await read()).toEqual([
      { userName: 'ada@acme.example', givenName: 'Ada', groups: ['Leads', 'Sales'] },
    ]);
    expect(directory.heard.length).toBeGreaterThan(0);
  });

  it('a later sign-in updates the same person, found by e-mail whatever its case, and adds groups in union', async () => {
    await jit.feed(tenantId, ada(['Sales']));
    await jit.feed(tenantId, ada(['Leads'], { email: 'ADA@acme.example', givenName: 'Augusta' }));

    expect(await read()).toMatchObject([{ givenName: 'Augusta', groups: ['Leads', 'Sales'] }]);
  });

  it('memberships that no sign-in renewed end when their time is over, the others stay', async () => {
    await jit.feed(tenantId, ada(['Sales', 'Leads']));
    directory.clock.advance(20 * DAY_MS);
    await jit.feed(tenantId, ada(['Leads']));
    directory.clock.advance(11 * DAY_MS);

    expect(await jit.expire()).toBe(1);
    expect(await read()).toMatchObject([{ groups: ['Leads'] }]);
    expect(await jit.expire()).toBe(0);
  });

  it('an IdP that does not say which groups (overage) neither adds nor ends any', async () => {
    await jit.feed(tenantId, ada(['Sales']));
    await jit.feed(tenantId, ada(null));

    expect(await read()).toMatchObject([{ groups: ['Sales'] }]);
  });

  it('a membership that was pushed over SCIM is never ended by a sign-in that names it', async () => {
    await jit.feed(tenantId, ada(null));
    const { users } = await readDirectorySnapshot(directory.database.forTenant(tenantId), tenantId, 'all');
    const context = { tenantId, actor: 'scim:okta', correlationId: null };
    await directory.groups.create(context, { displayName: 'Sales' }, [users[0]?.id ?? '']);
    await jit.feed(tenantId, ada(['Sales']));
    directory.clock.advance(60 * DAY_MS);

    expect(await jit.expire()).toBe(0);
    expect(await read()).toMatchObject([{ groups: ['Sales'] }]);
  });

  it('an e-mail outside of proven domains does not make somebody the person who has it', async () => {
    await jit.feed(tenantId, ada(['Sales']));
    await jit.feed(tenantId, ada(['Leads'], { nameId: 'mallory', isEmailProven: false }));

    expect(await read()).toMatchObject([
      { userName: 'ada@acme.example', groups: ['Sales'] },
      { userName: 'mallory', groups: ['Leads'] },
    ]);
  });

  it('two first sign-ins at once make one person and one group', async () => {
    await Promise.all([jit.feed(tenantId, ada(['Sales'])), jit.feed(tenantId, ada(['Sales']))]);

    expect(await read()).toMatchObject([{ groups: ['Sales'] }]);
  });
});
