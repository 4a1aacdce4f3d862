import type pg from 'pg';
import { foldCase } from '../../src/directory/case-fold.js';
import { peopleKey } from '../../src/directory/people-key.js';
import { buildWire, type Resource } from '../../src/directory/resource.js';
import { mintToken } from '../../src/lib/tokens.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BATCH = 2_000;

export interface BenchTenant {
  readonly tenantId: string;
  readonly token: string;
  readonly users: number;
  /** Id of the user of that number, from 0. */
  userId(number: number): string;
  userName(number: number): string;
}

export interface BenchGroup {
  readonly id: string;
  /** Users 0 to members - 1 are in it. */
  readonly members: number;
}

/** Deterministic ids that sort by number, as the real ones sort by time. */
export function idOf(kind: number, number: number): string {
  const high = (0x019a_0000_0000 + number).toString(16).padStart(12, '0');
  const low = number.toString(16).padStart(12, '0');
  return `${high.slice(0, 8)}-${high.slice(8)}-7${kind.toString(16).padStart(3, '0')}-8000-${low}`;
}

/** A person with what an IdP typically sends. */
export function personOf(number: number, domain: string): Resource {
  const userName = `person${String(number)}@${domain}`;
  return {
    externalId: `00u${String(number).padStart(17, '0')}`,
    userName,
    name: { givenName: `Given${String(number)}`, familyName: `Family${String(number % 977)}` },
    displayName: `Given${String(number)} Family${String(number % 977)}`,
    title: 'Support Agent',
    locale: 'en-US',
    active: true,
    emails: [{ value: userName, type: 'work', primary: true }],
    phoneNumbers: [{ value: `+3317600${String(number).padStart(6, '0')}`, type: 'work' }],
    [ENTERPRISE]: { employeeNumber: String(number), department: `Department ${String(number % 40)}` },
  };
}

/** A tenant with one phone system account, `users` people and a SCIM token. */
export async function addTenant(pool: pg.Pool, kind: number, users: number): Promise<BenchTenant> {
  const tenantId = idOf(kind, 0xffffff);
  const domain = `tenant${String(kind)}.test`;
  const { token, hash, hint } = mintToken('scim');
  await pool.query(`insert into tenants (id, slug, name, created_at) values ($1, $2, $2, now())`, [
    tenantId,
    domain,
  ]);
  await pool.query(
    `insert into api_tokens (tenant_id, id, kind, name, hash, hint, created_at) values ($1, $2, 'scim', 'bench', $3, $4, now())`,
    [tenantId, idOf(kind, 0xfffffe), hash, hint],
  );
  await pool.query(
    `insert into accounts (tenant_id, id, name, provider, config, secrets, policy, settings, created_at, updated_at)
     values ($1, $2, 'main', 'aircall', '{}', '', 'report-only', '{}', now(), now())`,
    [tenantId, idOf(kind, 0xfffffd)],
  );
  for (let start = 0; start < users; start += BATCH) {
    await addUsers(pool, { tenantId, kind, domain, start, end: Math.min(users, start + BATCH) });
  }
  await pool.query(`insert into scim_counts (tenant_id, resource, slot, total) values ($1, 'User', 0, $2)`, [
    tenantId,
    users,
  ]);
  return {
    tenantId,
    token,
    users,
    userId: (number) => idOf(kind, number),
    userName: (number) => `person${String(number)}@${domain}`,
  };
}

interface UserRange {
  readonly tenantId: string;
  readonly kind: number;
  readonly domain: string;
  readonly start: number;
  readonly end: number;
}

/** As the service writes it for a person whom nobody changed yet. */
function metaOf(at: Date): string {
  const iso = at.toISOString();
  return `,"meta":{"resourceType":"User","created":"${iso}","lastModified":"${iso}","version":"W/\\"1\\"","location":`;
}

async function addUsers(pool: pg.Pool, { tenantId, kind, domain, start, end }: UserRange): Promise<void> {
  const rows = Array.from({ length: end - start }, (_, index) => {
    const id = idOf(kind, start + index);
    const resource = personOf(start + index, domain);
    const key = foldCase(String(resource['userName']));
    return [
      id,
      resource['userName'],
      key,
      resource['externalId'],
      JSON.stringify(resource),
      buildWire('User', id, resource),
      peopleKey(resource, String(resource['userName'])),
    ];
  });
  const column = (index: number): unknown[] => rows.map((row) => row[index]);
  const filledAt = new Date();
  await pool.query(
    `insert into scim_users (tenant_id, id, user_name, user_name_key, external_id, active, resource, wire, meta, people_key, created_at, last_modified)
     select $1, id, user_name, key, external_id, true, resource, wire, $9, people_key, $10::timestamptz, $10::timestamptz
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[], $8::text[])
       as t(id, user_name, key, external_id, resource, wire, people_key)`,
    [tenantId, ...[0, 1, 2, 3, 4, 5, 6].map(column), metaOf(filledAt), filledAt],
  );
  await pool.query(
    `insert into scim_user_emails (tenant_id, user_id, value_key) select $1, id, key from unnest($2::uuid[], $3::text[]) as t(id, key)`,
    [tenantId, column(0), column(2)],
  );
}

/** A group of the tenant's first `members` users. */
export async function addGroup(
  pool: pg.Pool,
  tenant: BenchTenant,
  number: number,
  members: number,
): Promise<BenchGroup> {
  const id = idOf(0x900, number);
  const displayName = `Group ${String(number)}`;
  const resource = { displayName };
  await pool.query(
    `insert into scim_groups (tenant_id, id, display_name, display_name_key, resource, wire, created_at, last_modified)
     values ($1, $2, $3, $4, $5, $6, now(), now())`,
    [
      tenant.tenantId,
      id,
      displayName,
      foldCase(displayName),
      JSON.stringify(resource),
      buildWire('Group', id, resource),
    ],
  );
  await pool.query(
    `insert into scim_memberships (tenant_id, group_id, user_id, added_at)
     select $1, $2, id, now() from scim_users where tenant_id = $1 and deleted_at is null order by seq limit $3`,
    [tenant.tenantId, id, members],
  );
  await pool.query(
    `insert into scim_counts (tenant_id, resource, slot, total) values ($1, 'Group', 0, 1)
     on conflict (tenant_id, resource, slot) do update set total = scim_counts.total + 1`,
    [tenant.tenantId],
  );
  return { id, members };
}
