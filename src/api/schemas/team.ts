import { z } from 'zod';
import { CONSOLE_ROLES } from '../../sso/console-role.js';
import { organisationSettingsSchema } from '../../tenancy/organisation.js';
import { allOf, moment, named } from './parts.js';

const consoleRole = z.enum(CONSOLE_ROLES);
const pinned = z
  .enum([...CONSOLE_ROLES, 'none'])
  .nullable()
  .describe('A role chosen by hand; none keeps the person out; null: the identity provider decides');

export const consoleUser = named(
  'ConsoleUser',
  z.object({
    id: z.string(),
    kind: z.enum(['sso', 'local']),
    email: z.string().nullable(),
    displayName: z.string(),
    role: consoleRole.nullable(),
    pinnedRole: pinned,
    sessions: z.number().int().describe('Sessions that hold now'),
    createdAt: moment,
    lastLoginAt: moment.nullable(),
  }),
);
export const consoleUsers = allOf('ConsoleUsers', consoleUser);
export const newRole = named('NewRole', z.strictObject({ role: pinned }));

export const consoleSessions = allOf(
  'ConsoleSessions',
  z.object({
    id: z.string(),
    userId: z.string(),
    displayName: z.string(),
    createdAt: moment,
    lastSeenAt: moment,
    expiresAt: moment,
  }),
);
export const sessionsEnded = named('SessionsEnded', z.object({ ended: z.number().int() }));

export const organisation = named(
  'Organisation',
  z.object({ slug: z.string(), name: z.string(), settings: organisationSettingsSchema }),
);
export const newOrganisation = named(
  'NewOrganisation',
  z.strictObject({
    name: z.string().trim().min(1).max(100),
    settings: organisationSettingsSchema,
  }),
);
