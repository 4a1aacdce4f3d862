import { z } from 'zod';
import { ACCESS_TOKEN_SECONDS } from '../../tenancy/oauth/clients.js';
import { moment, named } from './parts.js';

const name = z.string().trim().min(1).max(80);
const text = z.string().trim().min(1).max(500);

/** RFC 7523 section 2.2: the identity provider signs tokens of its own. */
const federation = named(
  'OAuthFederation',
  z.strictObject({ issuer: text, subject: text, audience: text, jwksUrl: z.url().max(1_000) }),
);
const secret = z.object({
  id: z.string(),
  hint: z.string(),
  createdAt: moment,
  expiresAt: moment,
  revokedAt: moment.nullable(),
});

export const byClientSecret = z.object({ id: z.uuid(), secretId: z.uuid() });

export const oauthClient = named(
  'OAuthClient',
  z.object({
    id: z.string(),
    clientId: z.string(),
    name: z.string(),
    accessTokenSeconds: z.number().int(),
    federation: federation.nullable(),
    createdAt: moment,
    revokedAt: moment.nullable(),
    secrets: z.array(secret),
  }),
);
export const oauthClients = named(
  'OAuthClients',
  z.object({ items: z.array(oauthClient), tokenEndpoint: z.string(), scimBaseUrl: z.string() }),
);
const validDays = z.number().int().min(1).max(1_096).default(365);
const { min, max } = ACCESS_TOKEN_SECONDS;
export const newOAuthClient = named(
  'NewOAuthClient',
  z.strictObject({
    name,
    accessTokenSeconds: z.number().int().min(min).max(max).default(ACCESS_TOKEN_SECONDS.default),
    federation: federation.nullable().default(null),
  }),
);
export const newOAuthSecret = named('NewOAuthSecret', z.strictObject({ validDays }));
export const oauthSecretCreated = named(
  'OAuthSecretCreated',
  z.object({
    id: z.string(),
    hint: z.string(),
    expiresAt: moment,
    secret: z.string().describe('Shown this once'),
  }),
);
export const newFederation = named(
  'NewOAuthFederation',
  z.strictObject({ federation: federation.nullable() }),
);
