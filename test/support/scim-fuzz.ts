import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { TenantDatabase } from '../../src/store/database.js';
import { fuzzRequest, type FuzzRequest } from './scim-fuzz-requests.js';
import type { ScimClient, ScimFixture } from './scim.js';

/** Nothing takes this long; a request that does is a finding, not a slow machine. */
const PATIENCE_MS = 600_000;
const CHUNK = 500;

export interface FuzzReport {
  readonly byStatus: Readonly<Record<string, number>>;
  /** Empty when all is well. */
  readonly findings: readonly string[];
}

interface Party {
  readonly client: ScimClient;
  /** Stands in every e-mail address of the tenant's first people. */
  readonly domain: string;
  readonly users: string[];
  readonly groups: string[];
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends `requests` random requests, `parallel` at a time, alternately as each of two tenants. */
export async function fuzz(
  fixture: ScimFixture,
  options: { readonly requests: number; readonly seed: number; readonly parallel: number },
): Promise<FuzzReport> {
  const parties = [await newParty(fixture, 'left'), await newParty(fixture, 'right')] as const;
  const agent = new Agent({ keepAlive: true, maxSockets: options.parallel });
  const byStatus: Record<string, number> = {};
  const findings: string[] = [];
  const onRejection = (reason: unknown): void => {
    findings.push(`unhandled rejection: ${String(reason)}`);
  };
  process.on('unhandledRejection', onRejection);
  for (let done = 0; done < options.requests && findings.length < 20; done += CHUNK) {
    const count = Math.min(CHUNK, options.requests - done);
    const batch = fc.sample(fuzzRequest, { numRuns: count, seed: options.seed + done });
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < batch.length; index = next++) {
        const [own, foreign] = index % 2 === 0 ? parties : ([parties[1], parties[0]] as const);
        const spec = resolved(batch[index]!, own, foreign, done + index);
        const answer = await send(agent, own.client, spec);
        byStatus[String(answer.status)] = (byStatus[String(answer.status)] ?? 0) + 1;
        remember(own, spec, answer);
        for (const problem of problemsOf(own, foreign, spec, answer)) {
          findings.push(
            `${problem}\n  #${String(done + index)} ${describe(spec)}\n  → ${String(answer.status)} ${answer.text.slice(0, 300)}`,
          );
        }
      }
    };
    await Promise.all(Array.from({ length: options.parallel }, work));
  }
  process.off('unhandledRejection', onRejection);
  agent.destroy();
  for (const party of parties)
    findings.push(...(await brokenInvariants(fixture.database, party.client.tenantId)));
  return { byStatus, findings };
}

async function newParty(fixture: ScimFixture, slug: string): Promise<Party> {
  const client = await fixture.addClient(slug);
  const users: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    const options = { displayName: name, emails: [{ value: `${name}@${slug}.test`, type: 'work' }] };
    users.push(await client.addUser(`${name}@${slug}.test`, options));
  }
  const groups = [await client.addGroup('first', users.slice(0, 2)), await client.addGroup('second')];
  return { client, domain: `@${slug}.test`, users, groups };
}

function resolved(spec: FuzzRequest, own: Party, foreign: Party, number: number): FuzzRequest {
  const pick = (list: readonly string[], offset: number): string =>
    list[(number + offset) % list.length] ?? '';
  const values: Readonly<Record<string, string>> = {
    '@own-user-0@': pick(own.users, 0),
    '@own-user-1@': pick(own.users, 1),
    '@own-user-2@': pick(own.users, 2),
    '@own-group-0@': pick(own.groups, 0),
    '@own-group-1@': pick(own.groups, 1),
    '@foreign-user@': pick(foreign.users, 0),
    '@foreign-group@': pick(foreign.groups, 0),
    '@nobody@': '019ab000-0000-7000-8000-000000000000',
  };
  const fill = (text: string): string =>
    text.replaceAll(/@[a-z]+(?:-[a-z]+)?(?:-\d)?@/g, (symbol) => values[symbol] ?? symbol);
  return { ...spec, target: fill(spec.target), body: spec.body === null ? null : fill(spec.body) };
}

function send(agent: Agent, client: ScimClient, spec: FuzzRequest): Promise<Answer> {
  const url = new URL(client.baseUrl);
  return new Promise((resolve) => {
    const outgoing = httpRequest(
      {
        agent,
        host: url.hostname,
        port: url.port,
        method: spec.method,
        path: url.pathname + spec.target,
        headers: {
          Accept: 'application/scim+json',
          Authorization: `Bearer ${client.token}`,
          ...(spec.body === null
            ? {}
            : { 'Content-Type': 'application/scim+json', 'Content-Length': Buffer.byteLength(spec.body) }),
          ...spec.headers,
        },
        signal: AbortSignal.timeout(PATIENCE_MS),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          });
        });
        incoming.on('error', (error) => resolve({ status: 0, headers: {}, text: String(error) }));
      },
    );
    outgoing.on('error', (error) => resolve({ status: 0, headers: {}, text: String(error) }));
    outgoing.end(spec.body ?? undefined);
  });
}

function remember(own: Party, spec: FuzzRequest, answer: Answer): void {
  const gone = answer.status === 204 && spec.method === 'DELETE' ? spec.target.split('/').at(-1) : undefined;
  for (const list of [own.users, own.groups]) {
    const index = list.indexOf(gone ?? '');
    if (index !== -1 && list.length > 3) list.splice(index, 1);
  }
  const location = answer.headers.location;
  const id = location?.split('/').at(-1);
  if (answer.status === 201 && id !== undefined)
    (spec.target.startsWith('/Groups') ? own.groups : own.users).push(id);
}

/** What may not be, whatever was asked. A request that cut off its own connection (status 0) is not looked at. */
function problemsOf(own: Party, foreign: Party, spec: FuzzRequest, answer: Answer): readonly string[] {
  const problems: string[] = [];
  if (answer.status >= 500 && answer.status !== 501) problems.push('server error');
  if (answer.status === 0 && !/ECONNRESET|EPIPE/.test(answer.text)) problems.push('no answer');
  if (answer.text.includes(foreign.domain)) problems.push('data of another tenant');
  // Express answers OPTIONS with the list of methods.
  if (answer.text !== '' && answer.status !== 0 && spec.method !== 'OPTIONS')
    problems.push(...malformed(own, foreign, answer));
  return problems;
}

interface AnyBody {
  readonly id?: unknown;
  readonly status?: unknown;
  readonly meta?: { readonly location?: unknown };
  readonly members?: unknown;
  readonly groups?: unknown;
  readonly Resources?: unknown;
}

function malformed(own: Party, foreign: Party, answer: Answer): readonly string[] {
  let body: AnyBody;
  try {
    body = JSON.parse(answer.text) as AnyBody;
  } catch {
    return ['an answer that is not JSON'];
  }
  const problems = [];
  if (answer.status >= 400 && body.status !== String(answer.status))
    problems.push('an error without the SCIM error body');
  const resources = [body, ...listOf(body.Resources)];
  const locations = resources.flatMap((each) => each.meta?.location ?? []).map(String);
  if (locations.some((location) => !location.startsWith(own.client.baseUrl)))
    problems.push('a location of another address');
  const ids = [...resources.flatMap(idsOf), ...locations.map((location) => location.split('/').at(-1))];
  if (ids.some((id) => foreign.users.includes(String(id)) || foreign.groups.includes(String(id))))
    problems.push('an id of another tenant');
  if (resources.some((each) => 'password' in each)) problems.push('a password');
  return problems;
}

/** Ids that say who a resource is or who belongs to it. Texts that a client stored may look the same. */
function idsOf(resource: AnyBody): readonly unknown[] {
  const related = [...listOf(resource.members), ...listOf(resource.groups)] as readonly {
    readonly value?: unknown;
  }[];
  return [resource.id, ...related.map((each) => each.value)];
}

function listOf(value: unknown): readonly AnyBody[] {
  return Array.isArray(value) ? (value as AnyBody[]) : [];
}

function describe({ method, target, headers, body }: FuzzRequest): string {
  return `${method} ${target.slice(0, 400)} ${JSON.stringify(headers)} ${(body ?? '').slice(0, 700)}`;
}

/** What must be true of a directory's rows, whatever was done to it. */
async function brokenInvariants(database: TenantDatabase, tenantId: string): Promise<readonly string[]> {
  const db = database.forTenant(tenantId);
  const checks = {
    'a membership of a deleted user or group': sql`
      select m.user_id from scim_memberships m
      join scim_users u on u.tenant_id = m.tenant_id and u.id = m.user_id
      join scim_groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
      where u.deleted_at is not null or g.deleted_at is not null`,
    'a total that is not the number of rows': sql`
      select 1 from (select
        (select count(*) from scim_users where deleted_at is null) as users,
        (select count(*) from scim_groups where deleted_at is null) as groups,
        (select coalesce(sum(total), 0) from scim_counts where resource = 'User') as users_total,
        (select coalesce(sum(total), 0) from scim_counts where resource = 'Group') as groups_total) as t
      where users <> users_total or groups <> groups_total`,
    'a wire text that is not the resource': sql`
      select id from scim_users where deleted_at is null
        and ((wire || '}')::jsonb - 'schemas' - 'id') <> resource
      union all select id from scim_groups where deleted_at is null
        and ((wire || '}')::jsonb - 'schemas' - 'id') <> resource`,
    'a meta text that is not what the row says': sql`
      select u.id from scim_users u
        cross join lateral (select ('{' || substr(u.meta, 2) || 'null}}')::jsonb -> 'meta' as meta) as told
      where deleted_at is null and (told.meta ->> 'version' <> 'W/"' || version || '"'
        or (told.meta ->> 'created')::timestamptz <> created_at
        or (told.meta ->> 'lastModified')::timestamptz <> last_modified)`,
    'columns that are not the resource': sql`
      select id from scim_users where deleted_at is null and (user_name <> resource ->> 'userName'
        or active is distinct from (resource ->> 'active')::boolean
        or external_id is distinct from resource ->> 'externalId')`,
    'e-mail keys that are not the e-mails': sql`
      select u.id from scim_users u where u.deleted_at is null and
        (select count(distinct patchbay_fold(e ->> 'value')) from jsonb_array_elements(coalesce(u.resource -> 'emails', '[]')) e
          where e ->> 'value' <> '')
        <> (select count(*) from scim_user_emails k where k.user_id = u.id)`,
  };
  const findings: string[] = [];
  for (const [what, check] of Object.entries(checks)) {
    const { rows } = await check.execute(db);
    if (rows.length > 0) findings.push(`${what}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return findings;
}
