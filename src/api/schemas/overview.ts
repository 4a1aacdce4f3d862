import { z } from 'zod';
import { accountStatus } from './accounts.js';
import { moment, named } from './parts.js';

/** What the console's first page says. */
export const overview = named(
  'Overview',
  z.object({
    people: z.number().int(),
    lastPushAt: moment.nullable(),
    rulesVersion: z.number().int().nullable(),
    accounts: z.array(accountStatus),
    heldPlans: z.number().int(),
    heldLeavers: z.number().int(),
    tasks: z.object({ open: z.number().int(), urgent: z.number().int(), overdue: z.number().int() }),
    matters: z
      .array(
        z.object({
          severity: z.enum(['todo', 'warning', 'trouble']),
          title: z.string(),
          detail: z.string(),
        }),
      )
      .describe('What needs a person; empty: everything is all right'),
  }),
);
