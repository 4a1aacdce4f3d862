import { z } from 'zod';

export const EntraConfig = z.strictObject({
  tenantId: z.string().min(1).describe('Directory (tenant) id of Microsoft Entra'),
  clientId: z.string().min(1).describe('Application (client) id of the app registration that reads'),
  groupIds: z
    .array(z.uuid())
    .default([])
    .describe('Object ids of the groups whose members are provisioned here; none: everybody'),
  loginUrl: z.url().default('https://login.microsoftonline.com').describe('For national clouds'),
  graphUrl: z.url().default('https://graph.microsoft.com/v1.0').describe('For national clouds'),
});
export type EntraConfig = z.infer<typeof EntraConfig>;

export const EntraSecrets = z.strictObject({
  clientSecret: z
    .string()
    .min(1)
    .describe('Client secret; permissions User.Read.All and GroupMember.Read.All'),
});
export type EntraSecrets = z.infer<typeof EntraSecrets>;

const text = z.string().nullish();
const removed = z.object({ reason: z.string() }).optional();

/** A user of a delta page: a change holds only what changed. */
export const DeltaUser = z.object({
  id: z.string().min(1),
  '@removed': removed,
  userPrincipalName: text,
  mail: text,
  givenName: text,
  surname: text,
  accountEnabled: z.boolean().nullish(),
  jobTitle: text,
  department: text,
  employeeId: text,
});
export type DeltaUser = z.infer<typeof DeltaUser>;

export const DeltaGroup = z.object({
  id: z.string().min(1),
  '@removed': removed,
  displayName: text,
  'members@delta': z.array(z.object({ id: z.string().min(1), '@removed': removed })).optional(),
});
export type DeltaGroup = z.infer<typeof DeltaGroup>;

/** Links to go on with: another page, or the next time. */
export function deltaPage<T>(item: z.ZodType<T>) {
  return z.object({
    value: z.array(item),
    '@odata.nextLink': z.string().optional(),
    '@odata.deltaLink': z.string().optional(),
  });
}

export const USER_SELECT =
  'id,userPrincipalName,mail,givenName,surname,accountEnabled,jobTitle,department,employeeId';
export const GROUP_SELECT = 'id,displayName,members';

/** Where both lists of changes go on. */
export const ResumeToken = z.object({ users: z.string(), groups: z.string() });
export type ResumeToken = z.infer<typeof ResumeToken>;
