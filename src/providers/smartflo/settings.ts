import { z } from 'zod';

/** `http://` is for the sandbox; the HTTP client refuses it for anything but this machine. */
const siteUrl = z.url({ protocol: /^https?$/ }).overwrite((url) => url.replace(/\/+$/, ''));
const roleId = z.int().min(1).nullable().default(null);
const roleNames = z.array(z.string().trim().min(1)).min(1);

/** Fields that the reference names for a create only; whether an update takes them as well is not known. */
export const CREATE_ONLY_FIELDS = [
  'time_group',
  'failover_destination',
  'route_call_through',
  'assign_extension',
  'outbound_block',
] as const;

/**
 * Plain settings of a Smartflo account. Whatever public material leaves open (vendors.md 2 and 7) is a setting here
 * with the likeliest value; README.md of this folder says how to find the true one.
 */
export const smartfloConfigSchema = z.strictObject({
  baseUrl: siteUrl
    .default('https://api-smartflo.tatateleservices.com')
    .describe('Where the API is, without a path.'),
  portalUrl: siteUrl
    .default('https://smartflo.tatatelebusiness.com')
    .describe('Unverified: where administrators work, for links in tasks.'),
  portalUserPath: z
    .string()
    .startsWith('/')
    .default('/users/{id}')
    .describe('Unverified: the page of one user below portalUrl; {id} is replaced.'),
  requestsPerMinute: z
    .int()
    .min(1)
    .max(6_000)
    .default(150)
    .describe(
      "Requests a minute for the whole account. Smartflo's limit follows the trunk's calls a second, about 3; they " +
        'are spread evenly.',
    ),
  shareForOthers: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe("Part of the limit that is left to the account's other integrations, 0 to 0.9."),
  retryWaitSeconds: z
    .int()
    .min(1)
    .max(3_600)
    .default(2)
    .describe('Unverified: the pause after a "too many requests" that does not say how long to wait.'),
  usersPerPage: z
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe('Unverified: users asked for at a time. Smartflo may send fewer.'),
  listCount: z
    .enum(['page', 'ignored'])
    .default('page')
    .describe('Unverified: "count" in the list of users is the number of users on the page, and is checked.'),
  roleIds: z
    .strictObject({ agent: roleId, supervisor: roleId, admin: roleId })
    .prefault({})
    .describe('Role ids as the portal shows them in its addresses; empty: found by name.'),
  roleNames: z
    .strictObject({
      agent: roleNames.default(['Agent']),
      supervisor: roleNames.default(['Supervisor']),
      admin: roleNames.default(['Admin', 'Administrator']),
    })
    .prefault({})
    .describe('What the roles are called in this account.'),
  rolesRoute: z
    .enum(['none', '/v1/roles', '/v1/user_roles'])
    .default('/v1/roles')
    .describe('Unverified: where roles are listed, asked only for a role that no user has yet.'),
  callerIds: z
    .enum(['shown', 'hidden'])
    .default('shown')
    .describe(
      "Unverified: whether one user's answer shows caller_id. Hidden: outbound numbers are tasks, because writing " +
        'them replaces the whole list.',
    ),
  userReadsMax: z
    .int()
    .min(0)
    .default(60)
    .describe(
      'Up to so many users a reading of the whole account looks at each of them for caller ids and settings; beyond ' +
        'it these are compared with what was last written.',
    ),
  memberExtension: z
    .enum(['listed', 'looked-up'])
    .default('listed')
    .describe(
      "Unverified: the id of a department's member is their extension. Looked up: one request for each member.",
    ),
  newDepartmentRingStrategy: z
    .string()
    .min(1)
    .default('simultaneous')
    .describe('Unverified: how a department rings that Patchbay creates.'),
  freeDestination: z
    .string()
    .min(1)
    .default('hangup||1')
    .describe(
      'Where a number leads once it is taken from a person. A number that leads there counts as free.',
    ),
  takeNumbers: z
    .enum(['free-only', 'always'])
    .default('free-only')
    .describe(
      'Whether a number is given to a person although it leads to a menu, a department or somebody else now.',
    ),
  fallbackNumber: z
    .string()
    .regex(/^(\+\d{8,15}|\d{10})$/, 'must be ten digits, or a plus and the country code')
    .nullable()
    .default(null)
    .describe(
      "The phone of a new agent for whom no rule sets 'number'. Smartflo demands one; empty: such people are not created.",
    ),
  updatableFields: z
    .array(z.enum(CREATE_ONLY_FIELDS))
    .default([])
    .describe('Unverified: fields beyond the documented ones that an update takes. The others become tasks.'),
  acceptBare404: z
    .boolean()
    .default(false)
    .describe(
      'Unverified: a user that does not exist is answered with "success"; a bare message means a wrong address. On: ' +
        'both mean that the user does not exist.',
    ),
  utcOffsetMinutes: z
    .int()
    .min(-720)
    .max(840)
    .default(330)
    .describe("Unverified: the account's own time in call records, in minutes ahead of UTC."),
  callsPerPage: z
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe('Unverified: call records asked for at a time.'),
  callHistoryDays: z.int().min(1).default(183).describe('Unverified: how far back calls can be listed.'),
});

export type SmartfloConfig = z.output<typeof smartfloConfigSchema>;

/**
 * A permanent token from Settings, API Connect, API Tokens; or an administrator's login, which Smartflo locks after a
 * few failures and whose password ends after 90 days (vendors.md 2.1).
 */
export const smartfloSecretSchema = z
  .strictObject({
    token: z.string().trim().min(1).optional().describe('Permanent API token (preferred)'),
    email: z.string().trim().min(1).optional().describe('Login, where there is no token'),
    password: z.string().min(1).optional().describe('Its password'),
  })
  .refine(
    ({ token, email, password }) =>
      token === undefined ? email !== undefined && password !== undefined : true,
    'Enter a permanent token, or a login together with its password.',
  );

export type SmartfloSecrets = z.output<typeof smartfloSecretSchema>;
