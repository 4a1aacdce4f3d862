import { describe, expect, test } from 'vitest';

import { makeFaultScript } from '../../../src/sandbox/faults.js';
import type { PageDefect } from '../../../src/sandbox/fault-rules.js';
import { recordingBytes } from '../../../src/sandbox/aircall/recordings.js';
import { openSandbox, until, type Answer, type Fixture } from './support.js';

const ada = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Byron' };

/** What fired, from the request log: the proof a fault test needs. */
function firedIn({ sandbox }: Fixture): string[] {
  const entries = sandbox.requestLog.entries();
  return entries.flatMap((entry) => (entry.fault === null ? [] : [entry.fault.kind]));
}

describe('error', () => {
  test('answers the status instead of the effect', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.faults.set([{ kind: 'error', status: 502, match: { method: 'POST' }, times: 1 }]);

    expect(await fixture.call('POST', '/v2/users', ada)).toMatchObject({
      status: 502,
      body: { message: 'Bad Gateway' },
    });

    expect(firedIn(fixture)).toEqual(['error']);
    expect(fixture.sandbox.snapshot().users).toHaveLength(1);
    expect(await fixture.call('POST', '/v2/users', ada)).toMatchObject({ status: 200 });
  });

  test('with `applies` takes effect all the same', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.faults.set([{ kind: 'error', status: 504, applies: true }]);

    expect(await fixture.call('POST', '/v2/users', ada)).toMatchObject({ status: 504 });

    expect(firedIn(fixture)).toEqual(['error']);
    expect(fixture.sandbox.requestLog.entries()[0]?.effects).toEqual([
      `user.created ${fixture.sandbox.snapshot().users[1]?.id}`,
    ]);
  });

  test('a scripted 429 looks like a real one, without using the budget', async () => {
    const fixture = await openSandbox({ requestsPerMinute: 100, retryAfter: 'seconds' });
    await fixture.sandbox.faults.set([{ kind: 'error', status: 429 }]);

    const { status, body, headers } = await fixture.call('GET', '/v1/ping');

    expect([status, body]).toEqual([429, { error: 'Too Many Requests' }]);
    expect(headers.get('x-aircallapi-limit')).toBe('100');
    expect(headers.get('retry-after')).toBe('60');
    expect(fixture.sandbox.requestLog.entries()[0]).toMatchObject({
      isRateLimited: false,
      fault: { kind: 'error' },
    });
  });

  test('takes a body and headers of its own', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.faults.set([
      { kind: 'error', status: 500, body: { oops: 1 }, headers: { 'x-test': 'yes' } },
    ]);

    const { body, headers } = await fixture.call('GET', '/v1/ping');

    expect([body, headers.get('x-test')]).toEqual([{ oops: 1 }, 'yes']);
  });
});

describe('connections', () => {
  test('lost-response: the effect happens and the connection is cut', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.faults.set([{ kind: 'lost-response', match: { path: '^/v2/users$' }, times: 1 }]);

    await expect(fixture.call('POST', '/v2/users', ada)).rejects.toThrow('fetch failed');

    expect(firedIn(fixture)).toEqual(['lost-response']);
    const [entry] = fixture.sandbox.requestLog.entries();
    expect(entry).toMatchObject({ status: 0, effects: [expect.stringMatching(/^user\.created \d+$/u)] });
    expect(await fixture.call('GET', '/v2/users/ada@example.com')).toMatchObject({ status: 200 });
  });

  test('reset: the connection is cut and nothing happens', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.faults.set([{ kind: 'reset', times: 1 }]);

    await expect(fixture.call('POST', '/v2/users', ada)).rejects.toThrow('fetch failed');

    expect(firedIn(fixture)).toEqual(['reset']);
    expect(fixture.sandbox.snapshot().users).toHaveLength(1);
  });

  test.each([
    [false, 1],
    [true, 2],
  ])('timeout: no answer comes; with applies %s there are %d users', async (applies, count) => {
    const fixture = await openSandbox();
    await fixture.sandbox.faults.set([{ kind: 'timeout', applies }]);
    let isAnswered = false;
    const pending = fixture
      .call('POST', '/v2/users', ada)
      .then(() => (isAnswered = true))
      .catch(() => undefined);

    await until(() => fixture.sandbox.requestLog.lastSeq() === 1);

    expect(firedIn(fixture)).toEqual(['timeout']);
    expect(fixture.sandbox.snapshot().users).toHaveLength(count);
    await fixture.sandbox.stop();
    await pending;
    expect(isAnswered).toBe(false);
  });

  test('delay: the answer comes late but whole', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.faults.set([{ kind: 'delay', delayMs: 40 }]);
    const startedAt = performance.now();

    expect(await fixture.call('GET', '/v1/ping')).toMatchObject({ status: 200 });

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39);
    expect(firedIn(fixture)).toEqual(['delay']);
  });

  test('a delay that the stop cuts short has no effect', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.faults.set([{ kind: 'delay', delayMs: 60_000 }]);
    const pending = fixture.call('POST', '/v2/users', ada).catch(() => 'cut');
    await until(() => (fixture.sandbox.faults.list()[0]?.fired ?? 0) === 1);

    await fixture.sandbox.stop();

    expect(await pending).toBe('cut');
    expect(fixture.sandbox.snapshot().users).toHaveLength(1);
    expect(fixture.sandbox.requestLog.entries()).toEqual([]);
  });
});

describe('bad-page', () => {
  async function spoiled(
    defect: PageDefect,
  ): Promise<{ fixture: Fixture; text: string; json: () => Answer['body'] }> {
    const fixture = await openSandbox();
    await fixture.sandbox.dashboard.addUsers({ count: 30 });
    await fixture.sandbox.faults.set([{ kind: 'bad-page', defect, times: 1 }]);
    const { apiId, apiToken } = fixture.company;
    const response = await fetch(`${fixture.url}/v2/users?page=1`, {
      headers: { authorization: `Basic ${btoa(`${apiId}:${apiToken}`)}` },
    });
    expect(response.status).toBe(200);
    expect(firedIn(fixture)).toEqual(['bad-page']);
    const text = await response.text();
    return { fixture, text, json: () => JSON.parse(text) };
  }

  test.each(['truncated', 'not-json'] as const)('%s cannot be parsed', async (defect) => {
    const { json } = await spoiled(defect);

    expect(json).toThrow(SyntaxError);
  });

  test('missing-list, null-list, missing-meta, null-ids have the wrong shape', async () => {
    expect((await spoiled('missing-list')).json()).not.toHaveProperty('users');
    expect((await spoiled('null-list')).json().users).toBeNull();
    expect((await spoiled('missing-meta')).json()).not.toHaveProperty('meta');
    expect((await spoiled('null-ids')).json().users[3]).toMatchObject({
      id: null,
      email: 'person3@example.com',
    });
  });

  test('empty-page and short-page contradict their own meta', async () => {
    const empty = (await spoiled('empty-page')).json();
    expect(empty).toMatchObject({ users: [], meta: { count: 0, total: 31, next_page_link: null } });
    const short = (await spoiled('short-page')).json();
    expect([short.users.length, short.meta.count]).toEqual([19, 20]);
  });

  test('repeated-link leads back to the same page, foreign-link to another host', async () => {
    const repeated = await spoiled('repeated-link');
    expect(repeated.json().meta.next_page_link).toBe(`${repeated.fixture.url}/v2/users?page=1`);
    const foreign = await spoiled('foreign-link');
    expect(foreign.json().meta.next_page_link).toBe('http://127.0.0.1:9/');
  });

  test('the next page is good again', async () => {
    const { fixture } = await spoiled('not-json');

    expect((await fixture.call('GET', '/v2/users')).body.users).toHaveLength(20);
  });

  test('a recording breaks off half way', async () => {
    const fixture = await openSandbox({ recordingBytes: 100_000 });
    const numberId = fixture.company.numberIds['Classic']!;
    await fixture.sandbox.dashboard.addCalls({ count: 1, numberId });
    const [recorded] = (await fixture.call('GET', '/v1/calls')).body.calls;
    await fixture.sandbox.faults.set([{ kind: 'bad-page', match: { path: '^/recordings/' }, times: 1 }]);

    const response = await fetch(recorded.recording);
    expect(response.headers.get('content-length')).toBe('100000');
    await expect(response.arrayBuffer()).rejects.toThrow();

    expect(firedIn(fixture)).toEqual(['bad-page']);
    const again = Buffer.from(await (await fetch(recorded.recording)).arrayBuffer());
    expect(again.equals(recordingBytes(recorded.id, 100_000))).toBe(true);
  });
});

describe('moving-total', () => {
  test('remove: somebody goes between two pages and the next page skips one', async () => {
    const fixture = await openSandbox();
    const { userIds } = await fixture.sandbox.dashboard.addUsers({ count: 30 });
    await fixture.sandbox.faults.set([{ kind: 'moving-total', change: 'remove', nth: 1 }]);

    const first = await fixture.call('GET', '/v2/users');
    const second = await fixture.call('GET', first.body.meta.next_page_link);

    expect(firedIn(fixture)).toEqual(['moving-total']);
    expect(fixture.sandbox.requestLog.entries()[0]?.effects).toEqual([`user.deleted ${userIds[0]}`]);
    expect([first.body.meta.total, second.body.meta.total]).toEqual([31, 30]);
    const seen = [...first.body.users, ...second.body.users].map((user: { id: number }) => user.id);
    expect(userIds.filter((id) => !seen.includes(id))).toEqual([userIds[19]]);
  });

  test('insert: somebody comes and the newest-first listing repeats one', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.dashboard.addUsers({ count: 30 });
    await fixture.sandbox.faults.set([
      { kind: 'moving-total', change: 'insert', email: 'new@example.com', times: 1 },
    ]);

    const first = await fixture.call('GET', '/v2/users?order=desc');
    const second = await fixture.call('GET', first.body.meta.next_page_link);

    expect(firedIn(fixture)).toEqual(['moving-total']);
    expect(second.body.users[0].id).toBe(first.body.users.at(-1).id);
    expect(await fixture.call('GET', '/v2/users/new@example.com')).toMatchObject({ status: 200 });
  });

  test('remove takes the person named', async () => {
    const fixture = await openSandbox();
    await fixture.createUser('ada@example.com');
    await fixture.sandbox.faults.set([
      { kind: 'moving-total', change: 'remove', email: 'ada@example.com', times: 1 },
    ]);

    expect((await fixture.call('GET', '/v2/users')).body.meta.total).toBe(2);
    expect((await fixture.call('GET', '/v2/users')).body.meta.total).toBe(1);
  });
});

describe('which request a rule fires on', () => {
  test('method and path must both match, and nth counts matching requests', async () => {
    const fixture = await openSandbox();
    await fixture.sandbox.faults.set([
      { name: 'second page', kind: 'error', match: { method: 'get', path: '^/v2/users$' }, nth: 2 },
    ]);
    const statuses = [];
    for (const path of ['/v2/users', '/v1/ping', '/v2/users', '/v2/users']) {
      statuses.push((await fixture.call('GET', path)).status);
    }

    expect(statuses).toEqual([200, 200, 503, 200]);
    expect(fixture.sandbox.faults.list()).toMatchObject([{ name: 'second page', matched: 3, fired: 1 }]);
    expect(fixture.sandbox.requestLog.entries()[2]?.fault).toEqual({ rule: 'second page', kind: 'error' });
  });

  test('a refused or rate-limited request is not counted', async () => {
    const fixture = await openSandbox({ requestsPerMinute: 1 });
    await fixture.sandbox.faults.set([{ kind: 'error' }]);
    await fixture.call('GET', '/v1/ping');
    await fixture.call('GET', '/v1/ping');

    expect(fixture.sandbox.faults.list()).toMatchObject([{ matched: 1 }]);
  });

  test('the first rule that fires wins; others keep counting', () => {
    const script = makeFaultScript({ seed: 1 });
    script.set([
      { kind: 'error', times: 1 },
      { kind: 'reset', nth: 2 },
    ]);
    const pick = (): string | undefined => script.pick({ method: 'GET', path: '/' })?.rule.kind;

    expect([pick(), pick(), pick()]).toEqual(['error', 'reset', undefined]);
  });

  test('a probability fires about as often as it says, and the same with the same seed', () => {
    const draw = (seed: number): boolean[] => {
      const script = makeFaultScript({ seed });
      script.set([{ kind: 'error', probability: 0.05 }]);
      return Array.from({ length: 4000 }, () => script.pick({ method: 'GET', path: '/' }) !== null);
    };

    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const share = draw(7).filter(Boolean).length / 4000;
    expect(share).toBeGreaterThan(0.035);
    expect(share).toBeLessThan(0.065);
  });

  test('a wrong rule is refused and the script stays as it was', async () => {
    const { sandbox } = await openSandbox({ faults: [{ kind: 'reset', nth: 5 }] });
    const before = sandbox.faults.list();

    await expect(sandbox.faults.set([{ kind: 'error', match: { path: '(' } }])).rejects.toThrow(
      /regular expression/u,
    );
    await expect(sandbox.faults.set([{ kind: 'error', status: 100 }])).rejects.toThrow(/200/u);

    expect(sandbox.faults.list()).toEqual(before);
    await sandbox.faults.clear();
    expect(sandbox.faults.list()).toEqual([]);
  });

  test('switch faults: a script in the settings is armed from the start', async () => {
    const fixture = await openSandbox({ faults: [{ kind: 'error', status: 500, nth: 1 }] });

    expect(await fixture.call('GET', '/v1/ping')).toMatchObject({ status: 500 });
    expect(firedIn(fixture)).toEqual(['error']);
  });
});
