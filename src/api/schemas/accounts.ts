import { z } from 'zod';
import { accountSettingsSchema } from '../../tenancy/account.js';
import { allOf, moment, named } from './parts.js';

export const policies = z.enum(['report-only', 'upsert-only', 'sync']);

export const accountStatus = named(
  'AccountStatus',
  z.object({
    id: z.string(),
    name: z.string(),
    provider: z.string(),
    policy: policies,
    pausedReason: z.string().nullable(),
    pausedAt: moment.nullable(),
    firstPlanDone: z.boolean(),
    reconciledAt: moment.nullable(),
    reconcileAskedAt: moment.nullable(),
    restUntil: moment.nullable(),
    agents: z.object({ active: z.number().int(), parked: z.number().int() }),
    seatCeiling: z.number().int().nullable(),
    seatPrice: z.object({ amountPerMonth: z.number(), currency: z.string() }).nullable(),
    queue: z.object({
      waiting: z.number().int(),
      urgent: z.number().int(),
      oldestAt: moment.nullable(),
      held: z.number().int(),
      failing: z.number().int(),
    }),
    heldPlans: z.number().int(),
  }),
);
export const accountStatuses = allOf('AccountStatuses', accountStatus);

const settings = named('AccountSettings', accountSettingsSchema);

export const account = named(
  'Account',
  z.object({
    id: z.string(),
    name: z.string(),
    provider: z.string(),
    policy: policies,
    state: z.enum(['active', 'paused']),
    pausedReason: z.string().nullable(),
    config: z.record(z.string(), z.unknown()).describe('Settings of the vendor'),
    settings,
    warnings: z
      .array(z.string())
      .describe('Where settings disagree, such as recordings that nobody would keep'),
    createdAt: moment,
  }),
);

const facts = z.object({
  companyName: z.string(),
  agentCount: z.number().int().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});
export const accountFacts = named('AccountFacts', facts);
export const accountCreated = named('AccountCreated', z.object({ account, facts: facts.nullable() }));

export const adoption = named(
  'Adoption',
  z.object({
    planId: z.string(),
    madeAt: moment,
    matched: z.array(
      z.object({
        subjectId: z.string(),
        email: z.string(),
        providerUserId: z.string(),
        name: z.string(),
      }),
    ),
    matchedCount: z.number().int(),
    unmanaged: z
      .array(z.object({ providerUserId: z.string(), message: z.string() }))
      .describe('The first thousand; so is matched'),
    unmanagedCount: z.number().int(),
    newcomers: z.number().int().describe('People who would get a new agent, and so a seat'),
    takenOver: z.number().int(),
  }),
);

const secrets = z.record(z.string(), z.unknown()).describe('The credential; never shown again');
const config = z.record(z.string(), z.unknown()).describe('Settings of the vendor');

export const newAccount = named(
  'NewAccount',
  z.strictObject({
    name: z.string().min(1).max(40),
    provider: z.string().min(1).max(40),
    secrets,
    config: config.default({}),
    settings: z.record(z.string(), z.unknown()).optional(),
    policy: policies.optional(),
  }),
);
export const newPolicy = named('NewPolicy', z.strictObject({ policy: policies }));
export const newSettings = named(
  'NewSettings',
  z.strictObject({ settings: z.record(z.string(), z.unknown()) }),
);
export const newConfig = named('NewConfig', z.strictObject({ config }));
export const newCredential = named('NewCredential', z.strictObject({ secrets }));
export const pause = named('Pause', z.strictObject({ reason: z.string().trim().min(1).max(300) }));
