import { isAppError } from '../domain/errors.js';
import type { GroupDirectory } from './groups.js';
import type { WriteContext } from './ports.js';
import type { Resource } from './resource.js';
import type { UserDirectory } from './users.js';

/** Somebody who signed in, as their IdP described them. */
export interface JitSignIn {
  readonly nameId: string;
  readonly email: string | null;
  /** Whether the e-mail lies in a domain that the tenant has proven: only then does it say who somebody is. */
  readonly isEmailProven: boolean;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string;
  /** null: the IdP did not say (Entra leaves the claim out beyond 150 groups). Never the same as "in no group". */
  readonly groups: readonly string[] | null;
  readonly validUntil: Date;
}

export interface JitMembership {
  readonly tenantId: string;
  readonly groupId: string;
  readonly userId: string;
}

export interface JitStore {
  /** The live person with this user name or e-mail. */
  findPerson(tenantId: string, names: readonly string[]): Promise<string | null>;
  findGroup(tenantId: string, displayName: string): Promise<string | null>;
  /** Which of the groups hold the person by a push rather than by a sign-in. */
  listPushed(tenantId: string, userId: string, groupIds: readonly string[]): Promise<readonly string[]>;
  /** Notes until when memberships hold; a later moment replaces an earlier one. */
  remember(tenantId: string, userId: string, groupIds: readonly string[], validUntil: Date): Promise<void>;
  /** Memberships of all tenants whose time is over, oldest first. */
  listExpired(now: Date, limit: number): Promise<readonly JitMembership[]>;
}

export interface JitDeps {
  readonly users: UserDirectory;
  readonly groups: GroupDirectory;
  readonly store: JitStore;
  readonly now: () => Date;
}

/** Just-in-time provisioning: sign-ins feed the same directory, and so the same rules, as an IdP's pushes. */
export interface Jit {
  /** Creates or updates the person and adds memberships; those not named again end when their time is over. */
  feed(tenantId: string, person: JitSignIn): Promise<void>;
  /** Ends what is over. Returns how many memberships. */
  expire(): Promise<number>;
}

const EXPIRE_AT_ONCE = 500;

export function makeJit(deps: JitDeps): Jit {
  return {
    async feed(tenantId, person) {
      const context = { tenantId, actor: 'sso:just-in-time', correlationId: null };
      const userId = await savePerson(deps, context, person);
      if (person.groups !== null) await addMemberships(deps, context, userId, person);
    },
    async expire() {
      const expired = await deps.store.listExpired(deps.now(), EXPIRE_AT_ONCE);
      for (const membership of expired) await endMembership(deps, membership);
      return expired.length;
    },
  };
}

async function savePerson(deps: JitDeps, context: WriteContext, person: JitSignIn): Promise<string> {
  const { nameId, email, isEmailProven } = person;
  const names = email !== null && isEmailProven ? [nameId, email] : [nameId];
  const find = () => deps.store.findPerson(context.tenantId, names);
  const found = await findOrMake(find, async () => {
    const resource = {
      userName: isEmailProven ? (email ?? nameId) : nameId,
      active: true,
      ...factsOf(person),
    };
    return (await deps.users.create(context, resource)).id;
  });
  if (found.isNew) return found.id;
  const merge = (current: Resource): Resource => ({ ...current, ...factsOf(person) });
  await deps.users.modify(context, found.id, merge, { refBase: null });
  return found.id;
}

/** Two people may be the first at the same moment: whoever comes second finds what the first one made. */
async function findOrMake(
  find: () => Promise<string | null>,
  make: () => Promise<string>,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const known = await find();
  if (known !== null) return { id: known, isNew: false };
  try {
    return { id: await make(), isNew: true };
  } catch (error) {
    const late = isAppError(error, 'conflict') ? await find() : null;
    if (late === null) throw error;
    return { id: late, isNew: false };
  }
}

function factsOf({ givenName, familyName, displayName, email }: JitSignIn): Resource {
  const name = {
    ...(givenName === null ? {} : { givenName }),
    ...(familyName === null ? {} : { familyName }),
  };
  return {
    displayName,
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...(email === null ? {} : { emails: [{ value: email, type: 'work', primary: true }] }),
  };
}

async function addMemberships(
  deps: JitDeps,
  context: WriteContext,
  userId: string,
  { groups, validUntil }: JitSignIn,
): Promise<void> {
  const groupIds: string[] = [];
  for (const displayName of new Set(groups)) {
    const group = await findOrMake(
      () => deps.store.findGroup(context.tenantId, displayName),
      async () => (await deps.groups.create(context, { displayName }, [])).id,
    );
    groupIds.push(group.id);
  }
  const pushed = new Set(await deps.store.listPushed(context.tenantId, userId, groupIds));
  const ours = groupIds.filter((id) => !pushed.has(id));
  for (const groupId of ours) {
    await deps.groups.modify(context, groupId, (resource) => ({
      resource,
      members: { type: 'delta', add: [userId], remove: [] },
    }));
  }
  await deps.store.remember(context.tenantId, userId, ours, validUntil);
}

async function endMembership(
  { groups }: JitDeps,
  { tenantId, groupId, userId }: JitMembership,
): Promise<void> {
  const context = { tenantId, actor: 'sso:just-in-time', correlationId: null };
  try {
    await groups.modify(context, groupId, (resource) => ({
      resource,
      members: { type: 'delta', add: [], remove: [userId] },
    }));
  } catch (error) {
    // The group was deleted meanwhile, and its memberships with it.
    if (!isAppError(error, 'notFound')) throw error;
  }
}
