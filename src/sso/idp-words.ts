import type { IdpKind } from './connection.js';

/** What an IdP's own admin pages call the things that go wrong. */
export interface IdpWords {
  readonly name: string;
  /** Where the application is configured. */
  readonly place: string;
  readonly acs: string;
  readonly entityId: string;
  readonly nameId: string;
  readonly certificate: string;
  readonly signing: string;
  readonly algorithm: string;
  readonly attributes: string;
  readonly groups: string;
  readonly assignment: string;
}

export const IDP_WORDS: Readonly<Record<IdpKind, IdpWords>> = {
  okta: {
    name: 'Okta',
    place: 'Applications > your app > General > SAML Settings > Edit',
    acs: 'Single sign-on URL (also used for Recipient URL and Destination URL)',
    entityId: 'Audience URI (SP Entity ID)',
    nameId: 'Application username and Name ID format',
    certificate: 'Sign On > SAML Signing Certificates',
    signing: 'Show Advanced Settings > Response and Assertion Signature: Signed',
    algorithm: 'Show Advanced Settings > Signature Algorithm: RSA-SHA256, Digest Algorithm: SHA256',
    attributes: 'Attribute Statements',
    groups: 'Group Attribute Statements, name "groups"',
    assignment: 'Assignments',
  },
  entra: {
    name: 'Microsoft Entra ID',
    place: 'Enterprise applications > your app > Single sign-on',
    acs: 'Basic SAML Configuration > Reply URL (Assertion Consumer Service URL)',
    entityId: 'Basic SAML Configuration > Identifier (Entity ID)',
    nameId: 'Attributes & Claims > Unique User Identifier (Name ID)',
    certificate: 'SAML Certificates > Token signing certificate',
    signing: 'SAML Certificates > Edit > Signing Option: Sign SAML response and assertion',
    algorithm: 'SAML Certificates > Edit > Signing Algorithm: SHA-256',
    attributes: 'Attributes & Claims',
    groups: 'Attributes & Claims > Add a group claim > Groups assigned to the application',
    assignment: 'Users and groups',
  },
  google: {
    name: 'Google Workspace',
    place: 'Admin console > Apps > Web and mobile apps > your app',
    acs: 'Service provider details > ACS URL',
    entityId: 'Service provider details > Entity ID',
    nameId: 'Service provider details > Name ID format: PERSISTENT, Name ID: Primary email',
    certificate: 'Service provider details > Manage certificates',
    signing: 'Service provider details > Signed response switched off, so that the assertion is signed',
    algorithm: 'Google signs with SHA-256; look for a proxy that signs again',
    attributes: 'SAML attribute mapping',
    groups: 'SAML attribute mapping > Group membership, app attribute "groups"',
    assignment: 'User access',
  },
  onelogin: {
    name: 'OneLogin',
    place: 'Applications > your app > Configuration',
    acs: 'ACS (Consumer) URL, Recipient, and ACS (Consumer) URL Validator',
    entityId: 'Audience (EntityID)',
    nameId: 'Parameters > NameID value, and SAML nameID format',
    certificate: 'SSO > X.509 Certificate',
    signing: 'SAML signature element: Both',
    algorithm: 'SSO > SAML Signature Algorithm: SHA-256',
    attributes: 'Parameters',
    groups: 'Parameters > groups, with "Include in SAML assertion" and "Multi-value parameter"',
    assignment: 'Users and Access',
  },
  jumpcloud: {
    name: 'JumpCloud',
    place: 'SSO Applications > your app > SSO',
    acs: 'ACS URLs',
    entityId: 'SP Entity ID',
    nameId: 'SAMLSubject NameID and its format',
    certificate: 'IdP Certificate',
    signing: 'Sign: Both (or Assertion)',
    algorithm: 'Signature Algorithm: RSA-SHA256',
    attributes: 'User Attribute Mapping',
    groups: 'Group Attributes > Include group attribute, name "groups"',
    assignment: 'User Groups',
  },
  ping: {
    name: 'Ping Identity',
    place: 'Applications > your app > Configuration',
    acs: 'ACS URLs',
    entityId: 'Entity ID',
    nameId: 'Subject NameID Format, and Attribute Mappings > saml_subject',
    certificate: 'Signing Key > Download Signing Certificate',
    signing: 'Signing Key > Sign Assertion & Response',
    algorithm: 'Signing Key > Signing Algorithm: RSA_SHA256',
    attributes: 'Attribute Mappings',
    groups: 'Attribute Mappings > groups = Group Names',
    assignment: 'Access',
  },
  keycloak: {
    name: 'Keycloak',
    place: 'Clients > your client > Settings',
    acs: 'Master SAML Processing URL and Valid redirect URIs',
    entityId: 'Client ID',
    nameId: 'Name ID format: persistent, with Force name ID format on',
    certificate: 'Realm settings > Keys',
    signing: 'Signature and Encryption > Sign assertions: On',
    algorithm: 'Signature and Encryption > Signature algorithm: RSA_SHA256',
    attributes: 'Client scopes > dedicated scope > Mappers',
    groups: 'Mappers > Group list, attribute name "groups", Full group path off',
    assignment: 'Roles and users of the realm',
  },
  generic: {
    name: 'your identity provider',
    place: 'the settings of this application',
    acs: 'the ACS URL (assertion consumer service, reply URL)',
    entityId: 'the audience (SP entity ID)',
    nameId: 'the NameID and its format',
    certificate: 'the signing certificate',
    signing: 'the choice of what is signed: sign the assertion',
    algorithm: 'the signature algorithm: RSA-SHA256 with digest SHA-256',
    attributes: 'the attribute mapping',
    groups: 'the group attribute, name "groups"',
    assignment: 'who may use this application',
  },
};
