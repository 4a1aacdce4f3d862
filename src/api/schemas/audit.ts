import { z } from 'zod';
import { listOf, moment, named } from './parts.js';

export const auditEvents = listOf(
  'AuditEvents',
  z.object({
    id: z.string(),
    at: moment,
    actor: z.string(),
    action: z.string(),
    targetType: z.string(),
    targetId: z.string(),
    targetName: z.string().nullable(),
    correlationId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
    chainNo: z.string().nullable(),
  }),
);

export const auditCheck = named(
  'AuditCheck',
  z.object({
    checkedAt: moment,
    isIntact: z.boolean(),
    events: z.number().int().nullable().describe('How many are as written; null: the chain is broken'),
    head: z.string().nullable().describe('Hash of the newest sealed event; stands for everything before it'),
    brokenAt: z.number().int().nullable().describe('Chain number of the first event that is not as written'),
    problem: z.enum(['missing', 'altered']).nullable(),
  }),
);
