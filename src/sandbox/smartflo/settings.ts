import { z } from 'zod';

import { faultScriptSchema } from '../fault-rules.js';

const count = z.int().min(0);

/** Limit of the account, tied to the trunk's calls per second (vendors.md 2.1). */
const budget = {
  requestsPerSecond: z.int().min(1).nullable().default(3),
  rateLimitShape: z.enum(['second-window', 'token-bucket']).default('second-window'),
  retryAfter: z.enum(['absent', 'seconds']).default('absent'),
};

/** Signing in (vendors.md 2.1). */
const signIn = {
  sessionSeconds: z.int().min(1).default(3600),
  passwordDays: count.default(90),
  lockAfterFailures: z.int().min(1).default(5),
};

/** vendors.md 2.2. */
const users = {
  usersLimitMax: z.int().min(1).default(100),
  duplicateLoginStatus: z.literal([400, 409, 422]).default(422),
  userIdType: z.enum(['text', 'number']).default('text'),
  callerIdsInUser: z.enum(['shown', 'hidden']).default('shown'),
  roleRoutes: z.array(z.enum(['/v1/roles', '/v1/user_roles'])).default(['/v1/roles']),
  deleteRoute: z.enum(['present', 'missing']).default('present'),
  missingUserStatus: z.literal([404, 422]).default(404),
  ownerDeleteStatus: z.literal([400, 403, 422]).default(422),
  numberRequired: z.boolean().default(true),
  emojiNames: z.enum(['refused', 'accepted']).default('refused'),
  /** Fields beyond the documented ones that an update takes; others are ignored without a word. */
  patchAlso: z
    .array(
      z.enum([
        'time_group',
        'failover_destination',
        'route_call_through',
        'assign_extension',
        'outbound_block',
      ]),
    )
    .default([]),
  blockAnswer: z.enum(['done', 'ignored']).default('done'),
};

/** vendors.md 2.3. */
const routing = {
  departmentAgentId: z.enum(['intercom', 'row']).default('intercom'),
  departmentNameMax: z.int().min(1).default(64),
  duplicateDepartmentStatus: z.literal([400, 422]).default(422),
  deletedUserRows: z.enum(['removed', 'kept']).default('removed'),
};

const calls = {
  callHistoryDays: z.int().min(1).default(183),
  callsLimitMax: z.int().min(1).default(100),
  utcOffsetMinutes: z.int().min(-720).max(840).default(330),
  recordingUrlSeconds: z.int().min(1).default(3600),
  recordingBytes: z.int().min(0).max(50_000_000).default(16_384),
};

/** How the sandbox itself runs. */
const running = {
  seed: z.int().default(1),
  durability: z.enum(['each-write', 'debounced', 'none']).default('each-write'),
  publicUrl: z.url().nullable().default(null),
  dashboardKey: z.string().min(8).nullable().default(null),
  requestLogKept: z.int().min(1).default(250_000),
  faults: faultScriptSchema.default([]),
};

/** Every switch of the sandbox with its default; src/sandbox/smartflo/README.md says which fact each stands for. */
export const smartfloSandboxSettingsSchema = z.strictObject({
  ...budget,
  ...signIn,
  ...users,
  ...routing,
  ...calls,
  ...running,
});

export type SmartfloSandboxSettings = z.output<typeof smartfloSandboxSettingsSchema>;
export type SmartfloSandboxSettingsInput = z.input<typeof smartfloSandboxSettingsSchema>;
