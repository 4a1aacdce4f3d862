import { z } from 'zod';
import type { Mail } from '../mail/ports.js';
import type { AuditEntry } from '../tenancy/ports.js';
import { ROLES } from '../domain/entitlement.js';
import { IDP_KINDS } from './connection.js';

/** Steps of self-service set-up, in order. */
export const SETUP_STEPS = [
  'idp',
  'service-provider',
  'metadata',
  'attributes',
  'test',
  'scim',
  'first-request',
  'rules',
  'impact',
  'go-live',
] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

/** Most groups for which a set-up makes rules. */
export const GROUP_CHOICES_MAX = 500;

/** Where a set-up stands, so that it can be resumed by whoever opens the link next. */
export const setupProgressSchema = z.strictObject({
  step: z.enum(SETUP_STEPS).default('idp'),
  done: z.array(z.enum(SETUP_STEPS)).default([]),
  idpKind: z.enum(IDP_KINDS).nullable().default(null),
  /** When the connection was last changed: a test from before proves nothing. */
  configuredAt: z.iso.datetime().nullable().default(null),
  /** How people arrive: pushed by SCIM, or with their sign-in. */
  source: z.enum(['scim', 'sign-in']).nullable().default(null),
  /** The SCIM token that was made on the way; never the token itself. */
  scimTokenId: z.string().max(64).nullable().default(null),
  /** What groups give, saved as rules when the set-up goes live. */
  groupChoices: z
    .array(
      z.strictObject({
        group: z.string().min(1).max(512),
        role: z.enum(ROLES).nullable(),
        team: z.string().min(1).max(200).nullable(),
      }),
    )
    .max(GROUP_CHOICES_MAX)
    .default([]),
});
export type SetupProgress = z.infer<typeof setupProgressSchema>;

export interface SetupLink {
  readonly tenantId: string;
  readonly id: string;
  readonly tokenHash: Buffer;
  /** Whom it is for, in the sender's words. */
  readonly label: string;
  /** The address it was sent to by e-mail; null: nobody was sent it. */
  readonly sentTo: string | null;
  readonly connectionId: string | null;
  readonly progress: SetupProgress;
  /** Grows with every saved step. */
  readonly version: number;
  readonly openedCount: number;
  readonly maxOpens: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly firstOpenedAt: Date | null;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly completedAt: Date | null;
}

export interface SetupLinkStore {
  /** With the e-mail that brings it, if there is one: both or neither. */
  insert(link: SetupLink, mail: Mail | null, audit: AuditEntry): Promise<void>;
  list(tenantId: string): Promise<readonly SetupLink[]>;
  find(tenantId: string, linkId: string): Promise<SetupLink | null>;
  /** The link behind a token of whatever tenant, good or not. */
  findByToken(tokenHash: Buffer): Promise<SetupLink | null>;
  /** Counts one opening; false when the link is used up, expired, revoked or done. */
  countOpening(link: Pick<SetupLink, 'tenantId' | 'id'>, now: Date, audit: AuditEntry): Promise<boolean>;
  /** False when somebody saved after `version` was read. */
  saveProgress(
    link: Pick<SetupLink, 'tenantId' | 'id' | 'version'>,
    progress: SetupProgress,
    connectionId: string | null,
  ): Promise<boolean>;
  revoke(tenantId: string, linkId: string, audit: AuditEntry): Promise<boolean>;
  complete(tenantId: string, linkId: string, audit: AuditEntry): Promise<boolean>;
}
