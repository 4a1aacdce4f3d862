import { z } from 'zod';
import type { AccountPolicy } from '../domain/plan.js';
import { parseRetentionClass, retentionWarnings } from '../domain/retention.js';
import { DEFAULT_SAFETY } from '../domain/safety.js';

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);

const safetySchema = z.strictObject({
  removalFloor: count.default(DEFAULT_SAFETY.removalFloor),
  removalShareMax: share.default(DEFAULT_SAFETY.removalShareMax),
  removalCeiling: count.nullable().default(DEFAULT_SAFETY.removalCeiling),
  directoryShrinkShareMax: share.default(DEFAULT_SAFETY.directoryShrinkShareMax),
  seatCeiling: count.nullable().default(DEFAULT_SAFETY.seatCeiling),
  removalsPerHourMax: count.default(DEFAULT_SAFETY.removalsPerHourMax),
  flapsPerDayMax: z.number().int().min(1).default(DEFAULT_SAFETY.flapsPerDayMax),
});

const deletionSchema = z.strictObject({
  /** Whether every permanent deletion waits for a person, however harmless it looks. */
  approval: z.boolean().default(false),
  /** What becomes of the deletion while a line of the leaver rings nobody: it goes on and says so, or it waits. */
  handover: z.enum(['say', 'wait']).default('say'),
  /** How grace days are counted. Holidays count as much as weekends with `business-days`. */
  calendar: z.enum(['all-days', 'business-days']).default('all-days'),
  /** Days such as 2026-12-25 on which nobody works. */
  holidays: z.array(z.iso.date('must be a day such as 2026-12-25')).default([]),
});

const archiveSchema = z.strictObject({
  /** none: the manifest stays in the database only. metadata: it goes to the archive too. audio: recordings as well. */
  policy: z.enum(['none', 'metadata', 'audio']).default('none'),
  to: z.enum(['directory', 's3']).default('directory'),
  bucket: z.string().trim().min(1).max(255).nullable().default(null),
  region: z.string().trim().min(1).max(64).default('us-east-1'),
  /** For S3-compatible stores. null: AWS. */
  endpoint: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** Bucket in the path rather than in the host name, as most S3-compatible stores want it. */
  pathStyle: z.boolean().default(false),
  /** Begins every object's key. */
  prefix: z.string().max(200).default(''),
  /** How long the phone system's plan keeps recordings (Aircall Essentials: 365). null: not known. */
  vendorKeepsDays: z.number().int().min(1).max(36_500).nullable().default(null),
  /** Recordings that are asked for at the line after a deletion. */
  samples: z.number().int().min(0).max(50).default(5),
});

const retentionSchema = z.strictObject({
  /** How long archived recordings are kept, from the call. null: for ever. */
  keepDays: z.number().int().min(1).max(36_500).nullable().default(null),
  /** Lines with another time: `mifid 2555 +33176111111 +33176111112`. */
  classes: z
    .array(
      z
        .string()
        .refine(
          (line) => parseRetentionClass(line) !== null,
          'must be a name, days or "forever", and numbers: mifid 2555 +33176111111',
        ),
    )
    .default([]),
  /** From the announcement of what is removed to the removal. */
  noticeDays: z.number().int().min(0).max(365).default(7),
});

/** Settings of one account that are Patchbay's own, whatever the vendor. Units are in the names. */
export const accountSettingsSchema = z.strictObject({
  safety: safetySchema.prefault({}),
  /** From parking to permanent deletion. 0 deletes as soon as the leaver is parked. */
  graceDays: z.number().min(0).max(3650).default(30),
  deletion: deletionSchema.prefault({}),
  archive: archiveSchema.prefault({}),
  retention: retentionSchema.prefault({}),
  /** Whether a held plan needs the approval of two different people. */
  fourEyes: z.boolean().default(false),
  /** Take over existing agents with the same e-mail; off: they are only listed. */
  adoptExisting: z.boolean().default(true),
  /** E-mails that must never lose access (break-glass people). */
  protectedEmails: z.array(z.string()).default([]),
  /** E-mail of the person whose API credential the account uses: they are never deleted. null: nobody's. */
  credentialUser: z.string().trim().min(1).nullable().default(null),
  /** Whether people lose teams and numbers that rules speak of, when somebody gave them by hand. */
  revokeManaged: z.boolean().default(true),
  /** A scheduled reconciliation writes roles again that cannot be read and were written longer ago. null: never. */
  reassertRolesDays: z.number().min(1).max(3650).nullable().default(null),
  /** Whether people whom no number reaches become tasks. */
  taskWithoutNumber: z.boolean().default(true),
  /** Every team whose name begins so counts as one that rules speak of. */
  teamPrefix: z.string().min(1).nullable().default(null),
  /** What a seat costs, for estimates; null: unknown. */
  seatPrice: z
    .strictObject({
      amountPerMonth: z.number().min(0),
      /** ISO 4217. */
      currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, such as EUR'),
    })
    .nullable()
    .default(null),
  /** Seats that the contract counts, used or not; null: only those that are held are paid for. */
  seatsContracted: count.nullable().default(null),
  /** Fewer than these are never billed; null: the vendor has no such minimum. */
  seatsMinimum: count.nullable().default(null),
  /** A seat is without use after so many days without a call; null: calls are not looked at. */
  unusedAfterDays: z.number().int().min(1).max(365).nullable().default(60),
  /** Five-field cron for the scheduled reconciliation, in timeZone. */
  reconcileCron: z.string().default('17 */6 * * *'),
  /** Scheduled work begins somewhere within so many minutes of its moment: accounts do not all begin at once. */
  jitterMinutes: z.number().int().min(0).max(240).default(5),
  /** Five-field cron for the comparison of seats with their use, in timeZone. */
  seatsCron: z.string().default('43 4 * * *'),
  timeZone: z.string().default('UTC'),
});
export type AccountSettings = z.infer<typeof accountSettingsSchema>;

/** One phone system of a tenant. `secrets` is an encrypted envelope, never plain. */
export interface Account {
  readonly tenantId: string;
  readonly id: string;
  /** What rules and people call it; unique within the tenant. */
  readonly name: string;
  /** Provider id, such as `aircall`. */
  readonly provider: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: string;
  /** The credential of the archive's bucket, an encrypted envelope; null: none. */
  readonly archiveSecrets: string | null;
  readonly policy: AccountPolicy;
  readonly settings: AccountSettings;
  readonly state: 'active' | 'paused';
  readonly pausedReason: string | null;
  readonly firstPlanDone: boolean;
  readonly appliedRuleSetVersion: number | null;
  readonly appliedActiveUsers: number | null;
  readonly createdAt: Date;
}

/** What the archive's bucket is written and read with. */
export const archiveSecretSchema = z.strictObject({
  accessKeyId: z.string().trim().min(1).max(200).describe('Access key id'),
  secretAccessKey: z.string().trim().min(1).max(500).describe('Secret access key'),
});

/** Ties the encrypted credential of an archive to its account. */
export function archiveSecretContext(tenantId: string, accountId: string): readonly string[] {
  return [tenantId, accountId, 'archive-secrets'];
}

/** Context string that ties an account's encrypted secrets to that account (crypto AAD). */
export function secretContext(tenantId: string, accountId: string): readonly string[] {
  return [tenantId, accountId, 'account-secrets'];
}

/** Where what is to be kept and what is copied disagree, one sentence each. */
export function accountWarnings({
  settings: { retention, archive },
}: Pick<Account, 'settings'>): readonly string[] {
  return retentionWarnings(retention, archive);
}
