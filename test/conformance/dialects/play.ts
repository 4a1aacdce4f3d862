import { expect } from 'vitest';
import type { ScimClient } from '../../support/scim.js';
import type { Dialect, Exchange, Scenario, Wire } from './dialect.js';

type Kept = Record<string, string>;
type Answer = Readonly<Record<string, Wire>>;

/** Sends a scenario's requests as its client would, and checks every answer and the state at the end. */
export async function play(client: ScimClient, dialect: Dialect, scenario: Scenario): Promise<void> {
  const kept: Kept = {};
  let previous: Answer = {};
  for (const exchange of scenario.exchanges) {
    previous = await send(client, dialect, exchange, { kept, previous });
    for (const [name, path] of Object.entries(exchange.keep ?? {})) kept[name] = textAt(previous, path);
  }
  await expectEnd(client, scenario);
}

async function send(
  client: ScimClient,
  dialect: Dialect,
  exchange: Exchange,
  { kept, previous }: { readonly kept: Kept; readonly previous: Answer },
): Promise<Answer> {
  const [method = '', path = ''] = filled(exchange.send, kept).split(/ (.*)/s);
  const wish = typeof exchange.body === 'function' ? exchange.body(previous) : exchange.body;
  const response = await fetch(encodeURI(`${client.baseUrl}${dialect.baseSuffix ?? ''}${path}`), {
    method,
    headers: headersOf(dialect, exchange, client.token, wish === undefined),
    ...(wish === undefined ? {} : { body: filled(JSON.stringify(wish), kept) }),
  });
  const text = await response.text();
  const label = `${exchange.send} → ${String(response.status)} ${text.slice(0, 2_000)}`;
  expect(response.status, label).toBe(exchange.status);
  const answer = text === '' ? {} : (JSON.parse(text) as Answer);
  expectWellFormed(response, answer, { label, method });
  if (exchange.answer !== undefined) {
    expect(answer, label).toMatchObject(JSON.parse(filled(JSON.stringify(exchange.answer), kept)) as object);
  }
  for (const name of exchange.without ?? []) expect(answer[name] ?? null, label).toBeNull();
  return answer;
}

function headersOf(
  dialect: Dialect,
  exchange: Exchange,
  token: string,
  isBodiless: boolean,
): Record<string, string> {
  const headers = Object.entries({ ...dialect.headers, ...exchange.headers })
    .filter(([name]) => !(isBodiless && name === 'Content-Type'))
    .map(([name, value]) => [name, value.replace('{token}', token)] as const);
  return Object.fromEntries(headers);
}

/** What holds for every answer, whoever asks (RFC 7644 sections 3.3, 3.4.2, 3.8, 3.12). */
function expectWellFormed(
  response: Response,
  answer: Answer,
  { label, method }: { readonly label: string; readonly method: string },
): void {
  if (response.status === 204) return;
  expect(response.headers.get('content-type'), label).toMatch(
    /^application\/(scim\+)?json; ?charset=utf-8$/i,
  );
  const resources = (answer['Resources'] ?? []) as readonly Answer[];
  for (const resource of [answer, ...resources]) expect(resource, label).not.toHaveProperty('password');
  expect(answer['schemas'], label).toEqual(expect.arrayContaining([expect.stringMatching(/^urn:/)]));
  if (response.status >= 400) {
    expect(answer, label).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(response.status),
      detail: expect.stringMatching(/.+/) as string,
    });
  }
  if (answer['totalResults'] !== undefined) {
    for (const name of ['totalResults', 'itemsPerPage', 'startIndex'])
      expect(answer[name], label).toEqual(expect.any(Number));
  }
  if (method === 'POST' && response.status === 201) {
    const location = response.headers.get('location');
    expect(location, label).toBe((answer['meta'] as Answer)['location']);
  }
}

/** Reads the directory with another client's manners, and compares everything that is there. */
async function expectEnd(client: ScimClient, { end }: Scenario): Promise<void> {
  const users = await everything(client, 'Users');
  const nameOf = new Map(users.map((user) => [user['id'], String(user['userName'])]));
  expect([...nameOf.values()].sort()).toEqual(Object.keys(end.users).sort());
  for (const user of users) {
    const { present, absent } = splitExpectation(end.users[String(user['userName'])] ?? {});
    expect(user).toMatchObject(present);
    for (const name of absent) expect(user[name] ?? null, name).toBeNull();
  }
  const groups = await everything(client, 'Groups');
  const members = groups.map((group) => {
    const list = (group['members'] ?? []) as readonly Answer[];
    return [
      String(group['displayName']),
      list.map((member) => nameOf.get(member['value'] ?? null)).sort(),
    ] as const;
  });
  const expected = Object.entries(end.groups ?? {}).map(([name, list]) => [name, [...list].sort()] as const);
  expect(Object.fromEntries(members)).toEqual(Object.fromEntries(expected));
}

/** null in an expectation means that the attribute is not there. */
function splitExpectation(expected: Answer): {
  readonly present: object;
  readonly absent: readonly string[];
} {
  const entries = Object.entries(expected);
  return {
    present: Object.fromEntries(entries.filter(([, value]) => value !== null)),
    absent: entries.filter(([, value]) => value === null).map(([name]) => name),
  };
}

async function everything(client: ScimClient, type: 'Users' | 'Groups'): Promise<readonly Answer[]> {
  const list = await client.get(`/${type}?count=200`);
  expect(list.status).toBe(200);
  return (list.json as { Resources?: readonly Answer[] }).Resources ?? [];
}

function filled(text: string, kept: Kept): string {
  const escapedFor = (value: string): string => JSON.stringify(value).slice(1, -1);
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = kept[name];
    return value === undefined ? whole : escapedFor(value);
  });
}

function textAt(answer: Answer, path: string): string {
  let value: unknown = answer;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  expect(value, path).toEqual(expect.any(String));
  return String(value);
}
