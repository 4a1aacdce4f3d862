import { z } from 'zod';
import { suggest } from '../suggest.js';

/** A text that holds something. Numbers must be quoted, because YAML would drop leading zeros and plus signs. */
export const text = z
  .string({
    error: ({ input }) => (typeof input === 'number' ? 'is read as a number: put it in quotes' : undefined),
  })
  .trim()
  .min(1, 'must not be empty: write a text or remove the line');

/** An object that refuses unknown keys and says which known one was probably meant. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const hints = issue.keys.map((key) => `unknown key "${key}".${suggest(key, known)}`);
      return `${hints.join(' ')} Known here: ${known.join(', ')}`;
    },
  });
}

/** Runs an object-level check also where a value inside is wrong, but not where a key is unknown. */
export function hasNoUnknownKey({ issues, value }: z.core.ParsePayload): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return issues.every(({ code, path }) => code !== 'unrecognized_keys' || (path?.length ?? 0) > 0);
}

export function listed(what: string): string {
  return `must list at least one ${what}: write one or remove the line`;
}
