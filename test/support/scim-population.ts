import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { foldCase } from '../../src/directory/case-fold.js';
import type { Db } from '../../src/store/database.js';
import type { Json } from './scim-filter-model.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const TELEPHONY = 'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User';

/** Texts that go wrong where text goes wrong: quotes, backslashes, wildcards, case and composition, other planes. */
export const NASTY_TEXTS = [
  'jane@example.test',
  'Jane',
  'O\'Brien "Obi"',
  'CORP\\jane',
  '100%',
  'a_b',
  'Ünal',
  'Émile',
  'E\u0301mile',
  'ΣΟΦΟΣ',
  'İstanbul',
  '山田',
  '😀 joy',
  'tab\tnew\nline',
  'work',
  'home',
  'True',
  '--; drop table scim_users',
  '$1',
  '{}',
] as const;

export interface Population {
  /** Resources as a client would read them. */
  readonly users: readonly Json[];
  readonly groups: readonly Json[];
}

interface Draft {
  readonly id: string;
  readonly resource: Record<string, unknown>;
  readonly created: Date;
  readonly modified: Date;
}

const text = fc.constantFrom(...NASTY_TEXTS);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const moment = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2026-01-05T00:00:00Z'),
  noInvalidDate: true,
});

function pluralOf(value: fc.Arbitrary<string>): fc.Arbitrary<Json[] | undefined> {
  const element = fc.record({ value: maybe(value), type: maybe(text), primary: maybe(fc.boolean()) });
  return maybe(fc.array(element.filter(hasContent), { minLength: 1, maxLength: 3 }));
}

const userDraft: fc.Arbitrary<Draft> = fc.record({
  id: fc.constant('').map(() => randomUUID()),
  created: moment,
  modified: moment,
  resource: fc.record({
    userName: text,
    externalId: maybe(text),
    active: fc.boolean(),
    name: maybe(fc.record({ givenName: maybe(text), familyName: maybe(text) }).filter(hasContent)),
    title: maybe(text),
    displayName: maybe(text),
    emails: pluralOf(text),
    roles: pluralOf(text),
    x509Certificates: maybe(fc.array(fc.record({ value: text }), { minLength: 1, maxLength: 2 })),
    [ENTERPRISE]: maybe(
      fc.record({ department: maybe(text), manager: maybe(fc.record({ value: text })) }).filter(hasContent),
    ),
    [TELEPHONY]: maybe(
      fc
        .record({
          wrapUpTimeSeconds: maybe(fc.integer({ min: 0, max: 60 })),
          teams: maybe(fc.array(text, { minLength: 1, maxLength: 3 })),
        })
        .filter(hasContent),
    ),
  }),
});

const groupDraft: fc.Arbitrary<Draft & { members: readonly number[] }> = fc.record({
  id: fc.constant('').map(() => randomUUID()),
  created: moment,
  modified: moment,
  resource: fc.record({ displayName: text, externalId: maybe(text) }),
  members: fc.uniqueArray(fc.nat(39), { maxLength: 6 }),
});

function hasContent(value: object): boolean {
  return Object.values(value).some((part) => part !== undefined);
}

/** Fills a tenant with random users, groups and memberships, and tells what a client would see of them. */
export async function populate(db: Db, tenantId: string, seed: number): Promise<Population> {
  const [drafts] = fc.sample(fc.array(userDraft, { minLength: 40, maxLength: 40 }), { numRuns: 1, seed });
  const [groupDrafts] = fc.sample(fc.array(groupDraft, { minLength: 12, maxLength: 12 }), {
    numRuns: 1,
    seed,
  });
  const users = distinct(drafts ?? [], 'userName');
  const groups = distinct(groupDrafts ?? [], 'displayName');
  for (const user of users) await insertUser(db, tenantId, user);
  for (const group of groups) await insertGroup(db, tenantId, group);
  const memberships = groups.flatMap((group) =>
    group.members.flatMap((index) => {
      const user = users[index];
      return user === undefined ? [] : [{ group, user }];
    }),
  );
  for (const { group, user } of memberships) {
    await db
      .insertInto('scim_memberships')
      .values({ tenant_id: tenantId, group_id: group.id, user_id: user.id, added_at: new Date() })
      .execute();
  }
  return {
    users: users.map((user) => ({
      ...seen(user, 'User'),
      groups: memberships
        .filter((membership) => membership.user === user)
        .map(({ group }) => ({ value: group.id, display: group.resource['displayName'], type: 'direct' })),
    })),
    groups: groups.map((group) => ({
      ...seen(group, 'Group'),
      members: memberships
        .filter((membership) => membership.group === group)
        .map(({ user }) => ({
          value: user.id,
          display: user.resource['displayName'] ?? user.resource['userName'],
          type: 'User',
        })),
    })),
  };
}

/** Names must be unique without case; numbering them also makes several that begin alike. */
function distinct<T extends Draft>(drafts: readonly T[], name: string): readonly T[] {
  const taken = new Set<string>();
  return drafts.map((draft, index) => {
    const wish = String(draft.resource[name]);
    const chosen = taken.has(foldCase(wish)) ? `${wish} ${String(index)}` : wish;
    taken.add(foldCase(chosen));
    return { ...draft, resource: withoutUndefined({ ...draft.resource, [name]: chosen }) };
  });
}

function withoutUndefined(resource: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(resource)) as Record<string, unknown>;
}

function seen(draft: Draft, type: 'User' | 'Group'): Json {
  const extensions = [ENTERPRISE, TELEPHONY].filter((urn) => draft.resource[urn] !== undefined);
  return {
    ...draft.resource,
    schemas: [`urn:ietf:params:scim:schemas:core:2.0:${type}`, ...extensions],
    id: draft.id,
    meta: {
      resourceType: type,
      created: draft.created.toISOString(),
      lastModified: draft.modified.toISOString(),
    },
  };
}

async function insertUser(
  db: Db,
  tenantId: string,
  { id, resource, created, modified }: Draft,
): Promise<void> {
  const userName = String(resource['userName']);
  await db
    .insertInto('scim_users')
    .values({
      tenant_id: tenantId,
      id,
      user_name: userName,
      user_name_key: foldCase(userName),
      external_id: (resource['externalId'] as string | undefined) ?? null,
      active: resource['active'] === true,
      resource: JSON.stringify(resource),
      wire: '{',
      meta: '',
      people_key: '',
      created_at: created,
      last_modified: modified,
      deleted_at: null,
    })
    .execute();
  const emails = (resource['emails'] as readonly { value?: string }[] | undefined) ?? [];
  const keys = new Set(emails.flatMap(({ value }) => (value === undefined ? [] : [foldCase(value)])));
  for (const key of keys) {
    await db
      .insertInto('scim_user_emails')
      .values({ tenant_id: tenantId, user_id: id, value_key: key })
      .execute();
  }
}

async function insertGroup(
  db: Db,
  tenantId: string,
  { id, resource, created, modified }: Draft,
): Promise<void> {
  const displayName = String(resource['displayName']);
  await db
    .insertInto('scim_groups')
    .values({
      tenant_id: tenantId,
      id,
      display_name: displayName,
      display_name_key: foldCase(displayName),
      external_id: (resource['externalId'] as string | undefined) ?? null,
      resource: JSON.stringify(resource),
      wire: '{',
      created_at: created,
      last_modified: modified,
      deleted_at: null,
    })
    .execute();
}

/** Makes a bare tenant to hang rows on. */
export async function insertTenant(db: Db, id: string): Promise<void> {
  await sql`insert into tenants (id, slug, name, created_at) values (${id}, ${id}, 'Test', now())`.execute(
    db,
  );
}
