import { createSecretKey } from 'node:crypto';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import { credentialOf } from '../../../src/scim/authenticate.js';
import { makeCursorCodec } from '../../../src/scim/cursor.js';
import { errorReply } from '../../../src/scim/errors.js';
import { acceptedVersions } from '../../../src/scim/etag.js';
import { makeProjection } from '../../../src/scim/projection.js';
import { makeRateLimiter } from '../../../src/scim/rate-limit.js';
import { makeTestClock } from '../../support/clock.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const log = pino({ level: 'silent' });

describe('the Authorization header', () => {
  test.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['  BEARER   abc ', 'abc'],
    ['abc', 'abc'],
    ['Basic abc', null],
    ['Bearer', 'Bearer'],
    ['a b c', null],
    ['', null],
    [undefined, null],
  ])('%j gives %j', (header, credential) => {
    expect(credentialOf(header)).toBe(credential);
  });
});

describe('If-Match', () => {
  test.each([
    [undefined, true],
    ['*', true],
    ['W/"3"', true],
    ['"3"', true],
    ['w/"2", W/"3"', true],
    ['W/"2"', false],
    ['3', false],
    ['', false],
  ])('%j lets version 3 through: %j', (header, expected) => {
    expect(acceptedVersions(header)?.(3) ?? true).toBe(expected);
  });
});

describe('errors', () => {
  const clock = makeTestClock();
  const reply = (error: unknown) => {
    const answer = errorReply(error, { clock, log });
    return {
      status: answer.status,
      headers: answer.headers,
      body: JSON.parse(String(answer.body)) as object,
    };
  };

  test.each([
    ['invalid', 400, 'invalidValue'],
    ['notFound', 404, undefined],
    ['conflict', 409, 'uniqueness'],
    ['stale', 412, undefined],
    ['tooLarge', 413, undefined],
    ['unavailable', 503, undefined],
    ['capability', 501, undefined],
  ] as const)('%s is %i', (kind, status, scimType) => {
    const { body, ...answer } = reply(new AppError(kind, 'What to do.'));
    expect(answer.status).toBe(status);
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(scimType === undefined ? {} : { scimType }),
      detail: 'What to do.',
    });
  });

  test('whatever is not known is 500 and says nothing of itself', () => {
    const { status, body } = reply(new Error('password authentication failed for user "postgres"'));
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('postgres');
  });

  test('a wait is told in whole seconds', () => {
    const retryAt = new Date(clock.now().getTime() + 1_200);
    expect(reply(new AppError('rateLimited', 'x', { retryAt })).headers).toEqual({ 'Retry-After': '2' });
    expect(reply(new AppError('unavailable', 'x')).headers).toEqual({ 'Retry-After': '5' });
  });

  test('401 names the scheme', () => {
    expect(reply(new AppError('unauthenticated', 'x')).headers['WWW-Authenticate']).toMatch(/^Bearer /);
  });
});

describe('projection', () => {
  const user = {
    schemas: [CORE, ENTERPRISE],
    id: '1',
    userName: 'ada',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [{ value: 'a@x.test', type: 'work' }],
    [ENTERPRISE]: { department: 'Support', manager: { value: 'm', displayName: 'M' } },
    meta: { resourceType: 'User', version: 'W/"1"' },
  };
  const only = (...attributes: string[]) =>
    makeProjection('User', { attributes, excludedAttributes: [] }).apply(user);
  const except = (...excludedAttributes: string[]) =>
    makeProjection('User', { attributes: [], excludedAttributes }).apply(user);
  const always = { schemas: user.schemas, id: '1' };

  test('always carries schemas and id', () => {
    expect(only('title')).toEqual(always);
    expect(except('schemas', 'id')).toEqual(user);
  });

  test.each([['userName'], ['USERNAME'], [`${CORE}:userName`]])('by %s', (name) => {
    expect(only(name)).toEqual({ ...always, userName: 'ada' });
  });

  test('by dotted names, also in lists and extensions', () => {
    expect(only('name.givenName', 'emails.value', 'manager.value')).toEqual({
      ...always,
      name: { givenName: 'Ada' },
      emails: [{ value: 'a@x.test' }],
      [ENTERPRISE]: { manager: { value: 'm' } },
    });
  });

  test('by the URN of an extension and of one attribute in it', () => {
    expect(only(ENTERPRISE)).toEqual({ ...always, [ENTERPRISE]: user[ENTERPRISE] });
    expect(only(`${ENTERPRISE}:department`)).toEqual({ ...always, [ENTERPRISE]: { department: 'Support' } });
  });

  test('a whole attribute includes its parts, in either order', () => {
    expect(only('name.givenName', 'name')['name']).toEqual(user.name);
    expect(only('name', 'name.givenName')['name']).toEqual(user.name);
  });

  test('leaves out what is excluded', () => {
    expect(except('emails', 'name.givenName', `${ENTERPRISE}:manager.displayName`)).toEqual({
      ...always,
      userName: 'ada',
      name: { familyName: 'Lovelace' },
      [ENTERPRISE]: { department: 'Support', manager: { value: 'm' } },
      meta: user.meta,
    });
  });

  test('tells what need not be read', () => {
    const wants = (attributes: string[], excludedAttributes: string[]) =>
      makeProjection('User', { attributes, excludedAttributes }).wants('groups');
    expect([
      wants([], []),
      wants(['groups.value'], []),
      wants(['userName'], []),
      wants([], ['groups']),
    ]).toEqual([true, true, false, false]);
  });
});

describe('cursors', () => {
  const clock = makeTestClock();
  const codec = makeCursorCodec({ key: createSecretKey(Buffer.alloc(32, 1)), clock, timeoutSeconds: 60 });
  const scope = { tenantId: 't1', query: ['User', null] };
  const position = { by: 'seq', value: 42 } as const;
  const refusal = (scimType: string) => expect.objectContaining({ kind: 'invalid', scimType });

  test('come back as they went', () => {
    const cursor = codec.encode(position, scope);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(codec.decode(cursor, scope)).toEqual(position);
  });

  test('are refused for another tenant, another query, changed or made up', () => {
    const cursor = codec.encode(position, scope);
    const changed = Buffer.from(cursor, 'base64url');
    changed[changed.length - 1] = 0x39;
    const other = makeCursorCodec({ key: createSecretKey(Buffer.alloc(32, 2)), clock, timeoutSeconds: 60 });
    for (const attempt of [
      () => codec.decode(cursor, { ...scope, tenantId: 't2' }),
      () => codec.decode(cursor, { ...scope, query: ['Group', null] }),
      () => codec.decode(changed.toString('base64url'), scope),
      () => codec.decode('', scope),
      () => codec.decode('x'.repeat(10_000), scope),
      () => codec.decode(other.encode(position, scope), scope),
    ]) {
      expect(attempt).toThrow(refusal('invalidCursor'));
    }
  });

  test('expire', () => {
    const cursor = codec.encode(position, scope);
    clock.advance(61_000);
    expect(() => codec.decode(cursor, scope)).toThrow(refusal('expiredCursor'));
  });
});

describe('the rate limit', () => {
  test('lets 25 requests a second through for as long as they come', () => {
    const clock = makeTestClock();
    const limiter = makeRateLimiter({ requestsPerMinute: 1_500, clock });
    for (let second = 0; second < 60; second += 1) {
      for (let request = 0; request < 25; request += 1) limiter.take('t1');
      clock.advance(1_000);
    }
  });

  test('refuses what is beyond it, tells when to come back, and leaves other tenants alone', () => {
    const clock = makeTestClock();
    const limiter = makeRateLimiter({ requestsPerMinute: 60, clock });
    for (let request = 0; request < 10; request += 1) limiter.take('t1');
    expect(() => limiter.take('t1')).toThrow(
      expect.objectContaining({ kind: 'rateLimited', retryAt: new Date(clock.now().getTime() + 1_000) }),
    );
    limiter.take('t2');
    clock.advance(1_000);
    limiter.take('t1');
  });
});
