import { z } from 'zod';

import { faultScriptSchema } from '../fault-rules.js';

const count = z.int().min(0);
const text = z.string().min(1);

/** Rate limit of the company, shared by all of its API keys (vendors.md 1.3). */
const budget = {
  requestsPerMinute: z.int().min(1).nullable().default(120),
  rateLimitShape: z.enum(['minute-window', 'token-bucket']).default('minute-window'),
  rateLimitHeaders: z.enum(['on-429', 'always', 'never']).default('on-429'),
  rateLimitResetUnit: z.enum(['seconds', 'milliseconds']).default('seconds'),
  rateLimitBody: z.enum(['error', 'message', 'empty']).default('error'),
  retryAfter: z.enum(['absent', 'seconds', 'http-date']).default('absent'),
};

/** Statuses on which recordings, documentation and client code differ (vendors.md 1.2, 1.5, 1.6). */
const statuses = {
  createStatus: z.literal([200, 201]).default(200),
  v1UserRoutes: z.literal([404, 410]).default(404),
  contentType: z.enum(['required', 'optional']).default('required'),
  duplicateEmailStatus: z.literal([400, 409, 422]).default(400),
  invalidRoleStatus: z.literal([400, 422]).default(400),
  ownerDeleteStatus: z.literal([400, 405, 422]).default(422),
  duplicateTeamNameStatus: z.literal([400, 422]).default(422),
};

/** vendors.md 1.5. */
const users = {
  userFields: z.enum(['recorded', 'documented']).default('recorded'),
  allowedRoleIds: z.array(text).min(1).default(['agent', 'supervisor', 'admin']),
  ownerRoleId: text.default('owner'),
  apiKeyActor: z.enum(['admin', 'owner']).default('admin'),
  extensionWrite: z.enum(['ignored', 'accepted', 'refused']).default('ignored'),
  emailWrite: z.enum(['accepted', 'ignored', 'refused']).default('accepted'),
  emailCase: z.enum(['kept', 'lowered']).default('kept'),
  emojiNames: z.enum(['refused', 'accepted']).default('refused'),
  deletedEmail: z.enum(['reusable', 'refused']).default('reusable'),
  invitationDays: z.int().min(1).default(15),
  seats: count.nullable().default(null),
  seatOverage: z.enum(['invoice', 'refuse']).default('invoice'),
  apiUserDelete: z.enum(['revokes-keys', 'refused', 'allowed']).default('revokes-keys'),
};

/** vendors.md 1.6 and 1.7. */
const teamsAndNumbers = {
  teamLimit: count.nullable().default(null),
  teamNameCase: z.enum(['insensitive', 'sensitive']).default('insensitive'),
  addExistingTeamMember: z.enum(['refused', 'ok']).default('refused'),
  removeMissingTeamMember: z.literal([404, 422, 200]).default(404),
  deletedUserTeamRows: z.enum(['removed', 'kept']).default('removed'),
  teamEvents: z.boolean().default(false),
  smartflowsNumberUsers: z.enum(['with-team-members', 'direct-only']).default('with-team-members'),
  dataAccessInNumberUsers: z.boolean().default(false),
  numberTimeZoneWrite: z.enum(['ignored', 'accepted']).default('ignored'),
};

/** vendors.md 1.8. */
const calls = {
  callHistoryDays: z.int().min(1).default(183),
  callQueryLimit: z.int().min(1).default(10_000),
  callTotal: z.enum(['capped', 'real']).default('capped'),
  callSearchByNumber: z.enum(['ignored', 'supported']).default('ignored'),
  deletedUserInCalls: z.enum(['null', 'kept']).default('null'),
  recordingUrlSeconds: z.int().min(1).default(3600),
  recordingDelaySeconds: count.default(0),
  recordingBytes: z.int().min(0).max(50_000_000).default(16_384),
};

/** vendors.md 1.9. */
const webhooks = {
  webhookOrder: z.enum(['in-order', 'reversed']).default('in-order'),
  webhookDuplicates: z.int().min(0).max(10).default(0),
  webhookAttempts: z.int().min(1).max(50).default(3),
  webhookRetryMs: z.int().min(1).default(1000),
  webhookTimeoutMs: z.int().min(1).default(5000),
  webhookBatchMs: count.default(20),
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

/** Every switch of the sandbox with its default; src/sandbox/README.md says which fact each stands for. */
export const aircallSandboxSettingsSchema = z.strictObject({
  ...budget,
  ...statuses,
  ...users,
  ...teamsAndNumbers,
  ...calls,
  ...webhooks,
  ...running,
});

export type AircallSandboxSettings = z.output<typeof aircallSandboxSettingsSchema>;
export type AircallSandboxSettingsInput = z.input<typeof aircallSandboxSettingsSchema>;
