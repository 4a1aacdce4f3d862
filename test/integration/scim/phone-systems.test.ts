import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startScim, type ScimClient, type ScimFixture } from '../../support/scim.js';

const TELEPHONY = 'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User';

let fixture: ScimFixture;
let client: ScimClient;
let counter = 0;

beforeAll(async () => {
  fixture = await startScim();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  counter += 1;
  client = await fixture.addClient(`phones-${String(counter)}`, 2);
});

const db = () => fixture.database.forTenant(client.tenantId);
const accountIds = async (): Promise<readonly string[]> =>
  (await db().selectFrom('accounts').select('id').orderBy('name').execute()).map((row) => row.id);
const clearMarks = () => sql`delete from dirty_subjects`.execute(db());

async function addLink(accountId: string, subjectId: string, state: string): Promise<void> {
  await sql`insert into links (tenant_id, id, account_id, subject_id, provider_user_id, email, origin, state,
      created_at, updated_at)
    values (${client.tenantId}, ${fixture.newId()}, ${accountId}, ${subjectId}, ${subjectId}, 'x', 'created', ${state},
      now(), now())`.execute(db());
}

describe('the telephony extension', () => {
  test('is written and read like any other', async () => {
    const telephony = {
      role: 'supervisor',
      teams: ['Sales', 'Support'],
      assignedNumbers: ['+33176111111'],
      wrapUpTimeSeconds: 30,
      extension: '4711',
    };
    const id = await client.addUser('ada@example.test', { [TELEPHONY]: telephony });
    const answer = await client.get(`/Users/${id}`);
    expect(answer.json[TELEPHONY]).toEqual(telephony);
    expect(answer.json.schemas).toContain(TELEPHONY);
    const patched = await client.patch(`/Users/${id}`, [
      { op: 'remove', path: `${TELEPHONY}:teams[value eq "Sales"]` },
    ]);
    expect(patched.json[TELEPHONY].teams).toEqual(['Support']);
  });

  test('tells where the agents stand to who asks for it', async () => {
    const id = await client.addUser('ada@example.test');
    const [first = '', second = ''] = await accountIds();
    expect((await client.get(`/Users/${id}`)).json).not.toHaveProperty([TELEPHONY]);
    const path = `/Users/${id}?attributes=${TELEPHONY}:accounts`;
    const statuses = async () => {
      const answer = await client.get(path);
      return (answer.json[TELEPHONY]?.accounts ?? []) as { value: string; status: string; reason?: string }[];
    };
    expect((await statuses()).map(({ value, status }) => [value, status])).toEqual([
      [first, 'pending'],
      [second, 'pending'],
    ]);
    await clearMarks();
    expect(await statuses()).toEqual([]);
    await addLink(first, id, 'active');
    await addLink(second, id, 'parked');
    expect((await statuses()).map(({ status }) => status)).toEqual(['active', 'parked']);
    await client.patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'x' }]);
    await sql`update dirty_subjects set last_error = 'The vendor refused the e-mail address.'
      where account_id = ${first}`.execute(db());
    await sql`update dirty_subjects set held_plan_id = ${fixture.newId()} where account_id = ${second}`.execute(
      db(),
    );
    expect(await statuses()).toMatchObject([
      { status: 'failed', reason: 'The vendor refused the e-mail address.' },
      { status: 'held', reason: expect.stringMatching(/approval/) },
    ]);
    const listed = await client.get(`/Users?attributes=userName,${TELEPHONY}`);
    expect(listed.json.Resources[0]).toMatchObject({
      userName: 'ada@example.test',
      schemas: expect.arrayContaining([TELEPHONY]),
    });
    expect(listed.json.Resources[0][TELEPHONY].accounts).toHaveLength(2);
  });

  test('cannot be searched by where the agents stand', async () => {
    for (const text of [
      `${TELEPHONY}:accounts.status eq "failed"`,
      `${TELEPHONY}:accounts[status eq "failed"]`,
    ]) {
      const answer = await client.get(`/Users?filter=${encodeURIComponent(text)}`);
      expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidFilter' } });
    }
  });

  test('cannot be told where the agents stand', async () => {
    const id = await client.addUser('ada@example.test', {
      [TELEPHONY]: { accounts: [{ value: 'x', status: 'active' }] },
    });
    await clearMarks();
    expect((await client.get(`/Users/${id}?attributes=${TELEPHONY}`)).json).not.toHaveProperty([TELEPHONY]);
    const answer = await client.patch(`/Users/${id}`, [
      { op: 'add', path: `${TELEPHONY}:accounts`, value: [] },
    ]);
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'mutability' } });
  });
});

describe('what the phone systems offer', () => {
  test('roles are there at once, paged as Okta asks', async () => {
    const answer = await client.get('/Roles?count=1&startIndex=1');
    expect(answer.json).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 3,
      itemsPerPage: 1,
      startIndex: 1,
      Resources: [
        { schemas: ['urn:okta:scim:schemas:core:1.0:Role'], id: 'agent', displayName: 'Agent', type: 'role' },
      ],
    });
    expect((await client.get('/Roles/supervisor')).json.id).toBe('supervisor');
    expect((await client.get('/Roles/king')).status).toBe(404);
  });

  test('teams and numbers come from the last readings, each once', async () => {
    const bodies = [
      {
        teams: [{ name: 'Sales' }, { name: 'Support' }],
        numbers: [{ number: '+33176111111', name: 'Main' }],
      },
      { teams: [{ name: 'sales' }], numbers: [{ number: '+33176111111', name: 'Main' }] },
    ];
    for (const [index, accountId] of (await accountIds()).entries()) {
      await sql`insert into account_readings (tenant_id, account_id, read_at, body)
        values (${client.tenantId}, ${accountId}, now(), ${JSON.stringify(bodies[index])})`.execute(db());
    }
    const answer = await client.get('/Entitlements');
    expect(answer.json.Resources.map((offer: { id: string }) => offer.id)).toEqual([
      'team:sales',
      'team:support',
      'number:assigned:+33176111111',
      'number:outbound:+33176111111',
      'number:call_flow:+33176111111',
    ]);
    const [{ meta }] = answer.json.Resources as [{ meta: { location: string } }];
    expect((await client.get(meta.location.replace(client.baseUrl, ''))).json.id).toBe('team:sales');
  });

  test("another tenant's teams are not offered", async () => {
    const other = await fixture.addClient(`other-phones-${String(counter)}`);
    const [accountId = ''] = await accountIds();
    await sql`insert into account_readings (tenant_id, account_id, read_at, body)
      values (${client.tenantId}, ${accountId}, now(), '{"teams":[{"name":"Secret"}],"numbers":[]}')`.execute(
      db(),
    );
    expect((await other.get('/Entitlements')).json.totalResults).toBe(0);
  });

  test('they are announced, and cannot be written', async () => {
    const types = (await client.get('/ResourceTypes')).json.Resources as {
      endpoint: string;
      schema: string;
    }[];
    for (const endpoint of ['/Roles', '/Entitlements']) {
      const type = types.find((candidate) => candidate.endpoint === endpoint);
      expect((await client.get(`/Schemas/${type?.schema ?? ''}`)).status).toBe(200);
      expect((await client.post(endpoint, { displayName: 'x' })).status).toBe(501);
    }
  });

  test('roles and entitlements that an IdP assigns are kept on the user', async () => {
    const roles = [{ value: 'supervisor', display: 'Supervisor', type: 'role', primary: true }];
    const entitlements = [{ value: 'team:sales', display: 'Team Sales', type: 'team' }];
    const id = await client.addUser('ada@example.test', { roles, entitlements });
    expect((await client.get(`/Users/${id}`)).json).toMatchObject({ roles, entitlements });
  });
});
