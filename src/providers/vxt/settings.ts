import { z } from 'zod';

const siteUrl = z.url({ protocol: /^https?$/ }).overwrite((url) => url.replace(/\/+$/, ''));
const page = z.string().startsWith('/');
const words = z.array(z.string().trim().min(1)).min(1);
const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, { error: 'must be a number such as +6491234567' });

/**
 * Plain settings of a VXT organisation. VXT publishes neither an API nor the format of its export, so whatever is
 * not certain stands here with the likeliest value; README.md says how to find the true one.
 */
export const vxtConfigSchema = z.strictObject({
  organisation: z.string().trim().min(1).default('VXT').describe('What people call this VXT organisation.'),
  startsEmpty: z
    .boolean()
    .default(false)
    .describe(
      'The organisation is new and has no members besides the administrator. Off: nothing is planned before a first complete member list was imported.',
    ),
  numbers: z
    .array(e164)
    .default([])
    .describe('Phone numbers of the organisation, such as +6491234567; those in an import are known anyway.'),
  removalHours: z
    .number()
    .min(0.25)
    .max(168)
    .default(4)
    .describe('Hours in which somebody must have shut a leaver out. After that an e-mail says so.'),
  supervisorPermissions: z
    .array(z.string().trim().min(1))
    .default([])
    .describe(
      'Single permissions that make a Member what rules call a supervisor, such as Manage User. None: VXT knows Members and Admins only.',
    ),
  dashboardUrl: siteUrl
    .default('https://app.vxt.co.nz')
    .describe('Unverified: where administrators work, for links in checklists.'),
  membersPath: page.default('/settings/users').describe('Unverified: the list of members.'),
  numbersPath: page.default('/settings/phone-numbers').describe('Unverified: the list of phone numbers.'),
  recordsPath: page.default('/records').describe('Unverified: the Records page with calls and recordings.'),
  membersPage: z
    .string()
    .trim()
    .min(1)
    .default('Settings, Users')
    .describe('Unverified: what the way to the list of members is called.'),
  numbersPage: z
    .string()
    .trim()
    .min(1)
    .default('Settings, Phone numbers')
    .describe('Unverified: what the way to the phone numbers is called.'),
  columns: z
    .strictObject({
      email: words.default(['Email', 'Email address', 'E-mail']),
      name: words.default(['Name', 'Full name']),
      givenName: words.default(['First name']),
      familyName: words.default(['Last name', 'Surname']),
      role: words.default(['Role']),
      permissions: words.default(['Permissions']),
      status: words.default(['Status']),
      assigned: words.default(['Assigned numbers', 'Assigned users']),
      outbound: words.default(['Caller ID access', 'Caller ID']),
      callFlows: words.default(['Call flows', 'Call flow']),
    })
    .prefault({})
    .describe('Unverified: headings of the export, each with all spellings that count.'),
  listSeparator: z
    .enum([';', '|', ','])
    .default(';')
    .describe('Unverified: what separates several numbers or permissions in one cell of the export.'),
  adminWords: words
    .default(['Admin', 'Administrator', 'Owner'])
    .describe('Roles in the export that are Admin.'),
  memberWords: words.default(['Member', 'User']).describe('Roles in the export that are Member.'),
  pendingWords: words
    .default(['Invited', 'Pending'])
    .describe('States in the export of people who have not accepted their invitation.'),
});

export type VxtConfig = z.output<typeof vxtConfigSchema>;

/** There is nothing to sign in with. */
export const vxtSecretSchema = z.strictObject({});

export type VxtSecrets = z.output<typeof vxtSecretSchema>;
