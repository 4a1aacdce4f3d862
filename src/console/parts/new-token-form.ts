import { z } from 'zod';

const DAY_MS = 86_400_000;

/** Name and life of a new token, as forms send them. An empty life means until it is revoked. */
export const newTokenForm = z.object({
  name: z.string().trim().min(1, 'Say what the token is for.').max(80),
  days: z
    .string()
    .trim()
    .default('')
    .refine(
      (text) => text === '' || /^[1-9]\d{0,3}$/.test(text),
      'Give whole days from 1 to 9999, or nothing.',
    ),
});

export function expiryOf({ days }: z.output<typeof newTokenForm>, now: Date): Date | null {
  return days === '' ? null : new Date(now.getTime() + Number(days) * DAY_MS);
}
