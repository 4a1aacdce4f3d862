import { z } from 'zod';
import { entitlement, listOf, moment, named, reason } from './parts.js';

const status = z.enum(['active', 'inactive', 'deleted']);
const linkState = z.enum(['active', 'parked', 'deleting', 'deleted']);

export const personRow = named(
  'PersonRow',
  z.object({
    id: z.string(),
    displayName: z.string(),
    userName: z.string(),
    status,
    agents: z.array(z.object({ account: z.string(), state: linkState })),
    isWaiting: z.boolean(),
  }),
);
export const people = listOf('People', personRow);

export const groupRow = named(
  'Group',
  z.object({
    id: z.string(),
    displayName: z.string(),
    externalId: z.string().nullable(),
    members: z.number().int(),
  }),
);
export const groups = listOf('Groups', groupRow);

const standing = named(
  'Standing',
  z.object({
    account: z.string(),
    provider: z.string(),
    providerUserId: z.string().nullable(),
    linkState: linkState.nullable(),
    deleteDueAt: moment.nullable(),
    readAt: moment.nullable(),
    decision: z.enum(['wanted', 'leaver', 'unclear', 'no-rules']),
    entitlements: z.array(
      z.object({
        entitlement,
        isWanted: z.boolean(),
        reasons: z.array(reason),
        held: z
          .enum(['yes', 'no', 'written', 'unknown'])
          .describe('`written`: not shown by the vendor, as last written'),
      }),
    ),
    notices: z.array(z.string()),
    checklist: z
      .object({ taskId: z.string(), openSteps: z.number(), isUrgent: z.boolean(), dueAt: moment.nullable() })
      .nullable()
      .describe('Steps that people were asked to do and nobody has confirmed'),
    waiting: z
      .object({ since: moment, heldPlanId: z.string().nullable(), lastError: z.string().nullable() })
      .nullable(),
  }),
);

export const person = named(
  'Person',
  z.object({
    id: z.string(),
    userName: z.string(),
    displayName: z.string(),
    givenName: z.string(),
    familyName: z.string(),
    email: z.string().nullable(),
    externalId: z.string().nullable(),
    status,
    attributes: z.record(z.string(), z.array(z.string())),
    groups: z.array(z.object({ id: z.string(), displayName: z.string(), externalId: z.string().nullable() })),
    accounts: z.array(standing),
    createdAt: moment,
    lastModified: moment,
    deletedAt: moment.nullable(),
  }),
);
