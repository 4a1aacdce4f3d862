import { z } from 'zod';
import { USE_KNOWN } from '../../report/ports.js';
import { findingClass } from './findings.js';
import { allOf, listOf, moment, named } from './parts.js';

const money = z.object({ amount: z.number(), currency: z.string() });
const seats = z.object({
  held: z.number().int(),
  parked: z.number().int(),
  unmanaged: z.number().int(),
  unused: z.number().int().nullable(),
  use: z.enum(USE_KNOWN).optional().describe('What is known of use; not-listed: the vendor lists no calls'),
  neverAccepted: z.number().int().nullable().describe('As the vendor says; null: it does not say'),
  noCallSinceInvited: z
    .number()
    .int()
    .nullable()
    .optional()
    .describe('Where the vendor does not say who accepted: invited, and without a call since'),
  contracted: z.number().int().nullable(),
  minimum: z.number().int().nullable(),
  billed: z.number().int(),
  nextInvoice: money.nullable(),
  idleCost: money.nullable(),
});

const figures = named(
  'ComparisonFigures',
  z.object({
    open: z.record(z.string(), z.number().int()).describe('Open findings after it, by class'),
    opened: z.number().int(),
    resolved: z.number().int(),
    agents: z.number().int().optional(),
    parked: z.number().int().optional(),
    unmanaged: z.number().int().optional(),
    people: z.number().int().optional(),
    seatCeiling: z.number().int().nullable().optional(),
    monthlyCost: money.nullable().optional(),
    queueAgeMs: z.number().optional(),
    seats: seats.optional(),
  }),
);

const sourceType = z.enum(['account', 'seats', 'idp']);
export const bySource = z.object({ type: sourceType, id: z.uuid() });
export const bySourceAndClass = bySource.extend({ class: findingClass });

export const comparisonRun = named(
  'ComparisonRun',
  z.object({
    runId: z.string(),
    type: sourceType,
    id: z.string().describe('Of the account or the connection'),
    trigger: z.string(),
    state: z.enum(['running', 'complete', 'incomplete']),
    phase: z.string(),
    done: z.number().int().nullable(),
    total: z.number().int().nullable(),
    reason: z.string().nullable().describe('Why it is incomplete; then nothing was concluded from it'),
    figures: figures.nullable(),
    startedAt: moment,
    finishedAt: moment.nullable(),
  }),
);
export const comparisonRuns = listOf('ComparisonRuns', comparisonRun);

export const comparisons = allOf(
  'Comparisons',
  named(
    'Comparison',
    z.object({
      type: sourceType,
      id: z.string(),
      name: z.string(),
      kind: z.string(),
      pausedReason: z.string().nullable(),
      cron: z.string(),
      timeZone: z.string(),
      hasUse: z
        .boolean()
        .describe('Whether the vendor lists calls, so that seats can be compared with their use'),
      running: comparisonRun.nullable(),
      last: comparisonRun.nullable(),
      lastComplete: comparisonRun.nullable(),
    }),
  ),
);
