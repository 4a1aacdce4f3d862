import { attribute, type SchemaDefinition } from './attribute.js';

export const GROUP_SCHEMA_ID = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** RFC 7643 sections 4.2 and 8.7.1. displayName is unique in the tenant because Entra matches groups by it. */
export const GROUP_SCHEMA: SchemaDefinition = {
  id: GROUP_SCHEMA_ID,
  name: 'Group',
  description: 'A group of people.',
  attributes: [
    attribute('displayName', 'Name of the group; unique in the tenant.', {
      required: true,
      uniqueness: 'server',
    }),
    attribute('members', 'The people in the group.', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        attribute('value', 'Identifier of the member.', { mutability: 'immutable' }),
        attribute('$ref', 'URI of the member.', {
          type: 'reference',
          caseExact: true,
          mutability: 'immutable',
          referenceTypes: ['User'],
        }),
        attribute('type', 'Kind of the member.', { mutability: 'immutable', canonicalValues: ['User'] }),
        attribute('display', 'Name of the member.', { mutability: 'readOnly' }),
      ],
    }),
  ],
};
