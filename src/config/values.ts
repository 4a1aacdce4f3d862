import { z } from 'zod';
import { KeyringError, type Keyring, parseKeyring } from '../lib/crypto.js';

/** Settings arrive as text (environment, arguments) or typed (file). Messages never repeat the value. */

export function wholeNumber(min: number, max: number): z.ZodType<number> {
  const error = `must be a whole number from ${min} to ${max}`;
  const digits = z
    .string({ error })
    .regex(/^\d{1,15}$/, { error })
    .transform(Number);
  return z
    .union([z.number(), digits], { error })
    .pipe(z.int({ error }).min(min, { error }).max(max, { error }));
}

export function yesOrNo(): z.ZodType<boolean> {
  const error = 'must be true or false';
  return z.union([z.boolean(), z.stringbool({ error })], { error });
}

export function text(error: string): z.ZodType<string> {
  return z.string({ error }).trim().min(1, { error });
}

/** A secret that somebody made up: one word, long enough not to be guessed. */
export function secretWord(length: number): z.ZodType<string> {
  const error = `must be one word of at least ${String(length)} characters`;
  return z
    .string({ error })
    .trim()
    .regex(new RegExp(`^\\S{${String(length)},}$`), { error });
}

/** `aircall,vxt` or a list: at least one name, none of them twice. */
export function names(): z.ZodType<readonly string[]> {
  const error = 'must be one or more different names, separated by commas';
  return z
    .union([z.string(), z.array(z.string())], { error })
    .transform((value) => (typeof value === 'string' ? value.split(',') : value).map((name) => name.trim()))
    .refine((list) => list.length > 0 && list.every((name) => /^[a-z0-9-]+$/.test(name)), { error })
    .refine((list) => new Set(list).size === list.length, { error });
}

/** A URL with one of the given schemes, such as `postgres:`. */
export function url(schemes: readonly string[], error: string): z.ZodType<string> {
  return text(error).refine((value) => schemes.includes(URL.parse(value)?.protocol ?? ''), { error });
}

/** The address under which others reach us; without a slash at its end, ready to have a path appended. */
export function baseUrl(): z.ZodType<string> {
  const error = 'must be an http:// or https:// URL without user name, query or fragment';
  return text(error).transform((value, context) => {
    const parsed = URL.parse(value);
    const isHttp = parsed?.protocol === 'http:' || parsed?.protocol === 'https:';
    if (isHttp && parsed.username + parsed.password + parsed.search + parsed.hash === '') {
      return parsed.href.replace(/\/+$/, '');
    }
    return refuse(context, error);
  });
}

/** An address with or without a name in front: `Patchbay <patchbay@example.com>`. */
export function mailbox(): z.ZodType<string> {
  const error = 'must be an e-mail address, such as Patchbay <patchbay@example.com>';
  return text(error).refine(
    (value) => {
      const address = /^[^<>"\r\n]*<([^<>\s]+)>$/.exec(value)?.[1] ?? value;
      return z.email().safeParse(address).success;
    },
    { error },
  );
}

export function keyring(): z.ZodType<Keyring> {
  return z.string({ error: 'must be text' }).transform((value, context) => {
    try {
      return parseKeyring(value);
    } catch (error) {
      if (!(error instanceof KeyringError)) throw error;
      const message = `must be id:base64key,id:base64key with keys of 32 bytes. ${error.message}`;
      return refuse(context, message);
    }
  });
}

/** Without the input: it would stand in the issue, and may be a secret. */
function refuse(context: z.core.$RefinementCtx, message: string): never {
  context.issues.push({ code: 'custom', message, input: undefined });
  return z.NEVER;
}

/** What Express calls "trust proxy", without `true`, which would let any client choose its own address. */
export type TrustProxy = false | number | readonly string[];

export function trustProxy(): z.ZodType<TrustProxy> {
  const error = 'must be false, the number of proxies in front, or their addresses separated by commas';
  return z
    .union([z.literal(false), z.number(), z.string(), z.array(z.string())], { error })
    .transform((value, context) => {
      const parsed = parseTrustProxy(value);
      return parsed ?? refuse(context, error);
    });
}

const namedNetworks = ['loopback', 'linklocal', 'uniquelocal'];
const networkPattern = /^[0-9a-fA-F:.]*[:.][0-9a-fA-F:.]*(\/\d{1,3})?$/;

function parseTrustProxy(value: false | number | string | readonly string[]): TrustProxy | undefined {
  if (value === false || value === 'false') return false;
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{1,2}$/.test(value))) {
    const hops = Number(value);
    return Number.isInteger(hops) && hops >= 0 && hops <= 10 ? hops : undefined;
  }
  const networks = (typeof value === 'string' ? value.split(',') : value).map((network) => network.trim());
  const isKnown = (network: string) => namedNetworks.includes(network) || networkPattern.test(network);
  return networks.every(isKnown) ? networks : undefined;
}
