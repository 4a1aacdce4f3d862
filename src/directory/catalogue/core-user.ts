import { attribute, plural, type SchemaDefinition } from './attribute.js';

export const USER_SCHEMA_ID = 'urn:ietf:params:scim:schemas:core:2.0:User';

const READ_ONLY = { mutability: 'readOnly' } as const;

/** RFC 7643 sections 4.1 and 8.7.1. */
export const USER_SCHEMA: SchemaDefinition = {
  id: USER_SCHEMA_ID,
  name: 'User',
  description: 'A person.',
  attributes: [
    attribute('userName', 'Name by which the identity provider knows the person; unique in the tenant.', {
      required: true,
      uniqueness: 'server',
    }),
    attribute('name', 'The parts of the name.', {
      type: 'complex',
      subAttributes: [
        attribute('formatted', 'The full name as it is shown.'),
        attribute('familyName', 'Family name.'),
        attribute('givenName', 'Given name.'),
        attribute('middleName', 'Middle name or names.'),
        attribute('honorificPrefix', 'Title before the name.'),
        attribute('honorificSuffix', 'Suffix after the name.'),
      ],
    }),
    attribute('displayName', 'Name shown to people.'),
    attribute('nickName', 'Casual name.'),
    attribute('profileUrl', 'URI of an online profile.', { type: 'reference', referenceTypes: ['external'] }),
    attribute('title', 'Job title.'),
    attribute('userType', 'Relation to the organisation, such as Employee or Contractor.'),
    attribute('preferredLanguage', 'Preferred language, as in the Accept-Language header.'),
    attribute('locale', 'Locale for numbers and dates, such as en-US.'),
    attribute('timezone', 'Time zone name, such as Europe/Paris.'),
    attribute('active', 'Whether the person may work; false makes them a leaver.', { type: 'boolean' }),
    attribute('password', 'Accepted and not kept: people sign in at the identity provider.', {
      mutability: 'writeOnly',
      returned: 'never',
    }),
    plural('emails', 'E-mail addresses.', {}, ['work', 'home', 'other']),
    plural('phoneNumbers', 'Phone numbers.', {}, ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    plural('ims', 'Instant messaging addresses.', {}, [
      'aim',
      'gtalk',
      'icq',
      'xmpp',
      'msn',
      'skype',
      'qq',
      'yahoo',
    ]),
    plural('photos', 'URIs of photos.', { type: 'reference', referenceTypes: ['external'] }, [
      'photo',
      'thumbnail',
    ]),
    attribute('addresses', 'Postal addresses.', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('formatted', 'The full address as it is shown.'),
        attribute('streetAddress', 'Street, house number and the like.'),
        attribute('locality', 'City.'),
        attribute('region', 'State or region.'),
        attribute('postalCode', 'Postal code.'),
        attribute('country', 'Country, as an ISO 3166-1 alpha-2 code.'),
        attribute('type', 'What the address is used for.', { canonicalValues: ['work', 'home', 'other'] }),
        attribute('primary', 'Whether this is the preferred address; true at most once.', {
          type: 'boolean',
        }),
      ],
    }),
    attribute('groups', 'Groups that the person is a member of.', {
      ...READ_ONLY,
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('value', 'Identifier of the group.', READ_ONLY),
        attribute('$ref', 'URI of the group.', {
          ...READ_ONLY,
          type: 'reference',
          caseExact: true,
          referenceTypes: ['Group'],
        }),
        attribute('display', 'Name of the group.', READ_ONLY),
        attribute('type', 'How the membership came about.', { ...READ_ONLY, canonicalValues: ['direct'] }),
      ],
    }),
    plural('entitlements', 'Entitlements of the person.'),
    plural('roles', 'Roles of the person.'),
    plural('x509Certificates', 'Certificates of the person.', { type: 'binary', caseExact: true }),
  ],
};
