import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import {
  makeScimAccess,
  TOKEN_CACHE_MS,
  type ScimTokenStore,
  type StoredToken,
} from '../../../src/directory/access.js';
import { AppError } from '../../../src/domain/errors.js';
import { mintToken } from '../../../src/lib/tokens.js';
import { makeTestClock } from '../../support/clock.js';

/** With a wrong last character. */
function mistyped(token: string): string {
  const last = token.slice(-1);
  return token.slice(0, -1) + (last === 'x' ? 'y' : 'x');
}

const log = pino({ level: 'silent' });
const refusal = expect.objectContaining({ kind: 'unauthenticated' });

/** Tokens in memory, and a count of what was asked of them. */
function setUp(change: Partial<StoredToken> = {}) {
  const clock = makeTestClock();
  const minted = mintToken('scim');
  const token: StoredToken = {
    tenantId: 't1',
    tokenId: 'k1',
    name: 'okta',
    expiresAt: null,
    revokedAt: null,
    ...change,
  };
  const asked = { find: 0, touch: 0 };
  let failure: Error | null = null;
  const tokens: ScimTokenStore = {
    async find(hash) {
      asked.find += 1;
      await Promise.resolve();
      if (failure !== null) throw failure;
      return hash.equals(minted.hash) ? token : null;
    },
    touch() {
      asked.touch += 1;
      return Promise.resolve();
    },
  };
  return {
    clock,
    asked,
    token: minted.token,
    fail: (error: Error | null) => {
      failure = error;
    },
    access: makeScimAccess({ tokens, clock, log }),
  };
}

describe('a token', () => {
  test('says who speaks', async () => {
    const { access, token } = setUp();
    expect(await access.verify(token)).toEqual({ tenantId: 't1', actor: 'scim:okta' });
  });

  test('is asked for once in ten seconds, however often it is sent', async () => {
    const { access, token, asked, clock } = setUp();
    await Promise.all(Array.from({ length: 20 }, () => access.verify(token)));
    clock.advance(TOKEN_CACHE_MS - 1);
    await access.verify(token);
    expect(asked.find).toBe(1);
    clock.advance(1);
    await access.verify(token);
    expect(asked.find).toBe(2);
  });

  test('has its use noted once a minute', async () => {
    const { access, token, asked, clock } = setUp();
    for (let second = 0; second < 60; second += 5) {
      await access.verify(token);
      clock.advance(5_000);
    }
    expect(asked.touch).toBe(1);
    await access.verify(token);
    expect(asked.touch).toBe(2);
  });

  test.each([
    ['revoked', { revokedAt: new Date(0) }],
    ['expired', { expiresAt: new Date(0) }],
  ])('that is %s is refused', async (_name, change) => {
    const { access, token } = setUp(change);
    await expect(access.verify(token)).rejects.toEqual(refusal);
  });

  test('that expires is refused from then on, cached or not', async () => {
    const expiresAt = new Date(makeTestClock().now().getTime() + 1_000);
    const { access, token, clock } = setUp({ expiresAt });
    await access.verify(token);
    clock.advance(1_000);
    await expect(access.verify(token)).rejects.toEqual(refusal);
  });
});

describe('what is no token of ours', () => {
  test.each([['nonsense'], [mintToken('admin').token], [mistyped(mintToken('scim').token)]])(
    'is refused without asking for it: %s',
    async (credential) => {
      const { access, asked } = setUp();
      await expect(access.verify(credential)).rejects.toEqual(refusal);
      expect(asked.find).toBe(0);
    },
  );

  test('is refused anew each time: a token made meanwhile works at once', async () => {
    const { access, asked } = setUp();
    const unknown = mintToken('scim').token;
    await expect(access.verify(unknown)).rejects.toEqual(refusal);
    await expect(access.verify(unknown)).rejects.toEqual(refusal);
    expect(asked.find).toBe(2);
  });

  test('goes to the verifier of access tokens', async () => {
    const clock = makeTestClock();
    const tokens: ScimTokenStore = { find: () => Promise.resolve(null), touch: () => Promise.resolve() };
    const access = makeScimAccess({
      tokens,
      clock,
      log,
      verifyAccessToken: (credential) =>
        Promise.resolve(credential === 'good' ? { tenantId: 't2', actor: 'scim:entra' } : null),
    });
    expect(await access.verify('good')).toEqual({ tenantId: 't2', actor: 'scim:entra' });
    await expect(access.verify('bad')).rejects.toEqual(refusal);
  });
});

test('a store that cannot be asked is unavailable, and is asked again', async () => {
  const { access, token, fail } = setUp();
  fail(new AppError('unavailable', 'x'));
  await expect(access.verify(token)).rejects.toMatchObject({ kind: 'unavailable' });
  fail(null);
  expect(await access.verify(token)).toMatchObject({ tenantId: 't1' });
});
