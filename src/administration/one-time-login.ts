import { createHash, randomBytes } from 'node:crypto';

/** Whom a redeemed link signs in. */
export interface SignInTarget {
  readonly tenantId: string;
  readonly userId: string;
}

export interface OneTimeLoginStore {
  insert(hash: Buffer, target: SignInTarget, expiresAt: Date): Promise<void>;
  /**
   * Takes the row with this hash out of the table, atomically: of two at once, one gets it. Null when there is none, or
   * none that is valid at `now`. Writes the audit event of a sign-in.
   */
  take(hash: Buffer, now: Date): Promise<SignInTarget | null>;
  deleteExpired(now: Date): Promise<void>;
}

export interface OneTimeLogin {
  /** A word for a link: valid once, for 15 minutes, from this machine only. */
  issue(target: SignInTarget): Promise<string>;
  /**
   * Whom the word signs in, or null when it is unknown, used, expired, or does not come from this machine. A word
   * that comes from elsewhere stays valid: it was seen, not used.
   */
  redeem(word: string, remoteAddress: string | undefined): Promise<SignInTarget | null>;
}

const LIFETIME_MS = 15 * 60_000;
const WORD_BYTES = 32;

/** Sign-in for a newcomer who has just started the demo on their own machine. */
export function makeOneTimeLogin(deps: {
  readonly store: OneTimeLoginStore;
  readonly now: () => Date;
}): OneTimeLogin {
  const { store, now } = deps;
  return {
    async issue(target) {
      const word = randomBytes(WORD_BYTES).toString('base64url');
      await store.deleteExpired(now());
      await store.insert(hashWord(word), target, new Date(now().getTime() + LIFETIME_MS));
      return word;
    },
    async redeem(word, remoteAddress) {
      if (!isLoopback(remoteAddress)) return null;
      return store.take(hashWord(word), now());
    },
  };
}

function hashWord(word: string): Buffer {
  return createHash('sha256').update(word, 'utf8').digest();
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
