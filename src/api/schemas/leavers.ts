import { z } from 'zod';
import { LEAVER_STAGES } from '../../administration/leavers.js';
import { ACCESS_KINDS } from '../../domain/entitlement.js';
import { allOf, entitlementSet, listOf, moment, named } from './parts.js';

export const leaver = named(
  'Leaver',
  z.object({
    linkId: z.string(),
    deletionId: z.string().nullable(),
    personId: z.string(),
    displayName: z.string(),
    email: z.string(),
    accountId: z.string(),
    account: z.string(),
    stage: z.enum(LEAVER_STAGES),
    parkedAt: moment.nullable(),
    dueAt: moment.nullable().describe('Earliest permanent deletion'),
    deletedAt: moment.nullable(),
    holdReason: z.string().nullable(),
    waitsFor: z.string().nullable().describe('Why it goes on later, where nobody has to do anything'),
    approval: z
      .object({ planId: z.string(), digest: z.string() })
      .nullable()
      .describe('What a person may approve'),
    legalHold: z.object({ reason: z.string(), until: moment.nullable(), setBy: z.string() }).nullable(),
    linesWithoutAnyone: z.array(z.string()).describe('Lines that ring nobody since the person was parked'),
    hasManifest: z.boolean(),
    isClean: z.boolean().nullable().describe('Whether the certificate is without remarks'),
    archive: z
      .object({ stored: z.number().int(), open: z.number().int(), missing: z.number().int() })
      .nullable(),
    held: entitlementSet.nullable().describe('What the person held when parked'),
  }),
);

export const leavers = listOf('Leavers', leaver);

export const legalHold = named(
  'LegalHold',
  z.object({
    id: z.string(),
    personId: z.string(),
    reason: z.string(),
    until: moment.nullable(),
    setBy: z.string(),
    setAt: moment,
  }),
);
export const legalHolds = allOf('LegalHolds', legalHold);
export const newLegalHold = named(
  'NewLegalHold',
  z.strictObject({
    reason: z.string().min(1).max(500),
    until: moment.nullable().default(null).describe('null: until somebody releases it'),
  }),
);

export const newDate = named('NewDeletionDate', z.strictObject({ dueAt: moment }));
export const waiver = named('Waiver', z.strictObject({ reason: z.string().min(1).max(500) }));
export const waived = named('Waived', z.object({ count: z.number().int() }));

const successor = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('person'), email: z.string().min(1).max(320) }),
  z.strictObject({ type: z.literal('team'), team: z.string().min(1).max(200) }),
]);
export const newSuccessor = named(
  'NewSuccessor',
  z.strictObject({ to: successor.nullable().describe('null: takes the choice back') }),
);
export const handover = named(
  'Handover',
  z.object({
    lines: z.array(
      z.object({ number: z.string(), why: z.enum(['only-person', 'team-empty', 'default-number']) }),
    ),
    emptyTeams: z.array(z.string()),
    suggested: z
      .array(
        z.object({
          type: z.enum(['person', 'team']),
          name: z.string().describe('E-mail of the person, name of the team'),
          because: z.enum(['manager', 'teammate', 'team']),
        }),
      )
      .describe('Best first: the manager, people of the same teams, teams with somebody in them'),
    chosen: z.object({ type: z.enum(['person', 'team']), name: z.string(), by: z.string() }).nullable(),
    given: z
      .array(
        z.object({
          type: z.enum(['team', 'number']),
          name: z.string(),
          access: z.enum(ACCESS_KINDS).nullable().describe('Of a number'),
        }),
      )
      .describe('What plans give the chosen person; it stays theirs until the choice is taken back'),
    isPartial: z
      .boolean()
      .describe('Who is on which number was not read: only lines that ring teams are known'),
  }),
);

export const approvals = named(
  'DeletionApprovals',
  z.strictObject({
    deletions: z
      .array(z.strictObject({ planId: z.uuid(), digest: z.string().min(1).max(200) }))
      .min(1)
      .max(500)
      .describe('Each exactly as it was shown'),
  }),
);
export const approvalResults = named(
  'DeletionApprovalResults',
  z.object({
    items: z.array(
      z.object({
        planId: z.string(),
        isApproved: z.boolean(),
        problem: z.string().nullable().describe('Why this one was not approved'),
      }),
    ),
  }),
);

export const signedDocument = named(
  'SignedDocument',
  z.object({
    document: z.looseObject({}).describe('A manifest or a certificate'),
    hash: z.string().describe('SHA-256 over the canonical JSON of the document'),
    signature: z
      .object({
        algorithm: z.literal('Ed25519'),
        keyId: z.string(),
        publicKey: z.string().describe('SubjectPublicKeyInfo, DER, base64'),
        value: z.string(),
      })
      .nullable(),
  }),
);

export const removal = named(
  'Removal',
  z.object({
    id: z.string(),
    account: z.string(),
    state: z.enum(['announced', 'done', 'cancelled']),
    count: z.number().int(),
    bytes: z.number().int(),
    result: z
      .object({ removed: z.number().int(), kept: z.number().int() })
      .nullable()
      .describe('Once it was carried out'),
    announcedAt: moment,
    dueAt: moment.describe('Not removed before'),
    finishedAt: moment.nullable(),
  }),
);
export const removals = listOf('Removals', removal);

export const announcedObjects = listOf(
  'AnnouncedObjects',
  named(
    'AnnouncedObject',
    z.object({
      deletionId: z.string(),
      personId: z.string(),
      email: z.string(),
      callId: z.string(),
      kind: z.enum(['recording', 'voicemail']),
      place: z.string(),
      objectKey: z.string(),
      bytes: z.number().int(),
      sha256: z.string(),
      retentionClass: z.string(),
      expiresAt: moment,
      state: z.string().describe('As of now, such as stored or removed'),
      isHeld: z.boolean().describe('A legal hold keeps it'),
    }),
  ),
);
