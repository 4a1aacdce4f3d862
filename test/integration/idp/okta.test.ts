import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { okta } from '../../../src/idp/okta.js';
import type { IdpReader } from '../../../src/report/idp-port.js';
import { startOkta, type OktaPerson, type OktaServer } from '../../support/idp/okta.js';

let server: OktaServer;
let reader: IdpReader;
const everything = { previous: null, progress: () => Promise.resolve() };

function person(number: number, status = 'ACTIVE'): OktaPerson {
  return { id: `00u${number}`, status, login: `p${number}@acme.example` };
}

function open(config: object = {}, apiToken = server.token): IdpReader {
  const parsed = okta.configSchema.parse({ baseUrl: server.origin, appId: server.appId, ...config });
  return okta.open(parsed, okta.secretSchema.parse({ apiToken }), server.deps);
}

beforeEach(async () => {
  server = await startOkta();
  reader = open();
});
afterEach(() => server.stop());

describe('Okta', () => {
  it('is read through its links to the last page: people, groups and their members', async () => {
    for (let number = 0; number < 1_234; number += 1) server.assigned.push(person(number));
    server.groups.push({
      id: '00g1',
      name: 'Sales',
      memberIds: server.assigned.slice(0, 450).map(({ id }) => id),
    });
    for (let number = 2; number < 250; number += 1)
      server.groups.push({ id: `00g${number}`, name: `Group ${number}`, memberIds: [] });

    const { reading } = await reader.read(everything);

    expect(reading.people.length).toBe(1_234);
    expect(reading.groups?.length).toBe(249);
    expect(reading.groups?.[0]).toMatchObject({ name: 'Sales', memberIds: { length: 450 } });
    expect(server.requests.filter((one) => one.endsWith(`/apps/${server.appId}/users`)).length).toBe(3);
    expect(server.requests.filter((one) => one.endsWith('/00g1/users')).length).toBe(3);
  });

  it('tells who is inactive by their status, and looks up whoever is not listed any more', async () => {
    server.assigned.push(
      person(1),
      person(2, 'SUSPENDED'),
      person(3, 'DEPROVISIONED'),
      person(4, 'LOCKED_OUT'),
    );
    server.others.push(person(5, 'DEPROVISIONED'));

    const { reading } = await reader.read(everything);

    expect(reading.people.map(({ isActive }) => isActive)).toEqual([true, false, false, true]);
    expect(await reader.lookUp('00u5')).toMatchObject({ isActive: false, status: 'DEPROVISIONED' });
    expect(await reader.lookUp('00u999')).toBeNull();
  });

  it('leaves a part of the limit to others, and waits for the next minute instead of running into 429', async () => {
    for (let number = 0; number < 5_000; number += 1) server.assigned.push(person(number));
    server.switches.perMinute = 10;
    const { reading } = await open({ readGroups: false }).read(everything);
    expect(reading.people.length).toBe(5_000);
    expect(server.waits.length).toBeGreaterThan(0);
    expect(Math.max(...server.waits)).toBeLessThanOrEqual(61_000);
  });

  it('after 429 goes on when the header says so, and loses nobody', async () => {
    for (let number = 0; number < 3_000; number += 1) server.assigned.push(person(number));
    server.switches.perMinute = 1;
    const { reading } = await open({ readGroups: false }).read(everything);
    expect(new Set(reading.people.map(({ id }) => id)).size).toBe(3_000);
  });

  it('a link that leads elsewhere is not followed: the token would go with it', async () => {
    for (let number = 0; number < 600; number += 1) server.assigned.push(person(number));
    server.switches.linksTo = 'https://elsewhere.example';
    await expect(reader.read(everything)).rejects.toMatchObject({ kind: 'contract' });
  });

  it.each([
    [{ status: 403, body: {} }, 'credential'],
    [{ status: 500, body: {} }, 'unavailable'],
    [{ status: 200, body: { people: [] } }, 'contract'],
    [{ status: 200, body: [{ id: '1' }] }, 'contract'],
    [{ status: 302, headers: { location: 'https://elsewhere.example' }, body: {} }, 'contract'],
  ])('an answer of %j throws %s, never a shorter list', async (broken, kind) => {
    server.switches.broken = broken;
    await expect(reader.read(everything)).rejects.toMatchObject({ kind });
  });

  it('a refused token is refused once, and not tried again and again', async () => {
    await expect(open({}, 'wrong').validate()).rejects.toMatchObject({ kind: 'credential' });
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });
});
