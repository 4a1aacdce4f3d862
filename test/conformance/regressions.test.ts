import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScim, type ScimClient, type ScimFixture } from '../support/scim.js';

let fixture: ScimFixture;
let client: ScimClient;

beforeAll(async () => {
  fixture = await startScim();
  client = await fixture.addClient('acme');
  await client.addUser('jane@example.test', { emails: [{ value: 'jane@example.test' }] });
});
afterAll(() => fixture.close());

/** Each was a server error once, found by random requests. */
describe('a mistake of the client is answered as one', () => {
  it.each(['gzip', 'br', 'deflate'])('when a body is not compressed with %s as it says', async (encoding) => {
    const answer = await client.post('/Users', { userName: 'x' }, { 'Content-Encoding': encoding });
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidSyntax', status: '400' } });
  });

  it.each(['/Users/%E0%A4%A', '/Groups/%ff', '/Users/%00'])(
    'when the address %s cannot be decoded',
    async (path) => {
      const answer = await client.get(path);
      expect([400, 404]).toContain(answer.status);
      expect(answer.json).toMatchObject({ status: String(answer.status) });
    },
  );

  it.each(['emails', 'name', 'manager', 'addresses', 'members', 'nothing', 'password'])(
    'when a list is to be sorted by %s, or it is sorted',
    async (sortBy) => {
      const answer = await client.get(`/Users?sortBy=${sortBy}`);
      expect([200, 400]).toContain(answer.status);
    },
  );
});

/** Found by random requests: the person was parked at once, and reads no longer told whether they may work. */
describe('an active that is taken away or left empty', () => {
  it.each([
    { op: 'remove', path: 'active' },
    { op: 'replace', path: 'active', value: null },
    { op: 'Replace', path: 'active', value: '' },
    { op: 'replace', value: { active: null, title: 'New' } },
  ])('deactivates nobody: %j is refused', async (operation) => {
    const id = await client.addUser(`${JSON.stringify(operation)}@example.test`);
    const answer = await client.patch(`/Users/${id}`, [operation]);
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidValue' } });
    expect((await client.get(`/Users/${id}`)).json).toMatchObject({ active: true });
  });

  it('leaves a person as they are in a PUT', async () => {
    const id = await client.addUser('put@example.test');
    const answer = await client.put(`/Users/${id}`, { userName: 'put@example.test', active: null });
    expect(answer).toMatchObject({ status: 200, json: { active: true } });
  });
});
