import { z } from 'zod';
import { HOLDINGS } from '../../administration/holding.js';
import { allOf, entitlement, listOf, moment, named, reason } from './parts.js';
import { change } from './plans.js';

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
          .enum(HOLDINGS)
          .describe(
            '`unread`: written since the last reading. Not shown by the vendor: `written`, as we last wrote it; `said`, a person did it by hand. `impossible`: the vendor has nothing of the kind',
          ),
        isThroughTeams: z.boolean().describe('At this vendor such access comes with teams'),
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

const happened = { at: moment };
/** Pushes of the identity provider, and the changes that followed from them. */
export const timeline = allOf(
  'Timeline',
  named(
    'TimelineEntry',
    z.discriminatedUnion('type', [
      z.object({
        type: z.literal('event'),
        ...happened,
        actor: z.string(),
        action: z.string(),
        data: z.record(z.string(), z.unknown()),
      }),
      z.object({
        type: z.literal('change'),
        ...happened,
        account: z.string(),
        planId: z.string(),
        change,
        state: z.string(),
        error: z.string().nullable(),
      }),
    ]),
  ),
);
