import * as crypto from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '../domain/errors.js';

/** RFC 9106 section 4, second recommendation, with one lane: 64 MiB, three passes. About 200 ms of CPU. */
const COST = { memory: 65_536, passes: 3, parallelism: 1, tagLength: 32 } as const;
const NONCE_BYTES = 16;

/** Length beats rules about characters (NIST SP 800-63B section 3.1.1). */
export const PASSWORD_LENGTH_MIN = 14;
const PASSWORD_LENGTH_MAX = 256;

/** Throws AppError `invalid` for a password that is not long enough to guard a whole tenant. */
export function requireStrongPassword(password: string): void {
  const length = [...password].length;
  if (length >= PASSWORD_LENGTH_MIN && length <= PASSWORD_LENGTH_MAX && new Set(password).size >= 5) return;
  throw new AppError(
    'invalid',
    `The password must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters that are not all alike. Four or five random words do well.`,
  );
}

/** Hashes with argon2id into the usual text form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = crypto.randomBytes(NONCE_BYTES);
  const hash = await argon2id(password, nonce, COST);
  return format(nonce, hash, COST);
}

/** Whether the password made this hash. Takes the same time either way. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, memory = '', passes = '', parallelism = '', nonce = '', hash = ''] = STORED.exec(stored) ?? [];
  const expected = Buffer.from(hash, 'base64');
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  };
  if (expected.length === 0) throw new AppError('bug', 'A stored password hash cannot be read.');
  const actual = await argon2id(password, Buffer.from(nonce, 'base64'), cost);
  return crypto.timingSafeEqual(actual, expected);
}

const STORED =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{22,86})$/;

type Cost = { readonly [key in keyof typeof COST]: number };

function format(nonce: Buffer, hash: Buffer, { memory, passes, parallelism }: Cost): string {
  const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain(nonce)}$${plain(hash)}`;
}

async function argon2id(password: string, nonce: Buffer, cost: Cost): Promise<Buffer> {
  // Part of Node since 24.7; the service itself also runs on 22.
  if (!('argon2' in crypto)) {
    throw new AppError(
      'capability',
      'Local owners need Node 24.7 or newer, which brings argon2id. Start the service with that version.',
    );
  }
  const message = Buffer.from(password.normalize('NFKC'), 'utf8');
  return promisify(crypto.argon2)('argon2id', { message, nonce, ...cost });
}
