import { attribute, type SchemaDefinition } from './attribute.js';

const READ_ONLY = { mutability: 'readOnly' } as const;

/** Okta's URNs for what a phone system has to give; nothing else reads these two resource types. */
export const ROLE_SCHEMA = offerSchema('Role', 'A role that people can have in the phone systems.');
export const ENTITLEMENT_SCHEMA = offerSchema(
  'Entitlement',
  'A team or a number that people can be given in the phone systems.',
);

function offerSchema(name: 'Role' | 'Entitlement', description: string): SchemaDefinition {
  return {
    id: `urn:okta:scim:schemas:core:1.0:${name}`,
    name,
    description,
    attributes: [
      attribute('displayName', 'Name shown to people.', READ_ONLY),
      attribute('type', 'Kind of thing.', READ_ONLY),
      attribute('description', 'What it gives.', READ_ONLY),
    ],
  };
}
