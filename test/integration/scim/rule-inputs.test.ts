import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRules } from '../../../src/app/rules.js';
import { compileRules } from '../../../src/domain/rules/compile.js';
import { deriveEntitlements } from '../../../src/domain/rules/derive.js';
import { readDirectorySnapshot } from '../../../src/store/directory/snapshot.js';
import { startScim, type ScimClient, type ScimFixture } from '../../support/scim.js';

const TELEPHONY = 'urn:patchbay:params:scim:schemas:extension:telephony:2.0:User';

const RULES = `
version: 1
rules:
  - id: wished-role
    when: { attribute: '${TELEPHONY}:role', equals: admin }
    grant: { role: admin }
  - id: wished-team
    when: { attribute: '${TELEPHONY}:teams', equals: Night Shift }
    grant: { teams: [Night Shift] }
  - id: role-of-the-idp
    when: { attribute: roles, equals: supervisor }
    grant: { role: supervisor }
  - id: entitlement-of-the-idp
    when: { attribute: entitlements, startsWith: phone- }
    grant: { teams: [Everybody] }
`;

let fixture: ScimFixture;
let client: ScimClient;

beforeAll(async () => {
  fixture = await startScim();
  client = await fixture.addClient('rule-inputs');
});
afterAll(() => fixture.close());

async function entitled(subjectId: string) {
  const db = fixture.database.forTenant(client.tenantId);
  const snapshot = await readDirectorySnapshot(db, client.tenantId, { subjectIds: [subjectId] });
  const rules = compileRules(parseRules(RULES), { name: 'phones' }, snapshot.groups);
  const [user] = snapshot.users;
  if (user === undefined) throw new Error('The person is not in the directory.');
  const derivation = deriveEntitlements(rules, user);
  if (derivation.type !== 'granted') return derivation.type;
  const { role, teams } = derivation.derived.entitlements;
  return { role, teams };
}

test.each([
  [
    'wishes of our own extension',
    { [TELEPHONY]: { role: 'admin', teams: ['Night Shift'] } },
    'admin',
    ['Night Shift'],
  ],
  ['roles', { roles: [{ value: 'Supervisor', primary: true }] }, 'supervisor', []],
  ['entitlements', { entitlements: [{ value: 'mail' }, { value: 'phone-eu' }] }, 'agent', ['Everybody']],
])('%s that an identity provider pushes are conditions of rules', async (what, pushed, role, teams) => {
  const id = await client.addUser(`${what.replaceAll(' ', '-')}@example.test`, pushed);
  expect(await entitled(id)).toEqual({ role, teams });
});

test('who has none of them is granted nothing, and a pushed change counts at once', async () => {
  const id = await client.addUser('plain@example.test');
  expect(await entitled(id)).toBe('none');
  await client.patch(`/Users/${id}`, [
    { op: 'add', path: 'roles[primary eq "True"].value', value: 'supervisor' },
  ]);
  expect(await entitled(id)).toEqual({ role: 'supervisor', teams: [] });
});
