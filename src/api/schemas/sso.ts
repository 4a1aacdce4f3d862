import { z } from 'zod';
import { connectionSettingsSchema, IDP_KINDS, roleRuleSchema } from '../../sso/connection.js';
import { allOf, moment, named } from './parts.js';

const state = z.enum(['draft', 'active', 'disabled']);
const connectionName = z.string().min(1).max(40);
export const byConnection = z.object({ name: connectionName });
export const byDomain = z.object({ domain: z.string().min(1).max(253) });
export const byCode = z.object({ code: z.string().min(1).max(60) });
export const byTestRequest = z.object({ name: connectionName, requestId: z.string().min(1).max(128) });

const certificate = z.object({
  fingerprint: z.string(),
  subject: z.string(),
  notBefore: moment,
  notAfter: moment,
});

export const connection = named(
  'SsoConnectionDetails',
  z.object({
    name: z.string(),
    label: z.string(),
    idpKind: z.enum(IDP_KINDS),
    state,
    serviceProvider: z.object({
      entityId: z.string(),
      acsUrl: z.string(),
      sloUrl: z.string(),
      loginUrl: z.string(),
      metadataUrl: z.string(),
      signingCertificate: z.string(),
      encryptionCertificate: z.string(),
    }),
    idp: z
      .object({
        entityId: z.string(),
        ssoUrl: z.string(),
        sloUrl: z.string().nullable(),
        certificates: z.array(certificate),
      })
      .nullable(),
    metadata: z.object({
      url: z.string().nullable(),
      readAt: moment.nullable(),
      problem: z.string().nullable(),
    }),
    settings: connectionSettingsSchema,
    warnings: z.array(
      z.object({
        fingerprint: z.string(),
        subject: z.string(),
        notAfter: moment,
        daysLeft: z.number().int(),
        threshold: z.union([z.literal(60), z.literal(30), z.literal(7), z.literal('expired')]),
        hasSuccessor: z.boolean(),
      }),
    ),
    createdAt: moment,
  }),
);

/** The IdP's side: exactly one of the three. */
const source = named(
  'SsoIdpSource',
  z.union([
    z.strictObject({ metadataUrl: z.string().min(1).max(2_000) }),
    z.strictObject({ metadataXml: z.string().min(1).max(1_500_000) }),
    z.strictObject({
      fields: z.strictObject({
        entityId: z.string().min(1).max(1_000),
        ssoUrl: z.string().min(1).max(2_000),
        sloUrl: z.string().max(2_000).nullable().default(null),
        certificates: z.array(z.string().min(1).max(20_000)).min(1).max(10),
      }),
    }),
  ]),
);

const settingsPatch = z.record(z.string(), z.unknown()).describe('Settings to change; the others stay');

export const newConnection = named(
  'NewSsoConnection',
  z.strictObject({
    name: connectionName.describe('Part of its addresses; cannot be changed'),
    label: z.string().min(1).max(80).optional(),
    idpKind: z.enum(IDP_KINDS).optional().describe('Guessed from its addresses when left out'),
    source: source.optional().describe('Left out: a draft that shows our side already'),
    settings: settingsPatch.optional(),
  }),
);
export const idpBody = named('SsoIdp', z.strictObject({ source }));
export const settingsBody = named('SsoSettings', z.strictObject({ settings: settingsPatch }));
export const rolesBody = named(
  'SsoRoles',
  z.strictObject({ rules: z.array(roleRuleSchema).max(500).describe('In order; the first that matches') }),
);
export const stateBody = named('SsoState', z.strictObject({ state }));

export const startedTest = named(
  'SsoTest',
  z.object({
    url: z.string().describe('Open it in a browser within ten minutes and sign in'),
    requestId: z.string().describe('Finds the result'),
  }),
);

const finding = z.object({
  check: z.string(),
  title: z.string(),
  meaning: z.string(),
  arrived: z.string(),
  expected: z.string(),
  change: z.string(),
});

export const trace = named(
  'SsoTrace',
  z.object({
    code: z.string().describe('What people read to their administrator'),
    connection: z.string(),
    at: moment,
    purpose: z.enum(['login', 'test', 'logout']),
    outcome: z.enum(['passed', 'refused']),
    findings: z.array(finding),
    arrived: z.record(z.string(), z.unknown()).nullable(),
    granted: z
      .object({
        role: z.enum(['viewer', 'operator', 'admin', 'owner']),
        groups: z.array(z.string()).nullable(),
      })
      .nullable(),
  }),
);
export const traces = allOf('SsoTraces', trace);
export const testResult = named(
  'SsoTestResult',
  z.object({ state: z.enum(['waiting', 'done']), trace: trace.nullable() }),
);

export const domain = named(
  'Domain',
  z.object({
    domain: z.string(),
    recordName: z.string(),
    recordValue: z.string(),
    verifiedAt: moment.nullable(),
    checkedAt: moment.nullable(),
    lostAt: moment
      .nullable()
      .describe(
        'Since when DNS does not show the record any more; the proof stands until the domain is removed, or another organisation proves it 14 days later',
      ),
    problem: z.string().nullable(),
  }),
);
export const domains = allOf('Domains', domain);
export const domainRemoval = z.strictObject({
  confirm: z.string().max(253).optional().describe('The domain once more, if it is proven'),
});
export const newDomain = named('NewDomain', z.strictObject({ domain: z.string().min(1).max(253) }));

export const setupLink = named(
  'SetupLink',
  z.object({
    id: z.string(),
    label: z.string(),
    sentTo: z.string().nullable().describe('Where it was sent by e-mail'),
    state: z.enum(['open', 'expired', 'revoked', 'completed', 'usedUp']),
    step: z.string(),
    openedCount: z.number().int(),
    maxOpens: z.number().int(),
    createdBy: z.string(),
    createdAt: moment,
    expiresAt: moment,
    firstOpenedAt: moment.nullable(),
    completedAt: moment.nullable(),
  }),
);
export const setupLinks = allOf('SetupLinks', setupLink);
export const newSetupLink = named(
  'NewSetupLink',
  z.strictObject({
    label: z.string().min(1).max(200).describe('Whom it is for'),
    to: z.string().min(3).max(254).optional().describe('E-mail address that is sent the link'),
    days: z.number().min(0.01).max(30).default(5),
    maxOpens: z.number().int().min(1).max(100).default(10),
  }),
);
export const setupLinkCreated = named(
  'SetupLinkCreated',
  z.object({ url: z.string().describe('Shown this once'), link: setupLink }),
);
