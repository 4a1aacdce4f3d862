import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entra } from '../../../src/idp/entra/reader.js';
import type { IdpReader, IdpReadResult } from '../../../src/report/idp-port.js';
import { startGraph, type GraphServer } from '../../support/idp/graph.js';

let server: GraphServer;
let reader: IdpReader;
const progress = () => Promise.resolve();
const first = { previous: null, progress };
const goOn = (last: IdpReadResult) => ({ previous: last, progress });

function open(config: object = {}, clientSecret = server.secret): IdpReader {
  const parsed = entra.configSchema.parse({ ...server.config, ...config });
  return entra.open(parsed, entra.secretSchema.parse({ clientSecret }), server.deps);
}

function addPerson(number: number, more: object = {}): void {
  server.change('users', {
    id: `u${number}`,
    userPrincipalName: `p${number}@acme.example`,
    mail: `p${number}@acme.example`,
    givenName: 'Given',
    surname: `Family${number}`,
    accountEnabled: true,
    jobTitle: 'Agent',
    ...more,
  });
}

const SALES = '11111111-1111-4111-8111-111111111111';
const members = (...numbers: readonly number[]) => numbers.map((number) => ({ id: `u${number}` }));

beforeEach(async () => {
  server = await startGraph();
  for (let number = 0; number < 730; number += 1) addPerson(number);
  // Members of one group come on several pages.
  server.change('groups', { id: SALES, displayName: 'Sales', 'members@delta': members(1, 2) });
  server.change('groups', { id: SALES, 'members@delta': members(3) });
  reader = open();
});
afterEach(() => server.stop());

describe('Microsoft Graph', () => {
  it('is read page by page the first time, and afterwards only what changed', async () => {
    const all = await reader.read(first);
    expect(all).toMatchObject({ isDelta: false, inScope: null });
    expect(all.reading.people.length).toBe(730);
    expect(all.reading.groups).toMatchObject([{ name: 'Sales', memberIds: ['u1', 'u2', 'u3'] }]);
    const before = server.requests.length;

    server.change('users', { id: 'u5', surname: 'Married' });
    server.change('users', { id: 'u6', accountEnabled: false });
    server.change('users', { id: 'u7', '@removed': { reason: 'changed' } });
    server.change('users', { id: 'u8', jobTitle: null });
    addPerson(900);
    server.change('groups', {
      id: SALES,
      'members@delta': [{ id: 'u9' }, { id: 'u1', '@removed': { reason: 'deleted' } }],
    });
    const changed = await reader.read(goOn(all));

    expect(changed.isDelta).toBe(true);
    expect(server.requests.length - before).toBe(2);
    const byId = new Map(changed.reading.people.map((one) => [one.id, one]));
    expect(byId.size).toBe(731);
    expect(byId.get('u5')).toMatchObject({ familyName: 'Married', givenName: 'Given', isActive: true });
    expect(byId.get('u6')).toMatchObject({ isActive: false, familyName: 'Family6' });
    expect(byId.get('u7')).toMatchObject({ isActive: false, status: 'removed (changed)' });
    expect(byId.get('u8')?.attributes).toEqual({});
    expect(changed.reading.groups?.[0]?.memberIds).toEqual(['u2', 'u3', 'u9']);
  });

  it.each([
    { status: 410, body: { error: { code: 'resyncRequired' } } },
    { status: 400, body: { error: { code: 'syncStateNotFound', message: 'too old' } } },
  ] as const)('reads everything again when the token of the list is too old ($status)', async (expiry) => {
    const all = await reader.read(first);
    server.change('users', { id: 'u6', accountEnabled: false });
    server.switches.expiry = { ...expiry };
    server.expireTokens();
    const again = await reader.read(goOn(all));
    expect(again.isDelta).toBe(false);
    expect(again.reading.people.length).toBe(730);
    expect(again.reading.people.find(({ id }) => id === 'u6')?.isActive).toBe(false);
  });

  it('waits as long as 429 says, and gets a new access token when the old one is refused', async () => {
    const all = await reader.read(first);
    server.switches.limitNext = 2;
    server.expireAccess();
    server.change('users', { id: 'u6', accountEnabled: false });
    const changed = await reader.read(goOn(all));
    expect(changed.reading.people.find(({ id }) => id === 'u6')?.isActive).toBe(false);
    expect(server.waits).toEqual([7_000, 7_000]);
    expect(server.requests.filter((one) => one.startsWith('POST')).length).toBe(2);
  });

  it('gives up where the pause is longer than a run may take, and says until when', async () => {
    server.switches.limitNext = 1;
    server.switches.retryAfterSeconds = 3_600;
    const started = server.clock.now().getTime();
    await expect(reader.read(first)).rejects.toMatchObject({
      kind: 'rateLimited',
      retryAt: new Date(started + 3_600_000),
    });
  });

  it('knows who is provisioned here by the groups that the settings name', async () => {
    const { inScope } = await open({ groupIds: [SALES] }).read(first);
    expect(inScope).toEqual(new Set(['u1', 'u2', 'u3']));
    const gone = open({ groupIds: ['22222222-2222-4222-8222-222222222222'] });
    await expect(gone.read(first)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('refuses a wrong secret as a credential, and looks up single people', async () => {
    await expect(open({}, 'wrong').validate()).rejects.toMatchObject({ kind: 'credential' });
    expect(await reader.lookUp('u6')).toMatchObject({ id: 'u6', isActive: true });
    expect(await reader.lookUp('nobody')).toBeNull();
  });
});
