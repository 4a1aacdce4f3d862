import { z } from 'zod';
import { ACCESS_KINDS } from '../../domain/entitlement.js';

/** `http://` is for the sandbox; the HTTP client refuses it for anything but this machine. */
const siteUrl = z.url({ protocol: /^https?$/ }).overwrite((url) => url.replace(/\/+$/, ''));

const roleIds = z.array(z.string().trim().min(1)).min(1);

/**
 * Plain settings of an Aircall account. Whatever public material leaves open about Aircall (vendors.md 7) is a
 * setting here with the likeliest value, so that a customer's account can be followed without a new release.
 */
export const aircallConfigSchema = z.strictObject({
  baseUrl: siteUrl.default('https://api.aircall.io').describe('Where the API is, without a path.'),
  dashboardUrl: siteUrl
    .default('https://dashboard.aircall.io')
    .describe('Where administrators work, for links in tasks.'),
  dashboardUserPath: z
    .string()
    .startsWith('/')
    .default('/users/{id}')
    .describe('Unverified: the page of one user below dashboardUrl; {id} is replaced.'),
  dashboardNumberPath: z
    .string()
    .startsWith('/')
    .default('/numbers/{id}')
    .describe('Unverified: the page of one number below dashboardUrl; {id} is replaced.'),
  requestsPerMinute: z
    .int()
    .min(1)
    .max(6_000)
    .default(110)
    .describe(
      'Requests a minute for the whole company. Aircall documents 120 (older sources: 60); stay below it.',
    ),
  shareForOthers: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe("Part of the limit that is left to the company's other integrations, 0 to 0.9."),
  retryWaitSeconds: z
    .int()
    .min(1)
    .max(3_600)
    .default(60)
    .describe('Unverified: the pause after a "too many requests" that does not say how long to wait.'),
  canWriteRole: z
    .boolean()
    .default(true)
    .describe('Whether roles are written at all. Off: every role is a task for an administrator.'),
  roleIds: z
    .strictObject({
      agent: roleIds.default(['agent']),
      supervisor: roleIds.default(['supervisor']),
      admin: roleIds.default(['admin']),
    })
    .prefault({})
    .describe('Unverified: the values of role_ids that stand for each role. Aircall does not publish them.'),
  inviterUserId: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Unverified: the Aircall user in whose name invitations go out; null leaves it to Aircall.'),
  canWriteEmail: z
    .boolean()
    .default(false)
    .describe('Unverified: whether an update may change the e-mail. Off: a change is a task.'),
  canWriteAvailability: z
    .boolean()
    .default(true)
    .describe('Unverified: whether an update may make a parked user unavailable. A refusal does no harm.'),
  deleteVersion: z
    .enum(['v1', 'v2'])
    .default('v1')
    .describe('API version of the call that deletes a user; the other user calls of v1 are gone.'),
  acceptBare404: z
    .boolean()
    .default(false)
    .describe(
      'Unverified: a user that does not exist is answered with "error"; a bare "Not Found" means a wrong address. ' +
        'On: both mean that the user does not exist.',
    ),
  readNumberUsers: z
    .enum(['always', 'never'])
    .default('always')
    .describe('Whether a reading of the whole account asks who is on each number: one request a number.'),
  numberReadsMax: z
    .int()
    .min(1)
    .default(60)
    .describe('With more numbers than this, nobody is asked for and number access stays unknown.'),
  numberUsersKind: z
    .enum(ACCESS_KINDS)
    .default('assigned')
    .describe('Unverified: the kind of access that the users shown on a number have.'),
  callHistoryDays: z.int().min(1).default(183).describe('How far back calls can be listed.'),
  callsPerQueryMax: z.int().min(1).default(10_000).describe('Aircall lists no more calls than this at once.'),
});

export type AircallConfig = z.output<typeof aircallConfigSchema>;

/** Aircall Dashboard, Integrations & API, API Keys (vendors.md 1.1). The pair reaches the whole company. */
export const aircallSecretSchema = z.strictObject({
  apiId: z.string().trim().min(1).describe('API id'),
  apiToken: z.string().trim().min(1).describe('API token, shown once by Aircall'),
});

export type AircallSecrets = z.output<typeof aircallSecretSchema>;
