import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const KINDS = ['scim', 'admin', 'access', 'secret'] as const;

/** What the token is for: `access` tokens are short-lived, and a `secret` of an OAuth client buys them. */
export type BearerKind = (typeof KINDS)[number];

export interface MintedToken {
  /** Shown once, never stored. */
  readonly token: string;
  /** SHA-256, 32 bytes: what is stored. The token is random, so a slow hash would protect nothing more. */
  readonly hash: Buffer;
  /** First and last characters, for a person to tell tokens apart. */
  readonly hint: string;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 30 characters of 62 are 178 bits; the hint shows about 48 of them. */
const randomLength = 30;
const checksumLength = 6;
const hintLength = 4;
const tokenPattern = new RegExp(`^pbk_(${KINDS.join('|')})_[0-9A-Za-z]{${randomLength + checksumLength}}$`);

/**
 * Mints a token such as `pbk_scim_<30 random><6 checksum>`: the prefix lets secret scanners and people recognise
 * it, the checksum tells a typing or copying error from a revoked token without asking the database.
 */
export function mintToken(kind: BearerKind): MintedToken {
  const prefix = `pbk_${kind}_`;
  const body = prefix + Array.from({ length: randomLength }, () => alphabet.charAt(randomInt(62))).join('');
  const token = body + checksum(body);
  const shown = prefix.length + hintLength;
  return { token, hash: hashToken(token), hint: `${token.slice(0, shown)}…${token.slice(-hintLength)}` };
}

/** Undefined when this is not a whole token of ours: mistyped, cut off, or something else altogether. */
export function readTokenKind(text: string): BearerKind | undefined {
  const found = tokenPattern.exec(text)?.[1];
  const kind = KINDS.find((candidate) => candidate === found);
  if (kind === undefined) return undefined;
  return checksum(text.slice(0, -checksumLength)) === text.slice(-checksumLength) ? kind : undefined;
}

export function looksLikeToken(text: string): boolean {
  return readTokenKind(text) !== undefined;
}

export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** CRC-32 in base 62: six characters hold any 32-bit number. */
function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let digit = 0; digit < checksumLength; digit += 1) {
    text = alphabet.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
