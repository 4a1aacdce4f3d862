import { z } from 'zod';
import { CONSOLE_ROLES } from './console-role.js';

/** Identity providers with words of their own; everything else is `generic`. */
export const IDP_KINDS = [
  'okta',
  'entra',
  'google',
  'onelogin',
  'jumpcloud',
  'ping',
  'keycloak',
  'generic',
] as const;
export type IdpKind = (typeof IDP_KINDS)[number];

const attributeName = z.string().trim().min(1).max(256);

/**
 * One rule from what an IdP says to a console role. `attribute` is `groups`, `email` (what the connection's attribute
 * list calls so) or an attribute's own Name; `value` is compared exactly.
 */
export const roleRuleSchema = z.strictObject({
  attribute: attributeName,
  value: z.string().min(1).max(512),
  role: z.enum(CONSOLE_ROLES),
});
export type RoleRule = z.infer<typeof roleRuleSchema>;

const names = (defaults: readonly string[]) =>
  z
    .array(attributeName)
    .max(20)
    .default([...defaults]);

/** Attribute names by meaning; the first one that arrived counts. The defaults are what the usual IdPs send. */
const attributesSchema = z.strictObject({
  email: names([
    'email',
    'mail',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
    'urn:oid:0.9.2342.19200300.100.1.3',
    'User.email',
  ]),
  givenName: names([
    'firstName',
    'givenName',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
    'urn:oid:2.5.4.42',
    'User.FirstName',
  ]),
  familyName: names([
    'lastName',
    'sn',
    'surname',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
    'urn:oid:2.5.4.4',
    'User.LastName',
  ]),
  displayName: names([
    'displayName',
    'http://schemas.microsoft.com/identity/claims/displayname',
    'urn:oid:2.16.840.1.113730.3.1.241',
  ]),
  groups: names([
    'groups',
    'memberOf',
    'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups',
    'http://schemas.xmlsoap.org/claims/Group',
    'Role',
  ]),
});
export type AttributeNames = z.infer<typeof attributesSchema>;

/** What an admin chooses per connection. Units are in the names. */
export const connectionSettingsSchema = z.strictObject({
  /** Accept responses nobody here asked for: lets people start at their IdP's dashboard, and lets others start it. */
  idpInitiated: z.boolean().default(false),
  /** The assertion must always be signed; on: the Response around it too. */
  requireSignedResponse: z.boolean().default(false),
  /** Sign our requests. Single logout needs it. */
  signRequests: z.boolean().default(true),
  clockSkewSeconds: z.number().int().min(60).max(120).default(90),
  maxAssertionAgeSeconds: z.number().int().min(60).max(900).default(600),
  /** NameID format to ask for; null leaves the choice to the IdP. */
  nameIdFormat: z.string().max(256).nullable().default(null),
  attributes: attributesSchema.prefault({}),
  /** In order; the first that matches gives the role. None matches: no access. */
  roleRules: z.array(roleRuleSchema).max(500).default([]),
  /** Let a sign-in's attributes feed the directory. `auto`: only where the tenant has no SCIM. */
  jit: z.enum(['auto', 'on', 'off']).default('auto'),
  /** How long group memberships learned from a sign-in hold without another sign-in. */
  jitDays: z.number().int().min(1).max(365).default(30),
});
export type ConnectionSettings = z.infer<typeof connectionSettingsSchema>;

/** The IdP's side of a connection. */
export interface IdpFacts {
  readonly entityId: string;
  /** HTTP-Redirect address for sign-in requests. */
  readonly ssoUrl: string;
  /** HTTP-Redirect address for single logout; null: local sign-out only. */
  readonly sloUrl: string | null;
  /** PEM certificates the IdP signs with; several during a roll-over. Keys inside messages are never trusted. */
  readonly certificates: readonly string[];
}

/** `draft` serves test sign-ins only. */
export type ConnectionState = 'draft' | 'active' | 'disabled';

export interface SsoConnection {
  readonly tenantId: string;
  readonly id: string;
  /** Part of its addresses and therefore fixed; unique within the tenant. */
  readonly name: string;
  readonly label: string;
  readonly idpKind: IdpKind;
  readonly state: ConnectionState;
  /** null until the IdP's side is known. */
  readonly idp: IdpFacts | null;
  readonly metadata: MetadataState;
  readonly settings: ConnectionSettings;
  readonly keys: ServiceProviderKeys;
  readonly createdAt: Date;
}

export interface MetadataState {
  /** null: the IdP's side was given as XML or as fields and is never refreshed. */
  readonly url: string | null;
  readonly readAt: Date | null;
  /** Why the last refresh changed nothing; null when it went well. */
  readonly problem: string | null;
}

/** Our own key pairs: public certificates in clear, both private keys as one encrypted envelope. */
export interface ServiceProviderKeys {
  readonly signingCertificate: string;
  readonly encryptionCertificate: string;
  readonly sealed: string;
}

/** Context that ties a connection's encrypted private keys to that connection. */
export function keyContext(tenantId: string, connectionId: string): readonly string[] {
  return ['sso-connection-keys', tenantId, connectionId];
}

/** Our addresses as one connection's IdP knows them. Each connection is a service provider of its own. */
export interface ServiceProvider {
  readonly entityId: string;
  readonly acsUrl: string;
  readonly sloUrl: string;
  readonly loginUrl: string;
  readonly metadataUrl: string;
}

/** @param publicUrl origin of the service, without a trailing slash. */
export function serviceProvider(publicUrl: string, tenantSlug: string, connection: string): ServiceProvider {
  const base = `${publicUrl}/sso/${encodeURIComponent(tenantSlug)}/${encodeURIComponent(connection)}`;
  return {
    entityId: `${base}/metadata`,
    acsUrl: `${base}/acs`,
    sloUrl: `${base}/slo`,
    loginUrl: `${base}/login`,
    metadataUrl: `${base}/metadata`,
  };
}
