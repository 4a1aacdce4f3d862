import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveScim, startScim, type Json, type ScimClient, type ScimFixture } from '../../support/scim.js';

let fixture: ScimFixture;

beforeAll(async () => {
  fixture = await startScim();
});
afterAll(() => fixture.close());

async function tenantWithPeople(
  slug: string,
  count: number,
): Promise<{ client: ScimClient; ids: string[]; group: string }> {
  const client = await fixture.addClient(slug);
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push(await client.addUser(`${slug}-${String(index)}@example.test`));
  return { client, ids, group: await client.addGroup('Sales', ids) };
}

describe("another tenant's resource", () => {
  test('does not exist, whatever is asked', async () => {
    const own = await tenantWithPeople('own', 1);
    const other = await tenantWithPeople('other', 1);
    const [foreign = ''] = other.ids;
    const answers = await Promise.all([
      own.client.get(`/Users/${foreign}`),
      own.client.put(`/Users/${foreign}`, { userName: 'x' }),
      own.client.patch(`/Users/${foreign}`, [{ op: 'replace', path: 'active', value: false }]),
      own.client.delete(`/Users/${foreign}`),
      own.client.get(`/Groups/${other.group}`),
      own.client.patch(`/Groups/${other.group}`, [{ op: 'remove', path: 'members' }]),
      own.client.delete(`/Groups/${other.group}`),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 404, 404, 404]);
    const stranger = await own.client.patch(`/Groups/${own.group}`, [
      { op: 'add', path: 'members', value: [foreign] },
    ]);
    expect(stranger.status).toBe(400);
    expect(
      (await own.client.get(`/Users?filter=${encodeURIComponent(`id eq "${foreign}"`)}`)).json.totalResults,
    ).toBe(0);
    expect((await other.client.get(`/Users/${foreign}`)).json.active).toBe(true);
    expect((await other.client.get(`/Groups/${other.group}`)).json.members).toHaveLength(1);
  });
});

describe('two tenants and two servers in one process, hammered at once', () => {
  test('no answer carries an id or a location of the other', async () => {
    const second = await serveScim(fixture, { baseUrl: 'https://second.example.test/scim/v2' });
    try {
      const [one, two] = [await tenantWithPeople('one', 5), await tenantWithPeople('two', 5)];
      const parties = [
        { ...one, base: fixture.baseUrl, url: fixture.baseUrl },
        { ...two, base: 'https://second.example.test/scim/v2', url: second.baseUrl },
      ];
      const rounds = Array.from({ length: 40 }, (_, round) => parties.map((party) => ask(party, round))).flat(
        2,
      );
      const answers = await Promise.all(rounds);
      for (const { party, body } of answers) {
        const stranger = parties.find((other) => other !== party)!;
        for (const id of [...stranger.ids, stranger.group]) expect(body).not.toContain(id);
        expect(body).not.toContain(stranger.base);
        expect(locationsIn(JSON.parse(body)).every((location) => location.startsWith(party.base))).toBe(true);
      }
      expect(answers).toHaveLength(240);
    } finally {
      await second.stop();
    }
  });

  interface Party {
    readonly client: ScimClient;
    readonly ids: readonly string[];
    readonly group: string;
    readonly url: string;
  }

  function ask<T extends Party>(party: T, round: number): Promise<{ party: T; body: string }>[] {
    const id = party.ids[round % party.ids.length] ?? '';
    const call = async (method: string, path: string, body?: object) => {
      const response = await fetch(party.url + path, {
        method,
        headers: { authorization: party.client.token, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { party, body: await response.text() };
    };
    return [
      call('GET', '/Users?count=5'),
      call('GET', `/Groups/${party.group}`),
      call('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', path: 'title', value: String(round) }] }),
    ];
  }

  function locationsIn(value: Json): string[] {
    if (Array.isArray(value)) return value.flatMap(locationsIn);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, part]) =>
      (key === 'location' || key === '$ref') && typeof part === 'string' ? [part] : locationsIn(part),
    );
  }
});
